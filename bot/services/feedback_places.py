"""Where a participant stands: found by the chat's dialogue or by the secret in a button, kept after every step."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.dialogue import Progress, Step, alive
from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.feedback import ASKED_IN_CHAT, Note, Source, Voice
from bot.domain.ids import ChatId, MeetingId, Secret, hash_of, new_secret
from bot.domain.media import Medium
from bot.domain.meeting import Meeting
from bot.domain.tour import told_in
from bot.services.unit import Unit
from storage.repositories.dialogues import Dialogue

_PREFIX = "feedback."


class StepOver(Refusal):
    """A button whose dialogue is over and that no note stands behind: nothing was lost, nothing is left."""

    def __init__(self) -> None:
        super().__init__("feedback.step_over")


@dataclass(frozen=True, slots=True)
class Stand:
    """What to show next. `note` is None until something was said; `voice` goes with it.

    `editing`: one answer of a finished note is being changed. `takes_more`: another note may be left.
    `to_come`: the meeting has not begun.
    """

    progress: Progress
    meeting: Meeting
    topics: tuple[Topic, ...]
    note: Note | None
    voice: Voice | None
    takes_more: bool
    to_come: bool
    editing: bool = False
    media: tuple[Medium, ...] = ()

    def told_in(self, language: str) -> "Stand":
        """As its participant reads it in `language`: the topics."""
        return replace(self, topics=told_in(language, self.topics))

    def topic_title(self) -> str | None:
        """The title of the note's topic."""
        return next((t.title for t in self.topics if self.note and t.key == self.note.topic), None)


async def living(unit: Unit, chat: ChatId, now: datetime) -> Progress | None:
    """The feedback dialogue of a chat whose last step is less than fifteen minutes ago."""
    dialogue = await unit.dialogues.of(chat)
    if dialogue is None or not dialogue.step.startswith(_PREFIX) or not alive(dialogue.last_step_at, now):
        return None
    return Progress.from_state(Step(dialogue.step.removeprefix(_PREFIX)), dialogue.state)


async def found(unit: Unit, chat: ChatId, secret: Secret, now: datetime) -> Progress:
    """Where the bearer of a button's secret stands: in the chat's dialogue, or behind a note of any age.

    Raises StepOver for a secret that leads nowhere (any more).
    """
    progress = await living(unit, chat, now)
    if progress is not None and progress.secret == secret:
        return progress
    note = await unit.notes.by_secret(hash_of(secret))
    voice = None if note is None else await unit.voices.by_id(note.voice)
    if note is None or voice is None or note.meeting is None or note.source is not Source.CHAT:
        raise StepOver
    return Progress(
        step=Step.DONE,
        meeting=note.meeting,
        secret=secret,
        agreed=frozenset(ASKED_IN_CHAT),
        speaker=voice.speaker,
        voice=voice.id,
        earlier={} if progress is None else await left_behind(unit, progress),
    )


async def left_behind(unit: Unit, progress: Progress) -> dict[MeetingId, Secret]:
    note = await unit.notes.by_secret(hash_of(progress.secret))
    return progress.left_behind(said_something=note is not None)


async def next_note(unit: Unit, progress: Progress) -> Progress:
    """The place of another note of the same voice. Raises StepOver when this one does not exist."""
    if await unit.notes.by_secret(hash_of(progress.secret)) is None:
        raise StepOver
    earlier = progress.left_behind(said_something=True)
    return replace(progress, step=Step.RATING, secret=new_secret(), earlier=earlier)


async def meeting_of(unit: Unit, progress: Progress) -> Meeting:
    """Raises StepOver when the meeting is gone."""
    meeting = await unit.meetings.by_id(progress.meeting)
    if meeting is None:
        raise StepOver
    return meeting


async def keep(
    unit: Unit, chat: ChatId, progress: Progress, *, now: datetime, editing: bool = False
) -> Stand:
    """Keeps the step as the chat's last one and tells what it shows."""
    row = Dialogue(chat, f"{_PREFIX}{progress.step}", progress.to_state(), private=True, last_step_at=now)
    await unit.dialogues.keep(row)
    meeting = await meeting_of(unit, progress)
    tour = await unit.tours.by_id(meeting.tour)
    note = await unit.notes.by_secret(hash_of(progress.secret))
    return Stand(
        progress=progress,
        meeting=meeting,
        topics=tour.topics,
        note=note,
        voice=None if note is None else await unit.voices.by_id(note.voice),
        takes_more=meeting.takes_feedback(now),
        to_come=now < meeting.start and not meeting.cancelled,
        editing=editing,
        media=() if note is None else await unit.media.of_note(note.id),
    )
