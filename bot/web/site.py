"""The one site that everything over HTTP is a part of: common manners, whatever the page.

A part is a list of routes. `guarded` gives each of them the manners, so that the rehearsal can add the same routes
to its own application; `build_site` makes an application of them.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from typing import cast

import structlog
from aiohttp import hdrs, web

from bot.domain.networks import LOOPBACK, Network
from bot.web.connections import Guard, Limits
from bot.web.manners import SILENT, WORDS, Words, add_headers, said

log = structlog.get_logger(__name__)

Part = Sequence[web.RouteDef]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST_BODY = 256 * 1024
"""Bytes of a request's body; a part that needs more says so to nobody and reads the stream itself."""
STOPPING_TAKES = 10.0
"""Seconds that requests under way get to finish when the site stops."""
BACKLOG = 100
"""Connections that the system holds until they are taken up, and that asyncio takes up before it reads from any: far fewer
than Limits.most, or one that has just come could be displaced before its request was looked at."""
_REFUSED = (401, 404, 405, 413)
"""What aiohttp refuses in its own words, which are not ours."""
_CARRIED = frozenset({hdrs.ALLOW, hdrs.WWW_AUTHENTICATE})
"""What a refusal says beside its words."""


class NotListening(Exception):
    """The address cannot be taken: somebody else has it, or it is not this machine's."""


def guarded(*parts: Part, words: Words = SILENT) -> list[web.RouteDef]:
    """The parts' routes, each with the common manners."""
    return [
        web.RouteDef(route.method, route.path, mannered(cast("Handler", route.handler), words), route.kwargs)
        for part in parts
        for route in part
    ]


def build_site(*parts: Part, words: Words = SILENT) -> web.Application:
    """An application of these parts; what is in none of them has the same manners (404).

    `words`: what to say when something is wrong (bot.web.manners.words_of).
    """

    @web.middleware
    async def manners(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await mannered(handler, words)(request)

    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[manners])
    app[WORDS] = dict(words)
    app.add_routes([route for part in parts for route in part])
    return app


def mannered(handler: Handler, words: Words) -> Handler:
    """A handler whose every answer has the headers, and whose failures are told without their words.

    What was not expected is logged once, by type and place in the code, with the reference that the page shows.
    """

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            if refused.status not in _REFUSED:
                add_headers(refused)
                raise
            response = web.Response(text=said(words, refused.status), status=refused.status)
            for name in _CARRIED & refused.headers.keys():
                response.headers[name] = refused.headers[name]
        except Exception as error:  # noqa: BLE001 (whatever it is: the person gets a sentence, the log its type)
            response = (
                web.Response(status=400) if _hung_up(request, error) else _failed(request, error, words)
            )
        add_headers(response)
        return response

    return answer


def _hung_up(request: web.Request, error: Exception) -> bool:
    """Whether the body broke off because whoever sent it is gone: nothing is wrong here, and nobody reads the answer."""
    gone = request.transport is None or request.transport.is_closing()
    return isinstance(error, web.RequestPayloadError) or (gone and isinstance(error, ConnectionError))


def _failed(request: web.Request, error: Exception, words: Words) -> web.Response:
    reference = uuid.uuid4().hex[:8]
    resource = request.match_info.route.resource
    log.error(
        "request failed",
        reference=reference,
        route=None if resource is None else resource.canonical,
        failure=type(error).__name__,
        exc_info=error,
    )
    return web.Response(text=f"{said(words, 500)}({reference})\n", status=500)


@asynccontextmanager
async def serve_site(
    app: web.Application,
    host: str,
    port: int,
    *,
    limits: Limits | None = None,
    proxies: Collection[Network] = LOOPBACK,
) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port that was taken (port 0: any free one). Raises NotListening.

    `limits`: of connections; the usual ones. `proxies` speak for many, and may have more of them.
    There is no access log: it would hold addresses of people.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOPPING_TAKES)
    await runner.setup()
    if runner.server is None:
        raise RuntimeError("no server")
    guard = Guard(runner.server, limits or Limits(), app.get(WORDS, SILENT), proxies)
    try:
        try:
            server = await asyncio.get_running_loop().create_server(guard, host, port, backlog=BACKLOG)
        except OSError:
            raise NotListening from None
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()
        guard.tell()
