"""A world on a moved clock, served on loopback, and python-telegram-bot as its independent client."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from tests.rehearsal.served import TOKEN, MovedClock, Served


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    clock = MovedClock()
    world = World(clock.now)
    user = world.add_user("연습용 실무자")
    world.start(user.id)
    world.updates.clear()
    async with serve(create_app(world, TOKEN)) as url:
        yield Served(world, clock, url, user)


@pytest.fixture
async def bot(served: Served) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{served.url}/bot", base_file_url=f"{served.url}/file/bot") as bot:
        yield bot
