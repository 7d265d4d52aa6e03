"""The whole bot in a town of its own, and the two doors by which updates come: brought to the webhook, fetched by the poller.

One application takes a whole class of inputs: `town.feeds(inputs)`, then `town.judged()`. Time is stepped.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path

import aiohttp
from aiohttp import web
from sqlalchemy import select

from bot.app import Bot
from bot.gateways.clock import SteppedClock
from bot.gateways.telegram import TelegramUpdates
from bot.intake.webhook_watch import WebhookAddress
from bot.logs import set_up_logs
from bot.outside import Outside
from bot.services.ports import Updates
from bot.settings import Settings
from bot.web.site import serve_site
from bot.web.webhook import PATH, SECRET_HEADER
from storage.database import Database
from storage.models import DeliveryRow, InboxRow
from tests.hostile.watching import Watching
from tests.security.world import World
from tests.support.chat import BOT
from tests.support.console import logs_put_back
from tests.support.fake_webhooks import FakeWebhooks
from tests.support.filing import FakeFiles
from tests.support.plans import at
from tests.support.stepping import run_until
from tests.support.updates_queue import QueuedUpdates

SECRET = "secret-of-the-webhook"
OURS = WebhookAddress("https://field.example.invalid/telegram/webhook", SECRET)
TOKEN = "5900000003:hostile-token-for-tests"
SIDE_BY_SIDE = 16


@dataclass
class GetUpdates:
    """A Bot API that knows one method: gives bodies as they are, until an offset confirms them."""

    waiting: list[tuple[int, str]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._came = asyncio.Event()
        self._closed = False

    def close(self) -> None:
        """Lets whoever waits go, empty-handed: the server would wait for them."""
        self._closed = True
        self._came.set()

    def put(self, items: Sequence[tuple[int, str]]) -> None:
        self.waiting.extend(items)
        self._came.set()

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        offset = int(str(form.get("offset", "0")))
        self.offsets.append(offset)
        self.waiting = [one for one in self.waiting if one[0] >= offset]
        if not self.waiting and not self._closed:
            self._came.clear()
            await self._came.wait()
        items = ",".join(body for _, body in self.waiting[:100])
        body = f'{{"ok":true,"result":[{items}]}}'.encode("utf-8", "surrogatepass")
        return web.Response(body=body, content_type="application/json")


@dataclass
class Town:
    """The bot, its people and what they see."""

    world: World
    database: Database
    bot: Bot
    clock: SteppedClock
    messenger: Watching
    files: FakeFiles
    log: StringIO
    url: str
    session: aiohttp.ClientSession
    api: GetUpdates | None
    next_update: int = 500_000_000

    def number(self) -> int:
        self.next_update += 1
        return self.next_update

    async def brings(self, bodies: Sequence[tuple[int, str]]) -> list[int]:
        """Raw JSON texts by their update ids, by the door that is open; the webhook's statuses (200 for a poller)."""
        if self.api is not None:
            self.api.put(bodies)
            last = max(number for number, _ in bodies)
            async with asyncio.timeout(30):
                while not self.api.offsets or self.api.offsets[-1] <= last:
                    await asyncio.sleep(0.002)
            return [200] * len(bodies)
        gate = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(text: str) -> int:
            async with gate:
                return await self.posts(text.encode("utf-8", "surrogatepass"))

        return list(await asyncio.gather(*(one(text) for _, text in bodies)))

    async def posts(self, body: bytes, **headers: str) -> int:
        given = {SECRET_HEADER: SECRET, **{name.replace("_", "-"): value for name, value in headers.items()}}
        async with self.session.post(self.url + PATH, data=body, headers=given) as response:
            return response.status

    async def passes(self, seconds: float) -> None:
        """Time goes by, and all that is due is done."""
        horizon = self.clock.now() + timedelta(seconds=seconds)
        await run_until(self.clock, horizon, self.bot.activity, lambda _: self.bot.busy())

    async def states(self) -> dict[int, str]:
        """Every update that was kept, and what became of it."""
        async with self.database.open_unit(read_only=True) as unit:
            rows = await unit._session.execute(select(InboxRow.update_id, InboxRow.state))
            return {number: str(state) for number, state in rows}

    async def failures(self) -> dict[int, str | None]:
        async with self.database.open_unit(read_only=True) as unit:
            rows = await unit._session.execute(select(InboxRow.update_id, InboxRow.failure))
            return {number: failure for number, failure in rows if failure}

    async def replies(self) -> dict[str, str]:
        """Every delivery by its key, and what became of it; what is planned for later has not had its turn."""
        async with self.database.open_unit(read_only=True) as unit:
            rows = await unit._session.execute(
                select(DeliveryRow.dedup, DeliveryRow.state, DeliveryRow.due_at)
            )
            later = self.clock.now()
            return {
                key: str(state)
                for key, state, due in rows
                if state != "planned" or due is None or due <= later
            }


@asynccontextmanager
async def town(world: World, folder: Path, *, polled: bool = False) -> AsyncIterator[Town]:
    """A copy of the world with the whole bot in it, its site served; `polled`: updates come by getUpdates."""
    file = folder / f"town-{'polled' if polled else 'brought'}.db"
    file.write_bytes(world.file.read_bytes())
    database, clock = Database(f"sqlite+aiosqlite:///{file}"), SteppedClock(at("12:00"))
    messenger, files, api = Watching(), FakeFiles(), GetUpdates() if polled else None
    try:
        with logs_put_back(), _Heard() as log:
            async with aiohttp.ClientSession() as session, _fetching(api) as updates:
                outside = Outside(clock, messenger, updates, FakeWebhooks(), files=files)
                settings = Settings(_env_file=None)
                bot = Bot(settings, database, outside, BOT, pulse=False, brought_to=None if polled else OURS)
                async with serve_site(bot.site(), "127.0.0.1", 0) as port, bot:
                    url = f"http://127.0.0.1:{port}"
                    yield Town(world, database, bot, clock, messenger, files, log, url, session, api)
    finally:
        await database.close()


@asynccontextmanager
async def _fetching(api: GetUpdates | None) -> AsyncIterator[Updates]:
    if api is None:
        yield QueuedUpdates()
        return
    app = web.Application(client_max_size=2**20)
    app.router.add_post(f"/bot{TOKEN}/getUpdates", api.answer)
    async with (
        serve_site(app, "127.0.0.1", 0) as port,
        TelegramUpdates(TOKEN, f"http://127.0.0.1:{port}") as updates,
    ):
        try:
            yield updates
        finally:
            api.close()


class _Heard:
    """All that is logged meanwhile, as the operator's log file would have it."""

    def __enter__(self) -> StringIO:
        self._was, sys.stderr = sys.stderr, StringIO()
        set_up_logs("json")
        return sys.stderr

    def __exit__(self, *_: object) -> None:
        sys.stderr = self._was


def raw(number: int, body: object) -> str:
    """An update's JSON as Telegram writes it; lone surrogates as their escapes."""
    whole = {"update_id": number, **body} if isinstance(body, dict) else body
    text = json.dumps(whole, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(whole)
    return text


__all__ = ["GetUpdates", "Town", "raw", "town"]
