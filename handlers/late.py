"""/late: "20 minutes late" in three taps: how much, look, confirm."""

import re
from dataclasses import dataclass

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.person import Action
from bot.domain.schedule import Delay, Move
from bot.domain.values import Phrase, Value
from bot.services.fitting import fitting
from bot.services.schedule import Preview
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

CHOICES = (10, 20, 30)
_PATTERN = re.compile(
    r"^lt:(?:(?P<stop>x)|(?P<meeting>[\w-]{22})(?::(?P<by>\d{1,3}):(?P<all>[01])(?::(?P<rev>\d{1,9}))?)?)$",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap of this dialogue; everything it needs is in the button, everything it may is asked anew."""

    meeting: MeetingId | None
    minutes: int | None = None
    following: bool = False
    revision: int | None = None

    @classmethod
    def parse(cls, data: str) -> "Tap":
        """Raises ButtonUnknown for what was never ours."""
        match = _PATTERN.match(data)
        if match is None:
            raise ButtonUnknown
        if match["stop"]:
            return cls(None)
        return cls(
            MeetingId(match["meeting"]),
            int(match["by"]) if match["by"] else None,
            match["all"] == "1",
            int(match["rev"]) if match["rev"] else None,
        )


def _data(
    meeting: MeetingId, minutes: int | None = None, *, following: bool = False, revision: int | None = None
) -> str:
    data = f"lt:{meeting}"
    if minutes is not None:
        data += f":{minutes}:{int(following)}"
    return data if revision is None else f"{data}:{revision}"


async def late_asked(update: Update, context: BotContext) -> None:
    """/late: which meeting is meant, and by how much."""
    require_private(update)
    person = await context.person(update)
    person.require_somewhere(Action.CHANGE_SCHEDULE)
    meetings = await context.services.schedule.delayable(context.unit, person, now=context.now)
    if not meetings:
        await context.reply("late.nothing_today")
        return
    await context.reply("late.ask", _about(meetings[0]), keyboard=_choices(meetings[0], meetings))


async def late_tapped(update: Update, context: BotContext) -> None:
    """Any later step: another meeting, the preview, the confirmation, or stop."""
    require_private(update)
    data, message = pressed(update)
    tap = Tap.parse(data)
    person = await context.person(update)
    person.require_somewhere(Action.CHANGE_SCHEDULE)
    schedule = context.services.schedule
    if tap.meeting is None:
        await context.reply("late.stopped", edits=message)
    elif tap.minutes is None:
        meeting = await schedule.seen(context.unit, person, tap.meeting, Action.CHANGE_SCHEDULE)
        meetings = await schedule.delayable(context.unit, person, now=context.now)
        await context.reply("late.ask", _about(meeting), keyboard=_choices(meeting, meetings), edits=message)
    elif tap.revision is None:
        seen = await schedule.preview_delay(
            context.unit, person, tap.meeting, tap.minutes, following=tap.following, now=context.now
        )
        await context.reply("late.preview", _moves(seen.delay), keyboard=_confirm(tap, seen), edits=message)
    else:
        done = await schedule.apply_delay(
            context.unit,
            person,
            tap.meeting,
            tap.minutes,
            following=tap.following,
            revision=tap.revision,
            now=context.now,
        )
        await context.reply("late.done", _moves(done), edits=message)


def _about(meeting: Meeting) -> dict[str, Value]:
    return {"title": meeting.title, "start": meeting.start, "end": meeting.end}


def _choices(meeting: Meeting, meetings: list[Meeting]) -> Keyboard:
    first = tuple(
        Button("late.by", {"minutes": minutes}, data=_data(meeting.id, minutes)) for minutes in CHOICES
    )
    others = tuple(
        (Button("late.other", {"title": m.title, "start": m.start}, data=_data(m.id)),)
        for m in meetings
        if m.id != meeting.id
    )
    return (first, *others, (Button("late.stop", data="lt:x"),))


def _confirm(tap: Tap, seen: Preview) -> Keyboard:
    if tap.meeting is None or tap.minutes is None:
        raise ButtonUnknown
    confirm = Button(
        "late.confirm",
        {"count": len(seen.delay.moves)},
        data=_data(tap.meeting, tap.minutes, following=tap.following, revision=seen.revision),
    )
    other = Button(
        "late.only_this" if tap.following else "late.all_following",
        data=_data(tap.meeting, tap.minutes, following=not tap.following),
    )
    return ((confirm,), (other,), (Button("late.stop", data="lt:x"),))


def _moves(seen: Delay) -> dict[str, Value]:
    lines = [_line(move) for move in seen.moves]
    lines += [
        Phrase("late.overlap", {"moved": overlap.moved.title, "other": overlap.other.title})
        for overlap in seen.overlaps
    ]
    return {"lines": fitting(lines, "change.more")}


def _line(move: Move) -> Phrase:
    if move.old_start == move.new_start:
        return Phrase("change.end", {"title": move.meeting.title, "old": move.old_end, "new": move.new_end})
    return Phrase("change.start", {"title": move.meeting.title, "old": move.old_start, "new": move.new_start})


def register(application: App) -> None:
    application.add_handler(CommandHandler("late", late_asked))
    application.add_handler(CallbackQueryHandler(late_tapped, pattern=r"^lt:"))
