"""Short Korean texts as sparse vectors of character pairs, weighted by how telling they are that day.

Pairs of characters within words stand in for morphemes: 통근버스가 and 통근버스를 share almost all of them,
and endings (니다, 세요) weigh next to nothing because everybody uses them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

Vector = Mapping[str, float]
_WORD = re.compile(r"[0-9a-z가-힣]+")


def pairs(text: str) -> Counter[str]:
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        found += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
    return Counter(found)


class Weights:
    """How telling each pair is: the logarithm of how few of the day's texts have it."""

    def __init__(self, texts: Iterable[str]) -> None:
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            seen.update(pairs(text).keys())
            count += 1
        self._weights = {pair: math.log((1 + count) / (1 + times)) for pair, times in seen.items()}
        self._unseen = math.log(1 + count)

    def vector(self, text: str) -> dict[str, float]:
        """A vector of length 1 (or empty)."""
        weighted = {
            pair: (1 + math.log(times) if times > 1 else 1.0) * self._weights.get(pair, self._unseen)
            for pair, times in pairs(text).items()
        }
        return normalised(weighted)


def normalised(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {key: weight / length for key, weight in vector.items() if weight} if length else {}


def centre(vectors: Iterable[Vector]) -> dict[str, float]:
    """The direction that the vectors share."""
    total: dict[str, float] = {}
    for vector in vectors:
        for key, weight in vector.items():
            total[key] = total.get(key, 0.0) + weight
    return normalised(total)


def likeness(one: Vector, other: Vector) -> float:
    """Cosine of two vectors of length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(key, 0.0) for key, weight in one.items())
