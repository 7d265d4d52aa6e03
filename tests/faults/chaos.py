"""Faults of the line, struck by dice: before Telegram took a call, or after it. Each is written into the ledger."""

import json
import random
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import datetime
from enum import StrEnum

from aiohttp import web

from bot.rehearsal.ground import Ground
from bot.rehearsal.stage import RealTime
from tests.faults.ledger import Entry, Ledger

DELIVERY_HEADER = "X-Harness-Delivery"
SENT_AT_HEADER = "X-Harness-Sent-At"
DELIVERY: ContextVar[str] = ContextVar("delivery", default="")
"""Which delivery the request under way belongs to, as the bot's side of the harness says."""
SENT_AT: ContextVar[datetime | None] = ContextVar("sent_at", default=None)
"""When it left, as the bot's side says; None: it does not say."""
HANGS = 10.0
"""Real seconds for which a hanging answer hangs: longer than the bot's patience in a harness."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Strike(StrEnum):
    """What can happen to a call. The phases are those of the sender's doubt."""

    TOO_FAST = "429"
    BROKEN_BEFORE = "5xx before acceptance"
    BROKEN_AFTER = "5xx after acceptance"
    RESET_BEFORE = "reset before acceptance"
    RESET_AFTER = "reset after acceptance"
    HANG_BEFORE = "time-out before acceptance"
    HANG_AFTER = "time-out after acceptance"


SURE = frozenset({Strike.TOO_FAST})
"""Strikes after which the bot knows that nothing was sent."""
AFTER = frozenset({Strike.BROKEN_AFTER, Strike.RESET_AFTER, Strike.HANG_AFTER})
_WEIGHTS = {
    Strike.TOO_FAST: 4,
    Strike.BROKEN_BEFORE: 3,
    Strike.BROKEN_AFTER: 3,
    Strike.RESET_BEFORE: 3,
    Strike.RESET_AFTER: 3,
    Strike.HANG_BEFORE: 0.4,
    Strike.HANG_AFTER: 0.4,
}


class Chaos:
    """Strikes a share `rate` of the calls. `hangs` allows those that cost real seconds."""

    def __init__(self, ground: Ground, ledger: Ledger, rng: random.Random, real: RealTime) -> None:
        self._ground = ground
        self._real = real
        self._ledger = ledger
        self._rng = rng
        self.rate = 0.0
        self.hangs = False

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method")
        if method is None or not request.path.startswith("/bot"):
            return await handler(request)
        DELIVERY.set(request.headers.get(DELIVERY_HEADER, ""))
        sent_at = request.headers.get(SENT_AT_HEADER)
        SENT_AT.set(None if sent_at is None else datetime.fromisoformat(sent_at))
        strike = self._strike()
        if strike is None:
            return await handler(request)
        self._ledger.write(Entry.FAULT, durable=True, what=strike, method=method, delivery=DELIVERY.get())
        if method.lower() == "getupdates":
            self._ground.updates.turned_away = True
        return await self._struck(strike, request, handler)

    def _strike(self) -> Strike | None:
        if self._rng.random() >= self.rate:
            return None
        weights = {what: weight for what, weight in _WEIGHTS.items() if self.hangs or "time-out" not in what}
        return self._rng.choices(list(weights), list(weights.values()))[0]

    async def _struck(self, strike: Strike, request: web.Request, handler: Handler) -> web.StreamResponse:
        await request.read()
        polls = request.match_info["method"].lower() == "getupdates"
        if strike in AFTER and not polls:
            await handler(request)
        match strike:
            case Strike.TOO_FAST:
                return _refusal(429, "Too Many Requests: retry after 2", {"retry_after": 2})
            case Strike.BROKEN_BEFORE | Strike.BROKEN_AFTER:
                return _refusal(502, "Bad Gateway")
            case Strike.HANG_BEFORE | Strike.HANG_AFTER:
                await self._real.sleep(HANGS)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _refusal(code: int, words: str, parameters: dict[str, int] | None = None) -> web.Response:
    body: dict[str, object] = {"ok": False, "error_code": code, "description": words}
    if parameters:
        body["parameters"] = parameters
    return web.Response(text=json.dumps(body), content_type="application/json", status=code)
