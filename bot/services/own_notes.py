"""The author's power over a note, by the buttons in their own chat: change it, take it back, leave a name, say more.

It lasts as long as the note, long after the dialogue was destroyed: the secret in the button leads to the note.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.dialogue import Progress, Step
from bot.domain.errors import ButtonUnknown
from bot.domain.feedback import Note, Voice
from bot.domain.ids import ChatId, Secret, hash_of
from bot.services import consent_again
from bot.services import feedback_places as places
from bot.services.consent import ConsentTexts
from bot.services.feedback_places import Stand, StepOver
from bot.services.note_keeping import forget_name, require_open, take_back
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit

CHANGEABLE = frozenset({Step.SPEAKER, Step.RATING, Step.TOPIC, Step.WORDS, Step.NAME})
"""What can be asked again of a note that stands."""


class OwnNotes:
    """Every method raises StepOver for a secret behind which no note stands (any more)."""

    def __init__(self, texts: ConsentTexts) -> None:
        self._texts = texts

    async def show(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """The note as it is; its chat has a dialogue again for fifteen minutes."""
        progress, _, _ = await self._own(unit, chat, secret, now)
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def standing(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """`show` for what is about to change it. Raises AlreadyWithdrawn."""
        progress, note, _ = await self._own(unit, chat, secret, now)
        note.require_standing()
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def ask(self, unit: Unit, chat: ChatId, secret: Secret, step: Step, *, now: datetime) -> Stand:
        """Asks one thing again. Raises AlreadyWithdrawn, ButtonUnknown for what cannot be asked."""
        progress, note, _ = await self._own(unit, chat, secret, now)
        if step not in CHANGEABLE:
            raise ButtonUnknown
        note.require_standing()
        return await places.keep(unit, chat, progress.at(step), now=now, editing=True)

    async def withdraw(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """Takes the note back; see `take_back`."""
        await before_notes_change(unit)
        progress, note, voice = await self._own(unit, chat, secret, now)
        await take_back(unit, note, voice, now=now)
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def another(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """Another note of the same voice; the consent anew first, where its text changed. Raises FeedbackClosed."""
        progress, _, _ = await self._own(unit, chat, secret, now)
        meeting = await places.meeting_of(unit, progress)
        require_open(meeting, now)
        progress = await places.next_note(unit, progress)
        again = await consent_again.asked_again(unit, self._texts, progress, now=now)
        return await places.keep(unit, chat, again or progress, now=now)

    async def forget_name(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """Destroys the name that was left; see note_keeping."""
        await before_notes_change(unit)
        progress, note, voice = await self._own(unit, chat, secret, now)
        await forget_name(unit, voice, note, now=now)
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def _own(
        self, unit: Unit, chat: ChatId, secret: Secret, now: datetime
    ) -> tuple[Progress, Note, Voice]:
        progress = await places.found(unit, chat, secret, now)
        note = await unit.notes.by_secret(hash_of(secret))
        voice = None if note is None else await unit.voices.by_id(note.voice)
        if note is None or voice is None:
            raise StepOver
        return replace(progress, voice=voice.id), note, voice
