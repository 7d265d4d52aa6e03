"""/digest: a region's day for those who may read it; sections unfold by buttons."""

import re
from datetime import date

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Draft
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.services.digest_reading import opened_by, ready_for
from bot.services.digest_view import SUMMARY
from bot.services.digests import NotAtOnce, RegionDay
from bot.services.triage_cards import with_offer
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_SECTION = re.compile(r"^dg:(?P<digest>[\w-]{22}):(?P<section>[a-z0-9]{1,12})$")
_DAY = re.compile(r"^dd:(?P<meeting>[\w-]{22})$")


async def digest_asked(update: Update, context: BotContext) -> None:
    """/digest: today's at once when there is just one, else a choice of the last week's days."""
    require_private(update)
    person = await context.person(update)
    person.require_somewhere(Action.READ_DIGEST)
    days = await context.services.digests.days_for(context.unit, person, now=context.now)
    today = context.services.schedule.today(context.now)
    todays = [meeting for meeting in days if meeting.day == today]
    if len(todays) == 1:
        first = todays[0]
        await _show(context, person, RegionDay(first.tour, first.region, first.day))
        days = []
    await _offer(context, person, days, shown=len(todays) == 1)


async def _offer(context: BotContext, person: Person, days: list[Meeting], *, shown: bool) -> None:
    """The days to choose from, and the tour's report for managers; only that where a day is `shown` already."""
    tours = await context.services.tour.offers(context.unit, person)
    choice = (*((_day_button(meeting),) for meeting in days[:20]), *tours)
    if days:
        await context.reply("digest.choose", keyboard=choice)
    elif not shown:
        await context.reply("digest.none_yet", keyboard=tours)
    elif tours:
        await context.reply("tour.offer", keyboard=tours)


async def day_tapped(update: Update, context: BotContext) -> None:
    """A region's day chosen by button."""
    require_private(update)
    match = _DAY.match(pressed(update)[0])
    if match is None:
        raise ButtonUnknown
    person = await context.person(update)
    subject = await context.services.digests.of_meeting(context.unit, person, MeetingId(match["meeting"]))
    await _show(context, person, subject)


async def section_tapped(update: Update, context: BotContext) -> None:
    """A theme or another section unfolds below."""
    require_private(update)
    match = _SECTION.match(pressed(update)[0])
    if match is None:
        raise ButtonUnknown
    person = await context.person(update)
    try:
        stored = await opened_by(
            context.services.digests,
            context.unit,
            person,
            match["digest"],
            match["section"],
            now=context.now,
        )
    except NotAtOnce as large:
        await _promise(context, person, large.subject)
        return
    view, section = context.services.digest_view, match["section"]
    await _say_all(context, view.drafts(stored, section, language=person.language, now=context.now))


async def _show(context: BotContext, person: Person, subject: RegionDay) -> None:
    try:
        stored = await ready_for(context.services.digests, context.unit, person, subject, now=context.now)
    except NotAtOnce:
        await _promise(context, person, subject)
        return
    view, due = context.services.digest_view, context.services.digests.due_at(subject.day)
    remark = view.remark(stored, due, now=context.now)
    if remark is not None:
        await context.say(remark)
    drafts = view.drafts(stored, SUMMARY, language=person.language, now=context.now)
    waiting = await context.services.triage.waiting(context.unit, person, subject)
    await _say_all(context, [*drafts[:-1], with_offer(drafts[-1], waiting)])


async def _promise(context: BotContext, person: Person, subject: RegionDay) -> None:
    """Too many notes to make it while others wait: the clock's edge makes and sends it."""
    await context.services.digests.wish(context.unit, person, subject, now=context.now)
    await context.reply("digest.being_made")


async def _say_all(context: BotContext, drafts: list[Draft]) -> None:
    for draft in drafts:
        await context.say(draft)


def _day_button(meeting: Meeting) -> Button:
    day: date = meeting.day
    return Button("digest.day", {"region": meeting.region, "day": day}, data=f"dd:{meeting.id}")


def register(application: App) -> None:
    application.add_handler(CommandHandler("digest", digest_asked))
    application.add_handler(CallbackQueryHandler(day_tapped, pattern=r"^dd:"))
    application.add_handler(CallbackQueryHandler(section_tapped, pattern=r"^dg:"))
