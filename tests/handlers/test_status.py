"""/status in words: quiet days and bad ones."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import Region, TourId
from bot.domain.person import Grant, Role
from bot.domain.reminder import Reminder, ReminderState, before_meeting, briefing
from bot.domain.tour import Tour
from bot.services.intake_troubles import Trouble
from bot.services.status import AboutReminder, AiToday, Report, Status
from handlers import status
from handlers.status import lines_of
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, MESSAGES, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.plans import DAY, SEOUL, at, meeting
from tests.support.services import only

JEONBUK = Region("전북")


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with talking(sqlite, only(status=Status(SEOUL)), status.register) as chat:
        yield chat


def words(report: Report) -> list[str]:
    return [MESSAGES.text(one.key, one.values, now=at("12:00")) for one in lines_of(report)]


async def test_a_quiet_day_says_so_line_by_line(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, JEONBUK))
    [told] = await chat.says(STAFF, "/status")
    assert told.text.splitlines() == [
        "<b>운영 상태</b> · 1.22.(목) 12:00 기준",
        "",
        "○ 발송: 정상",
        "○ 메시지 수신: 정상",
        "○ 처리하지 못한 요청: 오늘 없음",
        "○ 전하지 못한 메시지: 오늘 없음",
        "○ 보내지 못한 알림: 오늘 없음",
        "○ 다음 알림: 예정 없음",
    ]


def test_what_a_language_model_took_is_a_line() -> None:
    told = words(Report(None, 0, {}, (), None, ai=AiToday(calls=9, tokens=12345, tokens_a_day=300000)))
    assert "○ AI 사용: 오늘 요청 9회, 토큰 12345/300000" in told


async def test_missed_reminders_and_the_next_one_are_named(chat: Chat) -> None:
    await grant(chat.database, ADMIN, Grant(Role.ADMIN, None))
    async with chat.database.open_unit() as unit:
        await unit.tours.keep(Tour(TourId("tour"), "가상 순회", ()))
        for one in (meeting("a"), meeting("b", "15:00", "16:00")):
            await unit.meetings.keep(one)
            for reminder in before_meeting(one):
                await unit.reminders.plan(reminder, chat.clock.now())
                if reminder.due < chat.clock.now():
                    await unit.reminders.decide(reminder, ReminderState.MISSED, chat.clock.now())
        await unit.commit()
    [told] = await chat.says(ADMIN, "/status")
    assert told.text.splitlines()[-4:] == [
        "○ 보내지 못한 알림: <b>오늘 2건</b>",
        "- 08:00 전북 ‘간담회 a’ 1시간 전 알림",
        "- 08:50 전북 ‘간담회 a’ 10분 전 알림",
        "○ 다음 알림: 1.22.(목) 14:00 전북 ‘간담회 b’ 1시간 전 알림",
    ]


def test_a_bad_day_is_told_with_numbers() -> None:
    lost = {DeliveryKind.DIGEST: {DeliveryState.FAILED: 2}, DeliveryKind.REMINDER: {DeliveryState.UNKNOWN: 1}}
    said = words(Report(at("09:05"), 3, lost, (), None, intake={trouble: at("08:05") for trouble in Trouble}))
    assert "1.22.(목) 09:05부터 중단" in said[0]
    troubles, said = said[1 : 1 + len(Trouble)], said[len(Trouble) :]
    assert len(set(troubles)) == len(Trouble)
    assert all("<b>1.22.(목) 08:05부터 문제가 있습니다.</b> " in line for line in troubles)
    assert said[1:4] == [
        "○ 처리하지 못한 요청: <b>오늘 3건</b>",
        "○ 전하지 못한 일일 권역 보고: <b>실패 2건, 도착 확인 불가 0건</b>",
        "○ 전하지 못한 일정 알림: <b>실패 0건, 도착 확인 불가 1건</b>",
    ]


def test_every_kind_of_delivery_has_a_name() -> None:
    for kind in DeliveryKind:
        words(Report(None, 0, {kind: {DeliveryState.FAILED: 1}}, (), None, late={kind: 1}))


def test_what_came_too_late_to_be_sent_is_told_by_its_kind() -> None:
    said = words(Report(None, 0, {}, (), None, late={DeliveryKind.REMINDER: 4}))
    assert "○ 때를 놓쳐 보내지 않은 일정 알림: <b>오늘 4건</b>" in said


def test_a_long_list_is_cut_and_counted() -> None:
    one = before_meeting(meeting("a"))[0]
    said = words(Report(None, 0, {}, (AboutReminder(one, "가상 간담회"),) * 12, None))
    assert sum("가상 간담회" in line for line in said) == 10
    assert "- 그 밖에 2건" in said


def test_a_briefing_is_named_by_its_day() -> None:
    planned: Reminder | None = briefing([meeting("a")], at("20:00").astimezone(SEOUL).time(), SEOUL)
    assert planned is not None
    said = words(Report(None, 0, {}, (), AboutReminder(planned, None)))
    assert said[-1] == "○ 다음 알림: 1.21.(수) 20:00 전북 1.22.(목) 일정 안내"
    assert planned.day == DAY


@pytest.mark.parametrize(("user", "role"), [(MANAGER, Role.MANAGER), (STRANGER, None)])
async def test_managers_and_strangers_are_refused(chat: Chat, user: User, role: Role | None) -> None:
    if role is not None:
        await grant(chat.database, user, Grant(role, None))
    [told] = await chat.says(user, "/status")
    assert told.key == "common.not_allowed"


async def test_a_group_is_told_nothing(chat: Chat) -> None:
    await grant(chat.database, ADMIN, Grant(Role.ADMIN, None))
    [told] = await chat.says(ADMIN, "/status", where=TEAM)
    assert told.key == "common.write_in_private"
