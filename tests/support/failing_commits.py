"""A database whose commits fail or wait at a test's word."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.services.unit import Unit
from storage.database import Database


class FailingCommits:
    """Opens units whose commits fail while `failing` is set, as when the disk is full, and wait while `held` is.

    `commits` counts those that were tried.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.failing = False
        self.held = asyncio.Event()
        self.held.set()
        self.commits = 0

    @asynccontextmanager
    async def __call__(self, *, read_only: bool = False) -> AsyncIterator[Unit]:
        async with self._database.open_unit(read_only=read_only) as unit:
            commit = unit.commit

            async def tried() -> None:
                self.commits += 1
                await self.held.wait()
                if self.failing:
                    raise OSError("the disk is full of 통근버스")
                await commit()

            unit.commit = tried  # type: ignore[method-assign]  # the failure is the subject here
            yield unit
