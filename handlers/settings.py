"""/settings: a manager's choice whether to be told of the schedule."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.person import Role
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_CHOICES = {"se:on": True, "se:off": False}
"""A button says what it sets, so that pressing it twice is pressing it once."""


async def settings_asked(update: Update, context: BotContext) -> None:
    require_private(update)
    person = await context.person(update)
    if person.has(Role.MANAGER):
        await context.reply(_key(person.wants_reminders), keyboard=_buttons(person.wants_reminders))
    elif person.has(Role.STAFF):
        await context.reply("settings.always")
    else:
        raise NotAllowed


async def reminders_chosen(update: Update, context: BotContext) -> None:
    require_private(update)
    data, message_id = pressed(update)
    wanted = _CHOICES.get(data)
    if wanted is None:
        raise ButtonUnknown
    person = await context.person(update)
    await context.services.people.want_reminders(context.unit, person, wanted=wanted)
    await context.reply(_key(wanted), keyboard=_buttons(wanted), edits=message_id)
    context.answer("settings.saved")


def _key(wanted: bool) -> str:
    return "settings.reminders_on" if wanted else "settings.reminders_off"


def _buttons(wanted: bool) -> Keyboard:
    button = (
        Button("settings.turn_off", data="se:off") if wanted else Button("settings.turn_on", data="se:on")
    )
    return ((button,),)


def register(application: App) -> None:
    application.add_handler(CommandHandler("settings", settings_asked))
    application.add_handler(CallbackQueryHandler(reminders_chosen, pattern=r"^se:"))
