"""The offline proposal: themes for the notes whose authors tapped no topic, where it is sure; nothing where it is not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.digest.grouping.confidence import Themes, plainness, sure
from bot.digest.grouping.legible import legible
from bot.digest.grouping.lexicon import Hit
from bot.digest.grouping.merging import merge
from bot.digest.grouping.proposals import NOTHING, Proposals, Proposed
from bot.digest.grouping.reading import GIST_SIZE, SENSE_SIZE, Reading, unpacked
from bot.digest.grouping.scoring import posterior, scores
from bot.digest.grouping.setting_aside import reason_to_set_aside
from bot.digest.grouping.tapped import enough_tapped, joined
from bot.digest.grouping.views import Matrix, TopicViews, unit
from bot.digest.meaning import is_meaningless
from bot.digest.prepare import Prepared
from bot.domain.digest import DayInput, SetAsideReason
from bot.domain.feedback import NoteKind
from bot.domain.ids import NoteId

MOST_THEMES = 15
"""Of a digest, those of buttons among them (which are never cut)."""
_FEWEST_NOTES, _FEWEST_VOICES = 3, 2
_SECOND_NAMED = 0.3
"""A theme is called by its second matter too when that has so much of what the first has."""
_ONE_TOPIC = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Notes of a day with what was read in them; `topic` is the button that counts, the author's or staff's, None where none was tapped."""

    notes: tuple[Prepared, ...]
    readings: tuple[Reading, ...]
    hits: tuple[tuple[Hit, ...], ...]
    topic: tuple[str | None, ...]

    def only(self, rows: Sequence[int]) -> "Read":
        return Read(
            tuple(self.notes[row] for row in rows),
            tuple(self.readings[row] for row in rows),
            tuple(self.hits[row] for row in rows),
            tuple(self.topic[row] for row in rows),
        )


def propose(
    day: DayInput, notes: Sequence[Prepared], readings: Mapping[NoteId, Reading], views: TopicViews
) -> Proposals:
    """What is proposed for a day. `readings` by the note's id; notes without one (or
    with one of another version) stay as they are. The order of notes changes nothing."""
    read = _read(day, notes, readings, views)
    aside = _aside(read)
    gone = {number for numbers in aside.values() for number in numbers}
    read = read.only([row for row, note in enumerate(read.notes) if note.number not in gone])
    themes = _themes(day, read, views) if read.notes else ()
    listed = tuple((reason, tuple(aside[reason])) for reason in SetAsideReason if reason in aside)
    return Proposals(themes, listed) if themes or listed else NOTHING


def _read(
    day: DayInput, notes: Sequence[Prepared], readings: Mapping[NoteId, Reading], views: TopicViews
) -> Read:
    buttons = {topic.key for topic in day.topics if not topic.is_rest}
    kept: list[Prepared] = []
    found: list[Reading] = []
    for note in sorted(notes, key=lambda one: one.number):
        reading = readings.get(note.note.id)
        if not note.words or note.note.kind is not NoteKind.REMARK or is_meaningless(note.words):
            continue
        if reading is not None and reading.version == views.version:
            kept.append(note)
            found.append(reading)
    hits = (
        views.lexicon.hits(legible(n.words), reading.forms) for n, reading in zip(kept, found, strict=True)
    )
    topic = (note.note.filed_under(buttons) for note in kept)
    return Read(tuple(kept), tuple(found), tuple(hits), tuple(topic))


def _aside(read: Read) -> dict[SetAsideReason, list[str]]:
    """Never what its author filed under a topic."""
    found: dict[SetAsideReason, list[str]] = {}
    for note, hits, topic in zip(read.notes, read.hits, read.topic, strict=True):
        if topic is None:
            named = Counter(matter for hit in hits for matter in hit.matters)
            reason = reason_to_set_aside(note, max(named.values(), default=0))
            if reason is not None:
                found.setdefault(reason, []).append(note.number)
    return found


def _themes(day: DayInput, read: Read, views: TopicViews) -> tuple[Proposed, ...]:
    read = read.only([row for row, reading in enumerate(read.readings) if not reading.is_blank])
    if not read.notes or not views.library.subjects:
        return ()
    share = posterior(scores(views, read.readings, read.hits).logits, _meetings(read))
    sense = unit(unpacked([one.sense for one in read.readings], SENSE_SIZE))
    gist = unit(unpacked([one.gist for one in read.readings], GIST_SIZE))
    if enough_tapped(read.topic):
        chosen = joined(read.topic, share, sense, gist, views.library, plainness(read.hits))
        return _by_topic(day, read, chosen)
    return _by_matter(day, read, views, share, sense, gist)


def _by_topic(day: DayInput, read: Read, chosen: Sequence[str | None]) -> tuple[Proposed, ...]:
    titles = {topic.key: topic.title for topic in day.topics}
    numbers: dict[str, list[str]] = {}
    for note, topic in zip(read.notes, chosen, strict=True):
        if topic is not None:
            numbers.setdefault(topic, []).append(note.number)
    return tuple(Proposed(titles[key], key, tuple(numbers[key])) for key in titles if key in numbers)


def _by_matter(
    day: DayInput, read: Read, views: TopicViews, share: Matrix, sense: Matrix, gist: Matrix
) -> tuple[Proposed, ...]:
    keys = [topic.key for topic in day.topics]
    topic_of = np.array(
        [keys.index(one.topic) if one.topic in keys else -1 for one in views.library.subjects]
    )
    themes = _found(
        merge(share, sense, gist, [one.words for one in read.readings], _meetings(read), topic_of), share
    )
    _, enough = sure(themes, read.hits, sense, gist, plainness(read.hits))
    tapped = {topic for topic in read.topic if topic is not None}
    best = share.argmax(axis=1)
    made: dict[str | int, list[int]] = {}
    for theme in range(themes.count):
        rows = [
            int(row) for row in np.flatnonzero(enough & (themes.of_note == theme)) if read.topic[row] is None
        ]
        voices = {read.notes[row].note.voice for row in rows}
        if len(rows) >= _FEWEST_NOTES and len(voices) >= _FEWEST_VOICES:
            key = _one_topic([views.library.subjects[best[row]].topic for row in rows])
            made.setdefault(key if key in tapped and key is not None else theme, []).extend(rows)
    titles = {topic.key: topic.title for topic in day.topics}
    proposed = [
        Proposed(
            titles[key]
            if isinstance(key, str)
            else _title([views.library.subjects[best[row]].title for row in rows]),
            key if isinstance(key, str) else None,
            tuple(read.notes[row].number for row in sorted(rows)),
        )
        for key, rows in made.items()
    ]
    return _few(proposed, len(tapped))


def _few(proposed: list[Proposed], buttons: int) -> tuple[Proposed, ...]:
    """The largest themes of their own, as many as there is room for, and all that join a button's."""
    proposed.sort(key=lambda one: (-len(one.notes), one.title))
    own = [one for one in proposed if one.topic is None][: max(0, MOST_THEMES - buttons)]
    return tuple(one for one in proposed if one.topic is not None or one in own)


def _found(theme: NDArray[np.int64], share: Matrix) -> Themes:
    """Themes numbered from 0; a note belongs to the theme of whose matters it most probably speaks."""
    present = np.unique(theme[theme >= 0])
    of_matter = np.where(theme >= 0, np.searchsorted(present, theme), -1)
    mass = np.stack([share[:, of_matter == one].sum(axis=1) for one in range(len(present))], axis=1)
    return Themes(of_matter, mass.argmax(axis=1), len(present))


def _meetings(read: Read) -> NDArray[np.int64]:
    keys = sorted({note.note.meeting or "" for note in read.notes})
    return np.array([keys.index(note.note.meeting or "") for note in read.notes], np.int64)


def _one_topic(topics: Sequence[str | None]) -> str | None:
    """The topic of nearly all of them."""
    topic, times = Counter(topics).most_common(1)[0]
    return topic if times >= _ONE_TOPIC * len(topics) else None


def _title(titles: Sequence[str]) -> str:
    ranked = sorted(Counter(titles).items(), key=lambda one: (-one[1], one[0]))
    named = [title for title, times in ranked[:2] if times >= _SECOND_NAMED * ranked[0][1]]
    return ", ".join(named)
