"""Drives a stepped clock: from event to event, waiting at each until nothing is under way any more.

The page steers it (ClockControl); tests call `advance_to`. Real time is only used to give way to sockets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Protocol

_QUIET_CHECKS = 3
"""How often in a row everything must be found quiet: between two checks, whoever was just woken gets to run."""
_PULSE = 0.1
"""Real seconds between two steps while the clock runs by itself."""
_LONGEST_STEP = 1.0
"""Real seconds that count at most between two steps: what a jump took, or a machine that slept, is not caught up."""
_BETWEEN_MESSAGES = timedelta(seconds=3)
"""A wait so short is one of Telegram's limits."""


class SteppedTime(Protocol):
    """A clock that only moves when told to (bot.gateways.clock.SteppedClock)."""

    def now(self) -> datetime: ...
    def next_waiter(self) -> datetime | None: ...
    def advance_to(self, moment: datetime) -> None: ...


class RealTime(Protocol):
    """The time of the person at the page (bot.gateways.clock.SystemClock)."""

    def monotonic(self) -> float: ...
    async def sleep(self, seconds: float) -> None: ...


class Stage(Protocol):
    """The bot as the driver sees it."""

    async def run_ticks(self) -> None:
        """Every tick of the clock's edge once."""
        ...

    @property
    def moving(self) -> bool:
        """Whether somebody is at work this moment; cheap to ask."""
        ...

    async def busy(self) -> bool:
        """Whether something is under way or can go on without the clock moving."""
        ...

    async def next_moment(self, now: datetime) -> datetime | None:
        """The next moment after `now` at which a row falls due."""
        ...

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        """The next thing after `now` that a person would notice, and its name."""
        ...


class Script(Protocol):
    """People who act by themselves at their times."""

    def next_at(self) -> datetime | None: ...
    def start_due(self, now: datetime) -> None: ...
    @property
    def acting(self) -> bool:
        """Whether somebody is in the middle of something."""
        ...

    @property
    def done(self) -> int:
        """How many have been through."""
        ...

    @property
    def total(self) -> int:
        """How many there are in all."""
        ...


class Driver:
    """One driver a clock.

    `pending_updates` counts what the bot has not fetched yet; `library` fills the script with the sample day's
    notes and tells how many. The bot comes `on_stage` once it runs, and may change.
    """

    def __init__(
        self,
        clock: SteppedTime,
        pending_updates: Callable[[], int],
        real: RealTime,
        script: Script | None = None,
        library: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        self._clock = clock
        self._stage: Stage | None = None
        self._pending_updates = pending_updates
        self._real = real
        self._script = script
        self._library = library
        self._lock = asyncio.Lock()
        self._paused = True
        self._speed = 1
        self._halted = False

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def speed(self) -> int:
        return self._speed

    @property
    def notes(self) -> tuple[int, int]:
        return (0, 0) if self._script is None else (self._script.done, self._script.total)

    async def pause(self) -> None:
        """Stands still; a jump that is under way ends where it is."""
        self._paused = self._halted = True

    async def resume(self) -> None:
        self._paused = False

    async def set_speed(self, speed: int) -> None:
        self._speed = speed

    async def next_event(self) -> str | None:
        """Jump to the next thing that a person would notice; its name, None when nothing comes any more.

        People of the script leave their notes on the way; only when nothing else comes are they an event.
        """
        async with self._lock:
            self._halted = False
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

    def on_stage(self, stage: Stage | None) -> None:
        """The bot to drive; None while it is away."""
        self._stage = stage

    async def run(self) -> None:
        """Let time pass by itself, at the page's speed, until cancelled."""
        before = self._real.monotonic()
        while True:
            await self._real.sleep(_PULSE)
            async with self._lock:
                now = self._real.monotonic()
                passed, before = min(now - before, _LONGEST_STEP), now
                if not self._paused:
                    self._halted = False
                    await self._advance(self._clock.now() + timedelta(seconds=passed * self._speed))
                elif self._stage is not None:
                    await self._let_words_arrive()

    async def _let_words_arrive(self) -> None:
        """A paused clock still gives the bot the moments between two messages: people at the page wait for them."""
        waiter = self._clock.next_waiter()
        if waiter is not None and waiter - self._clock.now() <= _BETWEEN_MESSAGES:
            await self._one_moment()

    async def advance_to(self, moment: datetime) -> None:
        """Go on to `moment` over all events on the way; people in the middle of something finish it first."""
        async with self._lock:
            self._halted = False
            await self._advance(moment)
            await self._finish_acts()

    async def accompany(self, act: Coroutine[object, object, None]) -> None:
        """Let time go on as little as needed until `act`, somebody who waits for the bot, is through."""
        task = asyncio.create_task(act)
        try:
            async with self._lock:
                while not task.done():
                    await self._real.sleep(0.001)
                    await self._one_moment()
            await task
        finally:
            task.cancel()

    async def settle(self) -> None:
        """Wait until nothing is under way at this moment. The rows are asked only once all seems quiet."""
        quiet = 0
        while self._stage is not None:
            await self._real.sleep(0.001)
            moving = self._pending_updates() > 0 or self._stage.moving
            quiet = 0 if moving else quiet + 1
            if quiet < _QUIET_CHECKS:
                continue
            if not await self._stage.busy():
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
