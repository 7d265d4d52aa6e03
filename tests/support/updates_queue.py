"""Telegram's queue of updates as a poller meets it: what was not confirmed by an offset is given again."""

import asyncio
from collections import deque
from datetime import timedelta

from bot.services.ports import RawUpdate


class QueuedUpdates:
    """The Updates port. `script`: how the next fetches end before they give anything. An empty fetch waits."""

    def __init__(self) -> None:
        self.waiting: list[RawUpdate] = []
        self.script: deque[Exception] = deque()
        self.offsets: list[int] = []
        self._came = asyncio.Event()
        self._asked = asyncio.Event()

    def put(self, *updates: RawUpdate) -> None:
        self.waiting.extend(updates)
        self._came.set()

    async def asked(self, times: int) -> None:
        """Wait until so many fetches were begun."""
        while len(self.offsets) < times:
            self._asked.clear()
            await self._asked.wait()

    async def confirmed(self) -> None:
        """Wait until an offset confirmed all that was put: only then is it surely committed."""
        newest = max((one.update_id for one in self.waiting), default=0)
        while newest and (not self.offsets or self.offsets[-1] <= newest):
            self._asked.clear()
            await self._asked.wait()

    async def fetch(self, offset: int, wait: timedelta) -> list[RawUpdate]:
        self.offsets.append(offset)
        self._asked.set()
        await asyncio.sleep(0)
        if self.script:
            raise self.script.popleft()
        self.waiting = [one for one in self.waiting if one.update_id >= offset]
        while not self.waiting:
            self._came.clear()
            await self._came.wait()
        return list(self.waiting)
