"""How much SQLite works: steps of its virtual machine, which do not depend on the machine the test runs on."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import AdaptedConnection

from storage.database import Database

_GRAIN = 50


@dataclass(slots=True)
class Work:
    """Steps so far, in grains of fifty."""

    steps: int = 0
    counting: bool = True

    def count(self) -> int:
        """SQLite calls this; anything but 0 would interrupt it."""
        if self.counting:
            self.steps += _GRAIN
        return 0


@asynccontextmanager
async def counted(database: Database) -> AsyncIterator[Work]:
    """Counts what both connections to the database do meanwhile."""
    work = Work()
    engines = [database._writer.sync_engine, database._reader.sync_engine]

    def begin(connection: AdaptedConnection, _record: object, _proxy: object) -> None:
        def watch(driver: aiosqlite.Connection) -> Awaitable[None]:
            return driver.set_progress_handler(work.count, _GRAIN)

        connection.run_async(watch)

    for engine in engines:
        event.listen(engine, "checkout", begin)
    try:
        yield work
    finally:
        work.counting = False
        for engine in engines:
            event.remove(engine, "checkout", begin)
