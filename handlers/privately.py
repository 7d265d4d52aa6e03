"""Saying things that must not outlive the dialogue, to whomever: also a refusal, also to somebody with a grant."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import Update

from bot.domain.errors import Refusal
from handlers.context import BotContext

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]


def privately(handler: Handler) -> Handler:
    """A handler whose refusals are said as private deliveries: what it changed is undone, the words are destroyed later."""

    @wraps(handler)
    async def guarded(update: Update, context: BotContext) -> None:
        try:
            async with context.unit.savepoint():
                await handler(update, context)
        except Refusal as refusal:
            await context.reply(refusal.key, refusal.values, private=True)

    return guarded
