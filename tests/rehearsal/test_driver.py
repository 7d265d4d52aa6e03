"""How the rehearsal's clock is driven: over the script's notes to what a person would notice, and never against a pause."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.gateways.clock import SteppedClock
from bot.rehearsal.driver import Driver

START = datetime(2026, 1, 22, 0, 0, tzinfo=UTC)


class QuickTime:
    """A person's time that passes as soon as somebody waits; `late` is what each wait takes beyond its length."""

    def __init__(self, late: float = 0.0) -> None:
        self.seconds = 0.0
        self.late = late
        self.twenty_seconds = asyncio.Event()

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds + self.late
        if self.seconds >= 20:
            self.twenty_seconds.set()
        await asyncio.sleep(0)


@dataclass
class Play:
    """Notes at their times; everybody is through at once."""

    at: list[datetime]
    left: list[datetime] = field(default_factory=list)
    acting: bool = False

    @property
    def done(self) -> int:
        return len(self.left)

    @property
    def total(self) -> int:
        return len(self.at) + len(self.left)

    def next_at(self) -> datetime | None:
        return min(self.at, default=None)

    def start_due(self, now: datetime) -> None:
        self.left += [moment for moment in self.at if moment <= now]
        self.at = [moment for moment in self.at if moment > now]


@dataclass
class Quiet:
    """A bot with nothing to do but one event ahead."""

    event: datetime | None
    moving: bool = False
    ticks: int = 0
    third_tick: Callable[[], Awaitable[None]] | None = None

    async def run_ticks(self) -> None:
        self.ticks += 1
        if self.ticks == 3 and self.third_tick is not None:
            await self.third_tick()

    async def busy(self) -> bool:
        return False

    async def next_moment(self, now: datetime) -> datetime | None:
        return self.event if self.event is not None and self.event > now else None

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        moment = await self.next_moment(now)
        return None if moment is None else (moment, "알림")


def driver_of(play: Play, stage: Quiet, real: QuickTime | None = None) -> tuple[Driver, SteppedClock]:
    clock = SteppedClock(START)
    driver = Driver(clock, lambda: 0, real or QuickTime(), play)
    driver.on_stage(stage)
    return driver, clock


def minutes(count: int) -> datetime:
    return START + timedelta(minutes=count)


async def test_notes_arrive_on_the_way_to_the_next_event() -> None:
    driver, clock = driver_of(Play([minutes(1), minutes(2), minutes(9)]), Quiet(minutes(5)))
    assert await driver.next_event() == "알림"
    assert clock.now() == minutes(5)
    assert driver.notes == (2, 3)


async def test_notes_are_an_event_only_when_nothing_else_comes() -> None:
    driver, clock = driver_of(Play([minutes(1)]), Quiet(None))
    assert await driver.next_event() == "의견 도착"
    assert clock.now() == minutes(1)
    assert await driver.next_event() is None


async def test_a_pause_ends_a_jump_where_it_is() -> None:
    driver, clock = driver_of(Play([minutes(1), minutes(2)]), stage := Quiet(minutes(5)))
    stage.third_tick = driver.pause
    assert await driver.next_event() == "일시정지"
    assert clock.now() == minutes(2)
    assert driver.paused
    assert await driver.next_event() == "알림"


async def test_the_clock_keeps_step_with_real_time_however_long_its_work_takes() -> None:
    real = QuickTime(late=0.05)
    driver, clock = driver_of(Play([]), Quiet(None), real)
    await driver.resume()
    await driver.set_speed(10)
    running = asyncio.create_task(driver.run())
    await real.twenty_seconds.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert 190 <= (clock.now() - START).total_seconds() <= 200
