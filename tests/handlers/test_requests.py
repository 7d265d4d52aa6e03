"""Requests about one's own data over the real application: asked, taken back, and by whom not."""

import re
from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest
from sqlalchemy import select

from bot.domain.feedback import reissue_due
from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.domain.request import LONGEST_WORDS, MOST_A_DAY
from storage.database import Database
from storage.models import DeliveryRow
from tests.support.chat import ADMIN, STAFF, STRANGER, TEAM, YOUTH, Chat, grant, said
from tests.support.feedback import LUNCH, notes_of
from tests.support.feedback_chat import given, rated
from tests.support.plans import DAY, SEOUL
from tests.support.requests import asks, office, on_file, only_one, opened, to


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with office(sqlite) as one:
        yield one


async def test_who_asks_reads_a_number_and_a_day_and_administrators_are_told_at_once(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, "/privacy")
    [kinds] = await chat.taps(YOUTH, card, "요구")
    assert "의견과 연결되지 않습니다" in kinds.text
    assert await on_file(chat.database) == [], "nothing is kept before it was read"
    receipt, told = await asks(chat)
    number = (await only_one(chat.database)).number
    assert re.fullmatch("[A-Z2-9]{7}", number)
    assert number in receipt.text
    assert "2.2.(월)까지" in receipt.text  # 22 January and ten days are a Sunday
    assert [one.chat for one in told] == [ADMIN.id]
    assert number in told[0].text
    assert "2.2.(월)까지" in told[0].text


async def test_words_go_with_the_request_and_into_no_note(chat: Chat) -> None:
    await asks(chat)
    [taken] = await chat.says(YOUTH, "가상: 제 이름이 나온 의견을 알려 주십시오.")
    assert taken.key == "requests.words_taken"
    assert (await only_one(chat.database)).words == "가상: 제 이름이 나온 의견을 알려 주십시오."
    [after] = await chat.says(YOUTH, "더 할 말")
    assert after.key == "feedback.no_dialogue"
    assert await notes_of(chat.database) == []


async def test_more_words_stand_behind_the_first_ones(chat: Chat) -> None:
    await asks(chat)
    await chat.says(YOUTH, "첫째")
    [card] = await chat.says(YOUTH, "/privacy")
    [own] = await chat.taps(YOUTH, card, (await only_one(chat.database)).number)
    assert "첫째" in own.text
    await chat.taps(YOUTH, own, "말씀 덧붙이기")
    await chat.says(YOUTH, "둘째")
    assert (await only_one(chat.database)).words == "첫째\n둘째"


async def test_without_words_it_is_a_request_all_the_same(chat: Chat) -> None:
    receipt, _ = await asks(chat)
    [own] = await chat.taps(YOUTH, receipt, "덧붙일 말씀 없음")
    assert "답해 드릴 날: 2.2.(월)까지" in own.text
    [after] = await chat.says(YOUTH, "다른 말")
    assert after.key == "feedback.no_dialogue"
    assert "따로 쓰신 것 없음" in (await opened(chat)).text


async def test_pressed_twice_it_is_one_request_and_one_notice(chat: Chat) -> None:
    [card] = await chat.says(YOUTH, "/privacy")
    [kinds] = await chat.taps(YOUTH, card, "요구")
    first = await chat.taps(YOUTH, kinds, "열람")
    [again] = await chat.taps(YOUTH, kinds, "열람")
    number = (await only_one(chat.database)).number
    assert len(first) == 2
    assert number in again.text
    assert "이미 접수" in again.text


async def test_a_feedback_under_way_is_not_interrupted(chat: Chat) -> None:
    topic = await rated(chat)
    receipt, _ = await asks(chat)
    assert "마치신 뒤" in receipt.text
    [words] = await chat.taps(YOUTH, topic, "일자리·임금")
    assert words.key == "feedback.ask_words"
    [done] = await chat.says(YOUTH, "통근버스가 더 필요합니다.")
    assert done.key == "feedback.done"
    assert (await only_one(chat.database)).words is None
    [card] = await chat.says(YOUTH, "/privacy")
    [own] = await chat.taps(YOUTH, card, (await only_one(chat.database)).number)
    await chat.taps(YOUTH, own, "말씀 덧붙이기")
    await chat.says(YOUTH, "이제 덧붙입니다.")
    assert (await only_one(chat.database)).words == "이제 덧붙입니다."
    assert [one.note.words for one in await notes_of(chat.database)] == ["통근버스가 더 필요합니다."]
    [menu] = await chat.taps(YOUTH, done, "고치기")
    assert menu.key == "feedback.change", "the note's buttons lead to it as before"


async def test_words_cannot_be_asked_for_in_the_middle_of_something_else(chat: Chat) -> None:
    await asks(chat)
    await chat.says(YOUTH, "먼저 한 말")
    await rated(chat)
    request = await only_one(chat.database)
    [refusal] = await chat.presses(YOUTH, f"rq:w:{request.id}", 9)
    assert refusal.key == "requests.busy"


async def test_very_long_words_are_refused_whole_and_can_be_sent_again(chat: Chat) -> None:
    await asks(chat)
    for words in ("가" * (LONGEST_WORDS + 1), "🙂" * 4000):
        [refusal] = await chat.says(YOUTH, words)
        assert refusal.key == "requests.too_long"
        assert refusal.draft.private
    assert (await only_one(chat.database)).words is None
    [taken] = await chat.says(YOUTH, "🙂" * LONGEST_WORDS)
    assert taken.key == "requests.words_taken"
    card = await opened(chat)  # every message is held against Telegram's rules: 900 of them are 1,800 units
    [ask] = await chat.taps(ADMIN, card, "처리 완료")
    assert ask.key == "requests.ask_done"
    await chat.says(ADMIN, "😀" * LONGEST_WORDS)
    [card] = await chat.says(YOUTH, "/privacy")
    [own] = await chat.taps(YOUTH, card, (await only_one(chat.database)).number)
    assert "😀" * LONGEST_WORDS in own.text
    assert "🙂" * LONGEST_WORDS in own.text


async def test_taken_back_its_words_are_gone_and_it_cannot_be_answered(chat: Chat) -> None:
    receipt, _ = await asks(chat)
    await chat.says(YOUTH, "가상: 거둘 말")
    card = await opened(chat)
    [ask] = await chat.taps(YOUTH, receipt, "요구 거두기")
    planned = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert [one.key for one in planned if one.chat == YOUTH.id] == ["requests.withdrawn"]
    assert [one.key for one in to(planned, ADMIN)] == ["requests.told_withdrawn"]
    assert await on_file(chat.database) == []
    for label in ("처리 완료", "거절"):
        [refusal] = await chat.taps(ADMIN, card, label)
        assert refusal.key == "requests.closed_already"
    [again] = await chat.taps(YOUTH, ask, "거두겠습니다")
    assert again.key == "common.button_unknown"
    [card] = await chat.says(YOUTH, "/privacy")
    assert "개인정보에 관한 요구:" not in card.text


async def test_somebody_elses_request_is_answered_like_none(chat: Chat) -> None:
    await asks(chat)
    request = await only_one(chat.database)
    for who in (STRANGER, STAFF, ADMIN):
        for verb in "swnxX":
            [refusal] = await chat.presses(who, f"rq:{verb}:{request.id}", 5)
            assert refusal.key == "common.button_unknown"
            [nothing] = await chat.presses(who, f"rq:{verb}:{'Z' * 22}", 5)
            assert (nothing.key, nothing.text) == (refusal.key, refusal.text)
    assert (await only_one(chat.database)).is_open


async def test_a_day_takes_only_so_many(chat: Chat) -> None:
    for _ in range(MOST_A_DAY):
        receipt, _ = await asks(chat)
        [ask] = await chat.taps(YOUTH, receipt, "요구 거두기")
        await chat.taps(YOUTH, ask, "거두겠습니다")
    refusal, told = await asks(chat)
    assert refusal.key == "requests.too_many"
    assert told == []
    chat.clock.advance_to(chat.clock.now() + timedelta(days=1))
    receipt, _ = await asks(chat)
    assert receipt.key == "requests.words_next"


async def test_a_group_is_no_place_for_it(chat: Chat) -> None:
    for words in ("/requests", "/privacy"):
        [refusal] = await chat.says(ADMIN, words, where=TEAM)
        assert refusal.key == "common.write_in_private"
    [refusal] = await chat.presses(YOUTH, "rq:k:access", 5, where=TEAM)
    assert refusal.key == "common.write_in_private"
    assert await on_file(chat.database) == []


async def test_nobody_without_a_role_has_anything_to_lift(chat: Chat) -> None:
    [refusal] = await chat.presses(YOUTH, "rq:l", 5)
    assert refusal.key == "common.button_unknown"


async def test_a_request_leads_to_no_note(chat: Chat) -> None:
    await given(chat, "가상 의견")
    await asks(chat)
    request = await only_one(chat.database)
    [note] = [one.note for one in await notes_of(chat.database)]
    row = repr(request)
    assert not [tie for tie in (note.id, note.voice, str(note.secret), LUNCH.id) if tie in row]
    assert request.received_on == DAY


async def test_in_english_for_who_reads_english(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, Region("전북")), language="en")
    [card] = await chat.says(STAFF, "/privacy")
    [kinds] = await chat.taps(STAFF, card, "Ask about my data")
    planned = await chat.taps(STAFF, kinds, "Correction")
    assert "by Mon 2 Feb" in to(planned, STAFF)[0].text
    assert [one.key for one in await said(chat.database, chat.clock.now()) if one.chat == ADMIN.id] == [
        "requests.told_new"
    ]


async def test_nothing_that_names_the_request_tells_when_its_chat_was_busy(chat: Chat) -> None:
    """The number leads to the chat: the access log has the day, the notice its half hour, also of what is taken back."""
    chat.clock.jump_to(chat.clock.now() + timedelta(minutes=7, seconds=13))
    await asks(chat)
    request = await only_one(chat.database)
    async with chat.database.open_unit(read_only=True) as unit:
        acts = [
            one
            for one in await unit.audit.since(chat.clock.now() - timedelta(days=2))
            if one.subject == request.number
        ]
    assert [one.action for one in acts] == ["request_received"]
    begun = acts[0].at.astimezone(SEOUL)
    assert (begun.date(), begun.time()) == (request.received_on, time())
    async with chat.database.open_unit(read_only=True) as unit:
        rows = await unit._session.scalars(
            select(DeliveryRow).where(DeliveryRow.dedup.like(f"%{request.id}:admin:%"))
        )
        [moments] = [(row.planned_at, row.due_at) for row in rows]
    now = chat.clock.now()
    assert moments == (reissue_due(now) - timedelta(minutes=30), reissue_due(now))
