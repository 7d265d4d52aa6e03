"""The clock's side of reading notes: behind everybody's back, beside everything else, and never in anybody's way."""

import asyncio
from collections.abc import Callable

import structlog

from bot.digest.ports import AnalysisFailed
from bot.services.note_reading import NoteReading
from bot.services.ports import Clock
from bot.services.unit import OpenUnit

log = structlog.get_logger(__name__)

WORTH_AN_ALERT = 3
"""Times, one after the other, that nobody could read: then an administrator is told."""
RESTS = 60.0
"""Seconds after such a failure."""
LOOKS_AT_MOST = 0.05
"""Of the time: looking whether something is unread takes longer with every note that was read."""


class ReadingWork:
    """`alert` tells administrators about an event. Safe to run in several processes at once."""

    def __init__(
        self, open_unit: OpenUnit, reading: NoteReading, clock: Clock, alert: Callable[[str], None]
    ) -> None:
        self._open_unit = open_unit
        self._reading = reading
        self._clock = clock
        self._alert = alert
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._next = float("-inf")

    async def look(self) -> None:
        """Begins to read what is unread, unless it is being done; waits for nothing (a stepped clock would stand still)."""
        if (self._task is None or self._task.done()) and self._clock.monotonic() >= self._next:
            self._task = asyncio.create_task(self.run())

    async def run(self) -> None:
        """Everything that is unread. Never fails: what was not read is read next time, or goes without."""
        began = self._clock.monotonic()
        try:
            while await self._reading.read_some(self._open_unit):
                self._failures = 0
                began = self._clock.monotonic()
        except AnalysisFailed:
            self._fail("analysis failed")
            return
        except Exception as error:  # noqa: BLE001 (whatever it was: notes wait to be read, and nobody waits for that)
            self._fail(type(error).__name__)
            return
        now = self._clock.monotonic()
        self._next = now + (now - began) / LOOKS_AT_MOST

    async def stop(self) -> None:
        """Gives up what is being read: the next process goes on with it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _fail(self, failure: str) -> None:
        self._failures += 1
        self._next = self._clock.monotonic() + RESTS
        log.warning("notes not read", failure=failure, times=self._failures)
        if self._failures == WORTH_AN_ALERT:
            self._alert("notes_unread")
