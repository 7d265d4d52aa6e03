"""The running clock: as many seconds as its speed says, whatever the bot's work takes, and none for a jump or a nap."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.gateways.clock import SteppedClock
from bot.rehearsal.driver import Driver

START = datetime(2026, 1, 22, 0, 0, tzinfo=UTC)


class Real:
    """A person's time, moved by whoever waits; the bot's work takes some of it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.until = float("inf")
        self.reached = asyncio.Event()

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        if self.seconds >= self.until:
            self.reached.set()
            await asyncio.Event().wait()
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class Slow:
    """A bot whose every look at the rows takes this long, with something due each second."""

    real: Real
    takes: float = 0.0
    moving = False

    async def run_ticks(self) -> None:
        self.real.seconds += self.takes

    async def busy(self) -> bool:
        return False

    async def next_moment(self, now: datetime) -> datetime | None:
        return now.replace(microsecond=0) + timedelta(seconds=1)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        return now + timedelta(hours=1), "알림"


class Rig:
    def __init__(self, takes: float = 0.0) -> None:
        self.real = Real()
        self.clock = SteppedClock(START)
        self.driver = Driver(self.clock, lambda: 0, self.real)
        self.driver.on_stage(Slow(self.real, takes))

    def passed(self) -> float:
        return (self.clock.now() - START).total_seconds()

    @asynccontextmanager
    async def running(self, seconds: float) -> AsyncIterator[None]:
        """So many real seconds go by."""
        self.real.until = self.real.seconds + seconds
        self.real.reached = asyncio.Event()
        pulse = asyncio.create_task(self.driver.run())
        await asyncio.wait_for(self.real.reached.wait(), 20)
        yield
        pulse.cancel()
        await asyncio.gather(pulse, return_exceptions=True)
        self.real.until = float("inf")


@pytest.mark.parametrize(("speed", "takes"), [(1, 0.05), (10, 0.02), (60, 0.0), (60, 0.005)])
async def test_delays_never_add_up(speed: int, takes: float) -> None:
    rig = Rig(takes)
    await rig.driver.set_speed(speed)
    await rig.driver.resume()
    async with rig.running(30):
        expected = rig.real.seconds * speed
        assert expected - rig.passed() <= speed * 0.6
        assert 0 <= rig.driver.behind <= speed * 0.5


async def test_a_change_of_speed_counts_from_its_moment() -> None:
    rig = Rig()
    await rig.driver.set_speed(10)
    await rig.driver.resume()
    async with rig.running(10):
        assert 95 <= rig.passed() <= 101
    before, real = rig.passed(), rig.real.seconds
    await rig.driver.set_speed(60)
    async with rig.running(10):
        assert rig.passed() - before == pytest.approx((rig.real.seconds - real) * 60, abs=12)


async def test_a_pause_and_a_jump_are_not_caught_up() -> None:
    rig = Rig()
    await rig.driver.resume()
    async with rig.running(5):
        await rig.driver.pause()
        held = rig.passed()
    assert 4 <= held <= 5
    async with rig.running(100):
        assert rig.passed() == held
    await rig.driver.resume()
    assert await rig.driver.next_event() == "알림"
    landed = rig.passed()
    assert landed == held + 3600
    async with rig.running(5):
        assert rig.passed() - landed == pytest.approx(5, abs=0.5)


async def test_a_machine_that_slept_does_not_rush() -> None:
    rig = Rig()
    await rig.driver.resume()
    async with rig.running(5):
        rig.real.seconds += 3600
    before = rig.passed()
    async with rig.running(1):
        assert rig.passed() - before <= 3
