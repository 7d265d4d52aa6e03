"""An endpoint for POST /v1/audio/transcriptions: answers as a test has written down, and keeps what it was asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the fields of its form, the file's bytes and its name."""

    fields: dict[str, str]
    file: bytes
    name: str
    key: str


@dataclass
class Transcriptions:
    """`answers` in turn: a status and a body; the last one stays."""

    answers: list[tuple[int, str]] = field(
        default_factory=lambda: [(200, '{"text": "통근버스가 필요합니다."}')]
    )
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        fields, file, name = {}, b"", ""
        for key, value in form.items():
            if isinstance(value, web.FileField):
                file, name = value.file.read(), value.filename
            else:
                fields[key] = str(value)
        self.asked.append(Asked(fields, file, name, request.headers.get("Authorization", "")))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, text=body, content_type="application/json", headers=self.headers)


@asynccontextmanager
async def transcriptions() -> AsyncIterator[Transcriptions]:
    """The endpoint, served on loopback while the block runs."""
    endpoint = Transcriptions()
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", endpoint.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        endpoint.url = str(server.make_url("/v1"))
        yield endpoint
