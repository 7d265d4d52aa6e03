"""Driving a bot over a stepped clock: each moment is let finish before the next, and time never goes back."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from bot.gateways.clock import SteppedClock
from bot.rehearsal.driver import Driver

START = datetime(2026, 1, 22, 0, 0, tzinfo=UTC)
T = TypeVar("T")


class QuickTime:
    """A person's time that passes as soon as somebody waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


class WatchedClock(SteppedClock):
    """Remembers every moment it was moved to."""

    def __init__(self) -> None:
        super().__init__(START)
        self.moments: list[datetime] = []

    def advance_to(self, moment: datetime) -> None:
        super().advance_to(moment)
        self.moments.append(moment)


@dataclass
class Bot:
    """A bot that has rows due at these moments, and works `work` loop turns after each tick."""

    clock: SteppedClock
    due: list[datetime] = field(default_factory=list)
    work: int = 0
    working: int = 0
    ticked: list[datetime] = field(default_factory=list)
    worked_at: list[datetime] = field(default_factory=list)

    async def run_ticks(self) -> None:
        self.ticked.append(self.clock.now())
        self.working = self.work

    @property
    def moving(self) -> bool:
        return False

    async def busy(self) -> bool:
        await asyncio.sleep(0)
        if self.working == 0:
            return False
        self.working -= 1
        self.worked_at.append(self.clock.now())
        return True

    async def next_moment(self, now: datetime) -> datetime | None:
        return min((moment for moment in self.due if moment > now), default=None)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        moment = await self.next_moment(now)
        return None if moment is None else (moment, "알림")


@dataclass
class People:
    """One who is in the middle of something until the clock has been moved `pauses` times by a second."""

    clock: SteppedClock
    pauses: int = 0
    acts: set[asyncio.Task[None]] = field(default_factory=set)

    def next_at(self) -> datetime | None:
        return None

    def start_due(self, now: datetime) -> None:
        """Nobody else comes."""

    def begins(self) -> None:
        task = asyncio.create_task(self._act())
        self.acts.add(task)
        task.add_done_callback(self.acts.discard)

    async def _act(self) -> None:
        for _ in range(self.pauses):
            await self.clock.sleep(1)

    @property
    def acting(self) -> bool:
        return bool(self.acts)

    done = total = 0


class Rig:
    def __init__(self, *due: datetime, work: int = 0, pauses: int = 0) -> None:
        self.clock = WatchedClock()
        self.bot = Bot(self.clock, list(due), work)
        self.people = People(self.clock, pauses)
        self.pending = 0
        self.driver = Driver(self.clock, lambda: self.pending, QuickTime(), self.people)
        self.driver.on_stage(self.bot)

    def seconds(self) -> list[float]:
        return [(moment - START).total_seconds() for moment in self.clock.moments]


def seconds(count: float) -> datetime:
    return START + timedelta(seconds=count)


async def within(act: Awaitable[T]) -> T:
    async with asyncio.timeout(5):
        return await act


async def test_it_stops_at_every_moment_on_the_way_and_lets_its_work_finish() -> None:
    rig = Rig(seconds(10), seconds(20), seconds(90), work=3)
    await within(rig.driver.advance_to(seconds(60)))
    assert rig.seconds() == [10, 20, 60]
    assert rig.bot.ticked == [START, seconds(10), seconds(20), seconds(60)]
    assert rig.bot.worked_at == [moment for moment in rig.bot.ticked for _ in range(3)]


async def test_whoever_sleeps_is_woken_at_their_own_time() -> None:
    rig = Rig(seconds(30))
    woken: list[datetime] = []

    async def sleeper(length: float) -> None:
        await rig.clock.sleep(length)
        woken.append(rig.clock.now())

    sleepers = [asyncio.create_task(sleeper(length)) for length in (0.5, 40, 7)]
    await asyncio.sleep(0)
    await within(rig.driver.advance_to(seconds(60)))
    await asyncio.gather(*sleepers)
    assert woken == [seconds(0.5), seconds(7), seconds(40)]


async def test_a_moment_in_the_past_moves_nothing() -> None:
    rig = Rig()
    await within(rig.driver.advance_to(seconds(10)))
    await within(rig.driver.advance_to(seconds(3)))
    assert rig.clock.now() == seconds(10)
    assert rig.seconds() == sorted(rig.seconds())


async def test_it_waits_for_updates_that_the_bot_has_not_fetched() -> None:
    rig = Rig()
    rig.pending = 1
    task = asyncio.create_task(rig.driver.advance_to(seconds(5)))
    for _ in range(50):
        await asyncio.sleep(0)
    assert rig.clock.now() == START
    rig.pending = 0
    await within(task)
    assert rig.clock.now() == seconds(5)


async def test_people_in_the_middle_of_something_finish_it_first() -> None:
    rig = Rig(seconds(100), pauses=4)
    rig.people.begins()
    await asyncio.sleep(0)
    assert await within(rig.driver.next_event()) == "알림"
    assert rig.seconds() == [1, 2, 3, 4, 100]
    assert not rig.people.acting


async def test_accompanying_somebody_moves_time_as_little_as_they_need() -> None:
    rig = Rig(seconds(2.5), seconds(600))

    async def act() -> None:
        await rig.clock.sleep(1)
        await rig.clock.sleep(2)

    await within(rig.driver.accompany(act()))
    assert rig.clock.now() == seconds(3)


async def test_accompanying_ends_with_what_the_act_raises_and_needs_no_bot() -> None:
    rig = Rig()
    rig.driver.on_stage(None)

    async def act() -> None:
        await asyncio.sleep(0.01)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await within(rig.driver.accompany(act()))
    assert rig.clock.now() == START


async def test_without_a_bot_time_goes_on_and_nothing_waits() -> None:
    rig = Rig(seconds(10))
    rig.driver.on_stage(None)
    rig.pending = 5
    await within(rig.driver.advance_to(seconds(60)))
    assert rig.seconds() == [60]
    assert await within(rig.driver.next_event()) is None


async def running_for(rig: Rig, turns: int) -> None:
    """The page's pulse, for so many loop turns."""
    pulse = asyncio.create_task(rig.driver.run())
    for _ in range(turns):
        await asyncio.sleep(0)
    pulse.cancel()
    await asyncio.gather(pulse, return_exceptions=True)


async def test_a_paused_clock_still_lets_words_arrive_but_no_event_come() -> None:
    rig = Rig(seconds(10))
    arrived = asyncio.create_task(rig.clock.sleep(1))
    later = asyncio.create_task(rig.clock.sleep(5))
    await asyncio.sleep(0)
    assert rig.driver.paused
    await running_for(rig, 300)
    assert arrived.done()
    assert not later.done()
    assert rig.clock.now() == seconds(1)
    later.cancel()
    await asyncio.gather(later, return_exceptions=True)


async def test_at_speed_no_moment_is_jumped_over() -> None:
    rig = Rig(*[seconds(n * 0.25) for n in range(1, 9)])
    await rig.driver.set_speed(600)
    await rig.driver.resume()
    await running_for(rig, 400)
    assert rig.clock.now() > seconds(2)
    assert set(rig.bot.due) <= set(rig.bot.ticked)
    assert rig.seconds() == sorted(rig.seconds())
