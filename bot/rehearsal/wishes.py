"""What the chat page sends: small JSON objects."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from bot.rehearsal.errors import UserError
from bot.rehearsal.wire import Json


@contextmanager
def as_conflict() -> Iterator[None]:
    """What no client could do becomes 409."""
    try:
        yield
    except UserError as error:
        raise web.HTTPConflict(text=str(error)) from error


async def read_wish(request: web.Request) -> Json:
    """The JSON object of a POST; another content type is refused (a form could come from anywhere)."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="application/json expected")
    try:
        body = await request.json()
    except ValueError:
        raise web.HTTPBadRequest(text="JSON expected") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="an object expected")
    return {str(name): value for name, value in body.items()}


def text_of(wish: Json, name: str) -> str:
    """A string of a wish; 400 when it is missing."""
    value = wish.get(name)
    if not isinstance(value, str):
        raise web.HTTPBadRequest(text=f"{name} missing")
    return value


def number_of(wish: Json, name: str) -> int:
    """A whole number of a wish; 400 when it is missing."""
    value = wish.get(name)
    if not isinstance(value, int):
        raise web.HTTPBadRequest(text=f"{name} missing")
    return value
