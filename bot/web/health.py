"""Probes: is the process alive, and does it answer for its database. They tell nothing else."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.site import Part


def probes(ready: Callable[[], Awaitable[bool]]) -> Part:
    """`/healthz` answers while the loop runs; `/readyz` asks `ready` (503 when it says no)."""

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def answers(_: web.Request) -> web.Response:
        is_ready = await ready()
        return web.Response(text="ok\n" if is_ready else "not ready\n", status=200 if is_ready else 503)

    return [web.get("/healthz", alive), web.get("/readyz", answers)]
