"""The probes: alive, ready, and nothing else said."""

import aiohttp
import pytest

from bot.web.health import probes
from bot.web.site import NotListening, build_site, serve_site


class Readiness:
    def __init__(self, *, ready: bool) -> None:
        self.ready = ready

    async def __call__(self) -> bool:
        return self.ready


async def fetched(port: int, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text()


async def test_alive_whatever_happens_and_ready_only_when_the_bot_says_so() -> None:
    ready = Readiness(ready=True)
    async with serve_site(build_site(probes(ready)), "127.0.0.1", 0) as port:
        assert await fetched(port, "/healthz") == (200, "ok\n")
        assert await fetched(port, "/readyz") == (200, "ok\n")
        ready.ready = False
        assert await fetched(port, "/healthz") == (200, "ok\n")
        assert await fetched(port, "/readyz") == (503, "not ready\n")
        assert (await fetched(port, "/"))[0] == 404
    with pytest.raises(aiohttp.ClientConnectorError):
        await fetched(port, "/healthz")


async def test_a_port_that_is_taken_is_told_apart_from_other_failures() -> None:
    ready = Readiness(ready=True)
    async with serve_site(build_site(probes(ready)), "127.0.0.1", 0) as port:
        with pytest.raises(NotListening):
            async with serve_site(build_site(probes(ready)), "127.0.0.1", port):
                raise AssertionError("served twice")
        assert await fetched(port, "/healthz") == (200, "ok\n")
