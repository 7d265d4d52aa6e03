"""Voice and pictures from participants: taken where words would be, after consent, and never in place of a change.

A voice, and a picture with words, are a note like written words are; a picture alone joins the note in hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.dialogue import Progress, Step
from bot.domain.errors import Refusal
from bot.domain.feedback import Note, Purpose
from bot.domain.ids import ChatId, hash_of
from bot.domain.media import (
    MEDIA_CONSENT_SINCE,
    MOST_OF_A_NOTE,
    MediaKind,
    NotAgreed,
    Sent,
    TooMany,
    WriteInstead,
)
from bot.services import feedback_places as places
from bot.services.feedback import Feedback
from bot.services.feedback_places import Stand
from bot.services.media_jobs import Author, order
from bot.services.revisions import before_notes_change, note_changed
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is on its way. `goes_on`: the question in hand still waits for its answer.

    `followed`: another one of the same album was taken before. `written_down`: its voice will be. `asked_again`: nothing
    was taken, a consent comes first.
    """

    stand: Stand
    kind: MediaKind
    goes_on: bool
    followed: bool
    written_down: bool
    asked_again: bool = False


class MediaIntake:
    """`written_down`: participants' voices are turned into words (where, and by whom, is the operator's to trust)."""

    def __init__(self, feedback: Feedback, *, written_down: bool) -> None:
        self._feedback = feedback
        self._written_down = written_down

    async def take(
        self, unit: Unit, chat: ChatId, sent: Sent, language: str, *, now: datetime
    ) -> Taken | None:
        """A file, wherever the dialogue stands; None when there is none: then nothing is kept.

        Raises TooLarge, TooLong, TooMany, WriteInstead, NotAgreed, WordsTooLong, FeedbackClosed, AlreadyWithdrawn, and
        a Refusal before consent.
        """
        await before_notes_change(unit)
        progress = await places.living(unit, chat, now)
        if progress is None:
            return None
        _require_place(progress)
        sent.require_fit()
        progress, before = await self._place(unit, progress, sent)
        if (again := await self._feedback.asked_again(unit, progress, now=now)) is not None:
            stand = await places.keep(unit, chat, again, now=now)
            return Taken(stand, sent.kind, goes_on=True, followed=False, written_down=False, asked_again=True)
        await _require_agreed(unit, progress)
        progress = await self._feedback.record(unit, progress, _with_words(sent), now=now)
        note = await unit.notes.by_secret(hash_of(progress.secret))
        if note is None:
            raise LookupError("a note that was just kept is not there")
        media = await unit.media.of_note(note.id)
        if len(media) >= MOST_OF_A_NOTE:
            raise TooMany
        await order(unit, note, [sent], Author(chat, language, progress.secret), now=now)
        await note_changed(unit, note, now=now)
        said = _speaks(sent)
        goes_on = not said and progress.step is not Step.DONE
        progress = progress if goes_on else progress.at(Step.DONE)
        return Taken(
            stand=await places.keep(unit, chat, progress, now=now),
            kind=sent.kind,
            goes_on=goes_on,
            followed=sent.album is not None and before is not None and bool(media),
            written_down=self._written_down,
        )

    async def _place(self, unit: Unit, progress: Progress, sent: Sent) -> tuple[Progress, Note | None]:
        """The note that the file belongs to, which may not exist yet."""
        note = await unit.notes.by_secret(hash_of(progress.secret))
        if note is not None:
            note.require_standing()
        if not _speaks(sent) or note is None:
            return progress, note
        if progress.step is Step.DONE:
            return await places.next_note(unit, progress), None
        voices = [one for one in await unit.media.of_note(note.id) if one.kind is MediaKind.VOICE]
        if note.words or voices:
            raise WriteInstead
        return progress, note


def _speaks(sent: Sent) -> bool:
    return sent.kind is MediaKind.VOICE or bool(sent.words)


def _with_words(sent: Sent) -> Callable[[Note], Note]:
    return lambda note: note.saying(sent.words) if sent.words else note


def _require_place(progress: Progress) -> None:
    if progress.step is Step.CONSENT:
        raise Refusal("media.consent_first")
    if progress.step is Step.SPEAKER and progress.voice is None:
        raise Refusal("media.speaker_first")
    if progress.step is Step.NAME:
        raise WriteInstead


async def _require_agreed(unit: Unit, progress: Progress) -> None:
    """Raises NotAgreed when the notice that the person saw does not speak of voice and pictures."""
    shown = progress.shown.get(Purpose.FEEDBACK)
    if progress.voice is not None:
        agreed = (await unit.voices.agreements(progress.voice)).get(Purpose.FEEDBACK)
        shown = agreed[0] if agreed is not None else shown
    if shown is None or int(shown) < MEDIA_CONSENT_SINCE:
        raise NotAgreed
