"""Connections that never finish: each has its time, there is a most of them, and whoever waits longest makes room.

aiohttp bounds what a request may hold, not how long it may take. So each connection has one alarm here: until the head of a
request is there, until it is answered and the answer taken, until the next one begins. Neither trickled heads and bodies nor
answers that nobody reads hold a place for longer. When all places are taken, whoever came last is let in: the connection
that waits longest for its own client goes, whosever it is. Of the address that holds most it must not be: among addresses
with one connection each that is the hall behind its one. Nothing is kept of an address whose connections ended.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.domain.networks import LOOPBACK, Network
from bot.web.addresses import address_of, is_one_of
from bot.web.manners import SILENT, Words, add_headers, bare_answer, said

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and numbers of connections.

    `head`: from the connection, or the first byte of a further request, to the end of its head. `request`: from there until it is
    answered (a form may take READ_WITHIN to arrive, a webhook up to 20 s to be committed). `idle`: between requests; more
    than reverse proxies keep theirs (nginx: 60). `parting`: for the last bytes to be taken. `most`: of all; below the 1,024
    files that a process may usually open. `most_each`: of one address that is no proxy of ours: 130 phones have some each.
    `telling`: how often what was cut is told in the log, in one line.
    """

    head: float = 15.0
    request: float = 60.0
    idle: float = 75.0
    parting: float = 5.0
    most: int = 512
    most_each: int = 192
    telling: float = 60.0


class _Body(Protocol):
    """A request's body, as far as we ask about it."""

    def is_eof(self) -> bool: ...


class _Waits(Enum):
    """What a connection waits for."""

    FOR_A_REQUEST = auto()  # nothing of the next one has come
    FOR_A_HEAD = auto()
    FOR_ITS_END = auto()  # body, work, and the answer


class Guard:
    """Makes the connections of one server. `proxies` may hold as many as there are: they speak for many."""

    def __init__(
        self,
        server: web.Server,
        limits: Limits,
        words: Words = SILENT,
        proxies: Collection[Network] = LOOPBACK,
    ) -> None:
        self.limits = limits
        self.words = words
        self.cut: Counter[str] = Counter()
        self._server = server
        self._proxies = proxies
        self._held: dict[Connection, str] = {}
        self._loop = asyncio.get_running_loop()
        self._telling: asyncio.TimerHandle | None = None
        make = server.request_factory

        def begin(message: Any, payload: Any, protocol: Any, *rest: Any) -> web.BaseRequest:
            if isinstance(protocol, Connection):
                protocol.begins(payload)
            return make(message, payload, protocol, *rest)

        server.request_factory = begin

    def __call__(self) -> "Connection":
        return Connection(self, self._server, self._loop, access_log=None)

    @property
    def standing(self) -> int:
        """How many connections there are."""
        return len(self._held)

    def enter(self, connection: "Connection", peer: str) -> bool:
        """Whether there is a place for it, or somebody who waits can make one."""
        address = address_of(peer)
        theirs = [one for one, at in self._held.items() if at == address]
        if len(theirs) >= self.limits.most_each and not is_one_of(peer, self._proxies):
            if not self._displace(theirs):
                return False
        elif self.standing >= self.limits.most and not self._displace(self._held):
            return False
        self._held[connection] = address
        return True

    def leave(self, connection: "Connection") -> None:
        self._held.pop(connection, None)

    def count(self, what: str) -> None:
        """Something was cut or not understood: told after a while, in one line, however often it happened."""
        self.cut[what] += 1
        if self._telling is None:
            self._telling = self._loop.call_later(self.limits.telling, self.tell)

    def tell(self) -> None:
        """One line about what was counted, if anything was."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
            log.warning("connections cut", **self.cut)
            self.cut.clear()

    def _displace(self, candidates: Iterable["Connection"]) -> bool:
        waiting = [one for one in candidates if one.waits_for_its_client]
        if not waiting:
            return False
        longest = min(waiting, key=lambda one: one.since)
        self.leave(longest)
        longest.cut("displaced")
        return True


class Connection(web.RequestHandler):
    """One connection, with an alarm for whatever it waits for."""

    __slots__ = ("_alarm", "_guard", "_payload", "_waits", "since")

    def __init__(
        self, guard: Guard, server: web.Server, loop: asyncio.AbstractEventLoop, **options: Any
    ) -> None:
        super().__init__(server, loop=loop, **options)
        self.since = loop.time()
        self._guard = guard
        self._waits = _Waits.FOR_A_HEAD
        self._payload: _Body | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def waits_for_its_client(self) -> bool:
        """Whether nobody here is at work on it: it was not asked anything yet, or not wholly, or nobody takes the answer."""
        return self._payload is None or not self._payload.is_eof() or self.writing_paused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        if self._guard.enter(self, str(peer[0]) if peer else ""):
            self._wait(_Waits.FOR_A_HEAD, self._guard.limits.head)
        else:
            self._guard.count("refused")
            self._part(503)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._guard.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if data and self._waits is _Waits.FOR_A_REQUEST:
            self._wait(_Waits.FOR_A_HEAD, self._guard.limits.head)
        super().data_received(data)

    def begins(self, payload: _Body) -> None:
        """The head of a request was read."""
        self._payload = payload
        self._wait(_Waits.FOR_ITS_END, self._guard.limits.request)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        if isinstance(resp, web.StreamResponse):
            add_headers(resp)
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._payload = None
            self._wait(_Waits.FOR_A_REQUEST, self._guard.limits.idle)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP (400), or failed before any page was asked. `message` quotes what came, and goes nowhere."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun")
        if status == web.HTTPBadRequest.status_code:
            self._guard.count("malformed")
        else:
            log.error("connection failed", failure=type(exc).__name__, exc_info=exc)
        response = web.Response(text=said(self._guard.words, status), status=status)
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """aiohttp's own words name the peer."""
        error = kw.get("exc_info")
        log.error("connection failed", exc_info=error if isinstance(error, BaseException) else None)

    def cut(self, why: str) -> None:
        """Ends it now, whatever was still to be sent."""
        self._guard.count(why)
        if self.transport is not None:
            self.transport.abort()

    def _wait(self, what: _Waits, seconds: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self.transport is not None:
            self._waits, self.since = what, self._loop.time()
            self._alarm = self._loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        if self.transport is None:
            return
        if self._waits is _Waits.FOR_A_REQUEST and not self.transport.is_closing():
            self._shut()  # nobody asked anything: nothing to say, nothing to tell
        elif self._waits is _Waits.FOR_A_HEAD and not self.transport.is_closing():
            self._guard.count("late")
            self._part(408)
        else:
            self.cut("late")

    def _part(self, status: int) -> None:
        """A last word, and a while to take it."""
        if self.transport is not None:
            self.transport.write(bare_answer(self._guard.words, status))
            self._shut()

    def _shut(self) -> None:
        if self.transport is not None:
            self.transport.close()
            self._alarm = self._loop.call_later(self._guard.limits.parting, self.transport.abort)
