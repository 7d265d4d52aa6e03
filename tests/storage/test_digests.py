"""Revisions of a region's day, and the calls for the next one."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.ids import TourId
from storage.database import Database
from storage.repositories.digests import StoredDigest
from tests.support.kept import GANGWON, JEONBUK, NOON, TOUR, person, tour_with
from tests.support.plans import DAY

MINUTE = timedelta(minutes=1)


def revision(number: int, *, published: bool = False, day: date = DAY) -> StoredDigest:
    body = {"revision": number, "themes": [{"title": "일자리 “3” & <임금>"}], "average": 4.5, "none": None}
    return StoredDigest(
        f"d{number}", TOUR.id, JEONBUK, day, number, f"{number:064}", body, NOON if published else None
    )


async def test_the_newest_and_the_newest_published_revision_are_found(database: Database) -> None:
    first, second = revision(1, published=True), revision(2)
    async with database.open_unit() as unit:
        await tour_with(unit)
        assert await unit.digests.newest(TOUR.id, JEONBUK, DAY) is None
        await unit.digests.keep(second)
        await unit.digests.keep(first)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.digests.newest(TOUR.id, JEONBUK, DAY) == second
        assert await unit.digests.newest_published(TOUR.id, JEONBUK, DAY) == first
        assert await unit.digests.by_id("d1") == first
        assert await unit.digests.by_id("d9") is None
        assert await unit.digests.newest(TOUR.id, GANGWON, DAY) is None
        assert await unit.digests.newest_published(TOUR.id, JEONBUK, DAY + timedelta(days=1)) is None


async def test_of_a_tour_the_newest_published_revision_of_each_day_is_found(database: Database) -> None:
    tomorrow = DAY + timedelta(days=1)
    later = replace(revision(1, published=True), id="e1", day=tomorrow)
    elsewhere = replace(revision(1, published=True), id="f1", region=GANGWON)
    async with database.open_unit() as unit:
        await tour_with(unit)
        for one in (later, revision(1, published=True), revision(2, published=True), revision(3), elsewhere):
            await unit.digests.keep(one)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        found = await unit.digests.published_of(TOUR.id)
        assert [one.id for one in found] == ["f1", "d2", "e1"]
        days = await unit.digests.published_days(TOUR.id)
        assert list(days) == [(GANGWON, DAY), (JEONBUK, DAY), (JEONBUK, tomorrow)]
        assert await unit.digests.published_of(TourId("nosuch")) == []


async def test_of_a_tour_the_days_whose_revision_is_due_are_found(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        await unit.digests.call_revision(TOUR.id, JEONBUK, DAY, NOON)
        await unit.digests.call_revision(TOUR.id, GANGWON, DAY, NOON + MINUTE)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.digests.called_of(TOUR.id, NOON - MINUTE) == frozenset()
        assert await unit.digests.called_of(TOUR.id, NOON) == {(JEONBUK, DAY)}
        assert len(await unit.digests.called_of(TOUR.id, NOON + MINUTE)) == 2
        assert await unit.digests.called_of(TourId("nosuch"), NOON) == frozenset()


async def test_keeping_again_publishes_it(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        await unit.digests.keep(revision(1))
        await unit.digests.keep(revision(1, published=True))
        assert await unit.digests.newest_published(TOUR.id, JEONBUK, DAY) == revision(1, published=True)


async def test_earlier_revisions_are_emptied_and_stay_as_rows(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        for number in (1, 2, 3):
            await unit.digests.keep(revision(number, published=True))
        await unit.digests.scrub_earlier(TOUR.id, JEONBUK, DAY, 3)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        bodies = [found.body for n in (1, 2, 3) if (found := await unit.digests.by_id(f"d{n}"))]
        assert bodies == [{}, {}, revision(3).body]


async def test_of_several_calls_for_a_revision_the_earliest_stands_until_it_is_answered(
    database: Database,
) -> None:
    day = (TOUR.id, JEONBUK, DAY)
    async with database.open_unit() as unit:
        await tour_with(unit)
        for due in (NOON + 2 * MINUTE, NOON + MINUTE, NOON + 3 * MINUTE):
            await unit.digests.call_revision(*day, due)
        await unit.digests.call_revision(TOUR.id, GANGWON, DAY, NOON + 5 * MINUTE)
        assert await unit.digests.next_revision_due(NOON) == NOON + MINUTE
        assert await unit.digests.due_revisions(NOON) == []
        assert await unit.digests.due_revisions(NOON + MINUTE) == [day]
        await unit.digests.answer_call(*day)
        assert await unit.digests.due_revisions(NOON + 9 * MINUTE) == [(TOUR.id, GANGWON, DAY)]
        assert await unit.digests.next_revision_due(NOON + 5 * MINUTE) is None


async def test_old_digests_are_destroyed_by_their_day(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        await unit.digests.keep(revision(1, day=DAY - timedelta(days=1)))
        await unit.digests.keep(revision(2))
        assert await unit.digests.destroy_before(DAY) == 1
        assert await unit.digests.by_id("d1") is None
        assert await unit.digests.by_id("d2") is not None


async def test_the_first_wish_of_a_person_stands_and_is_taken_once(database: Database) -> None:
    day, other = (TOUR.id, JEONBUK, DAY), (TOUR.id, GANGWON, DAY)
    async with database.open_unit() as unit:
        await tour_with(unit)
        one, two = await person(unit, 41), await person(unit, 42)
        await unit.digests.wish(two.id, *other, NOON + MINUTE)
        for asked in (NOON, NOON + MINUTE):
            await unit.digests.wish(one.id, *day, asked)
        await unit.digests.wish(two.id, *day, NOON + 2 * MINUTE)
        assert await unit.digests.wished() == [day, other]
        assert sorted(await unit.digests.take_wishes(*day)) == sorted(
            [(one.id, NOON), (two.id, NOON + 2 * MINUTE)]
        )
        assert await unit.digests.take_wishes(*day) == []
        assert await unit.digests.wished() == [other]


async def test_wishes_go_with_their_person_and_with_their_day(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        one, two = await person(unit, 41), await person(unit, 42)
        await unit.digests.wish(one.id, TOUR.id, JEONBUK, DAY, NOON)
        await unit.digests.wish(two.id, TOUR.id, JEONBUK, DAY - timedelta(days=1), NOON)
        await unit.people.remove(one.id)
        assert [day for _, _, day in await unit.digests.wished()] == [DAY - timedelta(days=1)]
        await unit.digests.destroy_before(DAY)
        assert await unit.digests.wished() == []


async def test_whether_a_next_revision_was_called_is_known(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        assert not await unit.digests.called(TOUR.id, JEONBUK, DAY)
        await unit.digests.call_revision(TOUR.id, JEONBUK, DAY, NOON)
        assert await unit.digests.called(TOUR.id, JEONBUK, DAY)
        await unit.digests.answer_call(TOUR.id, JEONBUK, DAY)
        assert not await unit.digests.called(TOUR.id, JEONBUK, DAY)
