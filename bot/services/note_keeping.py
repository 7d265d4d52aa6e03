"""What becomes of a note and its voice, whichever door it came through: the chat and the page share these rules.

Callers began their transaction with `before_notes_change`, and found the note by a secret that only its author holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.errors import ButtonUnknown, Refusal
from bot.domain.feedback import PARTICIPANTS, Consent, Note, Purpose, Source, Speaker, Voice, reissue_due
from bot.domain.ids import NoteId, SecretHash, VoiceId, new_id
from bot.domain.meeting import Meeting
from bot.services.revisions import note_changed, voice_changed
from bot.services.unit import Unit

Change = Callable[[Note], Note]
"""What is said: a note as it was, to the note as it is to be. Raises a Refusal for what cannot be said."""


class FeedbackClosed(Refusal):
    """The meeting takes no new feedback: over for more than a day, or called off."""

    def __init__(self, meeting: Meeting) -> None:
        key = "feedback.meeting_cancelled" if meeting.cancelled else "feedback.closed"
        super().__init__(key, {"title": meeting.title})


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed to before anything was said: the versions of the texts that were shown, and the day."""

    shown: Mapping[Purpose, str]
    day: date


def require_open(meeting: Meeting, now: datetime) -> None:
    """Raises FeedbackClosed."""
    if not meeting.takes_feedback(now):
        raise FeedbackClosed(meeting)


def require_participant(speaker: Speaker) -> None:
    """Raises ButtonUnknown for what a participant cannot say they are."""
    if speaker not in PARTICIPANTS:
        raise ButtonUnknown


async def require_topic(unit: Unit, meeting: Meeting, topic: str) -> None:
    """Raises ButtonUnknown for a topic that the meeting's tour does not have."""
    if (await unit.tours.by_id(meeting.tour)).topic_title(topic) is None:
        raise ButtonUnknown


async def new_voice(unit: Unit, meeting: Meeting, speaker: Speaker, agreed: Agreed) -> Voice:
    """Somebody who is about to say something; to be called only then. Tied to nobody."""
    voice = Voice(VoiceId(new_id()), meeting.id, speaker)
    await unit.voices.keep(voice)
    for purpose, version in agreed.shown.items():
        await unit.voices.agree(Consent(voice.id, purpose, version, agreed.day))
    return voice


def blank(meeting: Meeting, voice: VoiceId, source: Source, secret: SecretHash) -> Note:
    """A note of nothing yet."""
    return Note(NoteId(new_id()), voice, meeting.id, meeting.region, meeting.day, source, secret=secret)


async def keep_new(unit: Unit, note: Note, *, now: datetime) -> None:
    await unit.notes.keep(note)
    await note_changed(unit, note, now=now)


async def change_note(unit: Unit, note: Note, change: Change, *, now: datetime) -> Note:
    """The note as changed; the same again changes nothing. Raises AlreadyWithdrawn."""
    note.require_standing()
    changed = change(note)
    if changed != note:
        await unit.notes.keep(changed)
        await note_changed(unit, changed, now=now)
    return changed


async def take_back(unit: Unit, note: Note, voice: Voice, *, now: datetime) -> None:
    """What the note said is destroyed, that it was there is counted. Repeated, it changes nothing.

    With the last note that stands, the voice's name goes too.
    """
    if note.withdrawn:
        return
    gone = note.taken_back()
    await unit.notes.keep(gone)
    await note_changed(unit, gone, now=now)
    if all(one.withdrawn for one in await unit.notes.of_voice(voice.id)):
        await unit.voices.keep(voice.unnamed())


async def speak_as(unit: Unit, voice: Voice, meeting: Meeting, speaker: Speaker, *, now: datetime) -> None:
    """The voice says that it is somebody else than it said."""
    if voice.speaker is not speaker:
        await unit.voices.keep(voice.speaking_as(speaker))
        await voice_changed(unit, voice, meeting.region, meeting.day, due=reissue_due(now))


async def leave_name(unit: Unit, voice: Voice, meeting: Meeting, name: str, *, now: datetime) -> None:
    """The voice leaves a name with all its notes. Raises NameTooLong."""
    await unit.voices.keep(voice.named(name))
    await voice_changed(unit, voice, meeting.region, meeting.day, due=reissue_due(now))


async def forget_name(unit: Unit, voice: Voice, note: Note, *, now: datetime) -> None:
    """Destroys the name that was left. Calls the digest again at once: it may have been printed."""
    if voice.name is not None:
        await unit.voices.keep(voice.unnamed())
        await voice_changed(unit, voice, note.region, note.day, due=now)
