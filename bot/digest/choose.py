"""Chooses the central sentences of a theme: near its middle, unlike each other, one per voice, every group heard.

Centrality is the likeness to the theme's common direction (its centroid), diversity maximal marginal
relevance (Carbonell and Goldstein 1998). The work is linear in the notes: pairs are compared only among the
POOL best.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.digest.sides import SIDE_OF, Side
from bot.digest.units import Unit
from bot.digest.vectors import Vector, likeness
from bot.domain.feedback import Speaker

POOL = 80
_RELEVANCE = 0.7
_TURN = 1.5
"""What it is worth that it is its side's turn: more than any likeness."""
_UNHEARD = 0.35
"""What it is worth that a speaker's group has not been quoted yet."""


@dataclass(frozen=True, slots=True)
class Candidate:
    unit: Unit
    vector: Vector
    score: float


def candidates(found: Sequence[Unit], vectors: Sequence[Vector], middle: Vector) -> list[Candidate]:
    """With scores from 0 to 1, the best first."""
    scored = [
        Candidate(unit, vector, unit.shape * likeness(vector, middle))
        for unit, vector in zip(found, vectors, strict=True)
    ]
    highest = max((one.score for one in scored), default=0.0) or 1.0
    scored = [Candidate(one.unit, one.vector, one.score / highest) for one in scored]
    scored.sort(key=lambda one: -one.score)
    return scored


def _pool(best_first: Sequence[Candidate]) -> list[Candidate]:
    """The best, and the best of each group, which might stand far behind in a large theme."""
    pool = list(best_first[:POOL])
    present = {one.unit.speaker for one in pool}
    for one in best_first[POOL:]:
        if one.unit.speaker not in present:
            present.add(one.unit.speaker)
            pool.append(one)
    return pool


def choose(
    best_first: Sequence[Candidate],
    limit: int,
    spoken: set[str],
    heard: set[Speaker],
    *,
    first: Sequence[Candidate] = (),
    sides: Collection[Side] = (),
) -> list[Unit]:
    """At most `limit`, `first` among them. `spoken` (voices) and `heard` (groups) say who was quoted before, and are
    added to. Each of `sides` gets a word before another of them gets a second."""
    chosen: list[Candidate] = list(first)
    for one in chosen:
        spoken.add(one.unit.voice)
        heard.add(one.unit.speaker)
    remaining = _pool([one for one in best_first if one.unit.voice not in spoken])
    while remaining and len(chosen) < limit:

        def value(one: Candidate) -> float:
            alike = max((likeness(one.vector, other.vector) for other in chosen), default=0.0)
            unheard = _UNHEARD if one.unit.speaker not in heard and (chosen or heard) else 0.0
            side = SIDE_OF[one.unit.speaker]
            quoted = [SIDE_OF[other.unit.speaker] for other in chosen]
            turn = _TURN if side in sides and quoted.count(side) == min(map(quoted.count, sides)) else 0.0
            return _RELEVANCE * one.score - (1 - _RELEVANCE) * alike + unheard + turn

        best = max(remaining, key=value)
        chosen.append(best)
        spoken.add(best.unit.voice)
        heard.add(best.unit.speaker)
        remaining = [one for one in remaining if one.unit.voice != best.unit.voice]
    return [one.unit for one in chosen]
