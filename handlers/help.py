"""/help: what this person may do here, or, for somebody without a role, how to leave an opinion."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.domain.ids import ChatId
from bot.domain.person import Grant, menu_of
from bot.domain.values import Phrase
from bot.services.people import grant_lines
from handlers.application import App
from handlers.context import BotContext, chat_of
from handlers.groups import introduce


async def help_asked(update: Update, context: BotContext) -> None:
    chat = chat_of(update)
    if chat < 0:
        await introduce(context)
    else:
        await say_help(context, chat)


async def say_help(context: BotContext, chat: ChatId) -> None:
    """Also the answer to a bare /start. Tells somebody without a role nothing about the tour."""
    person = await context.services.people.known(context.unit, chat)
    if person is None:
        await context.reply("help.visitor")
        return
    grants = person.grants
    await context.reply("help.person", {"grants": grant_lines(grants), "lines": command_lines(grants)})


async def say_not_taken(context: BotContext, chat: ChatId, words: str) -> None:
    """Nothing waits for what was sent. Somebody with a role reads what they can do here, everybody else these words."""
    person = await context.services.people.known(context.unit, chat)
    if person is None:
        await context.reply(words, private=True)
    else:
        await context.reply("help.not_taken", {"lines": command_lines(person.grants)}, private=True)


def command_lines(grants: frozenset[Grant]) -> tuple[Phrase, ...]:
    """The same commands in the same words as the menu beside the input field."""
    return tuple(
        Phrase("help.line", {"command": command, "what": Phrase(f"menu.{command}")})
        for command in menu_of(grants)
    )


def register(application: App) -> None:
    application.add_handler(CommandHandler("help", help_asked))
