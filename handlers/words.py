"""Whatever is sent without a command: whose words they are, a participant's or a staff member's, and what we cannot take."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.domain.person import Action
from handlers import notes, own_requests, requests
from handlers.application import App
from handlers.context import BotContext, require_private, words_of
from handlers.feedback import show_stand
from handlers.help import say_not_taken
from handlers.privately import privately

_NEW_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


async def written(update: Update, context: BotContext) -> None:
    """Plain words: a request that waits for them has them first, then a question of the feedback dialogue, then staff's
    notes, then the dialogue again.
    """
    chat = require_private(update)
    person = await context.services.people.known(context.unit, chat)
    if person is not None and await requests.answer_taken(update, context, person):
        return
    if await own_requests.words_taken(update, context):
        return
    files_notes = person is not None and person.may_somewhere(Action.FILE_NOTE)
    if files_notes and not await context.services.feedback.waits_for_words(
        context.unit, chat, now=context.now
    ):
        await notes.written(update, context)
    else:
        await _said(update, context)


@privately
async def _said(update: Update, context: BotContext) -> None:
    chat = require_private(update)
    stand = await context.services.feedback.write(context.unit, chat, words_of(update), now=context.now)
    if stand is None:
        await say_not_taken(context, chat, "feedback.no_dialogue")
    else:
        await show_stand(update, context, stand)


async def other_sent(update: Update, context: BotContext) -> None:
    """What no subject before this one takes (a sticker, a place, a contact): said so."""
    await context.reply("feedback.only_words", private=True)


def register(application: App) -> None:
    """After all commands: takes every other new message of a private chat."""
    application.add_handler(MessageHandler(_NEW_PRIVATE & filters.TEXT & ~filters.COMMAND, written))
    application.add_handler(
        MessageHandler(_NEW_PRIVATE & ~filters.TEXT & ~filters.StatusUpdate.ALL, other_sent)
    )
