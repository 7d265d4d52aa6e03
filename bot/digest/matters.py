"""What a title calls its theme, where the topic's name is too wide to tell: a button such as 투자·자금 stands for many
matters, and the one that most of a theme's notes name says more (bot.digest.grouping.library: names and keywords)."""

import re
from collections.abc import Sequence

from bot.digest.grouping.library import Library, Subject
from bot.digest.keywords import Names, keys
from bot.domain.digest import Topic

_MOST = 0.5
"""So large a part of the notes names the matter."""
_MOST_BY_KEYWORDS = 0.6
_LIFT, _MOST_LIFT = 1.3, 3.0
_CLEARLY, _HARDLY = 0.7, 0.4
_TITLED, _FEWEST, _SEVERAL = 0.3, 2, 3
_MOST_TEXTS = 300
_WORDS = re.compile(r"[가-힣A-Za-z0-9]+")
_STEM = 2
"""So many characters of a compound stand for it in speech (특별연장근로: 연장)."""
_WITHIN = 3
"""A keyword of so many characters is found within a word, a shorter one only at its beginning."""


def _sample(texts: Sequence[str]) -> Sequence[str]:
    return texts[:: max(1, -(-len(texts) // _MOST_TEXTS))]


def _stems(key: str) -> list[str]:
    return [
        key[at : at + _STEM]
        for at in range(0, len(key) - 1, _STEM)
        if len(key) > _STEM + 1 and keys(key[at : at + _STEM])
    ]


class Matters:
    """The library of a tour, and how common each matter is on the day."""

    def __init__(self, library: Library, day: Sequence[str]) -> None:
        self._library = library
        self._keywords = {word for one in library.subjects for word in one.keywords}
        self._lengths = sorted({len(word) for word in self._keywords})
        self._said: dict[str, frozenset[str]] = {}
        self._day = _sample(day)
        self._shares: dict[str, float] = {}

    def label(self, topic: Topic, notes: Sequence[str]) -> str:
        """The topic's own name, unless it stands for several matters and most of the notes name one of them, or of another
        topic, more than the day does."""
        if not topic.key:
            return self._part(topic.title, _sample(notes))
        own = [one for one in self._library.subjects if one.topic == topic.key]
        if len(own) < 2 or not notes:
            return topic.title
        best, most = topic.title, 0.0
        for subject in self._library.subjects:
            share = self._share(subject, _sample(notes))
            lift = share / max(self._of_day(subject), 1e-6)
            worth = share * min(lift, _MOST_LIFT)
            if share >= _MOST and lift >= _LIFT and worth > most and self._plainly(subject, notes, share):
                best, most = subject.title, worth
        return best

    def names(self, label: str) -> Names:
        """What a theme of this name is called in notes."""
        matters = [one for one in self._library.subjects if one.title in label.split(", ")]
        own = tuple(part for key, _ in keys(label) for part in (key, *_stems(key)))
        return Names(own, tuple(word for one in matters for word in one.keywords))

    def _part(self, title: str, notes: Sequence[str]) -> str:
        """Of a proposed theme of two matters the one that most notes name, where few name the other."""
        parts = [one for one in self._library.subjects if one.title in title.split(", ")]
        if len(parts) < 2:
            return title
        shares = sorted(((self._share(one, notes), one.title) for one in parts), reverse=True)
        return shares[0][1] if shares[0][0] >= _CLEARLY and shares[1][0] < _HARDLY else title

    def _plainly(self, subject: Subject, notes: Sequence[str], share: float) -> bool:
        """Whether notes call a matter by a word of its title, or most of them by several of its keywords: one word
        alone may be chance. `share` of the notes has one."""
        some = _sample(notes)
        parts = subject.title.split("·")
        titled = sum(any(part in "".join(_WORDS.findall(note)) for part in parts) for note in some)
        several = len(frozenset().union(*map(self._found, some)) & set(subject.keywords)) >= _SEVERAL
        return titled >= max(_FEWEST, _TITLED * len(some)) or (several and share >= _MOST_BY_KEYWORDS)

    def _found(self, text: str) -> frozenset[str]:
        """The keywords of the library in a text: within it, without its spaces; short ones only where a word begins."""
        if text not in self._said:
            words = _WORDS.findall(text)
            joined = "".join(words)
            pieces = {word[:length] for word in words for length in self._lengths if length < _WITHIN}
            pieces |= {
                joined[at : at + length]
                for length in self._lengths
                if length >= _WITHIN
                for at in range(len(joined) - length + 1)
            }
            self._said[text] = frozenset(pieces & self._keywords)
        return self._said[text]

    def _share(self, subject: Subject, texts: Sequence[str]) -> float:
        own = set(subject.keywords)
        return sum(not own.isdisjoint(self._found(text)) for text in texts) / max(1, len(texts))

    def _of_day(self, subject: Subject) -> float:
        if subject.title not in self._shares:
            self._shares[subject.title] = self._share(subject, self._day)
        return self._shares[subject.title]
