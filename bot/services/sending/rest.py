"""Waiting for one of two things: somebody says that there is work, or a moment of the clock."""

import asyncio

import structlog

from bot.services.ports import Clock

log = structlog.get_logger(__name__)

_LONGEST = 60.0
"""Seconds: due times are of the wall clock, which may be set while we sleep."""


class Rest:
    """One sleeper, woken by whoever has work for it. A call while it works is not lost."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._woken = asyncio.Event()
        self._alarm_at = float("inf")
        self._alarm: asyncio.Task[None] | None = None

    def wake(self) -> None:
        self._woken.set()

    @property
    def is_over(self) -> bool:
        """Whether the sleeper is about to get up, though it may not have had its turn yet."""
        return self._woken.is_set() or self._clock.monotonic() >= self._alarm_at

    def begin_work(self) -> None:
        """From here on a call means new work."""
        self._woken.clear()

    async def set_alarm(self, moment: float | None) -> None:
        """Be woken at a moment of the monotonic clock as well. To be called while the sleeper still counts as busy.

        Returns once the clock knows of it: a stepped clock must not be moved past an alarm that is not set yet.
        """
        if moment is None:
            return
        now = self._clock.monotonic()
        if moment <= now:
            self._woken.set()
            return
        self._alarm_at = min(moment, now + _LONGEST)
        counting = asyncio.Event()
        self._alarm = asyncio.create_task(self._ring(self._alarm_at - now, counting))
        await counting.wait()

    async def sleep(self) -> None:
        """Wait to be woken."""
        try:
            await self._woken.wait()
        finally:
            self._alarm_at = float("inf")
            if self._alarm is not None:
                self._alarm.cancel()

    async def _ring(self, seconds: float, counting: asyncio.Event) -> None:
        counting.set()
        try:
            await self._clock.sleep(seconds)
        except Exception:
            log.exception(
                "the clock failed"
            )  # a clock over the network may: better awake too early than never
        self._woken.set()
