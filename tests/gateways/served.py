"""A Bot API that misbehaves on demand, on loopback."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.support.telegram_rules import check_request

TOKEN = "5900000002:token-that-must-never-be-logged"
MESSAGE = {"message_id": 77, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "안녕"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a status and a body; a body that is not bytes is written as JSON."""

    body: object
    status: int = 200


def done(result: object = MESSAGE) -> Reply:
    return Reply({"ok": True, "result": result})


def refused(status: int, description: str, **parameters: object) -> Reply:
    extra = {"parameters": parameters} if parameters else {}
    return Reply({"ok": False, "error_code": status, "description": description, **extra}, status)


class Drop:
    """The connection is reset after the request was read, before anything is answered."""


class CutShort:
    """The answer breaks off in the middle of its body."""


class Hang:
    """No answer, ever."""


class Drip:
    """A file that never ends."""


@dataclass(slots=True)
class Served:
    """The server's script and its memory. Every request is held against Telegram's rules."""

    url: str = ""
    script: deque[Reply | Drop | CutShort | Hang | Drip] = field(default_factory=deque)
    calls: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def hung(self) -> None:
        """Wait until a request hangs."""
        async with asyncio.timeout(5):
            await self.hanging.wait()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        assert request.match_info["token"] == TOKEN
        params: dict[str, object] = {
            name: value.file.read() if isinstance(value, web.FileField) else value
            for name, value in (await request.post()).items()
        }
        self.names += [
            value.filename for value in (await request.post()).values() if isinstance(value, web.FileField)
        ]
        check_request(method, params)
        self.calls.append((method, params))
        match self.script.popleft() if self.script else done():
            case Reply(body=bytes(body), status=status):
                return web.Response(body=body, status=status)
            case Reply(body=body, status=status):
                return web.Response(text=json.dumps(body), status=status, content_type="application/json")
            case Drop():
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case CutShort():
                return await self._cut_short(request)
            case Hang():
                self.hanging.set()
                await self.closing.wait()
                return web.Response()
            case Drip():
                return await self._drip(request)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A download of a file that getFile named, as the script has it."""
        assert request.match_info["token"] == TOKEN
        self.downloads.append(request.match_info["path"])
        match self.script.popleft():
            case Reply(body=bytes(body), status=status):
                return web.Response(body=body, status=status)
            case Reply(body=body, status=status):
                return web.Response(text=json.dumps(body), status=status, content_type="application/json")
            case Drop():
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case CutShort():
                return await self._cut_short(request)
            case Hang():
                self.hanging.set()
                await self.closing.wait()
                return web.Response()
            case Drip():
                return await self._drip(request)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        """Bytes without end and without a promised length."""
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while not self.closing.is_set():
                await response.write(b"x" * 1000)
                await asyncio.sleep(0)
        return response

    async def _cut_short(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "500"})
        await response.prepare(request)
        await response.write(b'{"ok": true, "result"')
        assert request.transport is not None
        request.transport.close()
        return response


@asynccontextmanager
async def bot_api() -> AsyncIterator[Served]:
    """The server, for the length of the block."""
    served = Served()
    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_post("/bot{token}/{method}", served.answer)
    app.router.add_get("/file/bot{token}/{path:.+}", served.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{site.port}"
    try:
        yield served
    finally:
        served.closing.set()
        await runner.cleanup()


@asynccontextmanager
async def hangs_up_at_once() -> AsyncIterator[str]:
    """The address of a server that accepts connections and closes them without reading."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def nobody_listens() -> str:
    """An address of this machine at which nothing listens."""
    server = await asyncio.start_server(lambda _, __: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"
