"""A day's tokens: never more set aside than fits, whoever asks at once."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.models import AiUsageRow
from storage.repositories.ai_usage import Usage

DAY = date(2026, 1, 22)


async def reserve(database: Database, tokens: int, budget: int, day: date = DAY) -> bool:
    async with database.open_unit() as unit:
        fits = await unit.ai_usage.reserve(day, tokens, budget)
        await unit.commit()
    return fits


async def usage(database: Database, day: date = DAY) -> Usage:
    async with database.open_unit(read_only=True) as unit:
        return await unit.ai_usage.of_day(day)


async def test_what_was_set_aside_is_settled_by_what_it_took(database: Database) -> None:
    assert await usage(database) == Usage()
    assert await reserve(database, 60, 100)
    assert not await reserve(database, 60, 100)
    assert await usage(database) == Usage(used=0, reserved=60, estimated=0, calls=1)
    async with database.open_unit() as unit:
        await unit.ai_usage.settle(DAY, 60, 25, estimated=False)
        await unit.commit()
    assert await reserve(database, 75, 100)
    async with database.open_unit() as unit:
        await unit.ai_usage.settle(DAY, 75, 90, estimated=True)
        await unit.commit()
    assert await usage(database) == Usage(used=115, reserved=0, estimated=90, calls=2)
    assert not await reserve(database, 1, 100)
    assert await reserve(database, 1, 100, DAY + timedelta(days=1)), "another day has its own"


async def test_many_at_once_do_not_overdraw_it_together(database: Database) -> None:
    fitted = await asyncio.gather(*(reserve(database, 30, 100) for _ in range(8)))
    assert sum(fitted) == 3
    assert await usage(database) == Usage(reserved=90, calls=3)


async def test_old_days_are_forgotten(sqlite: Database) -> None:
    await reserve(sqlite, 1, 10, DAY - timedelta(days=1))
    await reserve(sqlite, 1, 10)
    async with sqlite.open_unit() as unit:
        await unit.ai_usage.forget(DAY)
        await unit.commit()
    assert await usage(sqlite, DAY - timedelta(days=1)) == Usage()
    assert await usage(sqlite) == Usage(reserved=1, calls=1)


async def test_a_debt_is_refused_by_the_database(database: Database) -> None:
    row = {"day": DAY, "used": -1, "reserved": 0, "estimated": 0, "calls": 0}
    async with database.open_unit() as unit:
        with pytest.raises(IntegrityError, match="no_debts"):
            await unit._session.execute(insert(AiUsageRow).values(**row))
