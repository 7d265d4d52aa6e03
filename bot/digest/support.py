"""How many notes of a theme speak of what a clause speaks of: the measure of whether it may stand for the theme.

A note backs a clause as far as it uses the clause's words; a word counts by how much rarer it is on the day outside the
theme, little where nearly the whole theme uses it or its name says it (that is what the theme is, not its point), and
nothing where one note alone does.
"""

import math
from collections.abc import Sequence

from bot.digest.keywords import Words, keys

MOST_OF_THEME = 300
_ENOUGH = 2.4
"""Weight of shared words with which a note backs a clause fully."""
_MOST_OF_NAME = 0.6
"""What words of the theme's own name add at most."""
_COMMON, _EVERYWHERE, _EVERYWHERE_WORTH = 0.25, 0.6, 0.2
"""From the first share of the notes on a word counts less, at the second and beyond by the third."""
_TELLING = 0.35
_VERB, _FIRST_PART = 0.4, 0.7
_COMPOUND = 4
_FEWEST = 2

Backing = Sequence[float]
"""For each note of the theme, 0 to 1: how far it backs a clause."""


class Support:
    """The notes of a theme (a sample of them where they are many) and the words of the whole day."""

    def __init__(self, notes: Sequence[str], day: Words, label: str) -> None:
        self._theme = Words(notes, MOST_OF_THEME)
        self._day = day
        self._label = "".join(label.split())
        self._names = [key for key, _ in keys(label)]

    @property
    def size(self) -> int:
        return len(self._theme.texts)

    def backing(self, clause: str, own: str) -> list[float]:
        """`own`: the words of the clause's note, which backs it whatever words it has."""
        shared, named = [0.0] * self.size, [0.0] * self.size
        for key, noun in keys(clause):
            for part, worth in self._parts(key):
                weight = worth * self._weight(part) * (1.0 if noun else _VERB)
                kind = named if self._names_theme(part) else shared
                for place in self._theme.using(part) if weight else ():
                    kind[place] += weight
        joined = "".join(own.split())
        return [
            1.0 if text == joined else min(1.0, (amount + min(_MOST_OF_NAME, name)) / _ENOUGH)
            for text, amount, name in zip(self._theme.texts, shared, named, strict=True)
        ]

    def says_what(self, clause: str) -> bool:
        """Whether a clause says a word of the theme's name that tells apart what its notes say: one that not nearly all use."""
        joined = "".join(clause.split())
        share = {name: len(self._theme.using(name[:2])) / max(1, self.size) for name in self._names}
        return any(name in joined and share[name] <= _TELLING for name in self._names)

    def _parts(self, key: str) -> tuple[tuple[str, float], ...]:
        """Of a compound that nobody else uses (인가기간) its first part, for a little less."""
        if len(key) >= _COMPOUND and len(self._theme.using(key)) < _FEWEST:
            return ((key[:2], _FIRST_PART),) if keys(key[:2]) else ()
        return ((key, 1.0),)

    def _weight(self, key: str) -> float:
        using = self._theme.using(key)
        if len(using) < _FEWEST:
            return 0.0
        share = len(using) / self.size
        rarity = math.log2(1 + share / max(self._day.share(key), 1e-6))
        too_common = min(1.0, max(0.0, (share - _COMMON) / (_EVERYWHERE - _COMMON)))
        return rarity * (1 - (1 - _EVERYWHERE_WORTH) * too_common)

    def _names_theme(self, key: str) -> bool:
        return key in self._label or any(name in key for name in self._names)
