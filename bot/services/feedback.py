"""Taking what people say about a meeting: every answer is kept the moment it is given, half a feedback is a note."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.dialogue import WAITS_FOR_WORDS, Progress, Step
from bot.domain.errors import ButtonUnknown, Refusal
from bot.domain.feedback import Note, Source, Speaker
from bot.domain.ids import ChatId, Secret, VoiceId, hash_of
from bot.domain.media import MediaKind, MediaState
from bot.domain.meeting import Meeting
from bot.services import consent_again
from bot.services import feedback_places as places
from bot.services.consent import ConsentTexts
from bot.services.feedback_places import Stand, StepOver
from bot.services.note_keeping import (
    Agreed,
    Change,
    blank,
    change_note,
    keep_new,
    leave_name,
    new_voice,
    require_open,
    require_participant,
    require_topic,
    speak_as,
)
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit

_SAYS_NOTHING = frozenset({MediaState.SILENT, MediaState.LOST})


class Feedback:
    """The questions of the dialogue, in order. `zone` tells the day of a consent.

    A note that would rest on a text that is no longer in force is not begun: the consent is asked anew (Step.CONSENT).

    Neither voice nor note exists before something was said. Every method that takes a button's secret raises
    StepOver when it leads nowhere any more.
    """

    def __init__(self, zone: ZoneInfo, texts: ConsentTexts) -> None:
        self._zone = zone
        self._texts = texts

    async def speak_as(
        self, unit: Unit, chat: ChatId, secret: Secret, speaker: Speaker, *, editing: bool, now: datetime
    ) -> Stand:
        """Who the person says they are. Raises ButtonUnknown without consent or for what cannot be chosen."""
        await before_notes_change(unit)
        progress = await places.found(unit, chat, secret, now)
        if not progress.consented:
            raise ButtonUnknown
        require_participant(speaker)
        voice = None if progress.voice is None else await unit.voices.by_id(progress.voice)
        if voice is not None:
            await speak_as(unit, voice, await places.meeting_of(unit, progress), speaker, now=now)
        step = Step.RATING if progress.step is Step.SPEAKER else progress.step
        progress = replace(progress, speaker=speaker, step=Step.DONE if editing else step)
        return await places.keep(unit, chat, progress, now=now)

    async def rate(
        self, unit: Unit, chat: ChatId, secret: Secret, rating: int | None, *, editing: bool, now: datetime
    ) -> Stand:
        """One to five stars, or None: skipped. Raises RatingOutOfRange, FeedbackClosed, AlreadyWithdrawn."""
        await before_notes_change(unit)
        progress = await self._speaking(unit, chat, secret, now)
        if (again := await self.asked_again(unit, progress, now=now)) is not None:
            return await places.keep(unit, chat, again, now=now)
        if rating is not None:
            progress = await self._save(unit, progress, lambda note: note.rated(rating), now)
        return await self._after(unit, chat, progress, Step.TOPIC, editing=editing, now=now)

    async def choose_topic(
        self, unit: Unit, chat: ChatId, secret: Secret, topic: str | None, *, editing: bool, now: datetime
    ) -> Stand:
        """A topic of the tour by its key, or None: skipped. Raises ButtonUnknown for a topic that the tour does not have."""
        await before_notes_change(unit)
        progress = await self._speaking(unit, chat, secret, now)
        if (again := await self.asked_again(unit, progress, now=now)) is not None:
            return await places.keep(unit, chat, again, now=now)
        if topic is not None:
            meeting = await places.meeting_of(unit, progress)
            await require_topic(unit, meeting, topic)
            progress = await self._save(unit, progress, lambda note: note.on_topic(topic), now)
        return await self._after(unit, chat, progress, Step.WORDS, editing=editing, now=now)

    async def waits_for_words(self, unit: Unit, chat: ChatId, *, now: datetime) -> bool:
        """Whether plain words are the answer to a question of this dialogue."""
        progress = await places.living(unit, chat, now)
        return progress is not None and progress.step in WAITS_FOR_WORDS

    async def write(self, unit: Unit, chat: ChatId, words: str, *, now: datetime) -> Stand | None:
        """Plain words, wherever the dialogue stands; None when there is none.

        After a finished note they are another one of the same voice. Raises WordsTooLong, FeedbackClosed, NameTooLong,
        AlreadyWithdrawn, and a Refusal before consent: those words are kept nowhere.
        """
        await before_notes_change(unit)
        progress = await places.living(unit, chat, now)
        if progress is None:
            return None
        match progress.step:
            case Step.CONSENT:
                raise Refusal("feedback.consent_first")
            case Step.SPEAKER if progress.voice is None:
                raise Refusal("feedback.speaker_first")
            case Step.NAME:
                await self._name(unit, progress, words, now)
            case _:
                if progress.step is Step.DONE:
                    progress = await self._to_say_more(unit, progress)
                if (again := await self.asked_again(unit, progress, now=now)) is not None:
                    return await places.keep(unit, chat, again, now=now)
                progress = await self._save(unit, progress, _saying(words), now)
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def asked_again(self, unit: Unit, progress: Progress, *, now: datetime) -> Progress | None:
        """See bot.services.consent_again: to be asked before a note is begun. What was just said is kept nowhere."""
        return await consent_again.asked_again(unit, self._texts, progress, now=now)

    async def finish(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand | None:
        """No (more) words. None when nothing was said at all: then nothing is left either."""
        progress = await places.found(unit, chat, secret, now)
        if await unit.notes.by_secret(hash_of(secret)) is None:
            await unit.dialogues.drop(chat)
            return None
        return await places.keep(unit, chat, progress.at(Step.DONE), now=now)

    async def has_spoken(self, unit: Unit, secret: Secret) -> bool:
        """Whether what the question for words asked for is there: the receipt was shown when it came."""
        note = await unit.notes.by_secret(hash_of(secret))
        return note is not None and await _speaks(unit, note)

    async def record(self, unit: Unit, progress: Progress, change: Change, *, now: datetime) -> Progress:
        """Changes the note behind the secret, or makes it, for what else can be said than words.

        To be called after `before_notes_change`. Raises what `change` raises, FeedbackClosed, AlreadyWithdrawn.
        """
        return await self._save(unit, progress, change, now)

    async def _to_say_more(self, unit: Unit, progress: Progress) -> Progress:
        """Where words after a finished note belong: to it while it has none, else to another of the same voice.

        Words after a withdrawal may be anything but a new note: that is asked for by its button (AlreadyWithdrawn).
        """
        note = await unit.notes.by_secret(hash_of(progress.secret))
        if note is not None:
            note.require_standing()
            if not await _speaks(unit, note):
                return progress
        return await places.next_note(unit, progress)

    async def _speaking(self, unit: Unit, chat: ChatId, secret: Secret, now: datetime) -> Progress:
        progress = await places.found(unit, chat, secret, now)
        if not progress.may_speak:
            raise ButtonUnknown
        return progress

    async def _after(
        self, unit: Unit, chat: ChatId, progress: Progress, step: Step, *, editing: bool, now: datetime
    ) -> Stand:
        """The next question; what was answered already is not asked again."""
        note = await unit.notes.by_secret(hash_of(progress.secret))
        finished = step is Step.WORDS and note is not None and await _speaks(unit, note)
        return await places.keep(unit, chat, progress.at(Step.DONE if editing or finished else step), now=now)

    async def _save(self, unit: Unit, progress: Progress, change: Change, now: datetime) -> Progress:
        """Changes the note behind the secret, or makes it (and its voice): only then does anything exist."""
        note = await unit.notes.by_secret(hash_of(progress.secret))
        if note is not None:
            await change_note(unit, note, change, now=now)
            return progress
        meeting = await places.meeting_of(unit, progress)
        require_open(meeting, now)
        progress, voice = await self._voiced(unit, progress, meeting, now)
        new = change(blank(meeting, voice, Source.CHAT, hash_of(progress.secret)))
        await keep_new(unit, new, now=now)
        return progress

    async def _voiced(
        self, unit: Unit, progress: Progress, meeting: Meeting, now: datetime
    ) -> tuple[Progress, VoiceId]:
        if progress.voice is not None:
            return progress, progress.voice
        if progress.speaker is None or not progress.consented:
            raise ButtonUnknown
        agreed = Agreed(progress.shown, now.astimezone(self._zone).date())
        voice = await new_voice(unit, meeting, progress.speaker, agreed)
        return replace(progress, voice=voice.id), voice.id

    async def _name(self, unit: Unit, progress: Progress, words: str, now: datetime) -> None:
        voice = None if progress.voice is None else await unit.voices.by_id(progress.voice)
        if voice is None:
            raise StepOver
        await leave_name(unit, voice, await places.meeting_of(unit, progress), words, now=now)


async def _speaks(unit: Unit, note: Note) -> bool:
    """Whether the note has its words, or a voice that says or will give them."""
    return bool(note.words) or any(
        one.kind is MediaKind.VOICE and one.state not in _SAYS_NOTHING
        for one in await unit.media.of_note(note.id)
    )


def _saying(words: str) -> Change:
    return lambda note: note.saying(words)
