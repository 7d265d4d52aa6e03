"""Which words of the found notes are shown: one passage a voice, no two that say the same, letter for letter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.digest.prepare import Prepared
from bot.digest.search.terms import Term
from bot.digest.units import units

Place = TypeVar("Place")

MOST_POINTS = 5
MOST_DAYS = 3
"""Region-days that one answer quotes: each is a message."""
_SHORT = 160
"""A note up to this long is shown whole."""
_ALIKE = 0.6
_SHAPE = 0.2


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a note: `note.words[start:end]`."""

    note: Prepared
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.note.words[self.start : self.end]


def passages(ranked: Iterable[tuple[Prepared, Place]], terms: Sequence[Term]) -> list[tuple[Passage, Place]]:
    """Up to MOST_POINTS of the notes, best first, each with whatever it came with: its region-day."""
    chosen: list[tuple[Passage, Place]] = []
    voices: set[str] = set()
    places: list[Place] = []
    shapes: list[frozenset[str]] = []
    for note, place in ranked:
        passage = passage_of(note, terms)
        if passage is None or note.note.voice in voices:
            continue
        shape = _pairs(passage.text)
        if any(_like(shape, other) for other in shapes):
            continue
        if place not in places:
            if len(places) == MOST_DAYS:
                continue
            places.append(place)
        chosen.append((passage, place))
        voices.add(note.note.voice)
        shapes.append(shape)
        if len(chosen) == MOST_POINTS:
            break
    return chosen


def passage_of(note: Prepared, terms: Sequence[Term]) -> Passage | None:
    """The words of a note that speak of what was asked; None: nothing of it may be quoted."""
    found = units(note)
    if not found:
        return None
    if note.quotable_whole and len(note.words) <= _SHORT:
        return Passage(note, 0, len(note.words))
    best = max(found, key=lambda unit: _has(unit.text, terms) + _SHAPE * unit.shape)
    start = note.words.index(best.text)
    return Passage(note, start, start + len(best.text))


def _has(text: str, terms: Sequence[Term]) -> float:
    """Weights of the terms that stand in a text as they are written: a verb by the syllables of its stem."""
    plain = text.upper()
    return sum(term.weight for term in terms if term.text.upper().removesuffix("다") in plain)


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(one for one in text if one.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1)) or frozenset({letters})


def _like(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
