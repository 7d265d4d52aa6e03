"""Requests about one's own data over the real application: answered, put off, refused, and by whom not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from bot.domain.request import RequestState
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, YOUTH, Chat, User, grant
from tests.support.requests import SECOND, asks, office, only_one, opened, to


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with office(sqlite) as one:
        yield one


async def test_done_with_words_is_told_to_whoever_asked(chat: Chat) -> None:
    await asks(chat)
    card = await opened(chat)
    assert "역할이 없는 분" in card.text
    assert str(YOUTH.id) not in card.text
    [ask] = await chat.taps(ADMIN, card, "처리 완료")
    assert "말씀 없이 마치기" not in ask.labels
    [refusal] = await chat.presses(ADMIN, f"ra:y:{(await only_one(chat.database)).id}", 5)
    assert refusal.key == "requests.words_needed"
    await chat.taps(ADMIN, card, "처리 완료")
    planned = await chat.says(ADMIN, "가상: 저장된 것은 이 대화방의 번호뿐입니다.")
    [answer] = to(planned, YOUTH)
    assert answer.key == "requests.answer_done"
    assert "저장된 것은 이 대화방의 번호뿐" in answer.text
    assert "1833-6972" in answer.text
    assert not answer.draft.private, "it waits for a messenger that is away for longer than fifteen minutes"
    assert (await only_one(chat.database)).state is RequestState.DONE
    [empty] = await chat.says(ADMIN, "/requests")
    assert empty.key == "requests.list_none"
    [card] = await chat.says(YOUTH, "/privacy")
    [own] = await chat.taps(YOUTH, card, (await only_one(chat.database)).number)
    assert "결과: 처리 완료" in own.text
    assert "요구 거두기" not in own.labels


async def test_that_nothing_is_held_is_an_answer_of_its_own(chat: Chat) -> None:
    await asks(chat, kind="삭제")
    card = await opened(chat)
    [ask] = await chat.taps(ADMIN, card, "처리 완료")
    assert "말씀 없이 마치기" in ask.labels
    [ask] = await chat.taps(ADMIN, card, "해당 정보 없음")
    planned = await chat.taps(ADMIN, ask, "이대로 마치기")
    [answer] = to(planned, YOUTH)
    assert "해당하는 개인정보를 보관하고 있지 않습니다." in answer.text
    assert (await only_one(chat.database)).state is RequestState.NONE
    [held] = await chat.says(YOUTH, "/privacy")
    assert "지워지지 않습니다" not in held.text, "there is no such button here"
    [own] = await chat.taps(YOUTH, held, (await only_one(chat.database)).number)
    assert "결과: 해당 정보 없음" in own.text


async def test_a_refusal_needs_its_reason_and_says_how_to_object(chat: Chat) -> None:
    await asks(chat, kind="삭제")
    [ask] = await chat.taps(ADMIN, await opened(chat), "거절")
    assert "말씀 없이 마치기" not in ask.labels
    [refusal] = await chat.says(ADMIN, "   \n ")
    assert refusal.key == "requests.reason_needed"
    planned = await chat.says(ADMIN, "가상: 다른 법령이 보존을 정하고 있습니다.")
    [answer] = to(planned, YOUTH)
    assert "들어드리지 못합니다" in answer.text
    assert "다른 법령이 보존" in answer.text
    assert "분쟁조정위원회" in answer.text


async def test_access_is_put_off_once_with_a_reason_and_nothing_else_is(chat: Chat) -> None:
    await asks(chat, kind="정정")
    assert "연기" not in (await opened(chat)).labels
    correction = await only_one(chat.database)
    [refusal] = await chat.presses(ADMIN, f"ra:p:{correction.id}", 5)
    assert refusal.key == "requests.cannot_postpone"
    await asks(chat, STRANGER, "열람")
    access = await only_one(chat.database, STRANGER)
    [card] = await chat.presses(ADMIN, f"ra:s:{access.id}", 5)
    [ask] = await chat.taps(ADMIN, card, "연기")
    assert "2.12.(목)까지" in ask.text
    planned = await chat.says(ADMIN, "가상: 기록을 옮기는 중입니다.")
    [answer] = to(planned, STRANGER)
    assert "2.12.(목)까지" in answer.text
    assert "사유: 가상: 기록을 옮기는 중" in answer.text
    [card] = await chat.presses(ADMIN, f"ra:s:{access.id}", 5)
    assert "연기" not in card.labels
    [refusal] = await chat.presses(ADMIN, f"ra:p:{access.id}", 5)
    assert refusal.key == "requests.cannot_postpone"


async def test_the_day_over_access_cannot_be_put_off_any_more(chat: Chat) -> None:
    await asks(chat)
    request = await only_one(chat.database)
    [ask] = await chat.taps(ADMIN, await opened(chat), "연기")
    assert ask.key == "requests.ask_postponed"
    chat.clock.advance_to(chat.clock.now() + timedelta(days=12))
    [refusal] = await chat.presses(ADMIN, f"ra:p:{request.id}", 5)
    assert refusal.key == "requests.cannot_postpone"
    card = await opened(chat)
    assert "연기" not in card.labels


async def test_what_was_taken_back_while_its_answer_was_written_is_not_answered(chat: Chat) -> None:
    receipt, _ = await asks(chat)
    await chat.taps(ADMIN, await opened(chat), "처리 완료")
    [ask] = await chat.taps(YOUTH, receipt, "요구 거두기")
    await chat.taps(YOUTH, ask, "거두겠습니다")
    planned = await chat.says(ADMIN, "가상 답")
    assert [one.key for one in planned] == ["requests.closed_already"]
    [after] = await chat.says(ADMIN, "다른 말")
    assert after.key == "help.not_taken", "nothing waits for words any more"


async def test_the_first_of_two_answers_counts(chat: Chat) -> None:
    await grant(chat.database, SECOND, Grant(Role.ADMIN, None))
    await asks(chat)
    request = await only_one(chat.database)
    for who, verb in ((ADMIN, "d"), (SECOND, "r")):
        await chat.presses(who, f"ra:{verb}:{request.id}", 5)
    first = await chat.says(ADMIN, "가상 첫 답")
    second = await chat.says(SECOND, "가상 둘째 답")
    assert len(to(first, YOUTH)) == 1
    assert [one.key for one in second] == ["requests.closed_already"]
    assert (await only_one(chat.database)).answer == "가상 첫 답"
    for _ in range(2):
        [late] = await chat.presses(SECOND, f"ra:y:{request.id}", 5)
        assert late.key == "requests.closed_already"


@pytest.mark.parametrize("who", [STRANGER, YOUTH, STAFF, MANAGER])
async def test_only_administrators_answer(chat: Chat, who: User) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, None))
    await asks(chat)
    request = await only_one(chat.database)
    for data in ["ra:l", *(f"ra:{verb}:{request.id}" for verb in "sdrpoymn")]:
        [refusal] = await chat.presses(who, data, 5)
        assert refusal.key == "common.not_allowed"
    [refusal] = await chat.says(who, "/requests")
    assert refusal.key == "common.not_allowed"


async def test_an_administrator_of_a_region_answers_only_where_there_is_none_for_all(chat: Chat) -> None:
    await grant(chat.database, SECOND, Grant(Role.ADMIN, Region("강원")))
    _, told = await asks(chat)
    assert [one.chat for one in told] == [ADMIN.id]
    [refusal] = await chat.says(SECOND, "/requests")
    assert refusal.key == "common.not_allowed"
    await grant(chat.database, ADMIN, Grant(Role.STAFF, Region("전북")))
    _, told = await asks(chat, STRANGER)
    assert [one.chat for one in told] == [SECOND.id]
    [listed] = await chat.says(SECOND, "/requests")
    assert "2건" in listed.text


async def test_a_former_administrators_buttons_and_question_do_nothing(chat: Chat) -> None:
    await grant(chat.database, SECOND, Grant(Role.ADMIN, None))
    await asks(chat)
    card = await opened(chat)
    await chat.taps(ADMIN, card, "거절")
    await grant(chat.database, ADMIN, Grant(Role.STAFF, Region("전북")))
    for label in ("처리 완료", "거절", "연기", "목록으로"):
        [refusal] = await chat.taps(ADMIN, card, label)
        assert refusal.key == "common.not_allowed"
    [refusal] = await chat.says(ADMIN, "가상: 거절하는 까닭")
    assert refusal.key == "common.not_allowed"
    assert (await only_one(chat.database)).is_open


async def test_a_stop_of_use_ends_reminders_until_its_person_wants_them_again(chat: Chat) -> None:
    await asks(chat, STAFF, "처리정지")
    card = await opened(chat)
    assert STAFF.first_name in card.text
    assert "알림과 보고를 보내지 않습니다" in card.text
    await chat.taps(ADMIN, card, "처리 완료")
    planned = await chat.says(ADMIN, "가상: 멈추었습니다.")
    [answer] = to(planned, STAFF)
    assert "다시 받기" in answer.text

    async def listeners() -> list[ChatId]:
        async with chat.database.open_unit(read_only=True) as unit:
            return [one.chat for one in await unit.people.reachable_with(Role.STAFF, Region("전북"))]

    assert await listeners() == []
    [held] = await chat.says(STAFF, "/privacy")
    assert "처리정지: 알림과 보고를 보내지 않음" in held.text
    await chat.taps(STAFF, held, "알림과 보고 다시 받기")
    assert await listeners() == [STAFF.id]


async def test_a_stop_that_is_refused_changes_nothing(chat: Chat) -> None:
    await asks(chat, STAFF, "처리정지")
    await chat.taps(ADMIN, await opened(chat), "거절")
    await chat.says(ADMIN, "가상: 맡으신 일에 필요합니다.")
    async with chat.database.open_unit(read_only=True) as unit:
        assert len(await unit.people.reachable_with(Role.STAFF, Region("전북"))) == 1


async def test_who_asked_and_then_left_is_still_answered(chat: Chat) -> None:
    await asks(chat, STAFF, "열람")
    [card] = await chat.says(STAFF, "/privacy")
    assert "지워지지 않습니다" in card.text
    [sure] = await chat.taps(STAFF, card, "지우기")
    await chat.taps(STAFF, sure, "모두 지우겠습니다")
    card = await opened(chat)
    assert "역할이 없는 분" in card.text
    assert STAFF.first_name not in card.text
    await chat.taps(ADMIN, card, "처리 완료")
    planned = await chat.says(ADMIN, "가상 답")
    assert [one.key for one in to(planned, STAFF)] == ["requests.answer_done"]


async def test_reading_and_answering_are_on_record_without_anything_personal(chat: Chat) -> None:
    await asks(chat)
    await chat.says(YOUTH, "가상 비밀 말씀")
    await chat.taps(ADMIN, await opened(chat), "거절")
    await chat.says(ADMIN, "가상 비밀 까닭")
    async with chat.database.open_unit(read_only=True) as unit:
        acts = await unit.audit.since(chat.clock.now() - timedelta(days=1))
        admin = await unit.people.by_chat(ChatId(ADMIN.id))
    assert admin is not None
    number = (await only_one(chat.database)).number
    shown = [(one.action, one.actor, one.subject) for one in acts if one.action.startswith("request_")]
    assert shown == [
        ("request_received", None, number),
        ("request_read", admin.id, number),
        ("request_answered", admin.id, number),
    ]
    assert not [secret for secret in ("비밀", str(YOUTH.id), YOUTH.first_name) if secret in repr(acts)]
