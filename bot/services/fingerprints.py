"""Whether a digest must be made anew: a fingerprint of what it was made of, kept with it."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

from bot.digest.redaction.known import parts_of
from bot.domain.digest import DayInput, DayNote, Topic
from storage.repositories.digests import StoredDigest

_HALF = 32
"""Characters of a fingerprint that tell of the notes; as many follow that tell of what stands around them."""
_OF_A_NOTE = 16
_NO_LETTERS = re.compile(r"[\W_]+")


def fingerprint_of(day: DayInput) -> str:
    """Tells whether two inputs would make the same digest, revision apart. In no order of notes.

    The first half tells of the notes and of the names to be redacted in them, the second of the schedule around them,
    of what a machine read in them, of how staff sorted them and of what an editor had written again: none of it makes a
    digest that went out be issued again (still_holds).
    """
    notes = sorted(map(told_by, day.notes), key=lambda told: told[0])  # by number, of which there is one each
    meetings = [[m.key, m.title] for m in day.meetings]
    topics = [[t.key, t.title, t.is_rest, *_matters(t)] for t in day.topics]
    again = day.editing.again_marks
    read = sorted([note.number, note.read_by] for note in day.notes if note.read_by)
    sorted_as = sorting(day.notes)
    return _hash([notes, day.withdrawn, _names_in(day)]) + _hash(
        [
            meetings,
            topics,
            *([read] if read else []),
            *([{"sorted": sorted_as}] if sorted_as else []),
            *([sorted(again)] if again else []),
        ]
    )


def sorting(notes: Iterable[DayNote]) -> list[list[str]]:
    """Which notes staff sorted under what, in no order of notes."""
    return sorted([note.number, note.sorted_as] for note in notes if note.sorted_as is not None)


def told_by(note: DayNote) -> list[str]:
    """All that a digest takes from a note."""
    return [
        note.number,
        note.voice,
        note.speaker,
        note.kind,
        note.meeting or "",
        str(note.rating),
        note.topic or "",
        note.words,
        *([note.unworded] if note.unworded else []),
        *(["heard"] if note.heard else []),
        *_own(note),
    ]


def _matters(topic: Topic) -> list[list[object]]:
    return [[matter.title, matter.keywords, matter.examples] for matter in topic.matters]


def _hash(told: object) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:_HALF]


def _names_in(day: DayInput) -> list[str]:
    """The known names that occur in the day's words: somebody new on file changes no other digest."""
    return [name for name, _ in _occurring(day, [_letters(note.words) for note in day.notes])]


def names_by_note(day: DayInput) -> dict[str, list[str]]:
    """By note (number): the known names that occur in its words, and are left out of what is told of it."""
    words = [_letters(note.words) for note in day.notes]
    names = _occurring(day, words)
    return {
        note.number: [name for name, letters in names if letters in said]
        for note, said in zip(day.notes, words, strict=True)
    }


def _occurring(day: DayInput, words: Iterable[str]) -> list[tuple[str, str]]:
    """The known names that occur anywhere, with their letters. Looked for in all words at once: people are many too."""
    together = "\n".join(words)
    names = [(name, _letters(name)) for name in sorted(day.known_names)]
    return [(name, letters) for name, letters in names if letters and letters in together]


def _own(note: DayNote) -> list[str]:
    """The names that its author left, as far as a part of one occurs in the note: any other changes nothing."""
    words = _letters(note.words)
    parts = {name: map(_letters, parts_of(name)) for name in sorted(note.own_names)}
    return [name for name, letters in parts.items() if any(one and one in words for one in letters)]


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def still_holds(stored: StoredDigest, fingerprint: str) -> bool:
    """Whether a stored digest still holds. One that went out is issued again for its notes only, a draft for anything."""
    compared = None if stored.published_at is None else _HALF
    return stored.fingerprint[:compared] == fingerprint[:compared]


def hash_of_note(note: DayNote) -> str:
    """As an interim report keeps it of each note that it shows (interim.py)."""
    return hashlib.sha256(json.dumps(told_by(note), ensure_ascii=False).encode()).hexdigest()[:_OF_A_NOTE]
