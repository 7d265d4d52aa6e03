"""Updates pushed to a webhook: what counts as taken, when it is tried again, and in which order."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.gateways.clock import SteppedClock
from bot.gateways.loopback import LoopbackPost
from bot.rehearsal.pushing import SECRET_HEADER, Pusher
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.values import User
from bot.rehearsal.world import World
from tests.rehearsal.served import TOKEN, call

START = datetime(2026, 1, 21, 9, 0, tzinfo=UTC)
WITHIN = 5.0


@dataclass
class Hook:
    """A bot's endpoint that answers by its script, then 200. It remembers when it was called and for what."""

    clock: SteppedClock
    script: deque[int | OSError | asyncio.Event] = field(default_factory=deque)
    calls: list[tuple[float, str]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    under_way: int = 0
    most: int = 0

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        update = json.loads(body)
        self.calls.append((self.clock.monotonic(), update["message"]["text"]))
        self.ids.append(update["update_id"])
        self.headers.append(headers)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            return await self._answer()
        finally:
            self.under_way -= 1

    async def _answer(self) -> int:
        match self.script.popleft() if self.script else 200:
            case int(status):
                return status
            case OSError() as error:
                raise error
            case asyncio.Event() as gate:
                await gate.wait()
        return 200


@dataclass(frozen=True, slots=True)
class Rig:
    world: World
    clock: SteppedClock
    hook: Hook
    url: str
    user: User

    async def set(self, url: str = "http://127.0.0.1:9/telegram/webhook", **more: object) -> None:
        status, body = await call(self.url, TOKEN, "setWebhook", {"url": url, **more})
        assert status == 200, body

    async def info(self) -> dict[str, object]:
        _, body = await call(self.url, TOKEN, "getWebhookInfo", {})
        assert isinstance(body["result"], dict)
        return body["result"]

    def says(self, *words: str) -> None:
        for text in words:
            self.world.say(self.user.id, self.user.id, text)

    async def resting(self) -> None:
        """Until every failed push waits for the clock."""
        await self.world.until(
            lambda: bool(self.world.updates.resting) and self.world.updates.moving == 0, within=WITHIN
        )

    async def goes_on(self, by: timedelta | None = None) -> None:
        """To the next try, or on by so much, and until that try was made."""
        await self.resting()
        tries, due = len(self.hook.calls), self.clock.next_waiter()
        assert due is not None
        self.clock.advance_to(due if by is None else self.clock.now() + by)
        await self.world.until(
            lambda: not self.world.pending_updates or len(self.hook.calls) > tries, within=WITHIN
        )


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    clock = SteppedClock(START)
    world = World(clock.now)
    hook = Hook(clock)
    async with serve(create_app(world, TOKEN, pusher=Pusher(world, hook, clock.sleep))) as url:
        user = world.add_user("가상 실무자")
        world.start(user.id)
        world.updates.clear()
        yield Rig(world, clock, hook, url, user)


async def test_what_waited_and_what_comes_is_pushed_once_with_the_secret(rig: Rig) -> None:
    rig.says("하나")
    await rig.set(secret_token="Secret_1-2")
    await rig.world.drained()
    rig.says("둘", "셋")
    await rig.world.drained()
    assert [text for _, text in rig.hook.calls] == ["하나", "둘", "셋"]
    assert rig.hook.ids == sorted(set(rig.hook.ids))
    assert {headers[SECRET_HEADER] for headers in rig.hook.headers} == {"Secret_1-2"}


async def test_without_a_secret_no_header_is_sent(rig: Rig) -> None:
    await rig.set()
    rig.says("하나")
    await rig.world.drained()
    assert SECRET_HEADER not in rig.hook.headers[0]


async def test_anything_but_2xx_comes_again_at_once_then_after_growing_pauses(rig: Rig) -> None:
    rig.hook.script.extend([503, ConnectionRefusedError(), 401, 302, 500, 503, 503, 503, 503, 204])
    await rig.set()
    rig.says("하나", "둘")
    for _ in range(8):
        await rig.goes_on()
    await rig.world.drained()
    moments = [at for at, text in rig.hook.calls if text == "하나"]
    assert moments == [0, 0, 2, 6, 14, 30, 62, 122, 182, 242]
    assert rig.hook.calls[-1] == (242, "둘")


async def test_the_last_mishap_is_told_and_forgotten_with_the_address(rig: Rig) -> None:
    rig.hook.script.extend([200, 503, 503])
    await rig.set(max_connections=3, allowed_updates=["message"])
    rig.says("하나")
    await rig.world.drained()
    assert "last_error_message" not in await rig.info()
    rig.says("둘")
    await rig.resting()
    assert await rig.info() == {
        "url": "http://127.0.0.1:9/telegram/webhook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 3,
        "last_error_date": int(START.timestamp()),
        "last_error_message": "Wrong response from the webhook: 503 Service Unavailable",
        "allowed_updates": ["message"],
    }
    await call(rig.url, TOKEN, "deleteWebhook", {})
    assert "last_error_message" not in await rig.info()


async def test_one_chat_that_fails_does_not_hold_up_another(rig: Rig) -> None:
    other = rig.world.add_user("가상 국장")
    rig.hook.script.extend([500, 500])
    await rig.set()
    rig.says("하나", "둘")
    await rig.resting()
    rig.world.say(other.id, other.id, "셋")
    await rig.world.until(lambda: "셋" in [text for _, text in rig.hook.calls], within=WITHIN)
    assert "둘" not in [text for _, text in rig.hook.calls]


@pytest.mark.parametrize(("connections", "most"), [(1, 1), (2, 2), (None, 4)])
async def test_chats_go_side_by_side_as_far_as_was_asked(
    rig: Rig, connections: int | None, most: int
) -> None:
    gate = asyncio.Event()
    rig.hook.script.extend([gate] * 4)
    await rig.set(max_connections=connections)
    for number in range(4):
        person = rig.world.add_user(f"가상 참여자 {number}")
        rig.world.start(person.id)
    while rig.hook.under_way < most:
        await asyncio.sleep(0)
    gate.set()
    await rig.world.drained()
    assert rig.hook.most == most


async def test_a_deleted_webhook_leaves_what_was_not_taken_to_polling(rig: Rig) -> None:
    rig.hook.script.append(asyncio.Event())
    await rig.set()
    rig.says("하나")
    while not rig.hook.under_way:
        await asyncio.sleep(0)
    assert await call(rig.url, TOKEN, "deleteWebhook", {})
    _, body = await call(rig.url, TOKEN, "getUpdates", {})
    assert isinstance(body["result"], list)
    assert [update["message"]["text"] for update in body["result"]] == ["하나"]
    assert rig.hook.under_way == 0


async def test_after_a_day_an_update_is_given_up(rig: Rig) -> None:
    rig.hook.script.extend([500] * 2000)
    await rig.set()
    rig.says("하나")
    while rig.world.pending_updates:
        assert rig.clock.now() - START < timedelta(hours=25)
        await rig.goes_on(timedelta(minutes=61))
    assert rig.clock.now() - START >= timedelta(hours=24)


@pytest.mark.parametrize("secret", ["가", "with space", "x" * 257])
async def test_a_secret_has_telegrams_alphabet(rig: Rig, secret: str) -> None:
    url = "http://127.0.0.1:9/hook"
    status, body = await call(rig.url, TOKEN, "setWebhook", {"url": url, "secret_token": secret})
    assert status == 400
    assert "secret token" in str(body["description"])


async def test_an_empty_address_deletes_the_webhook(rig: Rig) -> None:
    await rig.set()
    await rig.set("")
    assert (await rig.info())["url"] == ""


async def test_faults_strike_pushes_too(rig: Rig) -> None:
    rig.world.faults.reply(503, method="webhook", accepted=True)
    held = rig.world.faults.hold(method="webhook")
    await rig.set()
    rig.says("하나")
    await asyncio.wait_for(held.arrived.wait(), WITHIN)
    assert len(rig.hook.calls) == 1  # it was taken, and nobody was told so
    held.release()
    await rig.world.drained()
    assert [text for _, text in rig.hook.calls] == ["하나", "하나"]


@asynccontextmanager
async def endpoint(status: int) -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """A real endpoint on loopback: its address and what it got."""
    got: list[tuple[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        got.append(
            (request.headers["X-Telegram-Bot-Api-Secret-Token"], (await request.json())["message"]["text"])
        )
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    app = web.Application()
    app.add_routes([web.post("/hook", take)])
    async with serve(app) as url:
        yield f"{url}/hook", got


async def test_over_the_wire_and_only_to_this_machine() -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "s"}
    body = json.dumps({"message": {"text": "말"}}).encode()
    async with LoopbackPost() as post:
        async with endpoint(302) as (url, got):
            assert await post(url, body, headers) == 302
            assert got == [("s", "말")]
        with pytest.raises(ConnectionRefusedError):
            await post(url, body, headers)
        with pytest.raises(ConnectionRefusedError):
            await post("https://example.org/hook", body, headers)
        with pytest.raises(ConnectionResetError):
            await post("http://127.0.0.1:9/\x00", body, headers)


async def test_an_endpoint_that_hangs_is_given_up() -> None:
    closing = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await closing.wait()
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/hook", hang)])
    async with serve(app) as url, LoopbackPost(answer_within=0.05) as post:
        with pytest.raises(TimeoutError):
            await post(f"{url}/hook", b"{}", {})
        closing.set()
