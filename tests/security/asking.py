"""How somebody of the matrix asks for something: what stands before it, and the update that Telegram would bring."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.dialogue import Progress, Step
from bot.domain.feedback import ASKED_IN_CHAT, Speaker
from bot.domain.ids import ChatId, PersonId
from bot.domain.person import Person
from bot.services import feedback_places
from bot.services.staff_waiting import WORDS_WAIT, ask
from tests.security.world import ACTORS, FRESH, NOON_HERE
from tests.support import raw_updates
from tests.support.chat import STRANGER, TEAM, YOUTH, Chat, Said, User
from tests.support.raw_updates import Json


async def prepare(chat: Chat, attempt: str, user: User) -> None:
    """What stands before some attempts: words that wait for their meeting, a feedback under way."""
    if not attempt.startswith("press n:c:") and "{fresh}" not in attempt:
        return
    async with chat.database.open_unit() as unit:
        now = chat.clock.now()
        if attempt.startswith("press n:c:"):
            person = await unit.people.by_chat(ChatId(user.id))
            stand_in = person or Person(PersonId("nobody"), ChatId(user.id), "", "ko", frozenset())
            await ask(unit, stand_in, WORDS_WAIT, "가상 대기 의견", now)
        else:
            agreed = frozenset(ASKED_IN_CHAT)
            shown = dict.fromkeys(ASKED_IN_CHAT, "1")
            progress = Progress(
                Step.RATING, NOON_HERE.id, FRESH, agreed=agreed, shown=shown, speaker=Speaker.YOUTH
            )
            await feedback_places.keep(unit, ChatId(YOUTH.id), progress, now=now)
        await unit.commit()


async def tries(chat: Chat, who: str, attempt: str, ids: Mapping[str, str]) -> list[Said]:
    """Somebody of the matrix makes an attempt; all that is planned in answer, whoever it is for."""
    verb, _, what = attempt.partition(" ")
    what = what.format_map(dict(ids))
    user, where = ACTORS[who], TEAM if who.endswith("group") else None
    chat.clock.advance_to(chat.clock.now() + timedelta(milliseconds=1))
    if who.startswith("anonymous"):
        return await chat.gets(_anonymous(chat, verb, what))
    if verb == "say":
        return await chat.says(user, what, where=where)
    if verb == "press":
        return await chat.presses(user, what, 77, where=where)
    return await chat.gets(_sent(chat, user, what, who))


def _anonymous(chat: Chat, verb: str, what: str) -> Json:
    """The same from behind the group: Telegram tells of nobody."""
    now = chat.clock.now()
    if verb == "say":
        return raw_updates.anonymous_message(what, TEAM, 78, now)
    body = _sent(chat, STRANGER, what, "group")
    [(kind, message)] = body.items()
    hidden = raw_updates.anonymous_message("", TEAM, 78, now)["message"]
    assert isinstance(message, dict)
    assert isinstance(hidden, dict)
    return {kind: {**message, "from": hidden["from"], "sender_chat": hidden["sender_chat"]}}


def _sent(chat: Chat, user: User, what: str, who: str) -> Json:
    now, where = chat.clock.now(), TEAM if who.endswith("group") else None
    match what:
        case "voice":
            return raw_updates.voice_message(user, 79, now, where=where)
        case "photo":
            return raw_updates.photo_message(user, 79, now, where=where)
        case "document":
            return raw_updates.document_message(user, 79, now, "file", where=where)
        case "edited":
            return raw_updates.edited_message(user, "/late", 79, now, where=where)
        case "sticker":
            body = raw_updates.voice_message(user, 79, now, where=where)["message"]
            assert isinstance(body, dict)
            dice = {key: value for key, value in body.items() if key != "voice"}
            return {"message": {**dice, "dice": {"emoji": "🎲", "value": 3}}}
        case _:
            before, after = ("member", "kicked") if what == "blocked" else ("kicked", "member")
            return raw_updates.membership(user, before, after, now)
