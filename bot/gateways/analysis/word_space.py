"""Vectors of words, out of Kiwi's own language model: how like a word is to some five hundred landmark words.

The landmarks (`landmarks.csv`: word, weight) are fixed, so that readings made before and after a topic file was edited
can be compared. Their weights are how telling a word is (inverse document frequency over the topics that ship).
"""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from kiwipiepy import Kiwi
from numpy.typing import NDArray

from bot.digest.grouping.reading import GIST_SIZE

_LANDMARKS = Path(__file__).with_name("landmarks.csv")
_NOUN_TAGS, _VERB_TAGS = ("NNG", "NNP", "XR", "SL"), ("VV", "VA")
_RARE = ("경석", "구인난", "레퍼런스", "성적서", "보호구")
"""Words so rare that Kiwi keeps no meaning of them: they all share one vector."""
_AS_RARE = 0.82
_UNKNOWN_WEIGHT = 3.0
_MOST_REMEMBERED = 20_000
_Morpheme = tuple[str, str]


class WordSpace:
    """Five hundred similarities, centred and pressed into GIST_SIZE numbers (Nyström, without the first direction,
    which only tells common words from rare ones). A new word takes about a millisecond; the commonest are remembered."""

    def __init__(self, kiwi: Kiwi) -> None:
        self._kiwi = kiwi
        self._remembered: dict[str, NDArray[np.float32] | None] = {}
        with _LANDMARKS.open(encoding="utf-8", newline="") as file:
            rows = [(word, float(weight), landmark == "1") for word, weight, landmark in csv.reader(file)]
        self._weights = {word: weight for word, weight, _ in rows}
        found = [self._morpheme(word) for word, _, landmark in rows if landmark]
        self._landmarks = [one for one in found if one is not None and not self._is_rare(one)]
        alike = np.array([self._similarities(one) for one in self._landmarks], np.float32)
        self._mean = alike.mean(0) - alike.mean()
        centred = alike - alike.mean(0) - alike.mean(1)[:, None] + alike.mean()
        values, directions = np.linalg.eigh(centred)
        kept = slice(-GIST_SIZE - 1, -1)
        self._projection = (directions[:, kept] / np.sqrt(np.maximum(values[kept], 1e-6))).astype(np.float32)

    def gist(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The weighted sum of the words' vectors, each word once."""
        total = np.zeros(GIST_SIZE, np.float32)
        for word in dict.fromkeys(words):
            vector = self._vector(word)
            if vector is not None:
                total += vector * self._weights.get(word, _UNKNOWN_WEIGHT)
        return total

    def _vector(self, word: str) -> NDArray[np.float32] | None:
        if word not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = self._make(word)
        return self._remembered[word]

    def _make(self, word: str) -> NDArray[np.float32] | None:
        morpheme = self._morpheme(word)
        if morpheme is None or self._is_rare(morpheme):
            return None
        alike = np.array(self._similarities(morpheme), np.float32)
        vector = (alike - alike.mean() - self._mean) @ self._projection
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0 else None

    def _similarities(self, one: _Morpheme) -> list[float]:
        return [
            1.0 if one == other else self._kiwi.morpheme_similarity(one, other) for other in self._landmarks
        ]

    def _morpheme(self, word: str) -> _Morpheme | None:
        """The word with a tag under which Kiwi knows it."""
        is_verb = word.endswith("다") and len(word) > 1
        for tag in _VERB_TAGS if is_verb else _NOUN_TAGS:
            one = (word[:-1] if is_verb else word, tag)
            try:
                self._kiwi.morpheme_similarity(one, one)
            except ValueError:
                continue
            return one
        return None

    def _is_rare(self, one: _Morpheme) -> bool:
        return (
            float(np.mean([self._kiwi.morpheme_similarity(one, (rare, "NNG")) for rare in _RARE])) > _AS_RARE
        )
