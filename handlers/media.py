"""Voice messages, sound files and pictures, from participants and staff. Knows Telegram; decides nothing."""

from datetime import timedelta

from telegram import Message, Update
from telegram.ext import MessageHandler, filters

from bot.domain.errors import ButtonUnknown, Refusal
from bot.domain.media import MediaKind, Sent, album_of
from bot.domain.person import Action, Person
from bot.domain.staff_note import Choice
from bot.services.media_intake import Taken
from handlers import notes
from handlers.application import App
from handlers.context import BotContext, require_private
from handlers.feedback import show_stand
from handlers.help import say_not_taken
from handlers.privately import privately

_NEW_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
_OURS = filters.VOICE | filters.AUDIO | filters.PHOTO | filters.Document.IMAGE
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
_SOUNDS = frozenset(
    f"audio/{name}" for name in ("ogg", "opus", "mpeg", "mp3", "wav", "x-wav", "vnd.wave", "flac", "x-flac")
)


async def media_sent(update: Update, context: BotContext) -> None:
    """A question of the feedback dialogue has it first, then staff's notes: as with words."""
    chat = require_private(update)
    person = await context.services.people.known(context.unit, chat)
    files_notes = person is not None and person.may_somewhere(Action.FILE_NOTE)
    waits = await context.services.feedback.waits_for_words(context.unit, chat, now=context.now)
    if person is not None and files_notes and not waits:
        await _from_staff(update, context, person)
    else:
        await _from_participant(update, context)


async def _from_staff(update: Update, context: BotContext, person: Person) -> None:
    sent = sent_in(update)
    outcome = await context.services.staff_notes.write(
        context.unit, person, sent.words, now=context.now, sent=sent
    )
    if isinstance(outcome, Choice):
        await notes.ask_meeting(context, outcome)
    elif not outcome.joined:
        await notes.show(context, outcome)


@privately
async def _from_participant(update: Update, context: BotContext) -> None:
    chat = require_private(update)
    taken = await context.services.media.take(
        context.unit, chat, sent_in(update), context.language, now=context.now
    )
    if taken is None:
        await say_not_taken(context, chat, "media.no_dialogue")
    elif taken.asked_again:
        await show_stand(update, context, taken.stand)
    elif not taken.followed:
        await context.reply(_answer(taken), private=True)
        if not taken.goes_on:
            await show_stand(update, context, taken.stand)


def _answer(taken: Taken) -> str:
    if taken.kind is MediaKind.VOICE:
        return "media.voice_taken" if taken.written_down else "media.voice_kept"
    return "media.photo_goes_on" if taken.goes_on else "media.photo_taken"


def sent_in(update: Update) -> Sent:
    """The file of a message. Raises a Refusal for kinds that nobody here could open."""
    message = update.effective_message
    if message is None:
        raise ButtonUnknown
    words, album = (message.caption or "").strip(), album_of(message.media_group_id)
    if message.photo:
        largest = message.photo[-1]
        return Sent(MediaKind.PHOTO, largest.file_id, words, largest.file_size, album=album)
    if message.document is not None:
        document = message.document
        if document.mime_type not in _PICTURES:
            raise Refusal("media.picture_kind")
        return Sent(MediaKind.PHOTO, document.file_id, words, document.file_size, album=album)
    return _sound(message, words, album)


def _sound(message: Message, words: str, album: str | None) -> Sent:
    sound = message.voice or message.audio
    if sound is None:
        raise ButtonUnknown
    if message.audio is not None and message.audio.mime_type not in _SOUNDS:
        raise Refusal("media.sound_kind")
    seconds = sound.duration.total_seconds() if isinstance(sound.duration, timedelta) else sound.duration
    return Sent(MediaKind.VOICE, sound.file_id, words, sound.file_size, int(seconds), album)


def register(application: App) -> None:
    """Before handlers.words, which takes whatever else is sent."""
    application.add_handler(MessageHandler(_NEW_PRIVATE & _OURS, media_sent))
