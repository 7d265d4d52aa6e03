"""A site on loopback, and a client without an opinion."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.web.site import Part, build_site, serve_site


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
async def served(*parts: Part) -> AsyncIterator[Site]:
    async with serve_site(build_site(*parts), "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        yield Site(port, session)
