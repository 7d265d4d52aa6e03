"""Drives a stepped clock: from event to event, waiting at each until nothing is under way any more.

The page steers it (ClockControl); tests call `advance_to`. Real time is only used to give way to sockets.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import datetime, timedelta

from bot.rehearsal.pace import Pace
from bot.rehearsal.stage import RealTime, Script, Stage, SteppedTime

_QUIET_CHECKS = 3
"""How often in a row everything must be found quiet: between two checks, whoever was just woken gets to run."""
_PULSE = 0.1
"""Real seconds between two steps while the clock runs by itself."""
_BETWEEN_MESSAGES = timedelta(seconds=3)
"""A wait so short is one of Telegram's limits."""


class Driver:
    """One driver a clock.

    `coming_updates` counts what can reach the bot without the clock moving on; `library` fills the script with the sample day's
    notes and tells how many. The bot comes `on_stage` once it runs, and may change.
    """

    def __init__(
        self,
        clock: SteppedTime,
        coming_updates: Callable[[], int],
        real: RealTime,
        script: Script | None = None,
        library: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        self._clock = clock
        self._stage: Stage | None = None
        self._coming_updates = coming_updates
        self._real = real
        self._script = script
        self._library = library
        self._lock = asyncio.Lock()
        self._paused = True
        self._pace = Pace(real)
        self._halted = False

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def speed(self) -> int:
        return self._pace.speed

    @property
    def behind(self) -> float:
        return self._pace.behind

    @property
    def notes(self) -> tuple[int, int]:
        return (0, 0) if self._script is None else (self._script.done, self._script.total)

    async def pause(self) -> None:
        """Stands still; a jump that is under way ends where it is."""
        self._paused = self._halted = True

    async def resume(self) -> None:
        self._paused = False
        self._pace.begin(self._clock.now())

    async def set_speed(self, speed: int) -> None:
        self._pace.set_speed(speed, self._clock.now())

    async def next_event(self) -> str | None:
        """Jump to the next thing that a person would notice; its name, None when nothing comes any more.

        People of the script leave their notes on the way; only when nothing else comes are they an event.
        """
        async with self._jumping():
            await self._finish_acts()
            stage = self._stage
            event = None if stage is None else await stage.next_event(self._clock.now())
            scripted = self._script.next_at() if self._script else None
            if event is None and scripted is not None:
                event = (scripted, "의견 도착")
            if event is None:
                return None
            await self._advance(event[0])
            return event[1] if self._clock.now() >= event[0] else "일시정지"

    async def play_notes(self) -> int:
        """Fill the script from the library; how many people will come."""
        return 0 if self._library is None else await self._library()

    @contextlib.asynccontextmanager
    async def _jumping(self) -> AsyncIterator[None]:
        """Time is moved on purpose, one at a time; the running clock goes on from where that ended."""
        async with self._lock:
            self._halted = False
            try:
                yield
            finally:
                self._pace.begin(self._clock.now())

    def on_stage(self, stage: Stage | None) -> None:
        """The bot to drive; None while it is away."""
        self._stage = stage

    async def run(self) -> None:
        """Let time pass by itself, at the page's speed, until cancelled. What a jump took is not caught up."""
        while True:
            await self._real.sleep(_PULSE)
            async with self._lock:
                if not self._paused:
                    self._halted = False
                    await self._advance(self._pace.due())
                    self._pace.reached(self._clock.now())
                elif self._stage is not None:
                    await self._let_words_arrive()

    async def _let_words_arrive(self) -> None:
        """A paused clock still gives the bot the moments between two messages: people at the page wait for them."""
        waiter = self._clock.next_waiter()
        if waiter is not None and waiter - self._clock.now() <= _BETWEEN_MESSAGES:
            await self._one_moment()

    async def advance_to(self, moment: datetime) -> None:
        """Go on to `moment` over all events on the way; people in the middle of something finish it first."""
        async with self._jumping():
            await self._advance(moment)
            await self._finish_acts()

    async def accompany(self, act: Coroutine[object, object, None]) -> None:
        """Let time go on as little as needed until `act`, somebody who waits for the bot, is through."""
        task = asyncio.create_task(act)
        try:
            async with self._jumping():
                while not task.done():
                    await self._real.sleep(0.001)
                    await self._one_moment()
            await task
        finally:
            task.cancel()

    async def settle(self) -> None:
        """Wait until nothing is under way at this moment. The rows are asked only once all seems quiet."""
        quiet = 0
        while (stage := self._stage) is not None:
            await self._real.sleep(0.001)
            moving = self._coming_updates() > 0 or stage.moving
            quiet = 0 if moving else quiet + 1
            if quiet < _QUIET_CHECKS:
                continue
            if not await stage.busy():
                return
            quiet = 0

    async def _advance(self, target: datetime) -> None:
        await self._act()
        while not self._halted and (moment := await self._next(target)) is not None:
            self._clock.advance_to(max(moment, self._clock.now()))
            await self._act()
        if target > self._clock.now() and not self._halted:
            self._clock.advance_to(target)
            await self._act()

    async def _act(self) -> None:
        """All that happens at this moment."""
        if self._script is not None:
            self._script.start_due(self._clock.now())
        if self._stage is not None:
            await self._stage.run_ticks()
        await self.settle()

    async def _next(self, target: datetime) -> datetime | None:
        """The next moment, up to `target`, at which somebody wakes or something falls due."""
        moments = [self._clock.next_waiter()]
        if self._stage is not None:
            moments.append(await self._stage.next_moment(self._clock.now()))
        if self._script is not None:
            moments.append(self._script.next_at())
        coming = [moment for moment in moments if moment is not None and moment <= target]
        return min(coming, default=None)

    async def _finish_acts(self) -> None:
        """Let people who are in the middle of something finish: they wait for the bot, the bot for its limits."""
        while self._stage is not None and self._script is not None and self._script.acting:
            await self._one_moment()

    async def _one_moment(self) -> None:
        await self.settle()
        waiter = self._clock.next_waiter()
        if waiter is not None and waiter - self._clock.now() <= _BETWEEN_MESSAGES:
            self._clock.advance_to(waiter)
        await self._act()
