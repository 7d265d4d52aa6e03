"""What participants say about a meeting: `/start m_CODE` and the buttons of the dialogue. Knows Telegram; decides nothing."""

import re
from dataclasses import dataclass
from typing import TypeVar

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.domain.dialogue import Step
from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import Purpose, Speaker
from bot.domain.ids import ChatId, Secret
from bot.services.feedback_places import Stand
from bot.services.joining import Declined, Early
from handlers.application import App
from handlers.context import BotContext, pressed, require_private
from handlers.feedback_cards import (
    ASKED,
    RATINGS,
    SKIPPED,
    Card,
    card_of,
    change_card,
    declined_key,
    done_card,
    early_card,
    withdraw_card,
)
from handlers.privately import privately
from handlers.start import MEETING

Choice = TypeVar("Choice", Speaker, Purpose, Step)
_TAP = re.compile(r"^f:(?P<verb>[A-Za-z]):(?P<secret>[\w-]{6,32})(?::(?P<argument>[\w-]{1,20}))?$")


@dataclass(frozen=True, slots=True)
class Tap:
    """A press: what to do, the secret of a note or dialogue (for `b` a meeting's code), and what was chosen."""

    verb: str
    secret: Secret
    argument: str

    @classmethod
    def parse(cls, data: str) -> "Tap":
        """Raises ButtonUnknown for what was never ours."""
        match = _TAP.match(data)
        if match is None:
            raise ButtonUnknown
        return cls(match["verb"], Secret(match["secret"]), match["argument"] or "")

    @property
    def editing(self) -> bool:
        """Capital letters change one answer of a finished note."""
        return self.verb.isupper()

    def rating(self) -> int | None:
        if self.argument == SKIPPED:
            return None
        if self.argument not in map(str, RATINGS):
            raise ButtonUnknown
        return int(self.argument)

    def topic(self) -> str | None:
        return None if self.argument == SKIPPED else self.argument

    def speaker(self) -> Speaker:
        return _one_of(Speaker, self.argument)

    def purpose(self) -> Purpose:
        return _one_of(Purpose, self.argument)

    def step(self) -> Step:
        return _one_of(Step, self.argument)


def _one_of(choices: type[Choice], value: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise ButtonUnknown from None


@privately
async def code_opened(update: Update, context: BotContext) -> None:
    """/start m_CODE: the code of a meeting was scanned."""
    chat = require_private(update)
    code = (context.args or [""])[0].removeprefix("m_")
    where = await context.services.joining.scan(context.unit, chat, code, now=context.now)
    if isinstance(where, Early):
        await show(context, early_card(where))
    else:
        await show_stand(update, context, where)


@privately
async def tapped(update: Update, context: BotContext) -> None:
    """A button of the dialogue, or of a note of any age; the answer takes the place of the message it was on."""
    chat = require_private(update)
    data, message = pressed(update)
    edits = message if _accessible(update) else None
    tap = Tap.parse(data)
    unit, services, now = context.unit, context.services, context.now
    match tap.verb:
        case "b":
            meeting = await services.joining.remind_me(unit, chat, context.language, tap.secret, now=now)
            await show(context, Card("feedback.remind_kept", {"title": meeting.title}))
        case "n":
            left = await services.joining.decline(unit, chat, tap.secret, now=now)
            farewell = declined_key(left) if isinstance(left, Declined) else ""
            stand = None if isinstance(left, Declined) else left
            await _show_or(update, context, stand, farewell, edits)
        case "w" if tap.argument == ASKED and await services.feedback.has_spoken(unit, tap.secret):
            await show(context, Card("feedback.words_came", {}), edits=edits)
        case "w":
            ended = await services.feedback.finish(unit, chat, tap.secret, now=now)
            await _show_or(update, context, ended, "feedback.nothing_said", edits)
        case "e":
            stand = await services.own_notes.standing(unit, chat, tap.secret, now=now)
            await show(context, change_card(stand.told_in(context.language)), edits=edits)
        case "x":
            stand = await services.own_notes.show(unit, chat, tap.secret, now=now)
            stand = stand.told_in(context.language)
            standing = stand.note is not None and not stand.note.withdrawn
            await show(context, withdraw_card(stand) if standing else done_card(stand), edits=edits)
        case _:
            await show_stand(update, context, await _answered(context, chat, tap), edits=edits)


async def _answered(context: BotContext, chat: ChatId, tap: Tap) -> Stand:
    """One service call for the tap. Raises ButtonUnknown for a verb that is not ours."""
    unit, services, now = context.unit, context.services, context.now
    match tap.verb:
        case "c":
            return await services.joining.toggle(unit, chat, tap.secret, tap.purpose(), now=now)
        case "y":
            return await services.joining.agree(unit, chat, tap.secret, now=now)
        case "s" | "S":
            who = tap.speaker()
            return await services.feedback.speak_as(unit, chat, tap.secret, who, editing=tap.editing, now=now)
        case "r" | "R":
            rating = tap.rating()
            stand = await services.feedback.rate(unit, chat, tap.secret, rating, editing=tap.editing, now=now)
        case "t" | "T":
            topic = tap.topic()
            stand = await services.feedback.choose_topic(
                unit, chat, tap.secret, topic, editing=tap.editing, now=now
            )
        case "a":
            return await services.own_notes.ask(unit, chat, tap.secret, tap.step(), now=now)
        case "X":
            return await services.own_notes.withdraw(unit, chat, tap.secret, now=now)
        case "m":
            return await services.own_notes.another(unit, chat, tap.secret, now=now)
        case "d":
            return await services.own_notes.forget_name(unit, chat, tap.secret, now=now)
        case _:
            raise ButtonUnknown
    if tap.argument != SKIPPED:
        context.answer("feedback.toast_saved")
    return stand


async def show_stand(update: Update, context: BotContext, stand: Stand, *, edits: int | None = None) -> None:
    """Shows where the person stands, in place of a message or as a new one."""
    notices, tour = await context.services.joining.introduction(context.unit, stand, context.language)
    await show(context, card_of(stand.told_in(context.language), notices, tour), edits=edits)


async def show(context: BotContext, card: Card, *, edits: int | None = None) -> None:
    await context.reply(card.key, card.values, keyboard=card.keyboard, edits=edits, private=True)


async def _show_or(
    update: Update, context: BotContext, stand: Stand | None, farewell: str, edits: int | None
) -> None:
    if stand is None:
        await show(context, Card(farewell, {}), edits=edits)
    else:
        await show_stand(update, context, stand, edits=edits)


def _accessible(update: Update) -> bool:
    """A message that Telegram does not give any more cannot be changed: the answer is a new one."""
    query = update.callback_query
    return query is not None and query.message is not None and query.message.is_accessible


def register(application: App) -> None:
    application.add_handler(
        CommandHandler("start", code_opened, filters=filters.UpdateType.MESSAGE & MEETING)
    )
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^f:"))
