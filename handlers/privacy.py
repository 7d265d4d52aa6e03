"""/privacy: what is held, given out, destroyed, and the notices again. For anybody."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button
from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import Note
from bot.domain.person import Person
from bot.domain.values import Phrase, Value
from bot.services.people import grant_lines, language_name
from bot.services.privacy import Holdings
from handlers import own_requests
from handlers.application import App
from handlers.context import BotContext, pressed, require_private
from handlers.privately import privately

_A_MESSAGE = 3000
"""Characters of notes in one message, well under Telegram's 4096 with what stands around them."""


@privately
async def asked(update: Update, context: BotContext) -> None:
    """What we hold that this chat leads to, and what can be done about it."""
    chat = require_private(update)
    held = await context.services.privacy.held(context.unit, chat)
    rows = [(Button("privacy.notice_button", data="p:notice"),)]
    if held.person is not None and held.staff_notes:
        rows.append((Button("privacy.export_button", data="p:export"),))
    if held.can_be_deleted:
        rows.append((Button("privacy.delete_button", data="p:delete"),))
    keyboard = (*rows, *own_requests.buttons_of(held))
    await context.reply("privacy.held", {"lines": _lines(held)}, keyboard=keyboard, private=True)


@privately
async def tapped(update: Update, context: BotContext) -> None:
    chat = require_private(update)
    data, message = pressed(update)
    privacy, unit = context.services.privacy, context.unit
    match data:
        case "p:notice":
            notices = privacy.notices(now=context.now, language=context.language)
            await context.reply("consent.texts", {"notices": "\n\n".join(notices)}, private=True)
        case "p:export":
            await _export(context, await context.person(update))
        case "p:delete":
            held = await privacy.held(unit, chat)
            key = "privacy.ask_delete" if held.person is None else "privacy.ask_delete_person"
            confirm = (Button("privacy.delete_confirm", data="p:confirm"),)
            keep = (Button("privacy.keep_button", data="p:keep"),)
            await context.reply(key, keyboard=(confirm, keep), edits=message, private=True)
        case "p:confirm":
            await privacy.forget(unit, chat, now=context.now)
            await context.reply("privacy.deleted", edits=message, private=True)
        case "p:keep":
            await context.reply("privacy.kept", edits=message, private=True)
        case _:
            raise ButtonUnknown


def _lines(held: Holdings) -> tuple[Phrase, ...]:
    lines: list[Phrase] = []
    if held.person is not None:
        lines += [
            Phrase("privacy.line_name", {"name": held.person.name}),
            Phrase("privacy.line_chat"),
            Phrase("privacy.line_language", {"language": language_name(held.person.language)}),
            Phrase("privacy.line_grants", {"grants": grant_lines(held.person.grants)}),
            Phrase("privacy.line_notes", {"count": held.staff_notes}),
        ]
    if held.media:
        lines.append(Phrase("media.line_held", {"count": held.media}))
    if held.subscriptions:
        lines.append(Phrase("privacy.line_subscriptions", {"count": held.subscriptions}))
    if held.dialogue:
        lines.append(Phrase("privacy.line_dialogue"))
    lines += own_requests.lines_of(held)
    return tuple(lines) or (Phrase("privacy.line_nothing"),)


async def _export(context: BotContext, person: Person) -> None:
    """The person's own notes, in as many messages as they need; destroyed with us after fifteen minutes."""
    notes = await context.services.privacy.export(context.unit, person)
    if not notes:
        await context.reply("privacy.export_empty", private=True)
    parts = _parts(list(notes))
    for number, part in enumerate(parts, start=1):
        values: dict[str, Value] = {"part": number, "parts": len(parts), "notes": part}
        await context.reply("privacy.export", values, private=True)
    held = await context.services.privacy.held(context.unit, person.chat)
    if held.media:
        await context.reply("media.export_without", {"count": held.media}, private=True)


def _parts(notes: list[Note]) -> list[tuple[Phrase, ...]]:
    """Notes packed into messages; one note is at most 3,000 characters (a transcript) and is never cut."""
    parts: list[list[Phrase]] = []
    room = 0
    for note in notes:
        size = len(note.words) + 60
        if size > room:
            parts.append([])
            room = _A_MESSAGE
        room -= size
        values: dict[str, Value] = {
            "day": note.day,
            "region": note.region,
            "kind": Phrase(f"notes.kind_{note.kind}"),
            "words": note.words or Phrase("media.export_no_words"),
        }
        parts[-1].append(Phrase("privacy.export_note", values))
    return [tuple(part) for part in parts]


def register(application: App) -> None:
    application.add_handler(CommandHandler("privacy", asked))
    application.add_handler(CallbackQueryHandler(tapped, pattern=r"^p:"))
