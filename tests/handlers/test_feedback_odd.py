"""Taps twice, late, forged and in turn; words that nobody asked for: a participant's dialogue stays sane."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.feedback import Source, Speaker
from bot.domain.person import Grant, Role
from handlers import feedback, words
from storage.database import Database
from tests.support.chat import STAFF, STRANGER, TEAM, YOUTH, Chat, grant, said, talking
from tests.support.feedback import DINNER, LUNCH, notes_of, on_tour, services
from tests.support.feedback_chat import SCAN, given, rated
from tests.support.plans import at
from tests.support.raw_updates import photo_message, voice_message


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, words.register) as one:
        yield one


async def test_words_before_consent_are_kept_nowhere(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [hint] = await chat.says(YOUTH, "먼저 쓴 말")
    assert hint.key == "feedback.consent_first"
    await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [hint] = await chat.says(YOUTH, "또 먼저 쓴 말")
    assert hint.key == "feedback.speaker_first"
    assert await notes_of(chat.database) == []


async def test_scanning_again_while_the_dialogue_lives_goes_on_with_the_same_voice(chat: Chat) -> None:
    await given(chat)
    [again] = await chat.says(YOUTH, SCAN)
    assert again.key == "feedback.done"
    await chat.taps(YOUTH, again, "하나 더")
    await chat.says(YOUTH, "더 있습니다.")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_a_scan_after_fifteen_minutes_is_a_new_voice(chat: Chat) -> None:
    await given(chat)
    chat.clock.advance_to(chat.clock.now() + timedelta(minutes=15))
    await given(chat, "나중에 다시 씁니다.")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 2


async def test_two_meetings_scanned_in_turn_are_not_mixed_up(chat: Chat) -> None:
    chat.clock.advance_to(at("17:40"))
    lunch = await given(chat, "점심 이야기")
    dinner_topic = await rated(chat, scan=f"/start m_{DINNER.code}")
    [rating] = await chat.taps(YOUTH, lunch, "하나 더 남기기")
    await chat.taps(YOUTH, rating, "★☆☆☆☆")
    [ask] = await chat.taps(YOUTH, dinner_topic, "기타")
    assert ask.key == "feedback.ask_words"
    await chat.says(YOUTH, "저녁 이야기")
    [back] = await chat.says(YOUTH, SCAN)
    assert back.key == "feedback.done"
    spoken = {(one.note.meeting, one.note.words, one.note.rating) for one in await notes_of(chat.database)}
    assert spoken == {(LUNCH.id, "점심 이야기", 4), (LUNCH.id, "", 1), (DINNER.id, "저녁 이야기", 4)}
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 2


async def test_taps_that_come_twice_or_late_are_harmless(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    [speaker] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    [again] = await chat.taps(YOUTH, card, "모두 동의하고 시작")
    assert again.key == "feedback.ask_speaker"
    [rating] = await chat.taps(YOUTH, speaker, "청년")
    [topic] = await chat.taps(YOUTH, rating, "★★★★★")
    [ask] = await chat.taps(YOUTH, topic, "기타")
    await chat.taps(YOUTH, rating, "★★★★★")
    [still] = await chat.taps(YOUTH, card, "동의하지 않습니다")
    assert still.key != "feedback.declined", "too late to decline: the note is taken back by its button"
    await chat.says(YOUTH, "말씀")
    [over] = await chat.taps(YOUTH, ask, "마침")
    assert over.key == "feedback.words_came"
    [spoken] = await notes_of(chat.database)
    assert (spoken.note.rating, spoken.note.topic, spoken.note.words) == (5, "other", "말씀")


async def test_the_question_for_words_is_closed_once_they_came(chat: Chat) -> None:
    """There is one receipt, not two: the question is put away, in place, with its button."""
    [question] = await chat.taps(YOUTH, await rated(chat), "기타")
    [receipt] = await chat.says(YOUTH, "말씀")
    [over] = await chat.taps(YOUTH, question, "마침")
    assert (over.draft.edits, over.buttons, over.draft.private) == (question.message_id, (), True)
    [changing] = await chat.taps(YOUTH, receipt, "고치기")
    [back] = await chat.taps(YOUTH, changing, "그대로 두기")
    assert back.key == "feedback.done", "what is not that question shows the receipt, as ever"


async def test_who_said_nothing_after_a_rating_gets_the_receipt_by_the_button(chat: Chat) -> None:
    [question] = await chat.taps(YOUTH, await rated(chat), "기타")
    for _ in range(2):
        [receipt] = await chat.taps(YOUTH, question, "마침")
        assert receipt.key == "feedback.done"
        assert receipt.buttons


@pytest.mark.parametrize(
    ("verb", "argument"),
    [
        ("r", "6"),
        ("r", "ten"),
        ("t", "nonsense"),
        ("s", "staff"),
        ("s", "king"),
        ("a", "consent"),
        ("c", "everything"),
        ("q", "1"),
    ],
)
async def test_forged_choices_change_nothing(chat: Chat, verb: str, argument: str) -> None:
    done = await given(chat)
    secret = str(done.button("고치기").data).split(":")[2]
    before = await notes_of(chat.database)
    [refusal] = await chat.presses(YOUTH, f"f:{verb}:{secret}:{argument}", 1)
    assert refusal.key == "common.button_unknown"
    assert await notes_of(chat.database) == before


@pytest.mark.parametrize(
    "data", ["f:", "f:r", "f:r:short:4", "f:r:abcdefghijklmnopqrstuv:4:5", "f:rr:abcdefghij:1"]
)
async def test_data_that_was_never_ours_is_refused(chat: Chat, data: str) -> None:
    [refusal] = await chat.presses(YOUTH, data, 1)
    assert refusal.key in {"common.button_unknown", "feedback.step_over"}


async def test_a_rating_cannot_come_before_consent(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, SCAN)
    secret = str(card.button("모두 동의").data).split(":")[2]
    for forged in (f"f:s:{secret}:youth", f"f:r:{secret}:4", f"f:t:{secret}:jobs"):
        [refusal] = await chat.presses(YOUTH, forged, 1)
        assert refusal.key == "common.button_unknown"
    assert await notes_of(chat.database) == []


async def test_too_many_words_are_refused_in_words_and_nothing_is_cut(chat: Chat) -> None:
    await rated(chat)
    [refusal] = await chat.says(YOUTH, "가" * 2001)
    assert "2001자" in refusal.text
    [done] = await chat.says(YOUTH, "가" * 2000)
    assert done.key == "feedback.done"


async def test_pictures_and_voices_are_answered_and_not_taken(chat: Chat) -> None:
    await rated(chat)
    [answer] = await chat.gets(photo_message(YOUTH, 5, chat.clock.now(), caption="보세요"))
    assert answer.key == "feedback.only_words"
    [answer] = await chat.gets(voice_message(YOUTH, 6, chat.clock.now()))
    assert answer.key == "feedback.only_words"
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == ""


async def test_words_from_nowhere_get_a_kind_hint(chat: Chat) -> None:
    [hint] = await chat.says(STRANGER, "안녕하세요")
    assert hint.key == "feedback.no_dialogue"
    assert await notes_of(chat.database) == []


async def test_a_code_that_nobody_has_is_told_kindly(chat: Chat) -> None:
    [refusal] = await chat.says(YOUTH, "/start m_nonsense")
    assert refusal.key == "feedback.code_unknown"


async def test_a_group_hears_that_feedback_is_personal(chat: Chat) -> None:
    [refusal] = await chat.says(YOUTH, SCAN, where=TEAM)
    assert refusal.key == "common.write_in_private"


async def test_somebody_with_a_grant_takes_part_as_anonymously(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, None))
    await given(chat, "직원이 아니라 참석자로서", who=STAFF)
    [refusal] = await chat.says(STAFF, "/start m_nonsense")
    assert refusal.draft.private
    assert all(one.draft.private for one in await said(chat.database, chat.clock.now()))
    [spoken] = await notes_of(chat.database)
    assert (spoken.speaker, spoken.note.source) == (Speaker.YOUTH, Source.CHAT)
