"""`GET /metrics` in Prometheus' text format (version 0.0.4): for this machine, or for whoever has the token.

A reverse proxy on this machine brings everybody as this machine. So without a token only a request is answered that comes
from loopback, asks for a name of loopback and bears no mark of a proxy; everybody else reads that there is no such page.
HTTP/1.0 is such a mark: an nginx that is told nothing but `proxy_pass` speaks it, to 127.0.0.1 and without a word of whom it brings.
"""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

from aiohttp import hdrs, web

from bot.domain.networks import LOOPBACK
from bot.services.metrics import Metric
from bot.web.addresses import is_one_of
from bot.web.site import Part

PATH = "/metrics"
TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MARKS = (
    hdrs.X_FORWARDED_FOR,
    hdrs.FORWARDED,
    hdrs.VIA,
    hdrs.X_FORWARDED_HOST,
    hdrs.X_FORWARDED_PROTO,
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
)
_BEARER = b"bearer "


def metrics(measure: Callable[[], Awaitable[Sequence[Metric]]], token: str | None) -> Part:
    """`token`: asked for from everybody, this machine too; None: this machine only."""

    async def tell(request: web.Request) -> web.Response:
        if token is not None:
            if not _has_token(request, token):
                raise web.HTTPUnauthorized(headers={hdrs.WWW_AUTHENTICATE: "Bearer"})
        elif not _from_here(request):
            raise web.HTTPNotFound
        return web.Response(body=written(await measure()).encode(), headers={hdrs.CONTENT_TYPE: TYPE})

    return [web.get(PATH, tell)]


def written(measured: Sequence[Metric]) -> str:
    """The text format: what it is about, of which type, and a line a value."""
    lines: list[str] = []
    for metric in measured:
        lines += [f"# HELP {metric.name} {metric.about}", f"# TYPE {metric.name} {metric.kind}"]
        for name, value in metric.values.items():
            label = f'{{{metric.label}="{name}"}}' if metric.label else ""
            lines.append(f"{metric.name}{label} {value:.15g}")
    return "\n".join(lines) + "\n"


def _has_token(request: web.Request, token: str) -> bool:
    """In constant time, whatever came."""
    given = request.headers.get(hdrs.AUTHORIZATION, "").encode("utf-8", "surrogateescape")
    scheme, secret = given[: len(_BEARER)].lower(), given[len(_BEARER) :].strip()
    return hmac.compare_digest(secret, token.encode()) and scheme == _BEARER


def _from_here(request: web.Request) -> bool:
    if tuple(request.version) < (1, 1) or any(mark in request.headers for mark in _MARKS):
        return False
    return is_one_of(request.remote or "", LOOPBACK) and _names_this_machine(request.url.host or "")


def _names_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
