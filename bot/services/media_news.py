"""What somebody is told of a voice or picture that they sent, once it is known what became of it."""

from datetime import datetime, timedelta

from bot.domain.delivery import Button, DeliveryKind, Draft, Keyboard, Need, notice_key
from bot.domain.dialogue import DIALOGUE_LIFE, Step, alive
from bot.domain.feedback import Note
from bot.domain.ids import ChatId
from bot.domain.media import MediaJob, MediaKind, MediaState
from bot.domain.person import Action
from bot.domain.values import Phrase, Value
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit

OF_USE_FOR = timedelta(minutes=15)
"""Words that wait to be sent longer than this are in the note anyway."""


async def tell(
    unit: Unit, job: MediaJob, state: MediaState, note: Note, *, expected: bool, now: datetime
) -> bool:
    """Plans the word to the author, if there is one and they can be told. Whether something was planned.

    `expected`: the voice was to be written down. A voice or picture that is kept as was said before is no news.
    """
    subject = _subject(job, state, note, expected=expected)
    if job.chat is None or subject is None:
        return False
    if job.private:
        return await _tell_participant(unit, job, job.chat, subject, note, now=now)
    meeting = None if note.meeting is None else await unit.meetings.by_id(note.meeting)
    person = await unit.people.by_chat(job.chat)
    if person is None or meeting is None:
        return False
    draft = Draft(
        f"media.{subject}_staff",
        {"title": meeting.title, **_values(job, subject, note)},
        _staff_buttons(note),
        expires=now + OF_USE_FOR,
        needs=(Need(Action.FILE_NOTE, note.region),),
    )
    to = Recipient(job.chat, person.language, person.id)
    return await plan(unit, DeliveryKind.NOTICE, _key(job), to, draft, now=now)


async def _tell_participant(
    unit: Unit, job: MediaJob, chat: ChatId, subject: str, note: Note, *, now: datetime
) -> bool:
    """Within their dialogue only, and planned as of their last step: the word goes when that is forgotten."""
    dialogue = await unit.dialogues.of(chat)
    if dialogue is None or not dialogue.private or not alive(dialogue.last_step_at, now):
        return False
    last = dialogue.last_step_at
    draft = Draft(
        f"media.{subject}",
        _values(job, subject, note),
        _guest_buttons(job),
        expires=last + DIALOGUE_LIFE,
        private=True,
    )
    return await plan(unit, DeliveryKind.NOTICE, _key(job), Recipient(chat, job.language), draft, now=last)


def _subject(job: MediaJob, state: MediaState, note: Note, *, expected: bool) -> str | None:
    match state:
        case MediaState.TRANSCRIBED if note.heard:
            return "heard"
        case MediaState.SILENT:
            return "silent"
        case MediaState.LOST:
            return "lost"
        case MediaState.KEPT if job.kind is MediaKind.VOICE and expected:
            return "unheard"
        case _:
            return None


def _values(job: MediaJob, subject: str, note: Note) -> dict[str, Value]:
    match subject:
        case "heard":
            return {"words": note.words}
        case "lost":
            return {"what": Phrase(f"media.kind_{job.kind}")}
        case _:
            return {}


def _key(job: MediaJob) -> str:
    return notice_key("media", job.medium)


def _staff_buttons(note: Note) -> Keyboard:
    return (
        (
            Button("notes.change_button", data=f"n:e:{note.id}"),
            Button("notes.withdraw_button", data=f"n:x:{note.id}"),
        ),
    )


def _guest_buttons(job: MediaJob) -> Keyboard:
    return (
        (
            Button("feedback.change_button", data=f"f:a:{job.secret}:{Step.WORDS}"),
            Button("feedback.withdraw_button", data=f"f:x:{job.secret}"),
        ),
    )
