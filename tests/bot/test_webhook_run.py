"""`run` with a webhook, against the local Telegram that pushes; and from polling to it and back, with nothing lost."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from bot import running
from bot.gateways.loopback import LoopbackPost
from bot.rehearsal.errors import conflict
from bot.rehearsal.pushing import Pusher
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.values import Webhook
from bot.rehearsal.world import World
from bot.services.intake_troubles import Trouble, troubles_now
from bot.settings import Settings, read_settings
from bot.web.webhook import PATH
from storage.database import Database
from storage.models import DeliveryRow, InboxRow, SeenUpdateRow
from storage.models.traffic import InboxState
from tests.rehearsal.served import MovedClock, call
from tests.support.console import Console

TOKEN = "5900000001:token-that-must-never-be-logged"
PEOPLE, MESSAGES = 20, 10
WITHIN = 40.0


@dataclass
class Stage:
    """A local Telegram that pushes and is polled, and a bot that comes and goes on one database."""

    world: World
    settings: Settings
    database: Database
    capture: Callable[[], str]

    @asynccontextmanager
    async def bot(self, *, webhook: bool, **changes: object) -> AsyncIterator[None]:
        """`run` in this process until SIGTERM; it must end by itself then."""
        settings = self.settings.model_copy(update={} if webhook else {"public_url": None})
        task = asyncio.create_task(running.run(settings.model_copy(update=changes)))
        task.add_done_callback(lambda _: self.world.changes.notify())
        try:
            await self.world.until(lambda: task.done() or self.taken_up(webhook=webhook), within=WITHIN)
            yield
        finally:
            if not task.done():
                os.kill(os.getpid(), signal.SIGTERM)
            async with asyncio.timeout(WITHIN):
                await task

    def taken_up(self, *, webhook: bool) -> bool:
        return self.webhook_url != "" if webhook else self.world.updates.polled

    @property
    def webhook_url(self) -> str:
        return "" if self.world.updates.webhook is None else self.world.updates.webhook.url

    async def count(self, what: type[InboxRow | SeenUpdateRow]) -> int:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit._session.scalar(select(func.count()).select_from(what)) or 0

    async def settled(self) -> None:
        """Until nothing waits in the inbox."""
        async with asyncio.timeout(WITHIN):
            while True:
                async with self.database.open_unit(read_only=True) as unit:
                    if await unit.inbox.waiting() == 0:
                        return
                await asyncio.sleep(0.02)

    async def troubles(self) -> set[Trouble]:
        async with self.database.open_unit(read_only=True) as unit:
            return set(await troubles_now(unit))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
async def stage(
    console: Console, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Stage]:
    port = free_port()
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    world = World(MovedClock().now)

    async def soon(seconds: float) -> None:
        """Telegram's pauses between its tries, a hundred times shorter."""
        await asyncio.sleep(seconds / 100)

    async with (
        LoopbackPost() as post,
        serve(create_app(world, TOKEN, pusher=Pusher(world, post, soon))) as url,
    ):
        monkeypatch.setenv("TELEGRAM_API_URL", url)
        monkeypatch.setenv("PUBLIC_URL", f"http://127.0.0.1:{port}/")
        settings = read_settings(None)
        database = Database(settings.database)
        yield Stage(world, settings, database, lambda: "".join(capsys.readouterr()))
        await database.close()


async def test_updates_are_brought_answered_and_the_secret_outlives_the_process(stage: Stage) -> None:
    guest = stage.world.add_user("가상 방문객").id
    async with stage.bot(webhook=True):
        assert stage.webhook_url == f"{stage.settings.public_url}{PATH}"
        webhook = stage.world.updates.webhook
        assert stage.world.updates.allowed is not None
        assert "callback_query" in stage.world.updates.allowed
        stage.world.start(guest)
        assert (await stage.world.next_message(guest, within=10)).text
        assert not stage.world.updates.polled
    assert stage.world.updates.mishap is None, "the first knock was answered: the site listened before"
    async with stage.bot(webhook=True):
        assert stage.world.updates.webhook == webhook, "the same secret"
        assert await stage.troubles() == set()
    said = stage.capture()
    assert TOKEN not in said
    assert webhook is not None
    assert webhook.secret not in said


async def test_from_polling_to_the_webhook_and_back_every_update_is_settled_once(stage: Stage) -> None:
    """People write all the while, also when nobody is there to hear it."""
    people = [stage.world.add_user(f"가상 방문객 {number}").id for number in range(PEOPLE)]
    for person in people:
        stage.world.start(person)
    rounds = iter(range(MESSAGES - 1))

    async def everybody_writes() -> None:
        number = next(rounds)
        for person in people:
            stage.world.say(person, person, f"안녕하십니까 {number}")
            await asyncio.sleep(0.001)

    for webhook in (False, True, False):
        talking = asyncio.create_task(everybody_writes())
        async with stage.bot(webhook=webhook):
            await talking
            await everybody_writes()
        await everybody_writes()
    async with stage.bot(webhook=True):
        await stage.world.drained(within=WITHIN)
        await stage.settled()
    assert next(rounds, None) is None
    assert await stage.count(SeenUpdateRow) == PEOPLE * MESSAGES
    async with stage.database.open_unit(read_only=True) as unit:
        states = await unit._session.execute(
            select(InboxRow.state, InboxRow.attempts, func.count()).group_by(
                InboxRow.state, InboxRow.attempts
            )
        )
        replies = await unit._session.execute(
            select(DeliveryRow.chat_id, func.count()).group_by(DeliveryRow.chat_id)
        )
    assert [tuple(row) for row in states] == [(InboxState.SETTLED, 1, PEOPLE * MESSAGES)]
    assert {row[0]: row[1] for row in replies} == dict.fromkeys(people, MESSAGES)


async def test_an_address_that_telegram_refuses_is_said_and_the_bot_lives_on(stage: Stage) -> None:
    stage.world.faults.reply(400, "Bad Request: bad webhook: Failed to resolve host", method="setWebhook")
    refused = stage.world.faults.hold(method="getMe")
    task = asyncio.create_task(running.run(stage.settings))
    async with asyncio.timeout(WITHIN):
        await refused.arrived.wait()
        refused.release()
        while await stage.troubles() != {Trouble.WEBHOOK_REFUSED}:
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await task
    said = stage.capture()
    assert "텔레그램이 웹훅 주소를 받아들이지 않아" in said
    assert TOKEN not in said


async def test_polling_removes_the_webhook_that_was_left_and_says_when_one_is_set_meanwhile(
    stage: Stage,
) -> None:
    async with stage.bot(webhook=True):
        pass
    assert stage.webhook_url
    async with stage.bot(webhook=False):
        assert stage.webhook_url == ""
        assert "남아 있던 웹훅(127.0.0.1)을 해제했습니다." in stage.capture()
        stage.world.updates.webhook = Webhook("http://127.0.0.1:9/theirs", "", 1)
        stage.world.updates.end_poll(conflict("terminated by setWebhook request"))
        async with asyncio.timeout(WITHIN):
            while await stage.troubles() != {Trouble.WEBHOOK_IN_THE_WAY}:
                await asyncio.sleep(0.01)
    assert "다른 곳에서 웹훅을 설정하여" in stage.capture()


async def test_a_second_poller_is_said_when_it_disturbs_twice(stage: Stage) -> None:
    async with stage.bot(webhook=False):
        for _ in range(2):
            await stage.world.until(lambda: stage.world.updates.polled, within=WITHIN)
            assert await stage.troubles() == set()
            await call(stage.settings.telegram_api_url, TOKEN, "getUpdates", {"timeout": 0})
        async with asyncio.timeout(WITHIN):
            while await stage.troubles() != {Trouble.SECOND_POLLER}:
                await asyncio.sleep(0.01)
    assert stage.capture().count("같은 토큰으로 메시지를 받는 프로그램이 하나 더 있습니다.") == 1
