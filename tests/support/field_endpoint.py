"""One endpoint for both models, as an operator has it: it writes digests and writes voices down, on loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.model_endpoint import Served
from tests.support.transcriptions import Transcriptions


@dataclass(frozen=True, slots=True)
class Models:
    """`writer` answers chat completions, `ear` transcriptions."""

    url: str
    writer: Served
    ear: Transcriptions


@asynccontextmanager
async def models() -> AsyncIterator[Models]:
    """The endpoint, while the block runs."""
    writer, ear = Served(), Transcriptions()
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_post("/v1/chat/completions", writer.answer)
    app.router.add_post("/v1/audio/transcriptions", ear.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        yield Models(str(server.make_url("/v1")), writer, ear)
