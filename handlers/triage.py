"""/triage: notes without a topic as cards, one tap a note. Knows Telegram; decides nothing."""

import re
from dataclasses import dataclass

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import MeetingId, NoteId
from bot.domain.person import Action, Person
from bot.domain.values import Value
from bot.services.digests import NotAtOnce
from bot.services.triage import Choice, Turn
from bot.services.triage_cards import card
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_TAP = re.compile(
    r"^so:(?:(?P<bare>[lx])|(?P<verb>[abds]):(?P<subject>[\w-]{22})"
    r"|T:(?P<note>[\w-]{22}):(?P<topic>[a-z][a-z0-9_-]{0,15}))$",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tap:
    """A press: what to do, with which note or meeting, under which topic."""

    verb: str
    subject: str = ""
    topic: str = ""

    @classmethod
    def parse(cls, data: str) -> "Tap":
        """Raises ButtonUnknown for what was never ours."""
        match = _TAP.match(data)
        if match is None:
            raise ButtonUnknown
        if match["note"]:
            return cls("T", match["note"], match["topic"])
        return cls(match["bare"] or match["verb"], match["subject"] or "")


async def asked(update: Update, context: BotContext) -> None:
    """/triage: the first card, or the days that have some."""
    require_private(update)
    await _begin(context, await context.person(update))


async def tapped(update: Update, context: BotContext) -> None:
    """A button of a card, of the days, or of whatever says that notes wait."""
    require_private(update)
    data, message = pressed(update)
    tap, person = Tap.parse(data), await context.person(update)
    person.require_somewhere(Action.SORT_NOTES)
    if tap.verb == "l":
        await _begin(context, person)
    elif tap.verb == "x":
        await context.reply("triage.stopped", edits=message)
    else:
        await _show(context, await _turn(context, person, tap), edits=message)


async def _begin(context: BotContext, person: Person) -> None:
    triage, unit, now = context.services.triage, context.unit, context.now
    try:
        choices = await triage.choices(unit, person, now=now)
    except NotAtOnce as large:
        await context.services.digests.wish(unit, person, large.subject, now=now)
        await context.reply("triage.being_made")
        return
    match choices:
        case []:
            await context.reply("triage.none")
        case [only]:
            await _show(context, await triage.begin(unit, person, only.meeting.id, now=now))
        case _:
            await context.reply("triage.choose", keyboard=tuple((_day(one),) for one in choices))


def _day(choice: Choice) -> Button:
    meeting = choice.meeting
    values: dict[str, Value] = {"region": meeting.region, "day": meeting.day, "count": choice.count}
    return Button("triage.day", values, data=f"so:d:{meeting.id}")


async def _turn(context: BotContext, person: Person, tap: Tap) -> Turn | None:
    """One service call for the tap."""
    triage, unit, now, note = context.services.triage, context.unit, context.now, NoteId(tap.subject)
    match tap.verb:
        case "T":
            return await triage.sort(unit, person, note, tap.topic, now=now)
        case "s":
            return await triage.skip(unit, person, note, now=now)
        case "b":
            return await triage.back(unit, person, note, now=now)
        case "a":
            return await triage.again(unit, person, note, now=now)
        case _:
            return await triage.begin(unit, person, MeetingId(tap.subject), now=now)


async def _show(context: BotContext, turn: Turn | None, *, edits: int | None = None) -> None:
    """The next card in place of the one before. None: what the cards showed is being made anew."""
    if turn is None:
        await context.reply("triage.made_anew", edits=edits)
        return
    if turn.told is not None:
        context.answer(turn.told)
    await context.say(card(turn, edits=edits))


def register(application: App) -> None:
    application.add_handler(CommandHandler("triage", asked))
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^so:"))
