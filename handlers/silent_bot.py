"""The bot that handlers see: it knows who it is and says nothing.

What a handler wants to say is planned as a delivery in the transaction of the update (`context.reply`), so that
it is sent if and only if what was decided is kept. A call to Telegram from a handler would break that, so it fails.
"""

from typing import NoReturn

from telegram import User
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.services.ports import BotIdentity


class HandlersDoNotCall(TelegramError, RuntimeError):
    """A handler called Telegram by itself. Of Telegram's kind only so that the library passes it on unwrapped."""

    def __init__(self) -> None:
        super().__init__("handlers answer through context.reply; they do not call Telegram")


class SilentRequest(BaseRequest):
    """A network that refuses everything."""

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> NoReturn:
        raise HandlersDoNotCall


class SilentBot(ExtBot[None]):
    """For `Application.builder().bot(SilentBot(identity)).updater(None).job_queue(None)`.

    Handlers need the name (`/next@name` in groups) and the id; both come from the identity that the messenger told.
    """

    def __init__(self, identity: BotIdentity) -> None:
        network = SilentRequest()
        super().__init__(f"{identity.id}:none", request=network, get_updates_request=network)
        self._identity = User(
            id=identity.id, first_name=identity.first_name, is_bot=True, username=identity.username
        )

    @property
    def bot(self) -> User:
        return self._identity

    async def initialize(self) -> None:
        """Asks nobody: the base class would call getMe."""

    async def shutdown(self) -> None:
        """Nothing was opened."""
