"""/ask: a question in one's own words, answered from the notes that reports show."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.domain.person import Action
from bot.services.questions.asking import ask
from handlers.application import App
from handlers.context import BotContext, require_private, words_of


async def question_asked(update: Update, context: BotContext) -> None:
    """That it is looked for is said at once, the answer when it is found."""
    require_private(update)
    person = await context.person(update)
    person.require_somewhere(Action.READ_DIGEST)
    question = words_of(update).split(maxsplit=1)[1:]
    await ask(context.unit, person, "".join(question), now=context.now)
    await context.reply("ask.looking")


def register(application: App) -> None:
    application.add_handler(CommandHandler("ask", question_asked))
