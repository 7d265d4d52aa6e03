"""A notice that changes, as a participant reads it in the chat: what is asked, what was not kept, and what stays."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.feedback import Feedback
from bot.services.joining import Joining
from bot.services.media_intake import MediaIntake
from bot.services.own_notes import OwnNotes
from handlers import feedback, media, words
from storage.database import Database
from tests.support import raw_updates
from tests.support.chat import YOUTH, Chat, talking
from tests.support.feedback import notes_of, on_tour
from tests.support.feedback_chat import SCAN, given
from tests.support.notices import NEXT, changing
from tests.support.plans import SEOUL, at
from tests.support.services import only


@pytest.fixture
async def chat(sqlite: Database, tmp_path: Path) -> AsyncIterator[Chat]:
    """The notice of collecting and using changes at midnight; that of going abroad does not."""
    await on_tour(sqlite)
    texts = changing(tmp_path / "notices", "feedback")
    speaking = Feedback(SEOUL, texts)
    services = only(
        joining=Joining(texts),
        feedback=speaking,
        own_notes=OwnNotes(texts),
        media=MediaIntake(speaking, written_down=True),
    )
    async with talking(sqlite, services, feedback.register, media.register, words.register) as one:
        yield one


async def test_each_purpose_is_a_box_of_its_own(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    boxes = ["☐ 의견 수집·이용에 동의", "☐ 국외 이전(텔레그램)에 동의"]
    assert card.labels[:2] == boxes
    [one] = await chat.taps(YOUTH, card, "국외 이전")
    assert one.labels[:2] == [boxes[0], "☑ 국외 이전(텔레그램)에 동의함"]
    assert "시작하기" not in one.labels
    [none] = await chat.taps(YOUTH, one, "국외 이전")
    assert none.labels == card.labels


async def test_who_refuses_reads_what_is_not_possible_then_and_leaves_nothing(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    assert "텔레그램으로는 의견을 남기실 수 없습니다" in card.text
    [farewell] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert farewell.key == "feedback.declined"
    assert await notes_of(chat.database) == []


async def test_in_the_middle_of_a_dialogue_only_the_changed_notice_is_shown(chat: Chat) -> None:
    chat.clock.advance_to(at("23:55"))
    await given(chat, "자정 전 의견")
    chat.clock.advance_to(at("00:05", day=NEXT))
    [card] = await chat.says(YOUTH, "자정 뒤의 의견")
    assert card.key == "consent.card_again"
    assert "제15조" in card.text
    assert "제28조의8" not in card.text
    assert "아직 저장하지 않았으니" in card.text
    assert card.labels == ["☐ 의견 수집·이용에 동의", "모두 동의하고 시작", "동의하지 않습니다"]
    [rating] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    assert rating.key == "feedback.ask_rating"
    [done] = await chat.says(YOUTH, "자정 뒤의 의견")
    assert done.key == "feedback.done"
    assert {one.note.words for one in await notes_of(chat.database)} == {"자정 전 의견", "자정 뒤의 의견"}


async def test_by_the_button_hours_later_too_and_refusing_keeps_the_first_note(chat: Chat) -> None:
    done = await given(chat, "자정 전 의견")
    chat.clock.advance_to(at("09:00", day=NEXT))
    [card] = await chat.taps(YOUTH, done, "하나 더")
    assert card.key == "consent.card_again"
    [farewell] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert farewell.key == "consent.declined_again"
    assert "그대로 있으며" in farewell.text
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert menu.key == "feedback.change"


async def test_a_voice_is_not_taken_before_it(chat: Chat) -> None:
    chat.clock.advance_to(at("23:55"))
    await given(chat, "자정 전 의견")
    chat.clock.advance_to(at("00:05", day=NEXT))
    [card] = await chat.gets(raw_updates.voice_message(YOUTH, 79, chat.clock.now()))
    assert card.key == "consent.card_again"
    assert len(await notes_of(chat.database)) == 1
