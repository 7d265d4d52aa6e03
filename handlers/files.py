"""Files sent into a private chat by staff and administrators: taken, previewed, applied or dropped; templates."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.domain.delivery import Button, Draft
from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.incoming import BIGGEST_FILE, MOST_LINES
from bot.domain.person import Person
from bot.domain.values import Value
from bot.services.files.intake import Sent, may_send, received, working
from handlers.application import App
from handlers.context import BotContext, pressed, require_private

_DECISION = re.compile(r"^fl:(?P<word>[acx]):(?P<id>[\w-]{22}):(?P<step>\d{1,6})$", re.ASCII)
_MEDIA = filters.Document.IMAGE | filters.Document.AUDIO | filters.Document.VIDEO
"""Pictures and sounds that were sent as files are somebody's note, not a table."""


async def files_asked(update: Update, context: BotContext) -> None:
    """/files: what can be sent, and templates to fill in."""
    require_private(update)
    await _sender(update, context)
    templates = (
        Button("files.template_tour_button", data="fl:t:tour"),
        Button("files.template_notes_button", data="fl:t:notes"),
    )
    values: dict[str, Value] = {"limit": BIGGEST_FILE // 1_000_000, "lines": f"{MOST_LINES:,}"}
    await context.reply("files.help", values, keyboard=(templates,))


async def template_tapped(update: Update, context: BotContext) -> None:
    require_private(update)
    await _sender(update, context)
    kind = pressed(update)[0].removeprefix("fl:t:")
    await context.say(Draft(f"files.template_{kind}_sent", document=f"template:{kind}"))


async def document_sent(update: Update, context: BotContext) -> None:
    """A table to be brought in. From others it is not taken, and they are told what is."""
    chat = require_private(update)
    message = update.effective_message
    person = await context.services.people.known(context.unit, chat)
    if person is None:
        await context.reply("feedback.only_words", private=True)
        return
    if message is None or message.document is None or not may_send(person):
        await context.reply("files.not_for_you")
        return
    document = message.document
    sent = Sent(document.file_id, document.file_name, document.file_size)
    file = await context.services.files.receive(context.unit, person, sent, now=context.now)
    await context.say(received(file))


async def confirmed(update: Update, context: BotContext) -> None:
    """Apply; with the second button what is missing is called off as well."""
    require_private(update)
    person = await _sender(update, context)
    word, ident, step, card = _decision(update)
    file = await context.services.files.confirm(
        context.unit, person, ident, step, cancels=word == "c", card=card, now=context.now
    )
    await context.say(working(file))


async def dropped(update: Update, context: BotContext) -> None:
    require_private(update)
    person = await _sender(update, context)
    _, ident, step, card = _decision(update)
    await context.services.files.drop(context.unit, person, ident, step, now=context.now)
    await context.reply("files.dropped", edits=card)


def _decision(update: Update) -> tuple[str, str, int, int]:
    """The button's word, its file, the preview it belongs to, and its message. Raises ButtonUnknown."""
    data, card = pressed(update)
    match = _DECISION.match(data)
    if match is None:
        raise ButtonUnknown
    return match["word"], match["id"], int(match["step"]), card


async def _sender(update: Update, context: BotContext) -> Person:
    person = await context.person(update)
    if not may_send(person):
        raise NotAllowed
    return person


def register(application: App) -> None:
    application.add_handler(CommandHandler("files", files_asked))
    tables = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.Document.ALL & ~_MEDIA
    application.add_handler(MessageHandler(tables, document_sent))
    application.add_handler(CallbackQueryHandler(template_tapped, pattern=r"^fl:t:(tour|notes)$"))
    application.add_handler(CallbackQueryHandler(confirmed, pattern=r"^fl:[ac]:"))
    application.add_handler(CallbackQueryHandler(dropped, pattern=r"^fl:x:"))
