"""/requests: what people asked about their data and wait to be answered. For administrators."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.errors import ButtonUnknown
from bot.domain.person import Person
from bot.domain.request import Answer
from handlers.application import App
from handlers.context import BotContext, pressed, require_private, words_of
from handlers.feedback_cards import Card
from handlers.request_cards import answered_card, ask_answer_card, list_card, opened_card

_ABOUT_ONE = re.compile(r"^ra:(?P<verb>[sdrpoymn]):(?P<id>[\w-]{22})$", re.ASCII)
_ASKS = {"d": Answer.DONE, "r": Answer.REFUSED, "p": Answer.POSTPONED, "o": Answer.NONE}
_WITHOUT_WORDS = {"y": Answer.DONE, "m": Answer.NONE}


async def requests_asked(update: Update, context: BotContext) -> None:
    require_private(update)
    await _show(context, await _list(context, await context.person(update)))


async def tapped(update: Update, context: BotContext) -> None:
    require_private(update)
    data, message = pressed(update)
    person = await context.person(update)
    if data == "ra:l":
        await _show(context, await _list(context, person), edits=message)
        return
    match = _ABOUT_ONE.match(data)
    if match is None:
        raise ButtonUnknown
    await _show(context, await _answered(context, person, match["verb"], match["id"]), edits=message)


async def _answered(context: BotContext, person: Person, verb: str, ident: str) -> Card:
    """One service call for the tap."""
    answering, unit, now = context.services.answering, context.unit, context.now
    match verb:
        case "s":
            return opened_card(await answering.open(unit, person, ident, now=now))
        case "n":
            request = await answering.stop(unit, person, ident)
            return Card("requests.stopped", {"number": request.number})
        case "y" | "m":
            outcome = await answering.answer(unit, person, ident, _WITHOUT_WORDS[verb], "", now=now)
            return answered_card(outcome.request, outcome.answer)
        case _:
            answer = _ASKS[verb]
            request = await answering.ask_words(unit, person, ident, answer, now=now)
            return ask_answer_card(request, answer)


async def _list(context: BotContext, person: Person) -> Card:
    waiting = await context.services.answering.waiting(context.unit, person)
    return list_card(list(waiting), context.services.answering.today(context.now))


async def answer_taken(update: Update, context: BotContext, person: Person) -> bool:
    """Whether plain words were the answer that a request waited for."""
    outcome = await context.services.answering.take_words(
        context.unit, person, words_of(update), now=context.now
    )
    if outcome is not None:
        await _show(context, answered_card(outcome.request, outcome.answer))
    return outcome is not None


async def _show(context: BotContext, card: Card, *, edits: int | None = None) -> None:
    """Private: what somebody asked is not kept a second time in a message's row."""
    await context.reply(card.key, card.values, keyboard=card.keyboard, edits=edits, private=True)


def register(application: App) -> None:
    application.add_handler(CommandHandler("requests", requests_asked))
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^ra:"))
