"""The tour's report, for managers: sections and files by buttons, offered beside /digest."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.domain.errors import ButtonUnknown
from bot.domain.ids import TourId
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_SECTION = re.compile(r"^tr:(?P<tour>[\w-]{1,22}):(?P<section>[a-z0-9]{1,12})$", re.ASCII)


async def tour_tapped(update: Update, context: BotContext) -> None:
    """A section unfolds below, or the file is asked for."""
    require_private(update)
    match = _SECTION.match(pressed(update)[0])
    if match is None:
        raise ButtonUnknown
    person = await context.person(update)
    tour, section = TourId(match["tour"]), match["section"]
    for draft in await context.services.tour.open(context.unit, person, tour, section, now=context.now):
        await context.say(draft)


def register(application: App) -> None:
    application.add_handler(CallbackQueryHandler(tour_tapped, pattern=r"^tr:"))
