"""What is next, and what stands today. In a group too, when somebody with the right asks: schedules only."""

from telegram import Update
from telegram.ext import CommandHandler

from bot.domain.meeting import Meeting
from bot.domain.person import Action
from bot.domain.values import Phrase, Value
from bot.services.fitting import fitting
from bot.services.places import map_buttons
from bot.services.reminders import details_of, line_of
from handlers.application import App
from handlers.context import BotContext


async def next_asked(update: Update, context: BotContext) -> None:
    """/next: the meeting in progress or next to begin."""
    person = await context.person(update)
    person.require_somewhere(Action.SEE_SCHEDULE)
    meeting = await context.services.schedule.next_for(context.unit, person, now=context.now)
    if meeting is None:
        await context.reply("schedule.next_none")
        return
    buttons = map_buttons(meeting.plan)
    values: dict[str, Value] = {
        "start": meeting.start,
        "end": meeting.end,
        "title": meeting.title,
        "venue": meeting.plan.venue,
        "details": details_of(meeting),
    }
    key = "schedule.next_going_on" if meeting.start <= context.now else "schedule.next_coming"
    await context.reply(key, values, keyboard=(buttons,) if buttons else ())


async def today_asked(update: Update, context: BotContext) -> None:
    """/today: the day's meetings in the person's regions."""
    person = await context.person(update)
    person.require_somewhere(Action.SEE_SCHEDULE)
    schedule = context.services.schedule
    meetings = await schedule.today_for(context.unit, person, now=context.now)
    day = schedule.today(context.now)
    if meetings:
        count = sum(not m.cancelled for m in meetings)
        await context.reply(
            "schedule.today",
            {"day": day, "count": count, "lines": fitting(_by_region(meetings), "schedule.more")},
        )
        return
    coming = await schedule.next_for(context.unit, person, now=context.now)
    if coming is None:
        await context.reply("schedule.today_none", {"day": day})
        return
    await context.reply(
        "schedule.today_none_next", {"day": day, "start": coming.start, "title": coming.title}
    )


def _by_region(meetings: list[Meeting]) -> tuple[Phrase, ...]:
    """Lines in order; a heading a region only when there are several."""
    regions = list(dict.fromkeys(m.region for m in meetings))
    if len(regions) == 1:
        return tuple(line_of(m) for m in meetings)
    lines: list[Phrase] = []
    for region in regions:
        lines.append(Phrase("schedule.today_region", {"region": region}))
        lines += [line_of(m) for m in meetings if m.region == region]
    return tuple(lines)


def register(application: App) -> None:
    application.add_handler(CommandHandler("next", next_asked))
    application.add_handler(CommandHandler("today", today_asked))
