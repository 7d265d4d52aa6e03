"""Tours are found by name and id, and are locked by whoever changes their schedule."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.ids import TourId
from storage.database import Database
from tests.support.kept import TOUR


async def test_a_tour_is_remembered_with_its_topics_in_their_order(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.tours.keep(TOUR)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.tours.by_id(TOUR.id) == TOUR
        assert await unit.tours.named(TOUR.name) == TOUR
        assert await unit.tours.all() == [TOUR]
        assert await unit.tours.named("다른 행보") is None
        with pytest.raises(LookupError):
            await unit.tours.by_id(TourId("unknown"))
        with pytest.raises(LookupError):
            await unit.tours.held(TourId("unknown"))


async def test_keeping_again_replaces_and_does_not_add(database: Database) -> None:
    newer = replace(TOUR, name="새 이름", revision=3, topics=())
    async with database.open_unit() as unit:
        await unit.tours.keep(TOUR)
        await unit.tours.keep(newer)
        assert await unit.tours.all() == [newer]


async def test_who_waits_for_a_tour_sees_what_the_other_made_of_it(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.tours.keep(TOUR)
        await unit.commit()

    async def counts_up() -> None:
        async with database.open_unit() as unit:
            await unit.tours.by_id(TOUR.id)
            tour = await unit.tours.held(TOUR.id)
            await unit.tours.keep(replace(tour, revision=tour.revision + 1))
            await unit.commit()

    await asyncio.gather(*(counts_up() for _ in range(5)))
    async with database.open_unit(read_only=True) as unit:
        assert (await unit.tours.by_id(TOUR.id)).revision == 5
