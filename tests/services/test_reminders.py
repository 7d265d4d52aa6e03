"""Reminders: who is reminded, when, once; what happens to them when the schedule moves or we were away."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderState
from bot.services import schedule as schedule_module
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, YOUTH, grant, said
from tests.support.plans import DAY, at, plan
from tests.support.tour_day import TourDay, chats

EVENING = at("18:00", day=DAY - timedelta(days=1))
MORNING = at("06:00")
BRIEFING_TIME = at("20:00", day=DAY - timedelta(days=1))
JEONBUK = Region("전북")
STAFF_HERE = Grant(Role.STAFF, JEONBUK)
A = plan("a", "09:40", "11:00")
B = plan("b", "13:00", "14:00")
PENDING, PLANNED = ReminderState.PENDING, ReminderState.PLANNED
MISSED, CANCELLED = ReminderState.MISSED, ReminderState.CANCELLED


async def test_nothing_is_said_before_its_time(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=EVENING)
    assert await day.ticks(BRIEFING_TIME - timedelta(seconds=1)) == []


async def test_an_hour_and_ten_minutes_before_the_regions_staff_are_reminded(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    assert await day.ticks(at("08:39")) == []
    [hour] = await day.ticks(at("08:40"))
    assert (hour.chat, hour.key) == (STAFF.id, "reminder.before")
    assert "1시간 뒤" in hour.text
    assert A.title in hour.text
    [ten] = await day.ticks(at("09:30"))
    assert "10분 뒤" in ten.text
    assert await day.ticks(at("09:40")) == []


async def test_the_evening_before_brings_a_briefing_of_the_whole_day(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(B, A, plan("c", region="강원"), now=EVENING)
    [briefing] = await day.ticks(BRIEFING_TIME)
    assert briefing.key == "reminder.briefing"
    assert briefing.text.index(A.title) < briefing.text.index(B.title)
    assert "총 2건" in briefing.text
    assert "09:40" in briefing.text


async def test_who_is_reminded(database: Database) -> None:
    """Staff of the region or of all; managers who want it; nobody of another region; administrators run the bot."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, YOUTH, Grant(Role.MANAGER, JEONBUK), wants_reminders=True)
    await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await grant(database, STRANGER, Grant(Role.STAFF, Region("강원")))
    await day.begins(A)
    assert chats(await day.ticks(at("08:40"))) == [STAFF.id, YOUTH.id]


async def test_two_grants_are_one_reminder(database: Database) -> None:
    day = TourDay(database)
    await grant(
        database,
        STAFF,
        STAFF_HERE,
        Grant(Role.STAFF, None),
        Grant(Role.MANAGER, JEONBUK),
        wants_reminders=True,
    )
    await day.begins(A)
    assert chats(await day.ticks(at("08:40"))) == [STAFF.id]


async def test_a_role_lost_before_the_moment_is_a_message_not_sent(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await grant(database, STAFF)
    assert await day.ticks(at("08:40")) == []
    assert await day.states_of("a") == [PLANNED, PENDING]


async def test_somebody_whom_nothing_reaches_is_not_written_to(database: Database) -> None:
    day = TourDay(database)
    person = await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(person.chat, reachable=False)
        await unit.commit()
    assert await day.ticks(at("08:40")) == []


async def test_a_participant_hears_of_the_meeting_they_asked_about_and_of_no_other(
    database: Database,
) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=EVENING)
    await day.subscribes(YOUTH, (await day.meeting("a")).id)
    assert await day.ticks(BRIEFING_TIME) == []
    [hour] = await day.ticks(at("08:40"))
    assert (hour.chat, hour.key, hour.draft.private) == (YOUTH.id, "reminder.participant", True)
    assert await day.ticks(at("12:00")) == []


async def test_staff_who_scanned_the_code_themselves_are_reminded_once(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await day.subscribes(STAFF, (await day.meeting("a")).id)
    [hour] = await day.ticks(at("08:40"))
    assert hour.key == "reminder.before"


async def test_a_second_tick_says_nothing_twice(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    assert len(await day.ticks(at("08:40"))) == 1
    assert await day.ticks(at("08:40")) == []
    assert await day.ticks(at("08:41")) == []


async def test_two_processes_that_tick_at_once_remind_once(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await grant(database, MANAGER, STAFF_HERE)
    await day.begins(A, plan("b", "09:45", "10:00"))
    others = TourDay(Database(database.url.render_as_string(hide_password=False)))

    async def tick(process: TourDay) -> int:
        async with process.database.open_unit() as unit:
            due = await process.reminders.plan_due(unit, now=at("08:50"))
            await asyncio.sleep(0)
            await unit.commit()
        return due

    try:
        await asyncio.gather(*(tick(process) for process in (day, others, day, others)))
    finally:
        await others.database.close()
    messages = [one for one in await said(database, at("08:50")) if one.key == "reminder.before"]
    assert chats(messages) == [STAFF.id, STAFF.id, MANAGER.id, MANAGER.id]


async def test_after_downtime_a_late_reminder_says_how_long_is_left(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    [late] = await day.ticks(at("09:05"))
    assert "35분 뒤" in late.text
    assert await day.states_of("a") == [PLANNED, PENDING]


async def test_after_downtime_a_pointless_reminder_is_missed_and_says_nothing(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    [ten] = await day.ticks(at("09:35"))
    assert "5분 뒤" in ten.text
    assert await day.states_of("a") == [MISSED, PLANNED], "nobody needs both in the same minute"
    async with database.open_unit(read_only=True) as unit:
        [missed] = await unit.reminders.missed_since(at("09:35"))
        assert missed.lead_minutes == 60


async def test_a_reminder_that_nobody_sends_in_time_expires_with_its_meeting(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=EVENING)
    [briefing] = await day.ticks(BRIEFING_TIME)
    [hour] = await day.ticks(at("08:40"))
    assert hour.draft.expires == A.start
    assert briefing.draft.expires == A.start


async def test_a_meeting_added_at_the_last_minute_is_reminded_of_once(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=at("09:35"))
    [ten] = await day.ticks(at("09:35"))
    assert "5분 뒤" in ten.text
    [only] = await day.reminders_of("a")
    assert only.lead_minutes == 10, "the hour's was pointless already: not planned, so not missed either"


async def test_two_tours_in_one_region_are_briefed_apart(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def free(*_: object) -> None:
        """They came to share a region's day before imports refused it."""

    monkeypatch.setattr(schedule_module, "_require_free", free)
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=EVENING)
    await day.brings_in(
        plan("b", "08:00", "09:00", title="다른 행보 간담회"), now=EVENING, tour="다른 가상 행보"
    )
    briefings = await day.ticks(BRIEFING_TIME)
    assert ["다른 행보 간담회" in one.text for one in briefings].count(True) == 1
    assert [A.title in one.text for one in briefings].count(True) == 1
    assert len(briefings) == 2


async def test_a_missed_briefing_is_recorded(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=EVENING)
    assert [m.key for m in await day.ticks(at("08:40"))] == ["reminder.before"]
    async with database.open_unit(read_only=True) as unit:
        [missed] = await unit.reminders.missed_since(at("08:40"))
        assert (missed.region, missed.day, missed.meeting) == (JEONBUK, DAY, None)


async def test_a_briefing_of_a_very_full_day_still_fits_a_message(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    full = [
        plan(f"m{i:02}", f"{8 + i // 4:02}:{i % 4 * 15:02}", "23:00", title="가" * 100, venue="나" * 100)
        for i in range(40)
    ]
    await day.brings_in(*full, now=EVENING)
    [briefing] = await day.ticks(BRIEFING_TIME)
    assert "총 40건" in briefing.text
    assert "그 밖에 28건이 더 있습니다" in briefing.text


async def test_a_tick_decides_so_many_at_once_and_the_next_one_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.reminders.AT_ONCE", 2)
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(*(plan(f"m{i}", "09:40", "10:00") for i in range(3)))
    assert len(await day.ticks(at("08:40"))) == 2
    assert len(await day.ticks(at("08:40"))) == 1
