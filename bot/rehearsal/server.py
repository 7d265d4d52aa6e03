"""The rehearsal's HTTP server, on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.guard import loopback_only
from bot.rehearsal.pushing import Pusher
from bot.rehearsal.sending import MAX_UPLOAD
from bot.rehearsal.world import World

SHUTDOWN_SECONDS = 2.0


def create_app(
    world: World, token: str, *middlewares: Middleware, pusher: Pusher | None = None
) -> web.Application:
    """The Bot API of one bot. More routes (the chat page, the clock) may be added before it starts.

    Without a `pusher` a webhook can be set and is never called.
    `middlewares` see every request (tests hold them against the Bot API). Whatever is added is served to this machine's own names only (`bot.rehearsal.guard`).
    """
    app = web.Application(middlewares=[loopback_only, *middlewares], client_max_size=MAX_UPLOAD + 1024 * 1024)
    app.add_routes(BotApi(world, token).routes())

    async def take_up(_: web.Application) -> None:
        world.open()

    async def let_go(_: web.Application) -> None:
        world.close()

    async def push(_: web.Application) -> AsyncIterator[None]:
        pushing = asyncio.create_task(pusher.run()) if pusher is not None else None
        yield
        if pushing is not None:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)

    app.cleanup_ctx.append(push)
    app.on_startup.append(take_up)
    app.on_shutdown.append(let_go)
    return app


@asynccontextmanager
async def serve(app: web.Application, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve `app` while the block runs; gives its address without a slash at the end. Port 0: any free one.

    There is no access log: addresses hold the token.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = site.port
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{bound}"
    finally:
        await runner.cleanup()
