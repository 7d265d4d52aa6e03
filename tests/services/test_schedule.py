"""Bringing a schedule in and moving it: what stands afterwards, and what is refused."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.digest import Topic
from bot.domain.errors import NotAllowed
from bot.domain.ids import MeetingId, Region, new_id
from bot.domain.person import Action, Grant, Role
from bot.domain.schedule import MeetingGone
from bot.services import schedule as schedule_module
from bot.services.digests import Digests
from bot.services.schedule import DayOfAnotherTour, ScheduleMoved
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, grant
from tests.support.plans import DAY, SEOUL, at, plan
from tests.support.tour_day import TourDay

MORNING = at("06:00")
JEONBUK = Grant(Role.STAFF, Region("전북"))
A = plan("a", "09:40", "11:00")
B = plan("b", "13:00", "14:00")


async def test_a_new_file_adds_its_meetings_each_with_a_code_of_its_own(database: Database) -> None:
    day = TourDay(database)
    applied = await day.brings_in(A, B, now=MORNING)
    assert [p.key for p in applied.comparison.added] == ["a", "b"]
    first, second = await day.meeting("a"), await day.meeting("b")
    assert (first.plan, second.plan) == (A, B)
    assert first.code != second.code
    assert not first.cancelled


async def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=MORNING)
    before = await day.meeting("a")
    again = await day.brings_in(A, B, now=MORNING)
    assert again.comparison.changes_nothing
    assert await day.meeting("a") == before
    async with database.open_unit(read_only=True) as unit:
        [tour] = await unit.tours.all()
        assert tour.revision == 1, "nothing changed, so the schedule has no new revision"
        assert await unit.audit.count_since(MORNING, "schedule_changed") == 1


async def test_a_changed_line_moves_its_meeting_and_keeps_its_code(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=MORNING)
    before = await day.meeting("a")
    moved = replace(A, start=at("10:10"), end=at("11:30"), venue="전주 회의실")
    applied = await day.brings_in(moved, B, now=MORNING)
    [change] = applied.comparison.changed
    assert set(change.fields) == {"start", "end", "venue"}
    after = await day.meeting("a")
    assert (after.plan, after.revision) == (moved, before.revision + 1)
    assert (after.id, after.code) == (before.id, before.code), "codes hang on walls already"


async def test_a_missing_line_is_called_off_only_when_asked_for(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=MORNING)
    await day.brings_in(A, now=MORNING)
    assert not (await day.meeting("b")).cancelled
    applied = await day.brings_in(A, now=MORNING, cancel_missing=True)
    assert [m.plan.key for m in applied.comparison.cancelled] == ["b"]
    assert (await day.meeting("b")).cancelled
    await day.brings_in(A, B, now=MORNING)
    assert not (await day.meeting("b")).cancelled


async def test_region_days_that_are_not_in_the_file_are_left_alone(database: Database) -> None:
    day = TourDay(database)
    elsewhere = plan("c", region="강원")
    tomorrow = plan("d", day=DAY + timedelta(days=1))
    await day.brings_in(A, elsewhere, tomorrow, now=MORNING)
    await day.brings_in(A, now=MORNING, cancel_missing=True)
    assert not (await day.meeting("c")).cancelled
    assert not (await day.meeting("d")).cancelled


async def test_a_dry_run_tells_and_does_nothing(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, now=MORNING)
    applied = await day.brings_in(
        replace(A, title="다른 간담회"), B, now=MORNING, topics=[Topic("x", "새 주제")], dry=True
    )
    assert (len(applied.comparison.changed), len(applied.comparison.added)) == (1, 1)
    assert (await day.meeting("a")).plan == A
    async with database.open_unit(read_only=True) as unit:
        [tour] = await unit.tours.all()
        assert (tour.topics, tour.revision) == ((), 1)


async def test_topics_stay_unless_the_file_brings_others(database: Database) -> None:
    day = TourDay(database)
    topics = (Topic("jobs", "일자리·임금"), Topic("other", "기타", is_rest=True))
    await day.brings_in(A, now=MORNING, topics=topics)
    await day.brings_in(A, now=MORNING)
    async with database.open_unit(read_only=True) as unit:
        [tour] = await unit.tours.all()
        assert tour.topics == topics, "which topic is the rest is remembered, too"


async def test_an_unknown_meeting_is_refused_like_a_forbidden_one(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, plan("c", region="강원"), now=MORNING)
    person = await grant(database, STAFF, JEONBUK)
    theirs = (await day.meeting("c")).id
    async with database.open_unit() as unit:
        for meeting in (theirs, MeetingId(new_id())):
            with pytest.raises(NotAllowed):
                await day.schedule.seen(unit, person, meeting, Action.CHANGE_SCHEDULE)


async def test_a_meeting_that_was_called_off_is_gone(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=MORNING)
    person = await grant(database, STAFF, JEONBUK)
    await day.brings_in(A, now=MORNING, cancel_missing=True)
    async with database.open_unit() as unit:
        with pytest.raises(MeetingGone):
            await day.schedule.seen(unit, person, (await day.meeting("b")).id, Action.SHOW_CODE)


async def test_a_manager_cannot_move_a_meeting(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, now=MORNING)
    manager = await grant(database, MANAGER, Grant(Role.MANAGER, None))
    ident = (await day.meeting("a")).id
    async with database.open_unit() as unit:
        with pytest.raises(NotAllowed):
            await day.schedule.preview_delay(unit, manager, ident, 20, following=False, now=MORNING)


async def test_a_delay_is_applied_as_it_was_shown_and_once(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, now=MORNING)
    person = await grant(database, STAFF, JEONBUK)
    ident = (await day.meeting("a")).id
    async with database.open_unit() as unit:
        shown = await day.schedule.preview_delay(unit, person, ident, 20, following=True, now=MORNING)
        done = await day.schedule.apply_delay(
            unit, person, ident, 20, following=True, revision=shown.revision, now=MORNING
        )
        await unit.commit()
    assert done == shown.delay
    assert (await day.meeting("a")).start == at("10:00")
    assert (await day.meeting("b")).start == at("13:20")
    async with database.open_unit() as unit:
        with pytest.raises(ScheduleMoved):
            await day.schedule.apply_delay(
                unit, person, ident, 20, following=True, revision=shown.revision, now=MORNING
            )
    assert (await day.meeting("a")).start == at("10:00")


async def test_of_two_delays_at_once_one_wins_and_the_other_is_told(database: Database) -> None:
    """Two staff members tap at the same moment, perhaps on two replicas."""
    day = TourDay(database)
    await day.brings_in(A, now=MORNING)
    people = [await grant(database, STAFF, JEONBUK), await grant(database, MANAGER, JEONBUK)]
    ident = (await day.meeting("a")).id
    others = Database(database.url.render_as_string(hide_password=False))

    async def delays(which: Database, person: int, minutes: int) -> int | None:
        async with which.open_unit() as unit:
            try:
                await day.schedule.apply_delay(
                    unit, people[person], ident, minutes, following=False, revision=1, now=MORNING
                )
            except ScheduleMoved:
                return None
            await unit.commit()
        return minutes

    try:
        results = await asyncio.gather(delays(database, 0, 10), delays(others, 1, 30))
    finally:
        await others.close()
    won = [minutes for minutes in results if minutes is not None]
    assert len(won) == 1
    assert (await day.meeting("a")).start == A.start + timedelta(minutes=won[0])


async def test_a_delay_does_not_touch_another_tour_in_the_same_region(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = TourDay(database)
    await day.brings_in(A, now=MORNING)
    with monkeypatch.context() as before_the_rule:
        before_the_rule.setattr(schedule_module, "_require_free", free)
        await day.brings_in(plan("b", "13:00", "14:00"), now=MORNING, tour="다른 가상 행보")
    person = await grant(database, STAFF, JEONBUK)
    async with database.open_unit() as unit:
        shown = await day.schedule.preview_delay(
            unit, person, (await day.meeting("a")).id, 20, following=True, now=MORNING
        )
    assert [move.meeting.plan.key for move in shown.delay.moves] == ["a"]


async def free(*_: object) -> None:
    """Two tours came to share a region's day before imports refused it."""


async def test_a_day_of_another_tour_is_refused_whole_and_says_which(database: Database) -> None:
    day = TourDay(database)
    elsewhere = plan("c", "08:00", "09:00", region="강원")
    await day.brings_in(A, now=MORNING)
    for dry in (True, False):
        with pytest.raises(DayOfAnotherTour) as refused:
            await day.brings_in(B, elsewhere, now=MORNING, tour="다른 가상 행보", dry=dry)
        assert refused.value.values == {"region": "전북", "day": DAY, "tour": "가상 현장 행보"}
    async with database.open_unit(read_only=True) as unit:
        assert [tour.name for tour in await unit.tours.all()] == ["가상 현장 행보"]
        assert await unit.meetings.of_day(Region("강원"), DAY) == []


async def test_a_day_that_another_tour_called_off_is_free(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, plan("other-day", day=DAY + timedelta(days=1)), now=MORNING)
    async with database.open_unit() as unit:
        called_off = (await unit.meetings.of_day(Region("전북"), DAY))[0].called_off()
        await unit.meetings.keep(called_off)
        await unit.commit()
    await day.brings_in(B, now=MORNING, tour="다른 가상 행보")
    other = await day.meeting("b", tour="다른 가상 행보")
    async with database.open_unit(read_only=True) as unit:
        subject = await Digests(SEOUL, time(21)).subject(unit, Region("전북"), DAY)
        assert subject.tour == other.tour, "the digest is of the tour that stands"


async def test_people_see_the_meetings_of_their_regions(database: Database) -> None:
    day = TourDay(database)
    await day.brings_in(A, B, plan("c", "08:00", "09:00", region="강원"), now=MORNING)
    person = await grant(database, STAFF, JEONBUK)
    async with database.open_unit(read_only=True) as unit:
        coming = await day.schedule.next_for(unit, person, now=MORNING)
        today = await day.schedule.today_for(unit, person, now=MORNING)
        movable = await day.schedule.delayable(unit, person, now=at("11:30"))
    assert coming is not None
    assert coming.plan.key == "a"
    assert [m.plan.key for m in today] == ["a", "b"]
    assert [m.plan.key for m in movable] == ["b"], "what is over cannot be moved"


async def test_a_meeting_that_goes_on_past_midnight_is_still_todays(database: Database) -> None:
    day = TourDay(database)
    late = plan("n", "23:00", "01:00", day=DAY - timedelta(days=1))
    await day.brings_in(late, A, now=at("22:00", day=DAY - timedelta(days=1)))
    person = await grant(database, STAFF, JEONBUK)
    async with database.open_unit(read_only=True) as unit:
        today = await day.schedule.today_for(unit, person, now=at("00:30"))
        assert [m.plan.key for m in today] == ["n", "a"]
        assert [m.plan.key for m in await day.schedule.today_for(unit, person, now=at("01:00"))] == ["a"]
