"""What `doctor` looks at outside: the bot as the Bot API tells it, the server's clock, and our own address.

One request each, short time-outs, nothing tried twice: somebody waits at a terminal.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from bot.gateways.telegram_api import JudgedRequest, Patience, TelegramApi, is_loopback
from bot.gateways.telegram_errors import NotFound
from bot.services.ports import FateUnknown, TokenRefused

HURRIED = Patience(connect=5.0, write=5.0, upload=5.0, answer=8.0, connection=2.0)


@dataclass(frozen=True, slots=True)
class BotLook:
    """getMe. `server_time` is the answer's Date header, whole seconds; None when there was none.

    `reads_groups`: privacy mode is off, so that every message of a group comes in.
    """

    username: str
    name: str
    joins_groups: bool
    reads_groups: bool
    server_time: datetime | None


class _Dated:
    """Remembers the Date of the last answer."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    async def __call__(self, response: httpx.Response) -> None:
        try:
            at = parsedate_to_datetime(response.headers["date"])
        except (KeyError, ValueError):
            return
        self.at = at if at.tzinfo else at.replace(tzinfo=UTC)


async def look_at_bot(token: str, api_url: str) -> BotLook:
    """Who the bot is, and what it may do in groups. Raises SendError, TokenRefused among them."""
    dated = _Dated()
    request = JudgedRequest(
        connect_timeout=HURRIED.connect,
        read_timeout=HURRIED.answer,
        write_timeout=HURRIED.write,
        pool_timeout=HURRIED.connection,
        httpx_kwargs={"trust_env": not is_loopback(api_url), "event_hooks": {"response": [dated]}},
    )
    api = TelegramApi(token, api_url, connections=1, patience=HURRIED, http=request)
    await api.connect()
    try:
        result = await api.call("getMe")
    except NotFound as error:
        raise TokenRefused(str(error)) from None
    finally:
        await api.disconnect()
    match result:
        case {"username": str(username), "first_name": str(name), **more}:
            return BotLook(
                username,
                name,
                joins_groups=more.get("can_join_groups") is True,
                reads_groups=more.get("can_read_all_group_messages") is True,
                server_time=dated.at,
            )
        case _:
            raise FateUnknown("getMe gave no bot")


async def status_of(url: str) -> int | None:
    """The status that a GET gives, redirects not followed; None when nobody answers (or the address is none)."""
    try:
        async with httpx.AsyncClient(
            trust_env=not is_loopback(url), timeout=httpx.Timeout(8.0, connect=5.0)
        ) as http:
            return (await http.get(url)).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
