"""Pushing updates to the bot's webhook, as Telegram does.

A 2xx is done. Anything else is tried again at once, then after 2, 4, 8 … seconds of the rehearsal's clock,
a minute at most, for a day. Updates of one chat keep their order; chats go side by side, up to the webhook's
`max_connections`. A method call in the answer's body is not carried out.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from bot.rehearsal.faults import Fault, FaultKind
from bot.rehearsal.ground import Ground
from bot.rehearsal.updates import Queued
from bot.rehearsal.values import Mishap, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
FAULT = "webhook"
"""The method name by which faults strike a push."""
LONGEST_PAUSE = 60.0

Sleep = Callable[[float], Awaitable[None]]


class Post(Protocol):
    """The way to the bot's webhook (bot.gateways.loopback)."""

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str], /) -> int:
        """The status of the answer. Raises OSError when none came."""
        ...


class Pusher:
    """Pushes while `run` runs. `sleep` is the rehearsal's clock's."""

    def __init__(self, ground: Ground, post: Post, sleep: Sleep) -> None:
        self._ground = ground
        self._updates = ground.updates
        self._post = post
        self._sleep = sleep
        self._lanes: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """For ever; a webhook that is changed or deleted ends what is under way to the old one."""
        webhook: Webhook | None = None
        slots = asyncio.Semaphore(1)
        try:
            while True:
                if self._updates.webhook != webhook:
                    await self._end_lanes()
                    webhook = self._updates.webhook
                    slots = asyncio.Semaphore(1 if webhook is None else webhook.max_connections)
                if webhook is not None:
                    for chat in self._without_lane():
                        lane = asyncio.create_task(self._lane(webhook, slots, chat))
                        self._lanes[chat] = lane
                await self._ground.changes.until(self._more_to_do_than(webhook), within=None)
        finally:
            await self._end_lanes()

    def _more_to_do_than(self, webhook: Webhook | None) -> Callable[[], bool]:
        return lambda: (
            self._updates.webhook != webhook or (webhook is not None and bool(self._without_lane()))
        )

    def _without_lane(self) -> list[int]:
        return [chat for chat in self._updates.chats() if chat not in self._lanes]

    async def _end_lanes(self) -> None:
        lanes = list(self._lanes.values())
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        self._lanes.clear()
        self._updates.resting.clear()

    async def _lane(self, webhook: Webhook, slots: asyncio.Semaphore, chat: int) -> None:
        pause = 0.0
        while (update := self._updates.first_of(chat)) is not None:
            async with slots:
                taken = await self._push(webhook, update)
            if taken:
                pause = 0.0
                self._updates.settle(update)
                continue
            await self._rest(chat, pause)
            pause = min(pause * 2 or 2.0, LONGEST_PAUSE)
        del self._lanes[chat]

    async def _rest(self, chat: int, pause: float) -> None:
        if not pause:
            return
        self._updates.resting.add(chat)
        self._ground.changes.notify()
        try:
            await self._sleep(pause)
        finally:
            self._updates.resting.discard(chat)

    async def _push(self, webhook: Webhook, update: Queued) -> bool:
        try:
            status = await self._struck(webhook, update)
        except OSError as error:
            self._missed(_reason(error))
            return False
        if 200 <= status < 300:
            return True
        self._missed(f"Wrong response from the webhook: {status} {_phrase(status)}".strip())
        return False

    async def _struck(self, webhook: Webhook, update: Queued) -> int:
        """The answer's status, unless a fault is on order."""
        fault: Fault | None = self._ground.faults.take(FAULT, update.chat)
        if fault is None:
            return await self._send(webhook, update)
        fault.arrived.set()
        status = await self._send(webhook, update) if fault.accepted else None
        match fault.kind:
            case FaultKind.REPLY:
                return fault.status
            case FaultKind.DROP:
                raise ConnectionResetError
            case FaultKind.HOLD:
                await fault.released.wait()
                return await self._send(webhook, update) if status is None else status

    async def _send(self, webhook: Webhook, update: Queued) -> int:
        body = json.dumps(update.json(), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        return await self._post(webhook.url, body, headers)

    def _missed(self, words: str) -> None:
        self._updates.mishap = Mishap(self._ground.now(), words)


def _reason(error: OSError) -> str:
    match error:
        case TimeoutError():
            return "Read timeout expired"
        case ConnectionRefusedError():
            return "Connection refused"
        case ConnectionResetError():
            return "Connection reset by peer"
        case _:
            return "Connection failed"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
