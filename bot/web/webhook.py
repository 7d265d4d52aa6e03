"""`POST /telegram/webhook`: an update is committed, then acknowledged; what cannot be committed comes again.

What Telegram hears: 401 wrong or no secret, and nothing else said; 200 committed (or: nothing that could ever be
committed); 503 not committed in time. Any other answer than 2xx makes it bring the update again, for a day
(core.telegram.org/bots/api#setwebhook).
"""

import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.services.ports import RawUpdate
from bot.services.updates import raw_update
from bot.web.site import Part

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)

Take = Callable[[RawUpdate], Awaitable[bool]]
"""Whether the update was committed."""
SetAside = Callable[[str], Awaitable[None]]
"""Records, by a type, that something came which is no update."""


class _NoUpdate(Exception):
    """The body is nothing that could be kept; the text is a type, never what it says."""


def webhook(secret: str, take: Take, set_aside: SetAside) -> Part:
    """The endpoint. Bodies are bounded by the site's LARGEST_BODY; an update of Telegram's is far below it."""
    expected = secret.encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=401)
        try:
            update = await _update_in(request)
        except _NoUpdate as nothing:
            await set_aside(str(nothing))
            return web.Response()
        return web.Response(status=200 if await take(update) else 503)

    return [web.post(PATH, receive)]


async def _update_in(request: web.Request) -> RawUpdate:
    """Raises _NoUpdate for what would be no better the next time."""
    try:
        item: object = json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise _NoUpdate("TooLarge") from None
    except (ValueError, RecursionError) as error:
        raise _NoUpdate(type(error).__name__) from None
    update = raw_update(item)
    if update is None:
        raise _NoUpdate("NoUpdateId")
    return update
