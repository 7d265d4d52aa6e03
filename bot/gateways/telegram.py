"""Telegram as the messenger: the way out and, by long polling or a webhook, the way in."""

import math
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode, PollingLimit
from telegram.request import BaseRequest

from bot.domain.ids import ChatId
from bot.gateways.telegram_api import UNHURRIED, Patience, TelegramApi, quiet_http_logs
from bot.gateways.telegram_errors import NotFound, NotModified, without_words
from bot.services.ports import (
    BotIdentity,
    FateUnknown,
    Outgoing,
    RawUpdate,
    RenderedButton,
    TokenRefused,
    WebhookState,
)
from bot.services.updates import raw_update

log = structlog.get_logger(__name__)

__all__ = ["Patience", "TelegramMessenger", "TelegramUpdates", "quiet_http_logs"]

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates we ask for. Others could only be thrown away."""

_CONNECTIONS = 64  # more than can be under way at Telegram's 30 messages a second, unless it hangs
_POLLING = 2  # one that waits, and one for its end
_PUSHING = 40  # updates that Telegram may bring side by side (its default); those that wait share a commit
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class _Telegram:
    """What both directions share: a connection that is opened and closed."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def initialize(self) -> None:
        """Make ready; no request is made."""
        await self._api.connect()

    async def shutdown(self) -> None:
        await self._api.disconnect()

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()


class TelegramMessenger(_Telegram):
    """The Messenger port over the Bot API. Retries nothing: the rows of deliveries decide about that."""

    def __init__(
        self, token: str, api_url: str, *, patience: Patience = UNHURRIED, http: BaseRequest | None = None
    ) -> None:
        """`api_url` as in TELEGRAM_API_URL; `http` replaces the network in tests."""
        super().__init__(TelegramApi(token, api_url, connections=_CONNECTIONS, patience=patience, http=http))

    async def send(self, message: Outgoing) -> int:
        if message.edits is not None:
            return await self._edit(message, message.edits)
        if message.picture is not None:
            result = await self._api.call(
                "sendPhoto",
                chat_id=message.chat,
                photo=InputFile(message.picture, filename="picture.png"),
                caption=message.text or None,
                parse_mode=ParseMode.HTML,
                disable_notification=message.silent or None,
                reply_markup=_keyboard(message.keyboard) if message.keyboard else None,
            )
        elif message.document is not None:
            result = await self._api.call(
                "sendDocument",
                chat_id=message.chat,
                document=InputFile(message.document.content, filename=message.document.name),
                caption=message.text or None,
                parse_mode=ParseMode.HTML,
                disable_notification=message.silent or None,
                reply_markup=_keyboard(message.keyboard) if message.keyboard else None,
            )
        else:
            result = await self._api.call(
                "sendMessage",
                chat_id=message.chat,
                text=message.text,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                disable_notification=message.silent or None,
                reply_markup=_keyboard(message.keyboard) if message.keyboard else None,
            )
        return _message_id(result)

    async def _edit(self, message: Outgoing, message_id: int) -> int:
        """Replace a message's words and buttons; buttons that are not sent along again are gone (Telegram)."""
        try:
            await self._api.call(
                "editMessageText",
                chat_id=message.chat,
                message_id=message_id,
                text=message.text,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=_keyboard(message.keyboard) if message.keyboard else None,
            )
        except NotModified:
            return message_id
        return message_id

    async def answer_press(self, press_id: str, text: str | None, *, alert: bool) -> None:
        await self._api.call(
            "answerCallbackQuery", callback_query_id=press_id, text=text, show_alert=alert or None
        )

    async def identity(self) -> BotIdentity:
        """getMe. A 404 means a malformed token here: the method itself surely exists."""
        try:
            result = await self._api.call("getMe")
        except NotFound as error:
            raise TokenRefused(str(error)) from None
        match result:
            case {"id": int(ident), "username": str(username), "first_name": str(first_name)}:
                return BotIdentity(ident, username, first_name)
            case _:
                raise FateUnknown("getMe gave no bot")

    async def set_menu(
        self, chat: ChatId | None, commands: Mapping[str, str], *, language: str | None = None
    ) -> None:
        menu = [BotCommand(command, description) for command, description in commands.items()]
        await self._api.call(
            "setMyCommands" if menu else "deleteMyCommands",
            commands=menu or None,
            scope=BotCommandScopeDefault() if chat is None else BotCommandScopeChat(chat),
            language_code=language,
        )


class TelegramUpdates(_Telegram):
    """The Updates port over getUpdates, and the Webhooks port.

    Has connections of its own, so that a poll that is held for a minute never stands in a message's way.
    """

    def __init__(self, token: str, api_url: str, *, patience: Patience = UNHURRIED) -> None:
        super().__init__(TelegramApi(token, api_url, connections=_POLLING, patience=patience))

    async def fetch(self, offset: int, wait: timedelta) -> list[RawUpdate]:
        """Also raises SecondPoller and WebhookInTheWay: nothing comes in until somebody acts."""
        seconds = math.ceil(wait.total_seconds())
        try:
            result = await self._api.call(
                "getUpdates",
                wait=seconds,
                offset=offset,
                timeout=seconds,
                limit=PollingLimit.MAX_LIMIT.value,
                allowed_updates=list(KINDS),
            )
        except NotFound as error:
            raise TokenRefused(str(error)) from None
        if not isinstance(result, list):
            raise FateUnknown("getUpdates gave no list")
        return _readable(result)

    async def set_webhook(self, url: str, secret: str) -> None:
        """setWebhook, without drop_pending_updates: what waits is brought."""
        await self._api.call(
            "setWebhook",
            url=url,
            secret_token=secret,
            allowed_updates=list(KINDS),
            max_connections=_PUSHING,
        )

    async def drop_webhook(self) -> None:
        """deleteWebhook: one that an earlier setting left. Updates that wait are kept."""
        await self._api.call("deleteWebhook")

    async def webhook(self) -> WebhookState:
        """getWebhookInfo."""
        match await self._api.call("getWebhookInfo"):
            case {"url": str(url), "pending_update_count": int(pending), **more}:
                at, why = more.get("last_error_date"), more.get("last_error_message")
                return WebhookState(
                    url,
                    pending,
                    failed_at=at if isinstance(at, int) else None,
                    failure=without_words(why) if isinstance(why, str) else "",
                )
            case _:
                raise FateUnknown("getWebhookInfo gave no webhook")


def _keyboard(rows: tuple[tuple[RenderedButton, ...], ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data, url=button.url) for button in row]
            for row in rows
        ]
    )


def _message_id(result: object) -> int:
    match result:
        case {"message_id": int(message_id)}:
            return message_id
        case _:
            raise FateUnknown("the answer names no message")


def _readable(items: list[object]) -> list[RawUpdate]:
    """Those with an id. One without can be neither kept nor confirmed by itself, and must not hold up the others for ever.

    Raises FateUnknown when there is nothing else: what is not confirmed comes again.
    """
    found = [update for item in items if (update := raw_update(item)) is not None]
    if len(found) < len(items):
        log.error("updates without an id", count=len(items) - len(found))
        if not found:
            raise FateUnknown("an update without an id")
    return found
