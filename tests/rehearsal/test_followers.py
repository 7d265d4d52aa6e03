"""A bot in another process on the rehearsal's time: it is woken at its own moments, and never outrun."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.gateways.clock import SteppedClock, SystemClock
from bot.gateways.remote_clock import ClockGone, RemoteClock, glance
from bot.rehearsal.driver import Driver
from bot.rehearsal.followers import Followers, SharedTime
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from tests.rehearsal.served import TOKEN

START = datetime(2026, 1, 21, 9, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass
class Living:
    """A bot on a remote clock, with rows that fall due, and work that takes real time at each."""

    clock: RemoteClock
    due: list[datetime] = field(default_factory=list)
    work: int = 0
    did: list[datetime] = field(default_factory=list)
    ticked: list[datetime] = field(default_factory=list)
    moving: bool = False

    async def run_ticks(self) -> None:
        self.ticked.append(self.clock.now())
        if self.clock.now() in self.due:
            self.work = 5

    async def busy(self) -> bool:
        await asyncio.sleep(0.001)
        if self.work == 0:
            return False
        self.work -= 1
        self.did.append(self.clock.now())
        return True

    async def next_moment(self, now: datetime) -> datetime | None:
        return min((moment for moment in self.due if moment > now), default=None)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        moment = await self.next_moment(now)
        return None if moment is None else (moment, "알림")


class Rig:
    def __init__(self) -> None:
        self.clock = SteppedClock(START)
        self.world = World(self.clock.now)
        self.followers = Followers(self.clock, self.world.changes)
        self.driver = Driver(
            SharedTime(self.clock, self.followers), lambda: self.world.updates.moving, SystemClock()
        )
        self.followers.on_change = lambda: self.driver.on_stage(
            self.followers if self.followers.count else None
        )
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        app = create_app(self.world, TOKEN)
        app.add_routes(self.followers.routes())
        async with serve(app) as self.url:
            yield
            await self.followers.close()

    @asynccontextmanager
    async def bot(self, *due: datetime) -> AsyncIterator[Living]:
        async with RemoteClock(self.url) as clock:
            living = Living(clock, list(due))
            clock.on_stage(living)
            await self.world.until(lambda: self.followers.count > 0)
            yield living
            clock.on_stage(None)

    async def goes(self, moment: datetime) -> None:
        async with asyncio.timeout(20):
            await self.driver.advance_to(moment)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    async with rig.serving():
        yield rig


async def test_a_jump_stops_at_every_moment_of_the_bot_until_its_work_is_done(rig: Rig) -> None:
    async with rig.bot(at(10), at(20.5), at(3600), at(9999)) as bot:
        await rig.goes(at(7200))
        assert bot.did == [moment for moment in bot.due[:3] for _ in range(5)]
        assert bot.clock.now() == rig.clock.now() == at(7200)
        assert bot.clock.monotonic() == 7200
        assert bot.ticked == sorted(bot.ticked)


async def test_a_sleeper_in_the_other_process_wakes_at_its_own_time(rig: Rig) -> None:
    woken: list[datetime] = []

    async def sleeper(clock: RemoteClock, *lengths: float) -> None:
        for length in lengths:
            await clock.sleep(length)
            woken.append(clock.now())

    async with rig.bot() as bot:
        sleeping = asyncio.create_task(sleeper(bot.clock, 0.5, 40, 1))
        await rig.goes(at(600))
        await sleeping
    assert woken == [at(0.5), at(40.5), at(41.5)]


async def test_a_sleeper_that_comes_later_is_heard_of_at_once(rig: Rig) -> None:
    """A paused clock still gives the bot the moments between two messages."""
    async with rig.bot() as bot:
        await rig.goes(at(1))
        pulse = asyncio.create_task(rig.driver.run())
        await asyncio.wait_for(bot.clock.sleep(1), 10)
        assert bot.clock.now() == at(2)
        pulse.cancel()
        await asyncio.gather(pulse, return_exceptions=True)


async def test_two_bots_are_both_waited_for(rig: Rig) -> None:
    async with rig.bot(at(10)) as one, rig.bot(at(5), at(10)) as other:
        await rig.world.until(lambda: rig.followers.count == 2)
        await rig.goes(at(60))
        assert set(one.did) == {at(10)}
        assert set(other.did) == {at(5), at(10)}


async def test_the_next_event_is_the_bots(rig: Rig) -> None:
    async with rig.bot(at(90)):
        await rig.goes(at(1))
        assert await rig.driver.next_event() == "알림"
        assert rig.clock.now() == at(90)
        assert await rig.driver.next_event() is None


async def test_a_bot_that_dies_is_not_waited_for_and_one_that_comes_back_knows_the_time(rig: Rig) -> None:
    async with rig.bot(at(10)) as bot:
        bot.moving = True
        going = asyncio.create_task(rig.goes(at(30)))
        await rig.world.until(lambda: rig.followers.count == 1)
        assert not going.done()
    await going
    assert rig.clock.now() == at(30)
    async with rig.bot(at(40)) as bot:
        assert bot.clock.now() == at(30)
        await rig.goes(at(50))
        assert set(bot.did) == {at(40)}


async def test_a_bot_that_is_about_to_start_holds_time_unless_it_sleeps(rig: Rig) -> None:
    async with RemoteClock(rig.url) as clock:
        await rig.world.until(lambda: rig.followers.count == 1)
        going = asyncio.create_task(rig.goes(at(30)))
        done, _ = await asyncio.wait({going}, timeout=0.1)
        assert not done
        sleeping = asyncio.create_task(clock.sleep(3))
        while rig.clock.now() < at(3):
            await asyncio.sleep(0.001)
        await sleeping
        clock.on_stage(Living(clock))
        await going


async def test_a_bot_whose_database_fails_does_not_stop_time(rig: Rig) -> None:
    class Failing(Living):
        async def busy(self) -> bool:
            raise OSError

        async def next_moment(self, now: datetime) -> datetime | None:
            raise OSError

    async with RemoteClock(rig.url) as clock:
        clock.on_stage(Failing(clock))
        await rig.world.until(lambda: rig.followers.count == 1)
        await rig.goes(at(30))
        assert clock.now() == at(30)


async def test_the_clock_ends_with_the_rehearsal() -> None:
    rig = Rig()
    async with rig.serving():
        clock = RemoteClock(rig.url)
        await clock.__aenter__()
        assert clock.now() == START
    await asyncio.wait_for(clock.gone(), 5)
    await clock.__aexit__()
    with pytest.raises(ClockGone):
        await RemoteClock(rig.url).__aenter__()


async def test_an_address_without_a_clock_is_told(rig: Rig) -> None:
    with pytest.raises(ClockGone):
        await RemoteClock(f"{rig.url}/elsewhere").__aenter__()
    with pytest.raises(ClockGone):
        await glance(f"{rig.url}/elsewhere")


async def test_a_glance_gives_a_clock_that_runs_from_there(rig: Rig) -> None:
    clock = await glance(rig.url)
    assert START <= clock.now() < at(30)


async def test_nonsense_ends_the_connection_and_nobody_waits(rig: Rig) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{rig.url}/clock") as socket,
    ):
        await rig.world.until(lambda: rig.followers.count == 1)
        await socket.send_str('{"sleeper": 7}')
        await socket.send_str("[]")
        await rig.world.until(lambda: rig.followers.count == 0)
    await rig.goes(at(30))
