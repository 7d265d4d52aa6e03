"""The page's own files, and the files from its chats."""

from pathlib import Path
from typing import Final
from urllib.parse import quote

from aiohttp import hdrs, web

from bot.rehearsal.world import World

_ASSETS: Final = Path(__file__).parent / "page"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SHOWN: Final = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"OggS", "audio/ogg"),
    (b"RIFF", "audio/wav"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
)
"""What is shown or played in place, by how it begins; anything else is only offered for download."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
        "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def asset_routes(world: World) -> list[web.RouteDef]:
    """What to add to an application."""

    async def file(request: web.Request) -> web.Response:
        """A picture, a sound or a file from a chat."""
        stored = world.files.get(request.match_info["id"])
        if stored is None:
            raise web.HTTPNotFound
        kind = next((shown for start, shown in _SHOWN if stored.data.startswith(start)), None)
        named = f"filename*=UTF-8''{quote(stored.name)}"
        place = "attachment" if kind is None else "inline"
        answer = _stretch(request, stored.data)
        answer.content_type = kind or "application/octet-stream"
        answer.headers.update(HEADERS | {hdrs.CONTENT_DISPOSITION: f"{place}; {named}"})
        return answer

    return [
        web.get("/", page),
        web.get("/rehearsal/page/{name}", asset),
        web.get("/rehearsal/files/{id}", file),
    ]


def _stretch(request: web.Request, data: bytes) -> web.Response:
    """The bytes, or the stretch that a player asks for: without it a sound has no end and cannot be wound."""
    try:
        wanted = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    if wanted.start is None:
        return web.Response(body=data, headers={hdrs.ACCEPT_RANGES: "bytes"})
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable(headers={hdrs.CONTENT_RANGE: f"bytes */{len(data)}"})
    headers = {
        hdrs.ACCEPT_RANGES: "bytes",
        hdrs.CONTENT_RANGE: f"bytes {start}-{stop - 1}/{len(data)}",
    }
    return web.Response(status=206, body=data[start:stop], headers=headers)


async def page(_: web.Request) -> web.Response:
    """The page itself."""
    text = (_ASSETS / "index.html").read_text("utf-8")
    return web.Response(text=text, content_type="text/html", headers=HEADERS)


async def asset(request: web.Request) -> web.Response:
    """A script, style or picture of the page."""
    path = _ASSETS / request.match_info["name"]
    if path.suffix not in _TYPES or path.parent != _ASSETS or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(text=path.read_text("utf-8"), content_type=_TYPES[path.suffix], headers=HEADERS)
