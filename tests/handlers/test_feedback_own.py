"""The author's power over a note: change it, say more, leave a name, take it back, over the real application."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.feedback import Speaker
from handlers import feedback, words
from storage.database import Database
from tests.support.chat import YOUTH, Chat, said, talking
from tests.support.feedback import DINNER, LUNCH, notes_of, on_tour, publish, revision_due, services
from tests.support.feedback_chat import SCAN, given
from tests.support.plans import at


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, words.register) as one:
        yield one


async def test_a_second_message_is_a_second_note_of_the_same_voice(chat: Chat) -> None:
    await given(chat, "첫 말씀입니다.")
    [done] = await chat.says(YOUTH, "그리고 하나 더 있습니다.")
    assert done.key == "feedback.done"
    spoken = await notes_of(chat.database)
    assert sorted(one.note.words for one in spoken) == ["그리고 하나 더 있습니다.", "첫 말씀입니다."]
    assert len({one.note.voice for one in spoken}) == 1


async def test_the_button_leads_to_the_same_voice_at_any_time(chat: Chat) -> None:
    done = await given(chat)
    chat.clock.advance_to(at("18:00"))
    [rating] = await chat.taps(YOUTH, done, "하나 더 남기기")
    await chat.taps(YOUTH, rating, "★☆☆☆☆")
    assert len({one.note.voice for one in await notes_of(chat.database)}) == 1


async def test_before_the_start_the_finished_note_offers_to_tell(chat: Chat) -> None:
    chat.clock.advance_to(at("17:40"))
    done = await given(chat, scan=f"/start m_{DINNER.code}")
    assert "시작 전에 알려 주세요" in done.labels


async def test_a_day_after_the_end_new_notes_are_closed_and_old_ones_are_not(chat: Chat) -> None:
    done = await given(chat)
    chat.clock.advance_to(LUNCH.end + timedelta(hours=24, minutes=1))
    [refusal] = await chat.says(YOUTH, SCAN)
    assert refusal.key == "feedback.closed"
    [refusal] = await chat.taps(YOUTH, done, "하나 더 남기기")
    assert refusal.key == "feedback.closed"
    [menu] = await chat.taps(YOUTH, done, "고치기")
    [ask] = await chat.taps(YOUTH, menu, "글")
    [changed] = await chat.says(YOUTH, "고친 말씀")
    assert ask.key == "feedback.ask_words_again"
    assert "하나 더 남기기" not in changed.labels
    [spoken] = await notes_of(chat.database)
    assert spoken.note.words == "고친 말씀"


async def test_every_answer_can_be_changed(chat: Chat) -> None:
    done = await given(chat, "처음 말씀")
    chat.clock.advance_to(at("20:00"))
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert "처음 말씀" in menu.text
    [ask] = await chat.taps(YOUTH, menu, "평점")
    [card] = await chat.taps(YOUTH, ask, "★★☆☆☆")
    assert card.key == "feedback.done"
    [ask] = await chat.taps(YOUTH, menu, "주제")
    await chat.taps(YOUTH, ask, "기타")
    [ask] = await chat.taps(YOUTH, menu, "구분")
    await chat.taps(YOUTH, ask, "기업")
    [ask] = await chat.taps(YOUTH, menu, "글")
    await chat.says(YOUTH, "고친 말씀")
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.rating, note.topic, note.words, spoken.speaker) == (2, "other", "고친 말씀", Speaker.COMPANY)


async def test_what_is_left_as_it_is_stays(chat: Chat) -> None:
    done = await given(chat)
    before = await notes_of(chat.database)
    [menu] = await chat.taps(YOUTH, done, "고치기")
    [ask] = await chat.taps(YOUTH, menu, "평점")
    [card] = await chat.taps(YOUTH, ask, "그대로 두기")
    assert card.key == "feedback.done"
    assert await notes_of(chat.database) == before


async def test_taking_back_is_asked_once_and_leaves_nothing_of_what_was_said(chat: Chat) -> None:
    done = await given(chat)
    [ask] = await chat.taps(YOUTH, done, "거두기")
    assert [one.note.withdrawn for one in await notes_of(chat.database)] == [False]
    [gone] = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert gone.key == "feedback.withdrawn"
    [spoken] = await notes_of(chat.database)
    note = spoken.note
    assert (note.withdrawn, note.words, note.rating, note.topic) == (True, "", None, None)
    [again] = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert again.key == "feedback.withdrawn"
    [refusal] = await chat.taps(YOUTH, done, "고치기")
    assert refusal.key == "feedback.already_withdrawn"
    [refusal] = await chat.says(YOUTH, "왜요?")
    assert refusal.key == "feedback.already_withdrawn"
    assert len(await notes_of(chat.database)) == 1


async def test_a_name_is_left_only_on_request_and_goes_with_the_last_note(chat: Chat) -> None:
    done = await given(chat)
    [ask] = await chat.taps(YOUTH, done, "이름 남기기")
    assert "익명이 아니게" in ask.text
    [named] = await chat.says(YOUTH, "  가상청년\n모임 ")
    assert [one.name for one in await notes_of(chat.database)] == ["가상청년 모임"]
    [unnamed] = await chat.taps(YOUTH, named, "이름 지우기")
    assert [one.name for one in await notes_of(chat.database)] == [None]
    await chat.taps(YOUTH, unnamed, "이름 남기기")
    [named] = await chat.says(YOUTH, "가상청년")
    [ask] = await chat.taps(YOUTH, named, "거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    assert [one.name for one in await notes_of(chat.database)] == [None]


async def test_a_published_digest_is_called_again_at_the_half_hour_and_for_a_withdrawal_at_once(
    chat: Chat,
) -> None:
    done = await given(chat)
    assert await revision_due(chat.database) is None
    await publish(chat.database, chat.clock.now())
    chat.clock.advance_to(at("21:10"))
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert await revision_due(chat.database) is None
    [ask] = await chat.taps(YOUTH, menu, "평점")
    await chat.taps(YOUTH, ask, "★☆☆☆☆")
    assert await revision_due(chat.database) == at("21:30")
    [ask] = await chat.taps(YOUTH, done, "거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    assert await revision_due(chat.database) == at("21:10")


async def test_everything_said_in_the_dialogue_is_private_and_holds_no_id(chat: Chat) -> None:
    done = await given(chat)
    await chat.taps(YOUTH, done, "고치기")
    await chat.says(YOUTH, "/start m_nonsense")
    async with chat.database.open_unit(read_only=True) as unit:
        [note] = [one.note for one in await unit.notes.of_day(LUNCH.region, LUNCH.day)]
    everything = await said(chat.database, chat.clock.now())
    assert all(one.draft.private for one in everything)
    assert {one.kind for one in everything} == {DeliveryKind.REPLY, DeliveryKind.EDIT}
    for one in everything:
        assert note.id not in repr(one.draft)
        assert note.voice not in repr(one.draft)
