"""Reminder rows: one a subject, decided once, moved only while that makes sense."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.ids import MeetingId
from bot.domain.reminder import Reminder, ReminderState, before_meeting, briefing
from bot.services.unit import Unit
from storage.database import Database
from storage.repositories.reminders import subject_of
from tests.support.kept import JEONBUK, TOUR, tour_with
from tests.support.plans import DAY, SEOUL, at, meeting

EARLY = at("06:00")
A = meeting("a", "09:40", "11:00")
HOUR, TEN = before_meeting(A)
BRIEFING = briefing([A], time(20), SEOUL)
assert BRIEFING is not None
LATER = timedelta(minutes=30)


def moved(reminder: Reminder, by: timedelta = LATER) -> Reminder:
    return replace(reminder, due=reminder.due + by, pointless=reminder.pointless + by)


async def planned(unit: Unit, *reminders: Reminder, now: datetime = EARLY) -> None:
    if not await unit.tours.all():
        await tour_with(unit, A)
    for one in reminders:
        await unit.reminders.plan(one, now)


async def due(unit: Unit, moment: datetime) -> list[Reminder]:
    return list(await unit.reminders.due(moment, 9))


def test_a_subject_has_no_time() -> None:
    """Frozen: rows of running services are found by it."""
    assert subject_of(HOUR) == "id-a:60"
    assert subject_of(moved(HOUR)) == "id-a:60"
    assert BRIEFING is not None
    assert subject_of(BRIEFING) == "tour:전북:2026-01-22"


async def test_reminders_come_back_when_they_are_due_earliest_first(database: Database) -> None:
    async with database.open_unit() as unit:
        assert BRIEFING is not None
        await planned(unit, TEN, HOUR, BRIEFING)
        assert await due(unit, BRIEFING.due - timedelta(seconds=1)) == []
        assert await due(unit, TEN.due) == [BRIEFING, HOUR, TEN]
        assert list(await unit.reminders.due(TEN.due, 1)) == [BRIEFING]
        assert await unit.reminders.next_due(HOUR.due - timedelta(seconds=1)) == HOUR.due
        assert await unit.reminders.next_due(HOUR.due) == TEN.due
        assert await unit.reminders.next_due(TEN.due) is None
        assert list(await unit.reminders.of_meeting(A.id)) == [HOUR, TEN]


async def test_it_is_decided_once(database: Database) -> None:
    async with database.open_unit() as unit:
        await planned(unit, HOUR)
        assert await unit.reminders.decide(HOUR, ReminderState.PLANNED, HOUR.due)
        assert not await unit.reminders.decide(HOUR, ReminderState.MISSED, HOUR.due)
        assert await due(unit, HOUR.due) == []


async def test_one_that_moved_meanwhile_is_not_decided(database: Database) -> None:
    async with database.open_unit() as unit:
        await planned(unit, HOUR)
        await unit.reminders.plan(moved(HOUR), EARLY)
        assert not await unit.reminders.decide(HOUR, ReminderState.PLANNED, HOUR.due)
        assert await due(unit, HOUR.due) == []
        assert await due(unit, moved(HOUR).due) == [moved(HOUR)]


async def test_a_planned_one_stays_planned_however_it_moves_until_it_is_reopened(database: Database) -> None:
    async with database.open_unit() as unit:
        await planned(unit, HOUR, TEN)
        for one in (HOUR, TEN):
            await unit.reminders.decide(one, ReminderState.PLANNED, one.due)
        await unit.reminders.plan(moved(HOUR), EARLY)
        assert await due(unit, moved(TEN).due) == []
        await unit.reminders.reopen(A.id, 60)
        await unit.reminders.plan(moved(HOUR), EARLY)
        assert await due(unit, moved(TEN).due) == [moved(HOUR)], "the other lead stays decided"


async def test_a_missed_one_gets_another_chance_only_at_a_time_to_come(database: Database) -> None:
    now = HOUR.pointless
    async with database.open_unit() as unit:
        await planned(unit, HOUR)
        await unit.reminders.decide(HOUR, ReminderState.MISSED, now)
        assert [one.lead_minutes for one in await unit.reminders.missed_since(now)] == [60]
        assert await unit.reminders.missed_since(now + timedelta(seconds=1)) == []
        await unit.reminders.plan(moved(HOUR, timedelta(minutes=1)), now)
        assert await due(unit, now) == []
        await unit.reminders.plan(moved(HOUR, timedelta(hours=2)), now)
        assert await due(unit, HOUR.due + timedelta(hours=2)) == [moved(HOUR, timedelta(hours=2))]


async def test_a_cancelled_one_comes_back_when_it_is_planned_again(database: Database) -> None:
    async with database.open_unit() as unit:
        await planned(unit, HOUR, TEN)
        await unit.reminders.cancel(HOUR)
        assert await due(unit, TEN.due) == [TEN]
        await unit.reminders.plan(HOUR, EARLY)
        assert await due(unit, TEN.due) == [HOUR, TEN]
        await unit.reminders.decide(TEN, ReminderState.PLANNED, TEN.due)
        await unit.reminders.cancel(TEN)
        assert [one.state for one in await unit.reminders.of_meeting(A.id)] == [
            ReminderState.PENDING,
            ReminderState.PLANNED,
        ]


async def test_briefings_are_cancelled_and_reopened_by_their_day(database: Database) -> None:
    assert BRIEFING is not None
    day = (TOUR.id, JEONBUK, DAY)
    async with database.open_unit() as unit:
        await planned(unit, BRIEFING, HOUR)
        await unit.reminders.cancel_briefing(*day)
        assert await due(unit, HOUR.due) == [HOUR]
        await unit.reminders.plan(BRIEFING, EARLY)
        await unit.reminders.decide(BRIEFING, ReminderState.PLANNED, BRIEFING.due)
        await unit.reminders.cancel_briefing(*day)
        await unit.reminders.reopen_briefing(*day)
        assert await due(unit, HOUR.due) == [BRIEFING, HOUR]


async def test_holding_nothing_known_is_no_error(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.reminders.hold([], [])
        await unit.reminders.hold([MeetingId("unknown")], [(TOUR.id, JEONBUK, DAY)])
