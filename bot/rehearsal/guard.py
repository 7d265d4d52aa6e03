"""Loopback only, also in the browser's eyes.

Binding to 127.0.0.1 does not keep a web page elsewhere from using this server through the browser: it may
point a name of its own at 127.0.0.1 (DNS rebinding) or send a form here (CSRF). So only requests that
name this machine and come from its own page, or from no page at all, are served.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def loopback_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Answer 403 to requests for another host name and to requests that another site's page sends."""
    host = request.headers.get(hdrs.HOST, "")
    if not _is_loopback(host):
        raise web.HTTPForbidden(text="loopback only")
    origin, site = request.headers.get(hdrs.ORIGIN), request.headers.get("Sec-Fetch-Site", "none")
    if origin == "null" and site == "same-origin":  # a form of a page of ours that names no referrer (`/m/`)
        origin = None
    if origin is not None and origin != f"http://{host}":
        raise web.HTTPForbidden(text="not from another site")
    if site not in ("none", "same-origin"):
        raise web.HTTPForbidden(text="not from another site")
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK_NAMES
    except ValueError:
        return False
