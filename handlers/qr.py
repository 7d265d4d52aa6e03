"""/qr: a meeting's code to put on the wall."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button
from bot.domain.errors import ButtonUnknown
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.person import Action
from bot.domain.values import Value
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_PATTERN = re.compile(r"^qr:(?P<meeting>[\w-]{22})$")


async def qr_asked(update: Update, context: BotContext) -> None:
    """/qr: the code of the meeting in progress or next, and buttons for the day's others."""
    require_private(update)
    person = await context.person(update)
    person.require_somewhere(Action.SHOW_CODE)
    meetings = await context.services.codes.choices(context.unit, person, now=context.now)
    if not meetings:
        await context.reply("qr.none")
        return
    await _show(context, meetings[0], meetings[1:])


async def qr_tapped(update: Update, context: BotContext) -> None:
    """The code of a meeting chosen by button."""
    require_private(update)
    data, _ = pressed(update)
    match = _PATTERN.match(data)
    if match is None:
        raise ButtonUnknown
    person = await context.person(update)
    meeting = await context.services.schedule.seen(
        context.unit, person, MeetingId(match["meeting"]), Action.SHOW_CODE
    )
    await _show(context, meeting, [])


async def _show(context: BotContext, meeting: Meeting, others: list[Meeting]) -> None:
    codes = context.services.codes
    link = codes.link(meeting)
    buttons = tuple(
        (Button("qr.other", {"title": m.title, "start": m.start}, data=f"qr:{m.id}"),) for m in others
    )
    values: dict[str, Value] = {"title": meeting.title, "start": meeting.start, "link": link}
    if codes.has_page:
        values["telegram"] = codes.telegram_link(meeting)
    key = "qr.both_doors" if codes.has_page else "qr.code"
    await context.reply(key, values, keyboard=buttons, picture=link)


def register(application: App) -> None:
    application.add_handler(CommandHandler("qr", qr_asked))
    application.add_handler(CallbackQueryHandler(qr_tapped, pattern=r"^qr:"))
