"""The database as a whole: migrations, units of work, the write-ahead log."""

import asyncio

import pytest

from storage.database import Database, InUse


async def test_what_was_committed_is_there(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.facts.put("offset", "7")
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("offset") == "7"


async def test_a_unit_that_does_not_commit_leaves_nothing(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.facts.put("offset", "7")
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("offset") is None


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()


async def test_many_writers_at_once_lose_nothing(database: Database) -> None:
    """Read, add one, write: with deferred transactions most of these would be lost or fail at once."""
    async with database.open_unit() as unit:
        await unit.facts.put("count", "0")
        await unit.commit()
    lock = asyncio.Lock()

    async def add() -> None:
        async with lock if not database.is_sqlite else asyncio.Semaphore(), database.open_unit() as unit:
            count = int(await unit.facts.get("count") or 0)
            await unit.facts.put("count", str(count + 1))
            await unit.commit()

    await asyncio.gather(*(add() for _ in range(40)))
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("count") == "40"


async def test_one_process_sends_from_a_server_at_a_time(database: Database) -> None:
    """On SQLite a lock file of the folder does the same (tests/bot)."""
    if database.is_sqlite:
        async with database.sending_alone(), database.sending_alone():
            return
    async with database.sending_alone():
        with pytest.raises(InUse):
            async with database.sending_alone():
                pass
    async with database.sending_alone():
        pass
