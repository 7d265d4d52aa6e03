"""Named points of the bot, put on it from outside: the product knows nothing of them.

`install` is for a process that is the bot and nothing else: it changes classes for good.
"""

import os
from contextvars import ContextVar

import httpx

import bot.running
from bot.app import Bot
from bot.gateways.remote_clock import RemoteClock
from bot.gateways.telegram_api import UNHURRIED
from bot.intake.door import Door
from bot.scheduling.ticks import Tick, Ticks
from bot.services.ports import RawUpdate, SendError
from bot.services.sending.choice import Ready
from bot.services.sending.courier import Courier
from bot.services.sending.sender import Sender
from storage.database import Database
from tests.faults.chaos import DELIVERY_HEADER, SENT_AT_HEADER
from tests.faults.no_room import heed_flag
from tests.faults.passing import Passing, around
from tests.faults.point_names import KNOWN_POINTS, SELDOM_POINTS, STOP_POINTS, points_of
from tests.faults.points_storage import put_on_storage
from tests.faults.values import Life
from tests.faults.wrong_clock import shift_clock

__all__ = ["KNOWN_POINTS", "SELDOM_POINTS", "STOP_POINTS", "install", "points_of"]

PATIENCE = "HARNESS_PATIENCE"
"""In a life's environment: seconds for which the bot waits for Telegram's answer."""
_DELIVERY: ContextVar[str | None] = ContextVar("harness_delivery", default=None)
"""The delivery that the task is handing over."""


def install(life: Life, last_words: int | None = None) -> None:
    """Puts the points on this process, for good. `last_words`: a pipe that is told at which of them it dies."""
    passed = os.open(life.passed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    passing = Passing(passed, life.deadly, last_words)
    put_on_storage(passing)
    _http(passing)
    _deliveries()
    _ticks(passing)
    _webhook(passing)
    _start_and_stop(passing)
    if life.clock_shift:
        shift_clock(life.clock_shift)
    if PATIENCE in life.environment:
        object.__setattr__(UNHURRIED, "answer", float(life.environment[PATIENCE]))
    heed_flag(life.environment.get("DATABASE_URL", ""))


def _http(passing: Passing) -> None:
    """Around each call of the Bot API, which is told of the delivery that it carries and when it left (by the right clock). Addresses hold the token: only their end is used."""
    handle, enter = httpx.AsyncHTTPTransport.handle_async_request, RemoteClock.__aenter__
    clocks: list[RemoteClock] = []

    async def entering(clock: RemoteClock) -> RemoteClock:
        clocks[:] = [clock]
        return await enter(clock)

    async def handling(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        method = "file" if path.startswith("/file/") else path.rpartition("/")[2]
        if (delivery := _DELIVERY.get()) is not None:
            request.headers[DELIVERY_HEADER] = delivery
        passing.come(f"http:{method}:before")
        for clock in clocks:
            request.headers[SENT_AT_HEADER] = clock._time.now().isoformat()
        response = await handle(transport, request)
        passing.come(f"http:{method}:answered")
        return response

    setattr(httpx.AsyncHTTPTransport, "handle_async_request", handling)  # noqa: B010 (put on from outside)
    setattr(RemoteClock, "__aenter__", entering)  # noqa: B010


def _deliveries() -> None:
    hand_over = Courier.hand_over

    async def handing_over(courier: Courier, ready: Ready) -> int | SendError:
        before = _DELIVERY.set(ready.delivery.id)
        try:
            return await hand_over(courier, ready)
        finally:
            _DELIVERY.reset(before)

    setattr(Courier, "hand_over", handing_over)  # noqa: B010


def _ticks(passing: Passing) -> None:
    run = Ticks._run

    async def running(ticks: Ticks, tick: Tick) -> None:
        passing.come(f"tick:{tick.name}:before")
        await run(ticks, tick)
        passing.come(f"tick:{tick.name}:after")

    setattr(Ticks, "_run", running)  # noqa: B010


def _webhook(passing: Passing) -> None:
    """Between the commit of an update that was brought and its acknowledgement, in either way."""
    take = Door.take

    async def taking(door: Door, update: RawUpdate) -> bool:
        passing.come("webhook:arrived")
        taken = await take(door, update)
        passing.come("webhook:committed" if taken else "webhook:not_committed")
        return taken

    setattr(Door, "take", taking)  # noqa: B010


def _start_and_stop(passing: Passing) -> None:
    around(passing, bot.running, "bring_up", "start:locked", "start:migrated")
    around(passing, bot.running, "_reached", after="start:identified")
    around(passing, Sender, "recover", after="start:recovered")
    around(passing, Bot, "__aenter__", after="start:running")
    around(passing, Bot, "take_up", after="start:taken_up")
    around(passing, Bot, "__aexit__", "stop:asked", "stop:drained")
    around(passing, Ticks, "stop", after="stop:ticks")
    around(passing, Door, "shut", after="stop:door")
    around(passing, Database, "close", after="stop:closed")
