"""Time: the machine's, or one that only moves when told to. The only file that may read the real one."""

import asyncio
import heapq
import itertools
import math
import time
from datetime import UTC, datetime, timedelta

_MICROSECONDS = 1_000_000


def whole_milliseconds(seconds: float) -> int:
    """Seconds as milliseconds, rounded up: who sleeps until a moment must not wake before it.

    A billionth of a second of arithmetic noise (0.1 * 1000 is more than 100) is not rounded up.
    """
    if seconds <= 0:
        return 0
    return max(1, math.ceil(round(seconds * 1000, 6)))


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(whole_milliseconds(seconds) / 1000)


class SteppedClock:
    """A clock for tests and rehearsals: it stands still until somebody moves it.

    Whoever drives it goes from one `next_waiter()` to the next and lets the work that woke settle in between:
    moving past several waiters at once wakes them in the order of their time, but what they do then, they do
    when the loop gets to them, at the later time. For one event loop; not thread-safe.
    """

    def __init__(self, start: datetime) -> None:
        """Takes an aware moment; raises ValueError for one without a zone."""
        self._wall = _utc(start)
        self._elapsed = 0  # microseconds, so that sums of many steps stay exact
        self._ordinals = itertools.count()
        self._waiters: list[tuple[int, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        """Seconds since this clock was made, whatever `jump_to` did."""
        return self._elapsed / _MICROSECONDS

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved by so much. Nothing to wait for: only gives way to others."""
        if (milliseconds := whole_milliseconds(seconds)) == 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiters, (self._elapsed + milliseconds * 1000, next(self._ordinals), waiter))
        await waiter

    def next_waiter(self) -> datetime | None:
        """When the first of those who sleep wants to wake; None if nobody sleeps."""
        self._forget_cancelled()
        if not self._waiters:
            return None
        return self._wall + timedelta(microseconds=self._waiters[0][0] - self._elapsed)

    def advance_to(self, moment: datetime) -> None:
        """Move on to `moment`, waking on the way all who wait until then, each at their own time.

        Raises ValueError for a moment in the past.
        """
        target = _utc(moment)
        if target < self._wall:
            raise ValueError(f"time does not go backwards: from {self._wall} to {target}")
        while (due := self.next_waiter()) is not None and due <= target:
            self._move(due)
            heapq.heappop(self._waiters)[2].set_result(None)
        self._move(target)

    def end(self, error: Exception) -> None:
        """Time will never go on: whoever sleeps gets `error`."""
        while self.next_waiter() is not None:
            heapq.heappop(self._waiters)[2].set_exception(error)

    def jump_to(self, moment: datetime) -> None:
        """Set the wall clock, forwards or backwards, as an administrator or NTP does.

        Sleepers still sleep as long as they wanted to, and `monotonic` does not notice.
        """
        self._wall = _utc(moment)

    def _move(self, moment: datetime) -> None:
        self._elapsed += (moment - self._wall) // timedelta(microseconds=1)
        self._wall = moment

    def _forget_cancelled(self) -> None:
        while self._waiters and self._waiters[0][2].done():
            heapq.heappop(self._waiters)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC)
