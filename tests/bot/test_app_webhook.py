"""The bot whose updates are brought: it commits, answers, looks after its webhook, and says what is wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest

from bot.app import Bot
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.intake.webhook_watch import LOOK_EVERY, WebhookAddress
from bot.outside import Outside
from bot.settings import read_settings
from bot.web.site import serve_site
from bot.web.webhook import PATH, SECRET_HEADER
from storage.database import Database
from tests.support import raw_updates
from tests.support.chat import ADMIN, BOT, STAFF, grant
from tests.support.fake_messenger import FakeMessenger
from tests.support.fake_webhooks import FakeWebhooks
from tests.support.kept import JEONBUK
from tests.support.plans import at
from tests.support.stepping import run_until
from tests.support.updates_queue import QueuedUpdates

NOON = at("12:00")
OURS = WebhookAddress("https://field.example.invalid/telegram/webhook", "Secret_1")


@dataclass
class World:
    database: Database
    said: list[str] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        self.clock = SteppedClock(NOON)
        self.messenger = FakeMessenger(self.clock)
        self.updates = QueuedUpdates()
        self.webhooks = FakeWebhooks()

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        outside = Outside(self.clock, self.messenger, self.updates, self.webhooks)
        bot = Bot(
            read_settings(None),
            self.database,
            outside,
            BOT,
            pulse=False,
            brought_to=OURS,
            say=self.said.append,
        )
        async with serve_site(bot.site(), "127.0.0.1", 0) as self.port, bot:
            yield bot

    async def brings(self, update_id: int, text: str, secret: str = OURS.secret) -> int:
        body = {"update_id": update_id, **raw_updates.text_message(STAFF, text, update_id, self.clock.now())}
        async with aiohttp.ClientSession() as session:
            asked = session.post(
                f"http://127.0.0.1:{self.port}{PATH}",
                data=json.dumps(body),
                headers={SECRET_HEADER: secret},
            )
            async with asked as response:
                return response.status

    async def passes(self, bot: Bot, seconds: float) -> None:
        horizon = self.clock.now() + timedelta(seconds=seconds)
        await run_until(self.clock, horizon, bot.activity, lambda _: bot.busy())

    def told(self) -> list[tuple[int, str]]:
        return [(call.message.chat, call.message.text) for call in self.messenger.accepted]


@pytest.fixture
def world(sqlite: Database) -> World:
    return World(sqlite)


async def test_what_is_brought_is_answered_and_nobody_polls(world: World) -> None:
    await grant(world.database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with world.bot() as bot:
        await bot.take_up()
        assert world.webhooks.set == [(OURS.url, OURS.secret)]
        assert await world.brings(1, "/next") == 200
        assert await world.brings(1, "/next") == 200
        assert await world.brings(2, "/next", "wrong") == 401
        await world.passes(bot, 5)
        assert [chat for chat, _ in world.told()] == [STAFF.id]
        assert await bot.answers()
    assert world.updates.offsets == []


async def test_after_the_bot_stopped_nothing_is_acknowledged_any_more(world: World) -> None:
    outside = Outside(world.clock, world.messenger, world.updates, world.webhooks)
    bot = Bot(read_settings(None), world.database, outside, BOT, pulse=False, brought_to=OURS)
    async with serve_site(bot.site(), "127.0.0.1", 0) as world.port:
        async with bot:
            early = await world.brings(1, "/next")
        assert (early, await world.brings(2, "/next")) == (200, 503)
    async with world.database.open_unit(read_only=True) as unit:
        assert await unit.inbox.waiting() <= 1


async def test_what_comes_before_the_bot_has_started_waits_for_it(world: World) -> None:
    """The site listens first: Telegram knocks at once when the webhook is set."""
    outside = Outside(world.clock, world.messenger, world.updates, world.webhooks)
    bot = Bot(read_settings(None), world.database, outside, BOT, pulse=False, brought_to=OURS)
    async with serve_site(bot.site(), "127.0.0.1", 0) as world.port:
        knocking = asyncio.create_task(world.brings(1, "/next"))
        await asyncio.sleep(0.01)
        assert not knocking.done()
        async with bot:
            assert await knocking == 200


async def test_a_removed_webhook_is_set_again_and_said_once_to_everybody_concerned(world: World) -> None:
    await grant(world.database, ADMIN, Grant(Role.ADMIN, None))
    async with world.bot() as bot:
        await bot.take_up()
        await bot.run_ticks()
        await world.webhooks.drop_webhook()
        for _ in range(3):
            await world.passes(bot, LOOK_EVERY)
            await bot.run_ticks()
        await world.passes(bot, 5)
        assert len(world.webhooks.set) == 2
        [(chat, text)] = world.told()
        assert chat == ADMIN.id
        assert "웹훅이 지워져 있어 다시 설정했습니다." in text
    assert [words.startswith("[운영 알림] 웹훅이 지워져") for words in world.said] == [True]


async def test_without_somebody_to_bring_updates_it_cannot_be_built(world: World) -> None:
    outside = Outside(world.clock, world.messenger, world.updates)
    with pytest.raises(ValueError, match="nobody"):
        Bot(read_settings(None), world.database, outside, BOT, brought_to=OURS)
