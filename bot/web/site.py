"""The one site that everything over HTTP is a part of: common manners, whatever the page.

A part is a list of routes. `guarded` gives each of them the manners, so that the rehearsal can add the same routes
to its own application; `build_site` makes an application of them.
"""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import wraps
from typing import cast

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Part = Sequence[web.RouteDef]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST_BODY = 256 * 1024
"""Bytes of a request's body; a part that needs more says so to nobody and reads the stream itself."""
STOPPING_TAKES = 10.0
"""Seconds that requests under way get to finish when the site stops."""

HEADERS: Mapping[str, str] = {
    "Server": "hyeonjang",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""On every answer, unless the page says otherwise itself. No script at all, nothing from elsewhere."""

_WRONG = "잠시 문제가 생겨 처리하지 못했습니다. 잠시 뒤 다시 시도해 주십시오.\nSomething went wrong. Please try again in a moment.\n"
_REFUSED: Mapping[int, str] = {
    404: "찾으시는 화면이 없습니다.\nThere is no such page.\n",
    405: "이 주소에서는 할 수 없는 요청입니다.\nThis cannot be done here.\n",
    413: "보내신 내용이 너무 큽니다.\nWhat was sent is too large.\n",
}


class NotListening(Exception):
    """The address cannot be taken: somebody else has it, or it is not this machine's."""


def guarded(*parts: Part) -> list[web.RouteDef]:
    """The parts' routes, each with the common manners."""
    return [
        web.RouteDef(route.method, route.path, mannered(cast("Handler", route.handler)), route.kwargs)
        for part in parts
        for route in part
    ]


def build_site(*parts: Part) -> web.Application:
    """An application of these parts; what is in none of them has the same manners (404)."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_manners])
    app.add_routes([route for part in parts for route in part])
    return app


@web.middleware
async def _manners(request: web.Request, handler: Handler) -> web.StreamResponse:
    return await mannered(handler)(request)


def mannered(handler: Handler) -> Handler:
    """A handler whose every answer has the headers, and whose failures are told without their words.

    What was not expected is logged once, by type and place in the code, with the reference that the page shows.
    """

    @wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            if (words := _REFUSED.get(refused.status)) is None:
                _add_headers(refused)
                raise
            response = web.Response(text=words, status=refused.status)
            if "Allow" in refused.headers:
                response.headers["Allow"] = refused.headers["Allow"]
        except Exception as error:  # noqa: BLE001 (whatever it is: the person gets a sentence, the log its type)
            response = web.Response(status=400) if _hung_up(request, error) else _failed(request, error)
        _add_headers(response)
        return response

    return answer


def _add_headers(response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _hung_up(request: web.Request, error: Exception) -> bool:
    """Whether the body broke off because whoever sent it is gone: nothing is wrong here, and nobody reads the answer."""
    gone = request.transport is None or request.transport.is_closing()
    return isinstance(error, web.RequestPayloadError) or (gone and isinstance(error, ConnectionError))


def _failed(request: web.Request, error: Exception) -> web.Response:
    reference = uuid.uuid4().hex[:8]
    resource = request.match_info.route.resource
    log.error(
        "request failed",
        reference=reference,
        route=None if resource is None else resource.canonical,
        failure=type(error).__name__,
        exc_info=error,
    )
    return web.Response(text=f"{_WRONG}({reference})\n", status=500)


@asynccontextmanager
async def serve_site(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serves while the block runs; gives the port that was taken (port 0: any free one). Raises NotListening.

    There is no access log: it would hold addresses of people.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOPPING_TAKES)
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
