"""Reminders while the schedule moves: they come along, are taken back, and never say a time that is not true."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import Region
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderState
from bot.services.reminders import Reminders
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, grant
from tests.support.plans import DAY, at, plan
from tests.support.tour_day import TourDay

EVENING = at("18:00", day=DAY - timedelta(days=1))
MORNING = at("06:00")
BRIEFING_TIME = at("20:00", day=DAY - timedelta(days=1))
JEONBUK = Region("전북")
STAFF_HERE = Grant(Role.STAFF, JEONBUK)
A = plan("a", "09:40", "11:00")
B = plan("b", "13:00", "14:00")
PENDING, PLANNED = ReminderState.PENDING, ReminderState.PLANNED
MISSED, CANCELLED = ReminderState.MISSED, ReminderState.CANCELLED


async def test_a_moved_meeting_takes_its_pending_reminders_along(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await day.brings_in(replace(A, start=at("10:10"), end=at("11:30")), now=MORNING)
    assert await day.ticks(at("08:40")) == []
    [hour] = await day.ticks(at("09:10"))
    assert "10:10" in hour.text


async def test_after_its_hours_reminder_went_a_moved_meeting_sends_no_second(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await day.ticks(at("08:40"))
    await day.sends(at("08:40"))
    await day.brings_in(replace(A, start=at("10:30"), end=at("11:50")), now=at("08:50"))
    [notice] = await day.planned(at("08:50"))
    assert notice.key == "change.notice"
    assert await day.ticks(at("09:30")) == []
    [ten] = await day.ticks(at("10:20"))
    assert "10분 뒤" in ten.text


async def test_reminders_that_had_not_left_are_taken_back_and_come_at_the_new_time(
    database: Database,
) -> None:
    """One of two had left: only the other is reminded again, and nobody reads a time that is not true."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await grant(database, MANAGER, STAFF_HERE)
    await day.begins(A)
    assert len(await day.ticks(at("08:40"))) == 2
    assert await day.sends(at("08:40"), to=STAFF) == 1
    await day.brings_in(replace(A, start=at("10:10"), end=at("11:30")), now=at("08:41"))
    assert [m.key for m in await day.planned(at("08:41"))] == ["change.notice"] * 2
    [again] = await day.ticks(at("09:10"))
    assert again.chat == MANAGER.id
    assert "10:10" in again.text


async def test_what_may_have_arrived_before_the_move_is_not_resent_with_the_old_time(
    database: Database,
) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    [hour] = await day.ticks(at("08:40"))
    async with database.open_unit() as unit:
        [due] = await unit.deliveries.due(at("08:40"), [], 9)
        await unit.deliveries.claim([due.id], at("08:40"))
        await unit.deliveries.unknown(due.id, at("08:40"), at("08:41"))
        await unit.commit()
    await day.brings_in(replace(A, start=at("10:10"), end=at("11:30")), now=at("08:40"))
    async with database.open_unit(read_only=True) as unit:
        assert [d.draft.key for d in await unit.deliveries.due(at("08:45"), [], 9)] == ["change.notice"]
    assert await day.ticks(at("09:10")) == [], "its key is spent"
    assert (await day.state(hour)) is not None


async def test_moving_takes_back_the_ten_minutes_without_reopening_the_hours(database: Database) -> None:
    """Otherwise the hour's reminder, sent long ago, would be recorded as missed."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await day.ticks(at("08:40"))
    await day.sends(at("08:40"))
    await day.ticks(at("09:30"))
    await day.brings_in(replace(A, start=at("09:42")), now=at("09:33"))
    assert await day.states_of("a") == [PLANNED, PENDING]
    [ten] = await day.ticks(at("09:33"))
    assert "9분 뒤" in ten.text
    assert await day.states_of("a") == [PLANNED, PLANNED]


async def test_a_meeting_moved_closer_than_its_reminder_leaves_none_behind(database: Database) -> None:
    """The notice says it all; the reminder of the old time must not come after the meeting."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(B)
    await day.brings_in(replace(B, start=at("09:00"), end=at("10:00")), now=at("08:55"))
    [ten] = await day.ticks(at("08:55"))
    assert "5분 뒤" in ten.text
    assert await day.states_of("b") == [CANCELLED, PLANNED]
    assert await day.ticks(at("12:00")) == []
    async with database.open_unit(read_only=True) as unit:
        assert await unit.reminders.missed_since(MORNING) == []


async def test_a_meeting_called_off_is_not_reminded_of_and_one_restored_is(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A, B)
    await day.ticks(at("08:40"))
    await day.brings_in(B, now=at("08:41"), cancel_missing=True)
    assert [m.key for m in await day.planned(at("08:41"))] == ["change.notice"], "the reminder is taken back"
    assert await day.states_of("a") == [CANCELLED, CANCELLED]
    assert await day.ticks(at("09:30")) == []
    await day.brings_in(replace(A, start=at("11:00"), end=at("12:00")), B, now=at("09:31"))
    [hour] = await day.ticks(at("10:00"))
    assert A.title in hour.text


async def test_a_briefing_that_has_not_left_is_made_anew_when_the_day_changes(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, B, now=EVENING)
    await day.ticks(BRIEFING_TIME)
    await day.brings_in(replace(A, start=at("09:00")), B, now=BRIEFING_TIME)
    [briefing] = await day.ticks(BRIEFING_TIME)
    assert "09:00" in briefing.text
    assert sorted(m.key for m in await day.planned(BRIEFING_TIME)) == ["change.notice", "reminder.briefing"]


async def test_a_briefing_that_has_left_is_not_repeated(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, now=EVENING)
    await day.ticks(BRIEFING_TIME)
    await day.sends(BRIEFING_TIME)
    await day.brings_in(replace(A, start=at("09:00")), now=BRIEFING_TIME + timedelta(minutes=5))
    assert await day.ticks(BRIEFING_TIME + timedelta(minutes=5)) == []


async def test_a_day_on_which_nothing_stands_any_more_has_no_briefing(database: Database) -> None:
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.brings_in(A, B, now=EVENING)
    ten_days_later = DAY + timedelta(days=10)
    await day.brings_in(
        replace(A, day=ten_days_later, start=A.start + timedelta(days=10), end=A.end + timedelta(days=10)),
        replace(B, day=ten_days_later, start=B.start + timedelta(days=10), end=B.end + timedelta(days=10)),
        now=EVENING,
    )
    assert [m.key for m in await day.ticks(BRIEFING_TIME)] == []
    [briefing] = await day.ticks(BRIEFING_TIME + timedelta(days=10))
    assert "2.1.(일)" in briefing.text


async def test_a_move_and_a_tick_at_once_never_leave_a_reminder_of_the_old_time(database: Database) -> None:
    """Whichever comes first, what waits to be sent afterwards says the time that is true."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    other = TourDay(Database(database.url.render_as_string(hide_password=False)))
    decided = asyncio.Event()

    async def ticks() -> None:
        async with other.database.open_unit() as unit:
            await Reminders.plan_due(other.reminders, unit, now=at("08:40"))
            decided.set()
            for _ in range(100):  # long enough for the other to get as far as it can
                await unit.facts.get("nothing")
            await unit.commit()

    async def moves() -> None:
        await decided.wait()
        await day.brings_in(replace(A, start=at("10:10"), end=at("11:30")), now=at("08:40"))

    try:
        await asyncio.gather(ticks(), moves())
    finally:
        await other.database.close()
    assert [m.key for m in await day.planned(at("08:40"))] == ["change.notice"]
    [hour] = await day.ticks(at("09:10"))
    assert "10:10" in hour.text


async def test_one_that_was_due_while_we_were_away_is_missed_not_forgotten(database: Database) -> None:
    """The bot was down at 08:40; before it ticks again, a new venue comes in and the hour's reminder is useless."""
    day = TourDay(database)
    await grant(database, STAFF, STAFF_HERE)
    await day.begins(A)
    await day.brings_in(replace(A, venue="다른 가상 회의실"), now=at("09:35"))
    async with database.open_unit(read_only=True) as unit:
        missed = await unit.reminders.missed_since(MORNING)
    assert [one.lead_minutes for one in missed] == [60]
