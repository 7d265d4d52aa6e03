"""Meetings come back as they were kept, in the order of the day."""

from datetime import timedelta

import pytest

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.meeting import Meeting
from bot.domain.tour import Tour
from storage.database import Database
from tests.support.kept import GANGWON, JEONBUK, TOUR, tour_with
from tests.support.plans import DAY, at, meeting, plan, standing

TOMORROW = DAY + timedelta(days=1)
A, B = meeting("a", "09:00", "10:00"), meeting("b", "13:00", "14:00")
OFF = meeting("off", "11:00", "12:00", cancelled=True)
THERE = meeting("there", "08:00", "09:00", region="강원")
NEXT_DAY = meeting("next", "07:00", "08:00", day=TOMORROW)
FULL = standing(plan("full", "23:30", "00:30", title="가상 간담회 <1> & ‘둘’", venue="가상 회의실"))


def keys(meetings: object) -> list[str]:
    assert isinstance(meetings, list)
    return [one.plan.key for one in meetings if isinstance(one, Meeting)]


async def test_a_meeting_comes_back_as_it_was_kept(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, FULL)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.meetings.by_id(FULL.id) == FULL
        assert await unit.meetings.by_code(FULL.code) == FULL
        assert await unit.meetings.by_keys(TOUR.id, ["full", "other"]) == {"full": FULL}
        assert await unit.meetings.by_keys(TourId("other"), ["full"]) == {}
        assert await unit.meetings.by_id(MeetingId("unknown")) is None
        assert await unit.meetings.by_code("unknown") is None


async def test_keeping_again_changes_the_meeting_and_leaves_its_code(database: Database) -> None:
    later = A.replanned(plan("a", "09:30", "10:30", region="강원", day=TOMORROW))
    async with database.open_unit() as unit:
        await tour_with(unit, A)
        await unit.meetings.keep(later)
        assert await unit.meetings.by_id(A.id) == later
        assert later.code == A.code


@pytest.mark.parametrize(
    ("region", "day", "found"),
    [
        (JEONBUK, DAY, ["a", "off", "b"]),
        (GANGWON, DAY, ["there"]),
        (JEONBUK, TOMORROW, ["next"]),
        (Region("제주"), DAY, []),
    ],
)
async def test_a_regions_day_is_in_order_and_holds_cancelled_ones_too(
    database: Database, region: Region, day: object, found: list[str]
) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, B, NEXT_DAY, THERE, A, OFF)
        assert day in (DAY, TOMORROW)
        of_day = await unit.meetings.of_day(region, TOMORROW if day == TOMORROW else DAY)
        assert keys(of_day) == found


async def test_days_are_asked_for_one_tour_and_together(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, A, THERE, NEXT_DAY)
        await unit.tours.keep(Tour(TourId("other"), "다른 가상 행보", ()))
        await unit.meetings.keep(Meeting(MeetingId("id-x"), TourId("other"), "codex", plan("x")))
        days = {(JEONBUK, DAY), (JEONBUK, TOMORROW)}
        assert keys(await unit.meetings.of_days(TOUR.id, days)) == ["a", "next"]
        assert await unit.meetings.of_days(TOUR.id, []) == []


async def test_what_ends_after_a_moment_stands_and_is_in_these_regions(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, A, OFF, B, THERE, NEXT_DAY)
        after = unit.meetings.ending_after
        assert keys(await after(at("09:59"), [JEONBUK], 9)) == ["a", "b", "next"]
        assert keys(await after(at("10:00"), [JEONBUK], 9)) == ["b", "next"], "its end is over"
        assert keys(await after(at("08:30"), [JEONBUK, GANGWON], 2)) == ["there", "a"]
        assert await after(at("08:30"), [], 9) == []


async def test_days_are_asked_for_with_both_ends(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, A, THERE, NEXT_DAY)
        assert keys(await unit.meetings.between(DAY, DAY)) == ["there", "a"]
        assert keys(await unit.meetings.between(DAY, TOMORROW)) == ["there", "a", "next"]
        assert await unit.meetings.between(TOMORROW + timedelta(days=1), TOMORROW) == []


async def test_regions_come_in_the_order_of_the_tour(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, NEXT_DAY, A, B, THERE)
        assert await unit.meetings.regions() == [GANGWON, JEONBUK]
