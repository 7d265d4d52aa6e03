"""A site on loopback, and a client without an opinion."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.domain.networks import LOOPBACK, Network
from bot.web.connections import Limits
from bot.web.manners import words_of
from bot.web.site import Part, build_site, serve_site
from tests.support.chat import MESSAGES
from tests.support.plans import at


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def get(self, path: str) -> Answer:
        return await self.asks("GET", path)

    async def asks(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        asked = self.session.request(
            method, f"{self.url}{path}", data=body, headers=headers, allow_redirects=False
        )
        async with asked as response:
            return Answer(response.status, await response.text(), dict(response.headers))


@asynccontextmanager
async def served(
    *parts: Part, limits: Limits | None = None, proxies: Collection[Network] = LOOPBACK
) -> AsyncIterator[Site]:
    app = build_site(*parts, words=words_of(MESSAGES, at("12:00")))
    async with (
        serve_site(app, "127.0.0.1", 0, limits=limits, proxies=proxies) as port,
        aiohttp.ClientSession() as session,
    ):
        yield Site(port, session)
