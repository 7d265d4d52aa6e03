"""What staff write down: /note, and the buttons of a filed note. Knows Telegram; decides nothing."""

import re
from dataclasses import dataclass

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import NoteKind
from bot.domain.ids import MeetingId, NoteId
from bot.domain.meeting import Meeting
from bot.domain.person import Person
from bot.domain.staff_note import MARKS, Choice, Filed
from bot.domain.values import Phrase, Value
from handlers.application import App
from handlers.context import BotContext, pressed, require_private, words_of
from handlers.media_lines import media_lines, words_line

_TAP = re.compile(r"^n:(?P<verb>[a-zA-Z]):(?P<subject>[\w-]{22})(?::(?P<argument>[\w-]{1,22}))?$")
_NO_TOPIC = "0"


@dataclass(frozen=True, slots=True)
class Tap:
    """A press: what to do, with which note or meeting, and what was chosen."""

    verb: str
    subject: str
    argument: str

    @classmethod
    def parse(cls, data: str) -> "Tap":
        """Raises ButtonUnknown for what was never ours."""
        match = _TAP.match(data)
        if match is None:
            raise ButtonUnknown
        return cls(match["verb"], match["subject"], match["argument"] or "")

    def kind(self) -> NoteKind:
        try:
            return NoteKind(self.argument)
        except ValueError:
            raise ButtonUnknown from None


async def asked(update: Update, context: BotContext) -> None:
    """/note: how it goes, and today's meetings to choose one."""
    require_private(update)
    person = await context.person(update)
    meetings = await context.services.staff_notes.offer(context.unit, person, now=context.now)
    key = "notes.explain" if meetings else "notes.explain_empty"
    await context.reply(key, keyboard=_meeting_buttons("p", "", meetings))


async def written(update: Update, context: BotContext) -> None:
    """Plain words of somebody who may file notes."""
    require_private(update)
    person = await context.person(update)
    outcome = await context.services.staff_notes.write(
        context.unit, person, words_of(update), now=context.now
    )
    if isinstance(outcome, Choice):
        await ask_meeting(context, outcome)
    else:
        await show(context, outcome)


async def ask_meeting(context: BotContext, choice: Choice) -> None:
    """Which meeting the words or the file that wait belong to."""
    await context.reply("notes.choose", keyboard=_meeting_buttons("c", "", choice.meetings))


async def tapped(update: Update, context: BotContext) -> None:
    """A button of a filed note, or of words that wait for their meeting."""
    require_private(update)
    data, message = pressed(update)
    tap = Tap.parse(data)
    person = await context.person(update)
    match tap.verb:
        case "c" | "p":
            await _meeting_chosen(context, person, tap, message)
        case "t" | "e" | "o" | "x":
            await _asked_about(context, person, tap, message)
        case _:
            await show(context, await _changed(context, person, tap), edits=message)


async def _meeting_chosen(context: BotContext, person: Person, tap: Tap, message: int) -> None:
    notes, meeting = context.services.staff_notes, MeetingId(tap.subject)
    outcome: Filed | Meeting
    if tap.verb == "c":
        outcome = await notes.choose(context.unit, person, meeting, now=context.now)
    else:
        outcome = await notes.aim(context.unit, person, meeting, now=context.now)
    if isinstance(outcome, Meeting):
        await context.reply("notes.aimed", {"title": outcome.title})
    else:
        await show(context, outcome, edits=message)


async def _asked_about(context: BotContext, person: Person, tap: Tap, message: int) -> None:
    """Puts the next question in place of the card."""
    notes, unit, note = context.services.staff_notes, context.unit, NoteId(tap.subject)
    back = ((Button("notes.back_button", data=f"n:b:{note}"),),)
    match tap.verb:
        case "t":
            filed = await notes.show(unit, person, note)
            await context.reply("notes.ask_topic", keyboard=_topic_buttons(filed) + back, edits=message)
        case "e":
            filed = await notes.ask_words(unit, person, note, now=context.now)
            key = "notes.ask_words" if filed.note.words else "media.ask_words_staff"
            values: dict[str, Value] = {"words": filed.note.words} if filed.note.words else {}
            await context.reply(key, values, keyboard=back, edits=message, private=True)
        case "o":
            meetings = await notes.elsewhere(unit, person, note, now=context.now)
            key = "notes.ask_meeting" if meetings else "notes.nowhere_else"
            await context.reply(key, keyboard=_meeting_buttons("m", note, meetings) + back, edits=message)
        case _:
            await notes.show(unit, person, note)
            confirm = ((Button("notes.withdraw_confirm", data=f"n:X:{note}"),),)
            await context.reply("notes.ask_withdraw", keyboard=confirm + back, edits=message)


async def _changed(context: BotContext, person: Person, tap: Tap) -> Filed:
    """One service call for the tap. Raises ButtonUnknown for a verb that is not ours."""
    notes, unit, note, now = context.services.staff_notes, context.unit, NoteId(tap.subject), context.now
    match tap.verb:
        case "k":
            return await notes.mark(unit, person, note, tap.kind(), now=now)
        case "T":
            topic = None if tap.argument == _NO_TOPIC else tap.argument
            return await notes.set_topic(unit, person, note, topic, now=now)
        case "m":
            return await notes.move(unit, person, note, MeetingId(tap.argument), now=now)
        case "X":
            return await notes.withdraw(unit, person, note, now=now)
        case "b":
            return await notes.keep_as_is(unit, person, note, now=now)
        case _:
            raise ButtonUnknown


async def show(context: BotContext, filed: Filed, *, edits: int | None = None) -> None:
    """The card of a note. Its words are not in it: they stand right above, in the person's own message."""
    note, title = filed.note, filed.meeting.title
    if note.withdrawn:
        await context.reply("notes.withdrawn", {"title": title}, edits=edits)
        return
    lines = [Phrase("notes.line_kind", {"kind": Phrase(f"notes.kind_{note.kind}")})]
    if (topic := filed.topic_title()) is not None:
        lines.append(Phrase("notes.line_topic", {"topic": topic}))
    if note.words or not filed.media:
        lines.append(words_line(note, "notes.line_words"))
    lines += media_lines(filed.media)
    values: dict[str, Value] = {"title": title, "lines": tuple(lines)}
    await context.reply("notes.filed", values, keyboard=_card_buttons(filed), edits=edits)


def _card_buttons(filed: Filed) -> Keyboard:
    note = filed.note
    marks = tuple(
        Button("notes.marked", {"kind": Phrase(f"notes.kind_{kind}")}, data=f"n:k:{note.id}:{kind}")
        if kind is note.kind
        else Button(f"notes.kind_{kind}", data=f"n:k:{note.id}:{kind}")
        for kind in MARKS
    )
    topic = (Button("notes.topic_button", data=f"n:t:{note.id}"),) if filed.topics else ()
    return (
        marks,
        (*topic, Button("notes.elsewhere_button", data=f"n:o:{note.id}")),
        (
            Button("notes.change_button", data=f"n:e:{note.id}"),
            Button("notes.withdraw_button", data=f"n:x:{note.id}"),
        ),
    )


def _topic_buttons(filed: Filed) -> Keyboard:
    note = filed.note.id
    buttons = [
        Button("notes.topic", {"title": topic.title}, data=f"n:T:{note}:{topic.key}")
        for topic in filed.topics
    ]
    buttons.append(Button("notes.no_topic", data=f"n:T:{note}:{_NO_TOPIC}"))
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _meeting_buttons(verb: str, note: str, meetings: tuple[Meeting, ...]) -> Keyboard:
    subject = f"{note}:" if note else ""
    return tuple(
        (Button("notes.meeting", {"start": m.start, "title": m.title}, data=f"n:{verb}:{subject}{m.id}"),)
        for m in meetings
    )


def register(application: App) -> None:
    application.add_handler(CommandHandler("note", asked))
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^n:"))
