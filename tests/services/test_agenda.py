"""What comes next: small moments for the clock's driver, and events that a person would notice."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.incoming import IncomingFile
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.agenda import Agenda
from bot.services.digests import Digests
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from storage.database import Database
from tests.support.chat import STAFF, grant
from tests.support.kept import JEONBUK, TOUR, delivery, tour_with
from tests.support.plans import DAY, SEOUL, at, meeting, plan
from tests.support.tour_day import TourDay


def agenda(database: Database) -> Agenda:
    return Agenda(database.open_unit, Digests(SEOUL, time(21)))


async def test_a_day_is_walked_from_briefing_to_digest(sqlite: Database) -> None:
    day = TourDay(sqlite)
    now = at("18:00", day=DAY - timedelta(days=1))
    await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    await day.brings_in(plan("a", "09:40", "11:00", title="간담회"), now=now)
    seen: list[tuple[datetime, str]] = []
    while (event := await agenda(sqlite).next_event(now)) is not None:
        seen.append(event)
        now = event[0]
        await day.ticks(now)
    assert [(f"{moment.astimezone(SEOUL):%d %H:%M}", name) for moment, name in seen] == [
        ("21 20:00", "전북 일정 알림"),
        ("22 08:40", "전북 일정 알림"),
        ("22 09:30", "전북 일정 알림"),
        ("22 09:40", "시작: 간담회"),
        ("22 11:00", "종료: 간담회"),
        ("22 21:00", "전북 일일 권역 보고"),
    ]


async def test_a_reminder_that_reaches_nobody_is_no_event_but_a_moment(sqlite: Database) -> None:
    day = TourDay(sqlite)
    now = at("08:00")
    await day.brings_in(plan("a", "09:40", "11:00", title="간담회"), now=now)
    assert await agenda(sqlite).next_event(now) == (at("09:40"), "시작: 간담회")
    assert await agenda(sqlite).next_moment(now) == at("08:40")


async def test_nothing_comes_when_nothing_stands(sqlite: Database) -> None:
    assert await agenda(sqlite).next_event(at("09:00")) is None
    assert await agenda(sqlite).next_moment(at("09:00")) is None
    async with sqlite.open_unit() as unit:
        await tour_with(unit, meeting("a", cancelled=True))
        await unit.commit()
    assert await agenda(sqlite).next_event(at("06:00")) is None


async def test_what_is_nearer_than_a_far_reminder_is_not_overlooked(sqlite: Database) -> None:
    """A meeting whose reminders were decided, three days ahead, and another's reminder in two weeks."""
    day = TourDay(sqlite)
    far = plan("far", day=DAY + timedelta(days=14))
    await grant(sqlite, STAFF, Grant(Role.STAFF, None))
    await day.brings_in(far, now=at("06:00"))
    near = replace(meeting("near", day=DAY + timedelta(days=3), region="강원"), tour=TOUR.id)
    async with sqlite.open_unit() as unit:
        tours = await unit.tours.all()
        await unit.meetings.keep(replace(near, tour=tours[0].id))
        await unit.commit()
    event = await agenda(sqlite).next_event(at("06:00"))
    assert event == (near.start, "시작: 간담회 near")


async def test_a_meeting_of_yesterday_that_goes_on_past_midnight_still_ends(sqlite: Database) -> None:
    day = TourDay(sqlite)
    await day.brings_in(plan("late", "22:00", "01:00"), now=at("21:30"))
    event = await agenda(sqlite).next_event(at("23:59"))
    assert event is not None
    assert event[0] == at("01:00", day=DAY + timedelta(days=1))


async def test_small_moments_count_for_the_clock_alone(sqlite: Database) -> None:
    now = at("12:00")
    clock = SteppedClock(now)
    async with sqlite.open_unit() as unit:
        await tour_with(unit, meeting("a", "18:00", "19:00"))
        await unit.digests.call_revision(TOUR.id, JEONBUK, DAY, now + timedelta(minutes=30))
        await unit.commit()
    assert await agenda(sqlite).next_moment(now) == now + timedelta(minutes=30)
    async with sqlite.open_unit() as unit:
        await unit.deliveries.plan(delivery("later", due=now + timedelta(minutes=1)))
        await unit.commit()
    assert await agenda(sqlite).next_moment(now) == now + timedelta(minutes=1)
    await InboxService(sqlite.open_unit, clock).receive([RawUpdate(1, "{}")])
    async with sqlite.open_unit() as unit:
        await unit.inbox.retry_later(1, now + timedelta(seconds=5), "X")
        await unit.commit()
    assert await agenda(sqlite).next_moment(now) == now + timedelta(seconds=5)
    assert await agenda(sqlite).next_event(now) == (at("18:00"), "시작: 간담회 a")


async def test_a_file_that_was_sent_is_looked_at_in_a_second(sqlite: Database) -> None:
    now = at("09:00")
    sender = await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    file = IncomingFile("f", sender.id, sender.chat, "file-id", "가상.xlsx", 7, now, now)
    async with sqlite.open_unit() as unit:
        await unit.incoming.keep(file)
        await unit.commit()
    assert await agenda(sqlite).next_moment(now) == now + timedelta(seconds=1)
    async with sqlite.open_unit() as unit:
        await unit.incoming.keep(replace(file, next_try_at=at("09:02")))
        await unit.commit()
    assert await agenda(sqlite).next_moment(now) == at("09:02")
