"""/settings: the language of everybody with a role, and a manager's choice whether to be told of the schedule."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, Keyboard
from bot.domain.errors import ButtonUnknown
from bot.domain.languages import LANGUAGES, spoken
from bot.domain.person import Person, Role
from bot.services.people import language_name
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_REMINDERS = {"se:on": True, "se:off": False}
_LANGUAGES = {f"se:{language}": language for language in LANGUAGES}
"""A button says what it sets, so that pressing it twice is pressing it once."""


async def settings_asked(update: Update, context: BotContext) -> None:
    """Somebody without a role has nothing to choose: their Telegram's language is used, and nothing is kept of it."""
    person = await context.services.people.known(context.unit, require_private(update))
    if person is None:
        await context.reply("settings.visitor")
    else:
        await context.reply(_key(person), keyboard=_buttons(person))


async def choice_made(update: Update, context: BotContext) -> None:
    """The card changes into what holds now, in the language that holds now."""
    require_private(update)
    data, message_id = pressed(update)
    people, person = context.services.people, await context.person(update)
    if data in _REMINDERS:
        person = await people.want_reminders(context.unit, person, wanted=_REMINDERS[data])
    elif data in _LANGUAGES:
        person = await people.speak(context.unit, person, _LANGUAGES[data])
        context.speak(person.language)
    else:
        raise ButtonUnknown
    await context.reply(_key(person), keyboard=_buttons(person), edits=message_id)
    context.answer("settings.saved")


def _key(person: Person) -> str:
    if person.has(Role.MANAGER):
        return "settings.reminders_on" if person.wants_reminders else "settings.reminders_off"
    return "settings.always" if person.has(Role.STAFF) else "settings.language_only"


def _buttons(person: Person) -> Keyboard:
    languages = tuple(_language(person, language) for language in LANGUAGES)
    if not person.has(Role.MANAGER):
        return (languages,)
    if person.wants_reminders:
        return ((Button("settings.turn_off", data="se:off"),), languages)
    return ((Button("settings.turn_on", data="se:on"),), languages)


def _language(person: Person, language: str) -> Button:
    data = f"se:{language}"
    if language == spoken(person.language):
        return Button("settings.language_chosen", {"language": language_name(language)}, data=data)
    return Button(f"settings.language_{language}", data=data)


def register(application: App) -> None:
    application.add_handler(CommandHandler("settings", settings_asked))
    application.add_handler(CallbackQueryHandler(choice_made, pattern=r"^se:"))
