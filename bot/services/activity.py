"""Counting work in flight, so that "drained" is known: a stepped clock moves only when nobody is busy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Activity:
    """How much work is under way in this process. One is shared by inbox, sender and ticks."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Count the body as work in flight. Leave it out around a sleep on the clock."""
        self._count += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._count -= 1
            if self._count == 0:
                self._idle.set()

    @property
    def busy(self) -> bool:
        return self._count > 0

    async def idle(self) -> None:
        """Wait until nothing is in flight."""
        await self._idle.wait()
