"""The PTB application that routes updates to our handlers, behind the inbox's `Handle`.

PTB's process_update swallows exceptions into error handlers; ours keeps the exception on the turn and stops, and
`handle` raises it again, so that the inbox sees what happened. Handlers' bot has no way out (handlers.silent_bot).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    ApplicationHandlerStop,
    CallbackContext,
    ContextTypes,
    TypeHandler,
)

from bot.domain.errors import ButtonUnknown
from bot.domain.values import Value
from bot.services.bundle import Services
from bot.services.ports import BotIdentity, RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from handlers.context import BotContext, Turn, current_turn
from handlers.reading import read_update
from handlers.silent_bot import SilentBot

App = Application[Any, Any, Any, Any, Any, Any]
Register = Callable[[App], None]


class NotBuilt(Exception):
    """PTB could not build a context for the update: a failure like any other."""


class HandlerChain:
    """The handlers as the inbox calls them. Start and stop it around use."""

    def __init__(self, identity: BotIdentity, services: Services, registers: tuple[Register, ...]) -> None:
        builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
        self._app: App = (
            builder.bot(SilentBot(identity))
            .updater(None)
            .context_types(ContextTypes(context=BotContext))
            .build()
        )
        self._app.bot_data["services"] = services
        for register in registers:
            register(self._app)
        self._app.add_handler(TypeHandler(Update, _not_understood))
        self._app.add_error_handler(_keep_failure)

    async def start(self) -> None:
        await self._app.initialize()

    async def stop(self) -> None:
        await self._app.shutdown()

    async def __call__(
        self, unit: Unit, update: RawUpdate, replies: Replies, *, now: datetime
    ) -> tuple[str, Mapping[str, Value]] | None:
        """Handles one update within `unit`. Raises what the handler raised."""
        parsed = read_update(update.payload, self._app.bot)
        turn = Turn(unit=unit, replies=replies, now=now)
        token = current_turn.set(turn)
        try:
            await self._app.process_update(parsed)
        finally:
            current_turn.reset(token)
        if turn.failure is not None:
            raise turn.failure
        if not turn.built:
            raise NotBuilt
        return turn.toast


async def _not_understood(update: Update, context: BotContext) -> None:
    """Whatever nobody else took. Groups talk among themselves; there the bot stays silent.

    A press that belongs to no handler is forged or older than this version: ButtonUnknown.
    """
    if update.callback_query is not None:
        raise ButtonUnknown
    message = update.message
    if message is not None and message.chat.id > 0:
        await context.reply("common.not_understood")


async def _keep_failure(_update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    turn = current_turn.get()
    error = context.error
    turn.failure = error if isinstance(error, Exception) else NotBuilt()
    raise ApplicationHandlerStop
