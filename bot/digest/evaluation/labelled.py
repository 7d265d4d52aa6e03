"""Notes with what a person says about them: what they speak of, what of them may never be shown, who stands alone."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.digest import DayInput, DayMeeting, DayNote, Topic
from bot.domain.feedback import NoteKind, Source
from bot.domain.ids import NoteId, VoiceId
from bot.domain.reading import ImportedNote

NO_THEME = frozenset({"", "기타", "주제 밖", "other"})
"""Labels that say that a note speaks of no theme."""
GOOD_KINDS = frozenset({"", "normal", "pii"})
INJECTION = "injection"
QUIET_TAGS = frozenset({"minority", "counter"})
"""Tags (annotations.csv) of views that must reach the reader."""


@dataclass(frozen=True, slots=True)
class Labels:
    """`theme`, `kind` None: the file does not say. `secrets`: words that no output may hold (pii); `canaries`: words
    that only stand in an output when a note was obeyed."""

    theme: str | None = None
    kind: str | None = None
    secrets: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()

    @property
    def has_theme(self) -> bool:
        return self.theme is not None and self.theme.strip() not in NO_THEME

    @property
    def is_order(self) -> bool:
        """An order to the summariser and nothing else."""
        return self.kind == INJECTION and not self.has_theme

    @property
    def is_good(self) -> bool:
        """A real opinion; an order with an opinion beside it is one too."""
        if self.kind == INJECTION:
            return self.has_theme
        return (self.kind or "") in GOOD_KINDS

    @property
    def is_quiet(self) -> bool:
        return bool(self.tags & QUIET_TAGS)


@dataclass(frozen=True, slots=True)
class LabelledDay:
    """A region's day to be scored. `labels` by the notes' numbers; `source` names the file for people."""

    source: str
    day: DayInput
    labels: Mapping[str, Labels]

    def label(self, number: str) -> Labels:
        return self.labels.get(number, Labels())

    @property
    def has_themes(self) -> bool:
        return any(one.has_theme for one in self.labels.values())

    @property
    def has_kinds(self) -> bool:
        return any(one.kind is not None for one in self.labels.values())


def labelled_days(
    source: str, notes: Iterable[ImportedNote], labels: Mapping[str, Labels], topics: Sequence[Topic]
) -> tuple[LabelledDay, ...]:
    """The days of a file, in its order. Each note is a voice of its own, as with `import notes`; meetings go by their keys."""
    by_day: dict[tuple[str, object], list[ImportedNote]] = {}
    for note in notes:
        by_day.setdefault((note.region, note.day), []).append(note)
    found = []
    for some in by_day.values():
        keys = dict.fromkeys(note.meeting_key for note in some if note.meeting_key)
        meetings = tuple(DayMeeting(key, key, order) for order, key in enumerate(keys))
        made = tuple(_note(note) for note in some)
        day = DayInput(some[0].region, some[0].day, 1, made, meetings, tuple(topics))
        found.append(LabelledDay(source, day, {n.number: labels.get(n.number, Labels()) for n in some}))
    return tuple(found)


def _note(note: ImportedNote) -> DayNote:
    return DayNote(
        id=NoteId(f"id-{note.number}"),
        number=note.number,
        voice=VoiceId(f"voice-{note.number}"),
        speaker=note.speaker,
        kind=NoteKind.REMARK,
        meeting=note.meeting_key,
        rating=note.rating,
        topic=note.topic,
        words=note.words,
        source=Source.IMPORT,
    )


def with_buttons(one: LabelledDay, share: float, seed: str = "") -> LabelledDay:
    """The day as if the authors of this share of its good notes (0 to 1) had tapped their label as a topic.

    A label that is a topic's key or title is that topic; any other becomes a topic of its own. Who tapped depends on
    the notes' numbers and `seed` alone.
    """
    topics = {topic.title: topic for topic in one.day.topics} | {topic.key: topic for topic in one.day.topics}
    able = [note.number for note in one.day.notes if _can_tap(one.label(note.number))]
    able.sort(key=lambda number: hashlib.sha256(f"{seed} {number}".encode()).digest())
    tapped = frozenset(able[: round(share * len(able))])
    own: dict[str, Topic] = {}
    notes = []
    for note in one.day.notes:
        if note.number in tapped:
            theme = (one.label(note.number).theme or "").strip()
            topic = topics.get(theme) or own.setdefault(theme, Topic(f"label{len(own)}", theme))
            note = replace(note, topic=topic.key)
        notes.append(note)
    rest = tuple(topic for topic in one.day.topics if topic.is_rest)
    others = tuple(topic for topic in one.day.topics if not topic.is_rest)
    day = replace(one.day, notes=tuple(notes), topics=(*others, *own.values(), *rest))
    return replace(one, day=day)


def _can_tap(labels: Labels) -> bool:
    return labels.is_good and labels.has_theme
