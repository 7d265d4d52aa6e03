"""What people say about a meeting: notes, the voices behind them, and the rules for both."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.ids import MeetingId, NoteId, Region, SecretHash, VoiceId

FEEDBACK_OPENS_BEFORE_START = timedelta(minutes=30)
"""Contract: feedback opens 30 minutes before the meeting's start …"""
FEEDBACK_CLOSES_AFTER_END = timedelta(hours=24)
"""… and closes 24 hours after its end; edits and withdrawals go on until destruction."""
LONGEST_NOTE = 2000
"""Characters of one note. More is asked to come as a second note: nothing is cut silently."""
LONGEST_NAME = 40
REISSUE_EVERY = timedelta(minutes=30)
"""Edits together within half an hour re-issue a published digest once (design, "The digest")."""


class Speaker(StrEnum):
    """Who speaks. The digest counts voices by it (contract: `by_speaker`)."""

    YOUTH = "youth"
    WORKER = "worker"
    COMPANY = "company"
    GOVERNMENT = "government"
    INSTITUTION = "institution"
    STAFF = "staff"
    OTHER = "other"


PARTICIPANTS = (
    Speaker.YOUTH,
    Speaker.WORKER,
    Speaker.COMPANY,
    Speaker.GOVERNMENT,
    Speaker.INSTITUTION,
    Speaker.OTHER,
)
"""Who a participant can say they are, in the order of the buttons."""


class NoteKind(StrEnum):
    """What a note is. Participants' notes are remarks; staff mark theirs with a button."""

    REMARK = "remark"
    OBSERVATION = "observation"  # 관찰
    REQUEST = "request"  # 건의
    PROMISE = "promise"  # 약속: what the host committed to; only from staff
    HEARSAY = "hearsay"  # 전언: heard from others, counted apart


class Source(StrEnum):
    """Through which door a note came."""

    CHAT = "chat"
    PAGE = "page"
    STAFF = "staff"
    IMPORT = "import"


PARTICIPANTS_DOORS = frozenset({Source.CHAT, Source.PAGE})
"""Who came through these is not to be known."""


class Purpose(StrEnum):
    """What a participant agrees to, each apart (개인정보 보호법 15조, 22조; 28조의8 for going abroad)."""

    FEEDBACK = "feedback"
    ABROAD = "abroad"  # Telegram's servers stand outside Korea
    FEEDBACK_PAGE = (
        "feedback_page"  # the same use as FEEDBACK; what is kept on the way differs, so the text does
    )


ASKED_IN_CHAT = (Purpose.FEEDBACK, Purpose.ABROAD)
"""What the chat asks for, in the order of its boxes. The page asks for Purpose.FEEDBACK_PAGE: nothing goes abroad."""


class RatingOutOfRange(Refusal):
    """Ratings are whole numbers from 1 to 5."""

    def __init__(self) -> None:
        super().__init__("feedback.rating_out_of_range")


class WordsTooLong(Refusal):
    """A note longer than `LONGEST_NOTE` characters; the person still has it in their chat."""

    def __init__(self, length: int) -> None:
        super().__init__("feedback.words_too_long", {"length": length, "limit": LONGEST_NOTE})


class NameTooLong(Refusal):
    """A name longer than `LONGEST_NAME` characters."""

    def __init__(self, length: int) -> None:
        super().__init__("feedback.name_too_long", {"length": length, "limit": LONGEST_NAME})


class AlreadyWithdrawn(Refusal):
    """A note that was taken back cannot be changed: nothing of it is left."""

    def __init__(self) -> None:
        super().__init__("feedback.already_withdrawn")


@dataclass(frozen=True, slots=True)
class Voice:
    """One person in one meeting, counted once however many notes. Tied to nobody.

    `name` is there only when the person asked to leave it.
    """

    id: VoiceId
    meeting: MeetingId | None
    speaker: Speaker
    name: str | None = None

    def named(self, name: str) -> "Voice":
        """The voice under a name, in one line. Raises NameTooLong."""
        name = " ".join(name.split())
        if len(name) > LONGEST_NAME:
            raise NameTooLong(len(name))
        return replace(self, name=name or None)

    def unnamed(self) -> "Voice":
        return replace(self, name=None)

    def speaking_as(self, speaker: Speaker) -> "Voice":
        return replace(self, speaker=speaker)


@dataclass(frozen=True, slots=True)
class Note:
    """What one voice said about one meeting. `day` is the meeting's, in the tour's time zone; there is no time.

    `meeting` is None for an imported note whose meeting is not known: it belongs to its region and day.
    `number` is what citations show: an imported note's own id; None until a digest deals one.
    `topic` is a key of the tour's topic list; None: not chosen.
    """

    id: NoteId
    voice: VoiceId
    meeting: MeetingId | None
    region: Region
    day: date
    source: Source
    kind: NoteKind = NoteKind.REMARK
    rating: int | None = None
    topic: str | None = None
    words: str = ""
    number: str | None = None
    withdrawn: bool = False
    secret: SecretHash | None = None
    heard: bool = False
    """Its words are a machine's transcript (받아쓰기) that its author has not put right."""

    def rated(self, rating: int) -> "Note":
        """The note with a rating. Raises RatingOutOfRange."""
        if not 1 <= rating <= 5:
            raise RatingOutOfRange
        return replace(self, rating=rating)

    def on_topic(self, topic: str | None) -> "Note":
        return replace(self, topic=topic)

    def saying(self, words: str) -> "Note":
        """The note with these words, trimmed. Raises WordsTooLong."""
        words = words.strip()
        if len(words) > LONGEST_NOTE:
            raise WordsTooLong(len(words))
        return replace(self, words=words, heard=False)

    def hearing(self, transcript: str) -> "Note":
        """The note with what a machine wrote down of its voice, behind words that came with it."""
        return replace(self, words=f"{self.words}\n{transcript}".strip(), heard=True)

    def marked(self, kind: NoteKind) -> "Note":
        return replace(self, kind=kind)

    def taken_back(self) -> "Note":
        """The withdrawn note: that it was there remains (counted), what it said does not."""
        return replace(self, withdrawn=True, words="", rating=None, topic=None, heard=False)

    def require_standing(self) -> None:
        """Raises AlreadyWithdrawn."""
        if self.withdrawn:
            raise AlreadyWithdrawn


@dataclass(frozen=True, slots=True)
class Consent:
    """An agreement: which purpose, which version of the text, on which day. No time (anonymity)."""

    voice: VoiceId
    purpose: Purpose
    version: str
    day: date


def feedback_open(start: datetime, end: datetime, now: datetime) -> bool:
    """Whether new feedback is taken for a meeting from `start` to `end` at `now` (all aware)."""
    return start - FEEDBACK_OPENS_BEFORE_START <= now <= end + FEEDBACK_CLOSES_AFTER_END


def reissue_due(now: datetime) -> datetime:
    """The next half-hour boundary (UTC) strictly after `now`: it gathers edits and tells no note's time."""
    boundary = now.replace(minute=0, second=0, microsecond=0)
    while boundary <= now:
        boundary += REISSUE_EVERY
    return boundary


def half_hour_from(moment: datetime) -> datetime:
    """The half-hour boundary at or after a moment."""
    return reissue_due(moment - timedelta.resolution)
