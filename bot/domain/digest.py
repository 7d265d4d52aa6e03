"""The digest of a region's day: values only. Contract: shared names of the JSON form are these fields.

What a digest says is always tied to notes; what it does not say is accounted for in the ledger.
"""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.approval import NOTHING_DECIDED, Approval, Editing
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import NoteId, Region, VoiceId

SHIELD_BELOW = 5
"""Counts and averages over fewer voices than this are not printed for people to read (k-anonymity, k = 5)."""


class SetAsideReason(StrEnum):
    """Why a note is not in the text of a digest although it was received."""

    VOICE_UNTRANSCRIBED = "voice_untranscribed"  # a voice that nobody wrote down (yet)
    VOICE_SILENT = "voice_silent"  # a voice in which nobody speaks
    PHOTO_ONLY = "photo_only"
    MEDIA_LOST = "media_lost"  # a voice or picture that could not be had
    RATING_ONLY = "rating_only"
    NO_WORDS = "no_words"
    MEANINGLESS = "meaningless"  # emoji, repeated letters, a bare link
    OFF_TOPIC = "off_topic"  # about the event itself or nothing of the tour's: Wi-Fi, photographs, football
    ADVERT = "advert"  # somebody sells something
    EMPTY_PHRASE = "empty_phrase"  # thanks, greetings, "no opinion" and nothing else
    ORDER_ONLY = "order_only"  # an order to the summariser and nothing else


class FindingKind(StrEnum):
    FINDING = "finding"
    REQUEST = "request"
    PROMISE = "promise"
    HEARSAY = "hearsay"
    MINORITY = "minority"


class EngineKind(StrEnum):
    EXTRACTIVE = "extractive"
    LANGUAGE_MODEL = "language_model"


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter within a topic, finer than a button: what a theme is called that the program itself proposes.

    `keywords` are words that stand in notes about it; `examples` are sentences as people write them. `title` is
    empty for the topic's own keywords and examples.
    """

    title: str
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that participants choose by a button: `key` in callback data and rows, `title` for people.

    `is_rest` marks the one that says "none of these" (기타): what is filed there speaks of different things,
    so it is no theme and is shown under its meeting. `title_en` is for participants who read English.
    `matters` tell a note without a button what this topic speaks of; a tour without any uses the library that ships.
    """

    key: str
    title: str
    is_rest: bool = False
    title_en: str = ""
    matters: tuple[Matter, ...] = ()


@dataclass(frozen=True, slots=True)
class DayNote:
    """A note as the digest's pipeline takes it in: everything it may know and nothing more.

    `meeting` is the meeting's key in the tour (None: unknown). `number` is what citations show and what
    the JSON form calls the note by; unique within the region's day. `own_names` are what its author left as a
    name: redacted in this voice's notes and in nobody else's. `source` decides where its words may go.
    """

    id: NoteId
    number: str
    voice: VoiceId
    speaker: Speaker
    kind: NoteKind
    meeting: str | None
    rating: int | None
    topic: str | None
    words: str
    own_names: frozenset[str] = frozenset()
    unworded: SetAsideReason | None = None
    """Why there are no words, where a voice or a picture stands in their place."""
    heard: bool = False
    """Its words are a machine's transcript that its author has not put right."""
    source: Source = Source.CHAT
    read_by: str = ""
    """Which version of the analyst read its words; "": none did (bot.services.note_reading)."""
    sorted_as: str | None = None
    """The topic under which staff sorted it (bot.services.triage); None: nobody did."""

    def filed_under(self, topics: Container[str]) -> str | None:
        """Of these topics the one that counts: its author's button, else staff's; None: it is under none of them."""
        if self.topic is not None and self.topic in topics:
            return self.topic
        return self.sorted_as if self.sorted_as is not None and self.sorted_as in topics else None


@dataclass(frozen=True, slots=True)
class DayMeeting:
    """A meeting of the day as the digest names it; `order` is its place in the day."""

    key: str
    title: str
    order: int


@dataclass(frozen=True, slots=True)
class DayInput:
    """All that one digest is made of. `withdrawn` counts notes that were taken back that day.

    `known_names` are display names of people on file; those shaped like a personal name are redacted in all notes.
    """

    region: Region
    day: date
    revision: int
    notes: tuple[DayNote, ...]
    meetings: tuple[DayMeeting, ...]
    topics: tuple[Topic, ...]
    withdrawn: int = 0
    known_names: frozenset[str] = frozenset()
    editing: Editing = NOTHING_DECIDED
    """What an editor decided about sentences of this day."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a note, letter for letter as in its redacted text (NFC). `note` is its number.

    `speaker` is None where saying it could point at a person: minority words, groups of fewer than
    SHIELD_BELOW voices that day, words that several groups said alike. Staff are always named as staff.
    """

    note: str
    text: str
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of a digest with the notes (numbers) it rests on and the very words behind it.

    `about` is the title of the topic of a finding that stands outside the themes, where it is known.
    """

    kind: FindingKind
    text: str
    notes: tuple[str, ...]
    quotes: tuple[Quote, ...]
    about: str | None = None

    @property
    def in_own_words(self) -> bool:
        """Whether the sentence was written and not said: it stands in none of its quotes."""
        return not any(self.text in quote.text for quote in self.quotes)


@dataclass(frozen=True, slots=True)
class Theme:
    """Notes that speak of the same thing. `by_speaker` counts voices.

    `notes` holds those merged into one of them too: their voices are counted. `rated_voices` is how many
    voices the average rests on (0: there is none). `title` says the point and is understood alone; it is made of
    `label` (what the theme is called: the topic's name, or the matter that most of its notes name) and `title_quotes`, the
    very words of the notes that it shortens (bot.digest.titles); without any it is `category`, the topic's name.
    """

    title: str
    notes: tuple[str, ...]
    by_speaker: dict[Speaker, int]
    rating_average: float | None
    findings: tuple[Finding, ...]
    rated_voices: int = 0
    category: str = ""
    title_quotes: tuple[Quote, ...] = ()
    label: str = ""
    topic: str = ""
    """The key of the topic of the tour's file; "": a theme that was proposed, and has only a name."""

    @property
    def voices(self) -> int:
        return sum(self.by_speaker.values())


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Notes under one meeting whose theme is not known (주제 미분류), in their own words.

    A note without a quote holds nothing but an order to a summariser: it is listed, its words are not.
    """

    meeting: str | None
    meeting_title: str | None
    notes: tuple[str, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """Notes of near-identical wording, counted with the one they were merged into."""

    into: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    reason: SetAsideReason
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every note received, in exactly one class, by number."""

    received: int
    cited: tuple[str, ...]
    covered: tuple[str, ...]
    unplaced: tuple[str, ...]
    merged: tuple[Merged, ...]
    set_aside: tuple[SetAside, ...]
    withdrawn: int


@dataclass(frozen=True, slots=True)
class PlacedBy:
    """By whom the notes that stand in themes were put there: their authors by a button, staff who sorted them, a language
    model, the program's proposal."""

    author: int = 0
    staff: int = 0
    model: int = 0
    proposal: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Counted by code. `by_speaker`, `voices` and `rated_voices` count voices, `notes` and `rating_counts` notes."""

    meetings: int
    notes: int
    voices: int
    by_speaker: dict[Speaker, int]
    rating_average: float | None
    rating_counts: dict[int, int]
    rated_voices: int = 0


@dataclass(frozen=True, slots=True)
class Engine:
    kind: EngineKind = EngineKind.EXTRACTIVE
    model: str | None = None
    prompt_version: str | None = None
    fallback_reason: str | None = None
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Checks:
    """How many findings were written, passed the checks in code, and were dropped: findings = passed + dropped."""

    findings: int
    passed: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A region's day, the one value that every form (chat, JSON, page, document) is made from."""

    region: Region
    day: date
    revision: int
    engine: Engine
    ledger: Ledger
    numbers: Numbers
    themes: tuple[Theme, ...]
    minority: tuple[Finding, ...]
    unplaced: tuple[Unplaced, ...]
    checks: Checks
    apart: tuple[Finding, ...] = field(default=())
    """Requests, promises and hearsay of staff notes that belong to no theme, shown apart."""
    heard: tuple[str, ...] = ()
    """Numbers of the notes whose words a machine wrote down of a voice; marked wherever they are cited."""
    interim: datetime | None = None
    """As of which half hour an interim digest stands (decision 23); None: the day's digest, or a revision of it."""
    begun: int = 0
    """Of an interim digest: how many of the day's meetings had begun by then."""
    late: frozenset[str] = frozenset()
    """Numbers of the notes that came after the day's first digest was sent (추가 의견); marked wherever they are cited."""
    placed_by: PlacedBy = PlacedBy()
    approval: Approval | None = None
    """What became of its approval (결재), where the operator wants one or an editor changed it."""
