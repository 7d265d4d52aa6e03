"""Whoever does not finish a request holds no place for long, and nobody else up meanwhile.

Real connections over loopback with limits of fractions of a second. Nothing is measured: what is waited for is the end.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.web.connections import Guard, Limits
from bot.web.health import probes
from bot.web.manners import HEADERS
from bot.web.webhook import PATH, SECRET_HEADER, webhook
from tests.web.served import Site, served

QUICK = Limits(head=0.25, request=0.5, idle=0.25, parting=0.2)
PATIENT = Limits(head=60, request=60, idle=60)
SECRET = "Secret_of-the-webhook"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: field.example.invalid\r\n"
BODY = b"POST /reads HTTP/1.1\r\nHost: field.example.invalid\r\nContent-Length: 5000\r\n\r\n"


@dataclass
class Client:
    """A connection as bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def says(self, text: bytes) -> Self:
        self.writer.write(text)
        return self

    async def hears(self) -> bytes:
        """Everything until it is cut."""
        heard = bytearray()
        with contextlib.suppress(ConnectionError):
            while piece := await self.reader.read(65536):
                heard += piece
        return bytes(heard)

    async def trickles(self, text: bytes = b"x") -> bytes:
        """Goes on byte by byte until it is cut; what was heard."""
        heard = b""
        with contextlib.suppress(ConnectionError):
            while not self.reader.at_eof():
                self.writer.write(text)
                with contextlib.suppress(TimeoutError):
                    heard += await asyncio.wait_for(self.reader.read(1000), 0.02)
        return heard


class World:
    """A site, whoever works at it, and its clients."""

    def __init__(self) -> None:
        self.works = asyncio.Event()
        self.begun = asyncio.Semaphore(0)
        self.broken_off = asyncio.Event()
        self.clients: list[Client] = []
        self.site: Site

    async def works_long(self, _: web.Request) -> web.Response:
        self.begun.release()
        await self.works.wait()
        return web.Response(text="done")

    async def reads(self, request: web.Request) -> web.Response:
        self.begun.release()
        return web.Response(text=str(len(await request.read())))

    async def tells_much(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        finally:
            self.broken_off.set()

    async def connects(self, said: bytes = b"", *, local: str = "127.0.0.1") -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port, local_addr=(local, 0))
        client = Client(reader, writer).says(said)
        self.clients.append(client)
        return client

    async def answers(self) -> None:
        """Probes and webhook are there for somebody who comes now."""
        assert (await self.site.get("/healthz")).status == 200
        headers = {SECRET_HEADER: SECRET}
        assert (await self.site.asks("POST", PATH, b'{"update_id": 7}', headers)).status == 200


async def ready() -> bool:
    return True


async def taken(_: object) -> bool:
    return True


async def set_aside(_: str) -> None:
    raise AssertionError("an update was sent")


@asynccontextmanager
async def world(limits: Limits, **more: object) -> AsyncIterator[World]:
    made = World()
    part = [
        web.get("/works", made.works_long),
        web.post("/reads", made.reads),
        web.get("/much", made.tells_much),
    ]
    parts = (part, probes(ready), webhook(SECRET, taken, set_aside))
    async with served(*parts, limits=limits, **more) as made.site:  # type: ignore[arg-type]
        try:
            yield made
        finally:
            made.works.set()
            for client in made.clients:
                client.writer.close()
                with contextlib.suppress(ConnectionError):
                    await client.writer.wait_closed()


async def test_heads_that_trickle_are_cut_and_told_so() -> None:
    async with world(QUICK) as here:
        client = await here.connects(HEAD + b"X-Slow: ")
        heard = await client.trickles()
        await here.answers()
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert "제때 도착하지 않아".encode() in heard
    assert f"Referrer-Policy: {HEADERS['Referrer-Policy']}".encode() in heard


async def test_who_connects_and_says_nothing_is_cut() -> None:
    async with world(QUICK) as here:
        assert (await (await here.connects()).hears()).startswith(b"HTTP/1.1 408 ")


async def test_bodies_that_trickle_are_cut() -> None:
    async with world(QUICK) as here:
        client = await here.connects(BODY)
        await here.begun.acquire()
        assert await client.trickles() == b""
        await here.answers()


async def test_answers_that_nobody_reads_are_cut() -> None:
    async with world(QUICK) as here:
        await here.connects(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        await here.broken_off.wait()
        await here.answers()


async def test_a_connection_is_kept_for_the_next_request_and_then_closed_without_a_word() -> None:
    async with world(replace(QUICK, head=60, request=60)) as here:
        client = await here.connects(HEAD + b"\r\n" + HEAD + b"\r\n")
        heard = await client.hears()
    assert heard.count(b"HTTP/1.1 200 OK") == 2
    assert b"408" not in heard


async def test_a_further_request_that_trickles_is_cut_as_the_first_would_be() -> None:
    async with world(replace(QUICK, idle=60)) as here:
        client = await here.connects(HEAD + b"\r\n")
        assert (await client.reader.readuntil(b"ok\n")).startswith(b"HTTP/1.1 200 OK")
        assert (await client.says(HEAD).trickles()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("said", [b"", HEAD, BODY], ids=["nothing", "half a head", "half a body"])
async def test_hundreds_that_finish_nothing_give_way_to_whoever_comes(said: bytes) -> None:
    """Nobody's time is up here: the places are."""
    async with world(replace(PATIENT, most=40)) as here:
        waiting = [await here.connects(said) for _ in range(240)]
        await here.answers()
        assert [await client.hears() for client in waiting[:150]] == [b""] * 150


async def test_whoever_is_at_work_is_never_displaced() -> None:
    async with world(replace(PATIENT, most=2)) as here:
        at_work = [
            await here.connects(b"GET /works HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") for _ in "12"
        ]
        for _ in at_work:
            await here.begun.acquire()
        refused = await (await here.connects(HEAD + b"\r\n")).hears()
        here.works.set()
        answers = [await client.hears() for client in at_work]
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert "지금은 접속이 많아".encode() in refused
    assert all(answer.endswith(b"done") for answer in answers)


async def test_one_address_has_its_places_and_no_more() -> None:
    """Without a proxy in between; its own longest waiting connection goes, nobody else's."""
    async with world(replace(PATIENT, most_each=3), proxies=()) as here:
        other = await here.connects(HEAD, local="127.0.0.2")
        mine = [await here.connects(HEAD) for _ in range(6)]
        assert [await client.hears() for client in mine[:3]] == [b""] * 3
        heard = [await client.says(b"Connection: close\r\n\r\n").hears() for client in (other, *mine[3:])]
    assert all(one.startswith(b"HTTP/1.1 200 OK") for one in heard)


async def test_addresses_with_one_connection_each_do_not_shut_out_a_hall_behind_one() -> None:
    """Whoever waits longest makes room, of all: not the hall, though its address soon holds most."""
    async with world(replace(PATIENT, most=30), proxies=()) as here:
        silent = [await here.connects(b"", local=f"127.0.2.{number}") for number in range(1, 31)]
        hall = [await here.connects(b"", local="127.0.1.1") for _ in range(20)]
        for number in range(1, 11):
            await here.connects(b"", local=f"127.0.3.{number}")
        asked = HEAD + b"Connection: close\r\n\r\n"
        heard = [await phone.says(asked).hears() for phone in hall]
        assert [await client.hears() for client in silent] == [b""] * 30
    assert all(one.startswith(b"HTTP/1.1 200 OK") for one in heard)


async def test_one_address_alone_displaces_nobody_else() -> None:
    """Somebody with a slow line keeps the one connection, however long it waits, while another opens many."""
    async with world(replace(PATIENT, most=10, most_each=6), proxies=()) as here:
        slow = await here.connects(HEAD, local="127.0.0.2")
        for _ in range(60):
            await here.connects(HEAD)
        assert (await slow.says(b"Connection: close\r\n\r\n").hears()).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "said",
    [
        b"canary and no HTTP\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03canary" + bytes(40),
        b"GET /canary HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nbad header canary\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: canary\r\n\r\n",
        b"GET /" + b"canary" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-Canary: canary\r\n" * 300 + b"\r\n",
    ],
    ids=["words", "TLS", "a version", "a header", "a length", "a long line", "many headers"],
)
async def test_what_is_no_http_is_answered_as_everything_is_and_logged_without_a_word_of_it(
    said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs:
        async with world(PATIENT) as here:
            heard = await (await here.connects(said)).hears()
            await here.answers()
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 400 ", b"HTTP/1.0 400 "))
    for name, value in HEADERS.items():
        assert f"{name}: {value}".encode() in head
    assert body.decode().startswith("요청의 형식이 올바르지 않아")
    assert logs == [{"event": "connections cut", "log_level": "warning", "malformed": 1}]
    assert "canary" not in str(logs) + heard.decode("utf-8", "replace") + caplog.text
    assert not caplog.records


async def test_an_expectation_that_nobody_knows_is_refused_with_the_headers_too() -> None:
    async with world(PATIENT) as here:
        client = await here.connects(HEAD + b"Expect: the-unexpected\r\nConnection: close\r\n\r\n")
        heard = await client.hears()
    assert heard.startswith(b"HTTP/1.1 417 ")
    assert b"Content-Security-Policy: " in heard


async def test_what_was_cut_is_told_in_one_line_however_much_it_was() -> None:
    with capture_logs() as logs:
        async with world(replace(PATIENT, most=5)) as here:
            for _ in range(30):
                await here.connects(HEAD)
            await here.answers()
    assert [(one["event"], one["displaced"] >= 25) for one in logs] == [("connections cut", True)]
    assert "127.0.0.1" not in str(logs)


async def test_nothing_is_kept_of_an_address_whose_connections_ended() -> None:
    async def nothing(_: web.BaseRequest) -> web.Response:
        return web.Response()

    guard = Guard(web.Server(nothing), PATIENT)
    server = await asyncio.get_running_loop().create_server(guard, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"\r\n")
        assert await reader.read(15) == b"HTTP/1.1 200 OK"
        assert guard.standing == 1
        writer.write(HEAD + b"Connection: close\r\n\r\n")
        await reader.read()
        writer.close()
        await writer.wait_closed()
    assert guard._held == {}


def test_the_usual_limits_leave_files_for_the_rest() -> None:
    usual = Limits()
    assert usual.most <= 1024 // 2, "a process may usually open 1,024 files"
    assert usual.most_each < usual.most
