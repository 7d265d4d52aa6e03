"""Feedback by the plain page `/m/CODE`: the rules of the chat without a chat, and without any trace of who sends.

There is no dialogue row: a form holds a secret that was made when it was opened and is kept nowhere, and the note bears
its hash. The same form sent twice is the same note. The receipt's address holds the secret; whoever has it is the author.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.digest import SetAsideReason
from bot.domain.errors import Refusal
from bot.domain.feedback import Consent, Note, Purpose, Source, Voice
from bot.domain.ids import Secret, VoiceId, hash_of
from bot.domain.meeting import Meeting
from bot.domain.tour import Tour
from bot.services import note_keeping as keeping
from bot.services.consent import ConsentTexts
from bot.services.joining import Early, early, meeting_by_code
from bot.services.note_keeping import Agreed
from bot.services.page_answers import GIVEN, Answers, require_whole
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit


class ReceiptUnknown(Refusal):
    """No note (any more) behind a receipt's address. Told alike whatever was there."""

    def __init__(self) -> None:
        super().__init__("page.receipt_unknown")


class Told(StrEnum):
    """What became of a note in the newest published digest of its day. Careful: never more than is surely true."""

    NOT_YET = "not_yet"
    COUNTED = "counted"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting that somebody may speak about, and the tour whose topics they choose from."""

    meeting: Meeting
    tour: Tour

    def told_in(self, language: str) -> "Place":
        """As a participant reads it in `language`: the topics."""
        return replace(self, tour=self.tour.told_in(language))


@dataclass(frozen=True, slots=True)
class Receipt:
    """A note as its author finds it again. `takes_more`: another may be left; `asks_consent`: on a text that changed."""

    place: Place
    note: Note
    voice: Voice
    takes_more: bool
    told: Told
    asks_consent: bool = False

    def told_in(self, language: str) -> "Receipt":
        return replace(self, place=self.place.told_in(language))


@dataclass(frozen=True, slots=True)
class _Own:
    note: Note
    voice: Voice
    place: Place


class PageFeedback:
    """Every method that takes a receipt's secret raises ReceiptUnknown; `zone` tells the day of a consent."""

    def __init__(self, texts: ConsentTexts, zone: ZoneInfo) -> None:
        self._texts = texts
        self._zone = zone

    def notice(self, *, now: datetime, language: str) -> tuple[str, str]:
        """The version of the text that consent rests on, and the text (HTML)."""
        return self._texts.page(now=now, language=language)

    async def open(self, unit: Unit, code: str, *, now: datetime) -> Place | Early:
        """The code was opened: reads only, a preview opens pages too. Raises CodeUnknown, FeedbackClosed."""
        meeting = await meeting_by_code(unit, code)
        if (soon := early(meeting, now)) is not None:
            return soon
        keeping.require_open(meeting, now)
        return await _place(unit, meeting)

    async def leave(
        self, unit: Unit, code: str, secret: Secret, answers: Answers, agreed: str | None, *, now: datetime
    ) -> None:
        """Keeps what the form says. `agreed` is the version of the notice that was agreed to, None without consent.

        A form that was kept already changes its note, whenever it comes. Raises CodeUnknown, FeedbackClosed,
        Incomplete, AlreadyWithdrawn; ReceiptUnknown for the secret of another meeting's note.
        """
        await before_notes_change(unit)
        await unit.notes.hold(hash_of(secret))
        meeting = await meeting_by_code(unit, code)
        if await unit.notes.by_secret(hash_of(secret)) is not None:
            own = await self._own(unit, secret)
            if own.place.meeting.id != meeting.id:
                raise ReceiptUnknown
            await unit.voices.hold(own.voice.id)
            await self._change(unit, own, answers, now)
            return
        keeping.require_open(meeting, now)
        place = await _place(unit, meeting)
        blank = keeping.blank(meeting, VoiceId(""), Source.PAGE, hash_of(secret))
        speaker = require_whole(answers, place.tour.topics, blank, consent=self._consent(agreed, now))
        consent = Agreed({Purpose.FEEDBACK_PAGE: self._texts.page_version(now=now)}, self._day(now))
        voice = await keeping.new_voice(unit, meeting, speaker, consent)
        await self._add(unit, place, voice, secret, answers, now)

    async def receipt(self, unit: Unit, secret: Secret, *, now: datetime) -> Receipt:
        """The note as it is. Reads only."""
        own = await self._own(unit, secret)
        takes_more = own.place.meeting.takes_feedback(now)
        outdated = await self._outdated(unit, own.voice, now)
        return Receipt(own.place, own.note, own.voice, takes_more, await _told(unit, own), outdated)

    async def change(self, unit: Unit, secret: Secret, answers: Answers, *, now: datetime) -> None:
        """The note as the form has it now. Raises Incomplete, AlreadyWithdrawn."""
        await self._change(unit, await self._held(unit, secret), answers, now)

    async def another(
        self,
        unit: Unit,
        secret: Secret,
        new: Secret,
        answers: Answers,
        agreed: str | None = None,
        *,
        now: datetime,
    ) -> None:
        """Another note of the same voice, under its own secret; with consent anew where the text changed. As `leave`."""
        await before_notes_change(unit)
        await unit.notes.hold(hash_of(new))
        own = await self._own(unit, secret)
        await unit.voices.hold(own.voice.id)
        if await unit.notes.by_secret(hash_of(new)) is not None:
            again = await self._own(unit, new)
            if again.voice.id != own.voice.id:
                raise ReceiptUnknown
            await self._change(unit, again, answers, now)
            return
        keeping.require_open(own.place.meeting, now)
        outdated = await self._outdated(unit, own.voice, now)
        consent = self._consent(agreed, now) if outdated else GIVEN
        require_whole(answers, own.place.tour.topics, own.note, consent=consent)
        if outdated:
            version = self._texts.page_version(now=now)
            await unit.voices.agree(Consent(own.voice.id, Purpose.FEEDBACK_PAGE, version, self._day(now)))
        await self._add(unit, own.place, own.voice, new, answers, now)

    async def withdraw(self, unit: Unit, secret: Secret, *, now: datetime) -> None:
        """Takes the note back; see note_keeping."""
        own = await self._held(unit, secret)
        await keeping.take_back(unit, own.note, own.voice, now=now)

    async def forget_name(self, unit: Unit, secret: Secret, *, now: datetime) -> None:
        """Destroys the name that was left, of all notes of this voice."""
        own = await self._held(unit, secret)
        await keeping.forget_name(unit, own.voice, own.note, now=now)

    def _consent(self, agreed: str | None, now: datetime) -> str | None:
        """The words for what is wrong with a consent: none was given, or to a text that has changed since."""
        if agreed is None or not self._texts.known_on_page(agreed):
            return "page.agree_missing"
        return GIVEN if agreed == self._texts.page_version(now=now) else "page.agree_changed"

    async def _outdated(self, unit: Unit, voice: Voice, now: datetime) -> bool:
        agreed = (await unit.voices.agreements(voice.id)).get(Purpose.FEEDBACK_PAGE)
        return agreed is None or agreed[0] != self._texts.page_version(now=now)

    def _day(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    async def _held(self, unit: Unit, secret: Secret) -> _Own:
        """One's own note to be changed, while nobody else changes it or its voice."""
        await before_notes_change(unit)
        await unit.notes.hold(hash_of(secret))
        own = await self._own(unit, secret)
        await unit.voices.hold(own.voice.id)
        return own

    async def _own(self, unit: Unit, secret: Secret) -> _Own:
        note = await unit.notes.by_secret(hash_of(secret))
        if note is None or note.source is not Source.PAGE or note.meeting is None:
            raise ReceiptUnknown
        voice, meeting = await unit.voices.by_id(note.voice), await unit.meetings.by_id(note.meeting)
        if voice is None or meeting is None:
            raise ReceiptUnknown
        return _Own(note, voice, await _place(unit, meeting))

    async def _add(
        self, unit: Unit, place: Place, voice: Voice, secret: Secret, answers: Answers, now: datetime
    ) -> None:
        note = answers.on(keeping.blank(place.meeting, voice.id, Source.PAGE, hash_of(secret)))
        await keeping.keep_new(unit, note, now=now)
        await self._speak(unit, place.meeting, voice, note, answers, now)

    async def _change(self, unit: Unit, own: _Own, answers: Answers, now: datetime) -> None:
        own.note.require_standing()
        require_whole(answers, own.place.tour.topics, own.note)
        note = await keeping.change_note(unit, own.note, answers.on, now=now)
        await self._speak(unit, own.place.meeting, own.voice, note, answers, now)

    async def _speak(
        self, unit: Unit, meeting: Meeting, voice: Voice, note: Note, answers: Answers, now: datetime
    ) -> None:
        """Who speaks, and under which name."""
        if answers.speaker is not None and answers.speaker is not voice.speaker:
            keeping.require_participant(answers.speaker)
            await keeping.speak_as(unit, voice, meeting, answers.speaker, now=now)
            voice = voice.speaking_as(answers.speaker)
        named = voice.named(answers.name)
        if named.name is None:
            await keeping.forget_name(unit, voice, note, now=now)
        elif named != voice:
            await keeping.leave_name(unit, voice, meeting, answers.name, now=now)


async def _place(unit: Unit, meeting: Meeting) -> Place:
    return Place(meeting, await unit.tours.by_id(meeting.tour))


async def _told(unit: Unit, own: _Own) -> Told:
    """Where the note's number stands in the ledger of the digest that went out last."""
    note = own.note
    if note.number is None or note.withdrawn:
        return Told.NOT_YET
    digest = await unit.digests.newest_published(own.place.meeting.tour, note.region, note.day)
    ledger = {} if digest is None else digest.body.get("ledger", {})
    merged = [number for one in ledger.get("merged", ()) for number in one["note_ids"]]
    spoken = (ledger.get("cited", ()), ledger.get("covered", ()), ledger.get("unplaced", ()), merged)
    if any(note.number in numbers for numbers in spoken):
        return Told.WORDS
    aside = ledger.get("set_aside", ())
    rated = [
        number for one in aside if one["reason"] == SetAsideReason.RATING_ONLY for number in one["note_ids"]
    ]
    return Told.COUNTED if note.number in rated else Told.NOT_YET
