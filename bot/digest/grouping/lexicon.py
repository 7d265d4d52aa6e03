"""Which keywords of which matters stand in a text."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.digest.grouping.library import Library

_SHORTEST_WITHIN = 3
"""A keyword of so many characters is found within a longer word too (통근버스비 has 통근버스); shorter ones are words."""
_LONGEST_SPLIT = 5
"""A noun of three to this many characters is looked up by its first and last two too (산단버스: 산단, 버스)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A keyword that was found, and the matters (by place in the library) that list it."""

    keyword: str
    matters: tuple[int, ...]

    @property
    def weight(self) -> float:
        """What it adds to each: a word that several matters share says less for any of them."""
        return float(len(self.matters) ** -0.5)


class Lexicon:
    """All keywords of a library."""

    def __init__(self, library: Library) -> None:
        listed: dict[str, list[int]] = {}
        for place, subject in enumerate(library.subjects):
            for keyword in {_plain(keyword) for keyword in subject.keywords}:
                listed.setdefault(keyword, []).append(place)
        self._hits: Mapping[str, Hit] = {word: Hit(word, tuple(places)) for word, places in listed.items()}
        self._lengths = sorted({len(word) for word in listed if len(word) >= _SHORTEST_WITHIN})

    def hits(self, text: str, forms: Iterable[str]) -> tuple[Hit, ...]:
        """What is found in a legible text with these nouns and compounds; a keyword within a found one is not found anew
        unless it stands elsewhere too."""
        plain = _plain(text)
        found: Counter[str] = Counter()
        for form in forms:
            found.update(self._words_of(form))
        for length in self._lengths:
            found.update(plain[at : at + length] for at in range(len(plain) - length + 1))
        return tuple(self._hits[word] for word in sorted(found.keys() & self._hits.keys()))

    @staticmethod
    def _words_of(form: str) -> tuple[str, ...]:
        if _SHORTEST_WITHIN <= len(form) <= _LONGEST_SPLIT:
            return (form, form[:2], form[-2:])
        return (form,)


def _plain(text: str) -> str:
    return text.upper()
