"""What somebody asks about their own data: the button of /privacy and what follows it. For anybody."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.request import KEPT_AFTER, RequestKind
from bot.domain.values import Phrase
from bot.services.privacy import Holdings
from bot.services.requests.telling import values_of
from handlers.application import App
from handlers.context import BotContext, pressed, require_private, words_of
from handlers.feedback_cards import Card
from handlers.privately import privately
from handlers.request_cards import filed_card, kinds_card, own_card, withdraw_card, words_taken_card

_ABOUT_ONE = re.compile(r"^rq:(?P<verb>[swnxX]):(?P<id>[\w-]{22})$", re.ASCII)
_KIND = re.compile(r"^rq:k:(?P<kind>[a-z]{1,20})$", re.ASCII)


def lines_of(held: Holdings) -> list[Phrase]:
    """What /privacy says of them."""
    lines: list[Phrase] = []
    if held.requests:
        values = {"count": len(held.requests), "days": KEPT_AFTER.days}
        key = "requests.held_apart" if held.can_be_deleted else "requests.held"
        lines.append(Phrase(key, values))
    if held.person is not None and held.person.paused:
        lines.append(Phrase("requests.held_paused"))
    return lines


def buttons_of(held: Holdings) -> Keyboard:
    """The buttons of /privacy that lead here; what can be done at once stands before them."""
    own = tuple(
        (Button("requests.show_button", values_of(one), data=f"rq:s:{one.id}"),) for one in held.requests
    )
    paused = held.person is not None and held.person.paused
    lift = ((Button("requests.lift_button", data="rq:l"),),) if paused else ()
    return (*lift, *own, (Button("requests.ask_button", data="rq:a"),))


@privately
async def tapped(update: Update, context: BotContext) -> None:
    require_private(update)
    data, message = pressed(update)
    card, edits = await _answered(update, context, data)
    await _show(context, card, edits=message if edits else None)


async def _answered(update: Update, context: BotContext, data: str) -> tuple[Card, bool]:
    """One service call for the tap, and whether its card takes the place of the message. Raises ButtonUnknown."""
    chat, asking, unit = require_private(update), context.services.asking, context.unit
    if data == "rq:a":
        return kinds_card(), False
    if data == "rq:l":
        await asking.lift(unit, chat)
        return Card("requests.lifted", {}), True
    if (kind := _KIND.match(data)) is not None and kind["kind"] in set(RequestKind):
        filed = await asking.file(unit, chat, RequestKind(kind["kind"]), context.language, now=context.now)
        return filed_card(filed), True
    if (one := _ABOUT_ONE.match(data)) is None:
        raise ButtonUnknown
    return await _about_one(context, one["verb"], one["id"], update)


async def _about_one(context: BotContext, verb: str, ident: str, update: Update) -> tuple[Card, bool]:
    chat, asking, unit = require_private(update), context.services.asking, context.unit
    match verb:
        case "s":
            return own_card(await asking.show(unit, chat, ident)), False
        case "w":
            return filed_card(await asking.ask_words(unit, chat, ident, now=context.now)), True
        case "n":
            return own_card(await asking.no_words(unit, chat, ident)), True
        case "x":
            return withdraw_card(await asking.standing(unit, chat, ident)), True
        case _:
            gone = await asking.withdraw(unit, chat, ident, now=context.now)
            return Card("requests.withdrawn", {"number": gone.number}), True


async def words_taken(update: Update, context: BotContext) -> bool:
    """Whether plain words were those that a request of this chat waited for."""
    request = await context.services.asking.take_words(
        context.unit, require_private(update), words_of(update), now=context.now
    )
    if request is not None:
        await _show(context, words_taken_card(request))
    return request is not None


async def _show(context: BotContext, card: Card, *, edits: int | None = None) -> None:
    await context.reply(card.key, card.values, keyboard=card.keyboard, edits=edits, private=True)


def register(application: App) -> None:
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^rq:"))
