"""Coming in by a meeting's code: is it open, what it is for, and consent. Nothing but the dialogue row exists before it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.dialogue import Progress, Step
from bot.domain.errors import ButtonUnknown, Refusal
from bot.domain.feedback import ASKED_IN_CHAT, FEEDBACK_OPENS_BEFORE_START, Purpose
from bot.domain.ids import ChatId, Secret, new_id, new_secret
from bot.domain.meeting import Meeting
from bot.services import feedback_places as places
from bot.services.consent import ConsentTexts
from bot.services.consent_again import record, renewed
from bot.services.feedback_places import Stand
from bot.services.note_keeping import FeedbackClosed, require_open
from bot.services.unit import Unit
from storage.repositories.subscriptions import Subscription


class CodeUnknown(Refusal):
    """No meeting has this code."""

    def __init__(self) -> None:
        super().__init__("feedback.code_unknown")


class AlreadyBegun(Refusal):
    """There is nothing to remind of any more."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__("feedback.already_begun", {"title": meeting.title})


@dataclass(frozen=True, slots=True)
class Early:
    """A meeting whose feedback opens at `opens`: nothing was kept."""

    meeting: Meeting
    opens: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """No consent, no further note. `notes_stand`: earlier ones rest on the consent of then, and are where they were."""

    notes_stand: bool


async def meeting_by_code(unit: Unit, code: str) -> Meeting:
    """Raises CodeUnknown."""
    meeting = await unit.meetings.by_code(code)
    if meeting is None:
        raise CodeUnknown
    return meeting


def early(meeting: Meeting, now: datetime) -> Early | None:
    """Whether the meeting's feedback is still to open."""
    opens = meeting.start - FEEDBACK_OPENS_BEFORE_START
    return Early(meeting, opens) if now < opens and not meeting.cancelled else None


class Joining:
    """From the code on the wall to the first question."""

    def __init__(self, texts: ConsentTexts) -> None:
        self._texts = texts

    async def scan(self, unit: Unit, chat: ChatId, code: str, *, now: datetime) -> Stand | Early:
        """The code was opened. While the dialogue lives, the same code goes on with the same voice.

        Raises CodeUnknown, FeedbackClosed.
        """
        meeting = await meeting_by_code(unit, code)
        before = await places.living(unit, chat, now)
        if before is not None and before.meeting == meeting.id:
            return await places.keep(unit, chat, before, now=now)
        earlier = {} if before is None else await places.left_behind(unit, before)
        if meeting.id in earlier:
            again = await places.found(unit, chat, earlier[meeting.id], now)
            return await places.keep(unit, chat, again, now=now)
        if (soon := early(meeting, now)) is not None:
            return soon
        require_open(meeting, now)
        shown = self._texts.in_force(now=now)
        progress = Progress(Step.CONSENT, meeting.id, new_secret(), shown=shown, earlier=earlier)
        return await places.keep(unit, chat, progress, now=now)

    async def remind_me(
        self, unit: Unit, chat: ChatId, language: str, code: str, *, now: datetime
    ) -> Meeting:
        """Asks to be told before the meeting starts. Raises CodeUnknown, FeedbackClosed, AlreadyBegun."""
        meeting = await meeting_by_code(unit, code)
        if meeting.cancelled:
            raise FeedbackClosed(meeting)
        if meeting.start <= now:
            raise AlreadyBegun(meeting)
        await unit.subscriptions.keep(Subscription(new_id(), meeting.id, chat, language))
        return meeting

    async def toggle(
        self, unit: Unit, chat: ChatId, secret: Secret, purpose: Purpose, *, now: datetime
    ) -> Stand:
        """One of the two consents was given, or taken away again. Raises ButtonUnknown for what the chat does not ask."""
        if purpose not in ASKED_IN_CHAT:
            raise ButtonUnknown
        progress = await places.found(unit, chat, secret, now)
        if progress.step is Step.CONSENT and purpose in (progress.again or ASKED_IN_CHAT):
            progress = replace(progress, agreed=progress.agreed ^ {purpose})
        return await places.keep(unit, chat, progress, now=now)

    async def agree(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand:
        """Both consents, and on to the first question. Repeated, it shows where the person stands.

        A text that changed since it was shown is asked anew: nobody agrees to what they did not read.
        """
        progress = await places.found(unit, chat, secret, now)
        if progress.step is Step.CONSENT:
            step = Step.SPEAKER if progress.speaker is None else Step.RATING
            whole = replace(progress, agreed=frozenset(ASKED_IN_CHAT), step=step, again=frozenset())
            progress = renewed(progress, dict(progress.shown), self._texts, now=now) or whole
            if progress is whole and whole.voice is not None:
                await record(unit, whole.voice, whole, self._texts.day(now))
        return await places.keep(unit, chat, progress, now=now)

    async def decline(self, unit: Unit, chat: ChatId, secret: Secret, *, now: datetime) -> Stand | Declined:
        """No consent: the dialogue row goes. Too late for that, it shows where the person stands."""
        progress = await places.found(unit, chat, secret, now)
        if progress.step is not Step.CONSENT:
            return await places.keep(unit, chat, progress, now=now)
        await unit.dialogues.drop(chat)
        return Declined(notes_stand=progress.voice is not None)

    async def introduction(self, unit: Unit, stand: Stand, language: str) -> tuple[tuple[str, ...], str]:
        """What stands before consent: the notices that are shown to this person, and the tour's name."""
        tour = await unit.tours.by_id(stand.meeting.tour)
        return self._texts.shown(stand.progress, language), tour.name
