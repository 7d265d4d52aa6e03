"""What the driver needs of the clock, the bot and the people. Small, and owned here."""

from datetime import datetime
from typing import Protocol


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
