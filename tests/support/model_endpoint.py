"""An OpenAI-compatible endpoint of this machine that does as it is told: `async with endpoint() as served`."""

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.model_writers import asks_to_sort, knows_nothing, well_written

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer by its status and body (JSON, or bytes as they are)."""

    body: Json | bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """Never answers."""


@dataclass(frozen=True)
class Drop:
    """Hangs up in the middle of the request."""


def completion(content: str | None, *, tokens: int | None = 321, **message: Any) -> Reply:
    """A chat completion with this content. `ending` is its finish_reason; tokens None: it does not tell."""
    ending = message.pop("ending", "stop")
    said = {"role": "assistant", "content": content, **message}
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "가상모형-1",
        "choices": [{"index": 0, "message": said, "finish_reason": ending}],
    }
    if tokens is not None:
        body["usage"] = {"prompt_tokens": tokens - 21, "completion_tokens": 21, "total_tokens": tokens}
    return Reply(body)


def refusal(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    body = {"error": {"message": message, "type": "some_error", "param": None, "code": code}}
    return Reply(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass
class Served:
    """A running endpoint. `script` is used up first; then `otherwise` answers from the request's data."""

    url: str = ""
    script: deque[Reply | Hang | Drop] = field(default_factory=deque)
    otherwise: Callable[[str], Json] | None = well_written
    sorts: Callable[[str], Json] = knows_nothing
    requests: list[Json] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    busy: int = 0
    most_busy: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def writing(self) -> list[Json]:
        """The requests for a theme's sentences."""
        return [one for one in self.requests if not asks_to_sort(one["messages"][-1]["content"])]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        try:
            return await self._answer(request)
        finally:
            self.busy -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.text())
        self.paths.append(request.path)
        self.requests.append(asked)
        self.headers.append(dict(request.headers))
        reply = self.script.popleft() if self.script else self._written(asked)
        if isinstance(reply, Hang):
            await self.closing.wait()
            return web.Response()
        if isinstance(reply, Drop):
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(reply.body, bytes):
            kind = reply.headers.get("Content-Type", "application/json")
            return web.Response(body=reply.body, status=reply.status, content_type=kind)
        return web.json_response(reply.body, status=reply.status, headers=reply.headers)

    def _written(self, asked: Json) -> Reply:
        data = asked["messages"][-1]["content"]
        answer = self.sorts if asks_to_sort(data) else self.otherwise
        assert answer is not None, "the script is used up"
        return completion(json.dumps(answer(data), ensure_ascii=False))


@contextmanager
def endpoint_beside() -> Iterator[Served]:
    """The endpoint in a thread of its own, for tests that have no loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = endpoint()
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@asynccontextmanager
async def endpoint() -> AsyncIterator[Served]:
    """The endpoint, for the length of the block."""
    served = Served()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_post("/v1/chat/completions", served.answer)
    app.router.add_post("/elsewhere/chat/completions", served.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{site.port}/v1"
    try:
        yield served
    finally:
        served.closing.set()
        await runner.cleanup()
