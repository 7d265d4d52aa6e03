"""/privacy for everybody: see, take along, destroy, over the real application."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from handlers import feedback, notes, privacy, words
from storage.database import Database
from tests.support.chat import ADMIN, STAFF, STRANGER, TEAM, YOUTH, Chat, grant, said, talking
from tests.support.feedback import DINNER, LUNCH, notes_of, on_tour, services


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    registers = (feedback.register, notes.register, privacy.register, words.register)
    async with talking(sqlite, services(), *registers) as one:
        yield one


async def test_who_is_unknown_reads_that_nothing_is_held(chat: Chat) -> None:
    [card] = await chat.says(STRANGER, "/privacy")
    assert "저장된 것이 없습니다" in card.text
    assert "버튼" in card.text
    assert card.labels == ["동의 안내 다시 보기", "열람·정정·삭제·처리정지 요구"]


async def test_the_notices_are_shown_again(chat: Chat) -> None:
    [card] = await chat.says(STRANGER, "/privacy")
    [texts] = await chat.taps(STRANGER, card, "동의 안내")
    assert "제15조" in texts.text
    assert "제28조의8" in texts.text


async def test_a_participant_sees_and_deletes_what_leads_to_their_chat(chat: Chat) -> None:
    [early] = await chat.says(YOUTH, f"/start m_{DINNER.code}")
    await chat.taps(YOUTH, early, "시작 전에")
    await chat.says(YOUTH, f"/start m_{LUNCH.code}")
    [card] = await chat.says(YOUTH, "/privacy")
    assert "1건" in card.text
    assert "진행 중인 의견 작성" in card.text
    [ask] = await chat.taps(YOUTH, card, "지우기")
    [kept] = await chat.taps(YOUTH, ask, "그대로 두기")
    assert kept.key == "privacy.kept"
    await chat.taps(YOUTH, ask, "모두 지우겠습니다")
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.subscriptions.count_of(ChatId(YOUTH.id)) == 0
        assert await unit.dialogues.of(ChatId(YOUTH.id)) is None


async def test_staff_read_what_is_held_and_take_their_notes_along(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, Region("전북")))
    await chat.says(STAFF, "가" * 1990)
    await chat.says(STAFF, "나" * 1990 + "<b>")
    [card] = await chat.says(STAFF, "/privacy")
    for fact in (STAFF.first_name, "전북", "2건"):
        assert fact in card.text
    parts = await chat.taps(STAFF, card, "내 메모 받기")
    assert len(parts) == 2
    assert all(part.draft.private for part in parts)
    assert sum(part.text.count("가") for part in parts) >= 1990


async def test_forgetting_somebody_ends_their_grants_and_unties_their_notes(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, Region("전북")))
    await chat.says(STAFF, "남는 메모")
    [card] = await chat.says(STAFF, "/privacy")
    [ask] = await chat.taps(STAFF, card, "지우기")
    assert "권한이 바로 끝나며" in ask.text
    await chat.taps(STAFF, ask, "모두 지우겠습니다")
    # What was planned for somebody with grants is withdrawn: the farewell is all that is left to say.
    [deleted] = [one for one in await said(chat.database, chat.clock.now()) if one.chat == STAFF.id]
    assert deleted.key == "privacy.deleted"
    [refusal] = await chat.says(STAFF, "/note")
    assert refusal.key == "common.not_allowed"
    assert [one.note.words for one in await notes_of(chat.database)] == ["남는 메모"]
    [again] = await chat.taps(STAFF, ask, "모두 지우겠습니다")
    assert again.key == "privacy.deleted"


async def test_the_last_administrator_is_kept_and_told_why(chat: Chat) -> None:
    await grant(chat.database, ADMIN, Grant(Role.ADMIN, None))
    [card] = await chat.says(ADMIN, "/privacy")
    [ask] = await chat.taps(ADMIN, card, "지우기")
    [refusal] = await chat.taps(ADMIN, ask, "모두 지우겠습니다")
    assert refusal.key == "privacy.last_admin"
    await grant(chat.database, STRANGER, Grant(Role.ADMIN, None))
    await chat.taps(ADMIN, ask, "모두 지우겠습니다")
    assert (await said(chat.database, chat.clock.now()))[-1].key == "privacy.deleted"


async def test_a_group_is_no_place_for_it(chat: Chat) -> None:
    [refusal] = await chat.says(STAFF, "/privacy", where=TEAM)
    assert refusal.key == "common.write_in_private"


async def test_notes_are_given_only_to_somebody_on_file(chat: Chat) -> None:
    [refusal] = await chat.presses(STRANGER, "p:export", 1)
    assert refusal.key == "common.not_allowed"
    [refusal] = await chat.presses(STRANGER, "p:everything", 1)
    assert refusal.key == "common.button_unknown"
