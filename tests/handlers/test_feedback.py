"""A participant's two minutes, over the real application: scan, agree, tap, write, change, take back."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.feedback import NoteKind, Source, Speaker
from handlers import feedback, words
from storage.database import Database
from tests.support.chat import YOUTH, Chat, talking
from tests.support.feedback import DINNER, LUNCH, notes_of, on_tour, services
from tests.support.feedback_chat import SCAN, agreed, rated
from tests.support.plans import at


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, words.register) as one:
        yield one


async def test_two_minutes_from_the_wall_to_a_note(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    for fact in (LUNCH.title, "익명", "텔레그램", "15조", "28조의8", "90일", "15분", "거부"):
        assert fact in card.text
    [speaker] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [rating] = await chat.taps(YOUTH, speaker, "청년")
    [topic] = await chat.taps(YOUTH, rating, "★★★★☆")
    [ask] = await chat.taps(YOUTH, topic, "일자리·임금")
    assert {card.message_id, speaker.message_id, rating.message_id, topic.message_id, ask.message_id} == {
        card.message_id
    }, "one bubble, edited in place"
    [done] = await chat.says(YOUTH, "통근버스가 더 필요합니다.")
    assert "남겼습니다" in done.text
    assert done.labels == ["고치기", "거두기", "하나 더 남기기", "이름 남기기"]
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.rating, note.topic, note.words) == (4, "jobs", "통근버스가 더 필요합니다.")
    assert (note.meeting, note.region, note.day) == (LUNCH.id, LUNCH.region, LUNCH.day)
    assert (spoken.speaker, spoken.name) == (Speaker.YOUTH, None)
    assert (note.source, note.kind) == (Source.CHAT, NoteKind.REMARK)


async def test_the_consent_card_fits_on_three_screens_of_a_phone(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    assert len(card.text) < 1700


async def test_the_two_consents_are_chosen_apart(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    assert card.button("☑").label.startswith("☑ 국외 이전")
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    assert not any("☑" in label for label in card.labels)
    [card] = await chat.taps(YOUTH, card, "국외 이전")
    [card] = await chat.taps(YOUTH, card, "의견 수집")
    [speaker] = await chat.taps(YOUTH, card, "시작하기")
    assert speaker.key == "feedback.ask_speaker"


async def test_the_agreement_is_kept_by_version_and_day(chat: Chat) -> None:
    await rated(chat)
    [spoken] = await notes_of(chat.database)
    async with chat.database.open_unit(read_only=True) as unit:
        agreements = await unit.voices.agreements(spoken.note.voice)
    assert {purpose.value: kept for purpose, kept in agreements.items()} == {
        "feedback": ("2", LUNCH.day),
        "abroad": ("1", LUNCH.day),
    }


async def test_who_does_not_agree_leaves_nothing(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [thanks] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert "의견으로 저장한 것은 없으며" in thanks.text
    assert await notes_of(chat.database) == []
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.dialogues.of(card.chat) is None
    [late] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    assert late.key == "feedback.step_over"


async def test_nothing_is_a_note_before_something_is_said(chat: Chat) -> None:
    [rating] = await chat.taps(YOUTH, await agreed(chat), "기업")
    assert await notes_of(chat.database) == []
    [topic] = await chat.taps(YOUTH, rating, "건너뛰기")
    [ask] = await chat.taps(YOUTH, topic, "건너뛰기")
    [thanks] = await chat.taps(YOUTH, ask, "마침")
    assert thanks.key == "feedback.nothing_said"
    assert await notes_of(chat.database) == []


async def test_a_rating_alone_is_already_a_note(chat: Chat) -> None:
    await rated(chat)
    assert chat.toast == "저장했습니다."
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.words) == (4, "")


async def test_words_without_a_rating_are_a_note(chat: Chat) -> None:
    await chat.taps(YOUTH, await agreed(chat), "근로자")
    [done] = await chat.says(YOUTH, "기숙사가 부족합니다.")
    assert done.key == "feedback.done"
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.words) == (None, "기숙사가 부족합니다.")


async def test_too_early_says_when_it_opens_and_offers_to_tell(chat: Chat) -> None:
    [early] = await chat.says(YOUTH, f"/start m_{DINNER.code}")
    assert "17:30" in early.text
    [kept] = await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    assert kept.key == "feedback.remind_kept"
    await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    async with chat.database.open_unit(read_only=True) as unit:
        [subscription] = await unit.subscriptions.of_meetings([DINNER.id])
        assert subscription.chat == early.chat
        assert await unit.dialogues.of(early.chat) is None
    chat.clock.advance_to(at("18:00"))
    [begun] = await chat.taps(YOUTH, early, "시작 전에 알려 주세요")
    assert begun.key == "feedback.already_begun"
