"""The whole bot, started and stopped on a stepped clock with a messenger that does as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import Bot
from bot.domain.delivery import DeliveryState
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.outside import Outside, until_reached, who_am_i
from bot.services.ports import BotIdentity, FateUnknown, NotSent, RawUpdate, SlowDown, TokenRefused
from bot.settings import read_settings
from storage.database import Database
from storage.models import DeliveryRow
from tests.support import raw_updates
from tests.support.chat import ADMIN, BOT, STAFF, grant
from tests.support.fake_messenger import FakeMessenger
from tests.support.kept import JEONBUK
from tests.support.plans import at
from tests.support.raw_updates import User
from tests.support.stepping import run_until
from tests.support.updates_queue import QueuedUpdates

NOON = at("12:00")


class World:
    """What is around the bot: its chats, its clock and its database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SteppedClock(NOON)
        self.messenger = FakeMessenger(self.clock)
        self.updates = QueuedUpdates()
        self._count = 0

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        outside = Outside(self.clock, self.messenger, self.updates)
        async with Bot(read_settings(None), self.database, outside, BOT, pulse=False) as bot:
            yield bot

    def writes(self, user: User, text: str) -> None:
        self._count += 1
        body: dict[str, Any] = raw_updates.text_message(user, text, self._count, self.clock.now())
        self.updates.put(RawUpdate(self._count, json.dumps({"update_id": self._count, **body})))

    async def passes(self, bot: Bot, seconds: float) -> None:
        """So much time, from event to event, once all that came in was taken up."""
        await self.updates.confirmed()
        horizon = self.clock.now() + timedelta(seconds=seconds)
        await run_until(self.clock, horizon, bot.activity, lambda _: bot.busy())


@pytest.fixture
def world(sqlite: Database) -> World:
    return World(sqlite)


async def test_what_is_written_is_answered_until_the_bot_stops(world: World) -> None:
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with world.bot() as bot:
        world.writes(STAFF, "/next")
        await world.passes(bot, 5)
        assert len(world.messenger.accepted) == 1
        assert world.messenger.accepted[0].message.chat == STAFF.id
    world.writes(STAFF, "/next")
    await asyncio.sleep(0)
    assert len(world.messenger.calls) == 1


async def test_stopping_lets_what_is_in_flight_be_recorded(world: World) -> None:
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    world.messenger.held = asyncio.Event()

    async def running() -> None:
        async with world.bot() as bot:
            world.writes(STAFF, "/next")
            stepping = asyncio.create_task(world.passes(bot, 5))
            await world.messenger.arrivals(1)
            stepping.cancel()
            await asyncio.gather(stepping, return_exceptions=True)

    task = asyncio.create_task(running())
    async with asyncio.timeout(5):
        await world.messenger.arrivals(1)
        for _ in range(20):
            await asyncio.sleep(0.001)
        assert not task.done(), "it waits for the answer"
        world.messenger.held.set()
        await task
    async with world.database.open_unit(read_only=True) as unit:
        states = list(await unit._session.scalars(select(DeliveryRow.state)))
    assert states == [DeliveryState.SENT]


async def test_the_next_process_sends_what_the_last_one_only_planned(world: World) -> None:
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with world.bot() as bot:
        world.writes(STAFF, "/next")
        await world.passes(bot, 0)
        assert world.messenger.calls == [], "a sender is silent for its first second"
    async with world.bot() as bot:
        await world.passes(bot, 5)
    assert len(world.messenger.accepted) == 1


async def test_it_answers_for_its_loops_and_its_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Outside(world.clock, world.messenger, world.updates)
    bot = Bot(read_settings(None), world.database, outside, BOT, pulse=False)
    assert not await bot.answers(), "not started"
    async with bot:
        assert await bot.answers()
        with monkeypatch.context() as away:
            away.setattr(bot._inbox, "next_try", nobody)
            assert not await bot.answers()
        assert await bot.answers()
    assert not await bot.answers(), "stopped"


async def nobody(*_: object) -> None:
    raise OSError("no database")


async def test_a_loop_that_ends_by_itself_is_noticed(world: World) -> None:
    async with world.bot() as bot:
        ended = asyncio.create_task(bot.ended())
        await asyncio.sleep(0)
        assert not ended.done()
        bot._tasks[0].cancel()
        async with asyncio.timeout(5):
            await ended
        assert not await bot.answers()


async def test_administrators_are_told_when_an_update_was_parked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await grant(world.database, ADMIN, Grant(Role.ADMIN, None))
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with world.bot() as bot:
        monkeypatch.setattr(type(bot.services.schedule), "next_for", nobody)
        world.writes(STAFF, "/next")
        await world.passes(bot, 60)
    told = {call.message.chat for call in world.messenger.accepted}
    assert told == {ADMIN.id, STAFF.id}


async def test_ticks_run_on_the_drivers_word(world: World) -> None:
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with world.bot() as bot:
        await bot.run_ticks()
        await world.passes(bot, 2)
        assert not bot.moving
        assert not await bot.busy()
        async with world.database.open_unit(read_only=True) as unit:
            assert STAFF.id in await unit.menus.all()


async def test_everybody_finds_a_menu_in_korean_or_else_in_english_from_the_start(world: World) -> None:
    async with world.bot():
        assert world.messenger.menus_set == [
            (None, "ko", {"privacy": "내 정보 확인하고 지우기", "help": "도움말 보기"}),
            (None, None, {"privacy": "See and delete my data", "help": "Help"}),
        ]


async def test_the_messenger_is_asked_until_it_can_be_reached(world: World) -> None:
    slow = SlowDown(timedelta(seconds=3))
    world.messenger.probe_script.extend([NotSent("x"), FateUnknown("x"), slow, None])
    asking = asyncio.create_task(who_am_i(world.messenger, world.clock))
    while not asking.done():
        await asyncio.sleep(0)
        if (moment := world.clock.next_waiter()) is not None:
            world.clock.advance_to(moment)
    assert isinstance(await asking, BotIdentity)
    assert [(one - NOON).total_seconds() for one in world.messenger.probes] == [0, 1, 3, 7]


async def test_a_refused_token_is_final(world: World) -> None:
    world.messenger.probe_script.append(TokenRefused("x"))
    with pytest.raises(TokenRefused):
        await until_reached(world.messenger.identity, world.clock)
