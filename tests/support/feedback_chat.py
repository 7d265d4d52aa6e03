"""A participant's way through the chat, as far as a test needs it."""

from tests.support.chat import YOUTH, Chat, Said, User
from tests.support.feedback import LUNCH

SCAN = f"/start m_{LUNCH.code}"


async def agreed(chat: Chat, who: User = YOUTH, scan: str = SCAN) -> Said:
    [card] = await chat.says(who, scan)
    [speaker] = await chat.taps(who, card, "모두 동의하고 시작")
    return speaker


async def rated(chat: Chat, who: User = YOUTH, scan: str = SCAN) -> Said:
    """Up to the question for a topic."""
    [rating] = await chat.taps(who, await agreed(chat, who, scan), "청년")
    [topic] = await chat.taps(who, rating, "★★★★☆")
    return topic


async def given(
    chat: Chat, text: str = "통근버스가 더 필요합니다.", who: User = YOUTH, scan: str = SCAN
) -> Said:
    """A whole feedback; the card of the note."""
    await chat.taps(who, await rated(chat, who, scan), "일자리·임금")
    [done] = await chat.says(who, text)
    return done
