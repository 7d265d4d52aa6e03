"""Which clauses say a theme's point: those that stand alone and that most of its notes speak of.

One where it is most of what is said, else two: the second says what the first leaves out, of another side where one
says something as plain. No side is chosen by its size, so that nothing of that follows from a title.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.digest.choose import Candidate
from bot.digest.clauses import rated_clauses
from bot.digest.keywords import Names, keys
from bot.digest.sides import SIDE_OF, Side
from bot.digest.support import Backing, Support
from bot.digest.titles import LONGEST_CLAUSE, LONGEST_POINTS
from bot.digest.units import Unit

_POOL = 120
"""Pieces looked at, those nearest to the theme's middle: a title is among them or nowhere."""
_PLAINLY = 0.51
"""How well a clause must be understood alone to stand beside another, or by itself though no other note backs it."""
_LEAST, _HARDLY = 0.4, 0.08
"""The worst that may stand for notes that back it, and where there is nothing better."""
_NEAR = 0.5
"""How near to the theme's middle a point of one note must lie."""
_SMALL = 4
"""In a theme of fewer notes nobody need use the same words."""
_FEWEST_BACKING = 1.8
"""A point is that of so many notes, its own among them."""
_MOST_OF_ALL = 0.5
"""A point that so large a part of the notes backs needs no second of its own side."""
_OTHER_SIDE, _ACROSS = 1.4, 2.0
"""What it is worth in a second that it is of another side, and that one of the two is of people, the other of bodies."""
_BACKED_A_LITTLE = 1.3
_VERY_NEAR = 0.75
"""A second is of words that others use too, says the theme's name, or lies near its middle."""
_LEAST_GAIN = 0.5
"""A second that the first's words say already is none."""
_SAYS_WHAT = 1.3
"""What it is worth in a first to say what the theme was named for (이차전지 수요 침체: 수요)."""
_ANYWHERE = 0.4
"""What a point is worth that lies nowhere near the theme's middle."""


@dataclass(frozen=True, slots=True)
class Point:
    """A clause of a unit, letter for letter. `alone`: how well it is understood; `near` (0 to 1): to the theme's middle;
    `named`: it says a name of the theme; `says_what`: the part of it that tells notes apart; `backing` by note of the theme."""

    unit: Unit
    clause: str
    alone: float
    near: float
    named: bool
    says_what: bool
    backing: Backing

    @property
    def backed(self) -> float:
        return sum(self.backing)


def points(found: Sequence[Candidate], support: Support, names: Names) -> list[Point]:
    """The clauses of candidates that could stand in the title of a theme of these `names`, the best first."""
    rated: dict[str, Point] = {}
    for one in found[:_POOL]:
        whole = one.unit.note.words
        for clause, alone in rated_clauses(one.unit.text, whole, names, LONGEST_CLAUSE):
            if alone >= _HARDLY and clause not in rated:
                backing = support.backing(clause, whole)
                rated[clause] = Point(
                    one.unit, clause, alone, one.score, names.said(clause), support.says_what(clause), backing
                )
    return sorted(
        rated.values(),
        key=lambda one: -worth(one, one.backing) * (_SAYS_WHAT if one.says_what else 1.0),
    )


def worth(point: Point, backing: Backing) -> float:
    """What a point is worth for what it says of notes that back it so far."""
    return point.alone * (_ANYWHERE + (1 - _ANYWHERE) * point.near) * sum(backing)


def best_points(found: Sequence[Candidate], support: Support, names: Names) -> list[Point]:
    """One point, or two; none where nothing is understood alone. What nobody else speaks of stands for a theme only where
    there is nothing better."""
    ranked = points(found, support, names)
    small = support.size < _SMALL
    backed = [one for one in ranked if small or one.backed >= _FEWEST_BACKING]
    plain = [one for one in ranked if one.alone >= _PLAINLY]
    best = (
        [one for one in backed if one.alone >= _PLAINLY],
        [one for one in backed if one.alone >= _LEAST],
        [one for one in plain if one.near >= _NEAR],
        sorted(ranked, key=lambda one: -one.alone),
    )
    first = next((one for some in best for one in some), None)
    if first is None:
        return []
    if small:
        return [first]
    enough = first.backed >= _MOST_OF_ALL * support.size
    others = [one for one in plain if not enough or not _same_side(one, first)]
    second = _second(first, others)
    return [first, second] if second else [first]


def _same_side(one: Point, other: Point) -> bool:
    return SIDE_OF[one.unit.speaker] is SIDE_OF[other.unit.speaker]


def _nouns(point: Point) -> set[str]:
    return {key for key, noun in keys(point.clause) if noun}


def _contrast(one: Point, other: Point) -> float:
    if _same_side(one, other):
        return 1.0
    return _ACROSS if Side.PEOPLE in (SIDE_OF[one.unit.speaker], SIDE_OF[other.unit.speaker]) else _OTHER_SIDE


def _second(first: Point, plain: Iterable[Point]) -> Point | None:
    def gain(one: Point) -> list[float]:
        return [own * (1 - taken) for own, taken in zip(one.backing, first.backing, strict=True)]

    def value(one: Point) -> float:
        return worth(one, gain(one)) * _contrast(one, first)

    room = LONGEST_POINTS - len(first.clause)
    good = [
        one
        for one in plain
        if one.unit.voice != first.unit.voice
        and len(one.clause) <= room
        and _nouns(one) - _nouns(first)
        and (one.backed >= _BACKED_A_LITTLE or one.named or one.near >= _VERY_NEAR)
        and sum(gain(one)) >= _LEAST_GAIN
    ]
    return max(good, key=value, default=None)
