"""The Bot API over HTTP: python-telegram-bot's encoding of requests, our judgement of how they ended."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.gateways.telegram_errors import of_answer, of_exception
from bot.services.ports import SendError

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput  # a name for types only: nothing public says the same


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before a request is given up.

    `answer` is long: a message whose answer we do not await has an unknown fate, and costs its person a duplicate.
    """

    connect: float = 5.0
    write: float = 10.0
    upload: float = 30.0
    answer: float = 20.0
    connection: float = 5.0
    download: float = 120.0


UNHURRIED = Patience()


class Failed(TelegramError):
    """Carries our own error through python-telegram-bot, which lets its own kind pass and wraps any other."""

    __slots__ = ("why",)

    def __init__(self, why: SendError) -> None:
        super().__init__(str(why))
        self.why = why


class JudgedRequest(HTTPXRequest):
    """HTTP as python-telegram-bot does it, with every end that is not a success turned into `Failed`.

    Its own exceptions do not tell a 401 from a 404, or a lost answer from a request that never left.
    """

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See the base class. The cause is cut off: it knows the URL, and the URL holds the token."""
        try:
            status, body = await super().do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        except (NetworkError, httpx.InvalidURL) as error:
            raise Failed(of_exception(error.__cause__ or error)) from None
        if (failure := of_answer(status, body)) is not None:
            raise Failed(failure)
        return status, body


class TelegramApi(Bot):
    """Calls methods by name and gives their results as Telegram wrote them.

    A result is never parsed into python-telegram-bot's types: what it does not know yet would be lost, and an
    error while parsing would make a message that was sent look as if it was not.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        connections: int,
        patience: Patience,
        http: BaseRequest | None = None,
    ) -> None:
        """`api_url` without a path of ours, as in TELEGRAM_API_URL. `http`: another network, for tests."""
        self._patience = patience
        self._http = http or JudgedRequest(
            connection_pool_size=connections,
            connect_timeout=patience.connect,
            read_timeout=patience.answer,
            write_timeout=patience.write,
            media_write_timeout=patience.upload,
            pool_timeout=patience.connection,
            httpx_kwargs={"trust_env": not is_loopback(api_url)},
        )
        super().__init__(
            token, f"{api_url.rstrip('/')}/bot", request=self._http, get_updates_request=self._http
        )

    def __repr__(self) -> str:
        """Without the token, which the base class would show."""
        return "TelegramApi()"

    async def call(self, api_method: str, *, wait: float | None = None, **parameters: object) -> object:
        """The `result` of a Bot API method. `wait`: the seconds for which Telegram itself may hold the answer back.

        Parameters that are None are left out. Raises SendError.
        """
        answer_within = BaseRequest.DEFAULT_NONE if wait is None else wait + self._patience.answer
        try:
            result: object = await self._post(api_method, dict(parameters), read_timeout=answer_within)
        except Failed as failed:
            raise failed.why from None
        except TelegramError as error:
            raise of_exception(error) from None
        return result

    async def connect(self) -> None:
        """Make connections possible; asks Telegram nothing (unlike `initialize`)."""
        await self._http.initialize()

    async def disconnect(self) -> None:
        await self._http.shutdown()


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own: a proxy of the environment must not be asked for it."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def quiet_http_logs() -> None:
    """Keep addresses (which hold the token) and parameters (which hold what people say) out of the logs."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
