"""Probes: is the process alive, and does it answer for its database. They tell nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web


class NotListening(Exception):
    """The address cannot be taken: somebody else has it, or it is not this machine's."""


def health_app(ready: Callable[[], Awaitable[bool]]) -> web.Application:
    """`/healthz` answers while the loop runs; `/readyz` asks `ready` (503 when it says no)."""

    async def alive(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def answers(_: web.Request) -> web.Response:
        is_ready = await ready()
        return web.Response(text="ok\n" if is_ready else "not ready\n", status=200 if is_ready else 503)

    app = web.Application()
    app.add_routes([web.get("/healthz", alive), web.get("/readyz", answers)])
    return app


@asynccontextmanager
async def serve_health(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port that was taken (port 0: any free one). Raises NotListening."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError:
            raise NotListening from None
        yield site.port or port
    finally:
        await runner.cleanup()
