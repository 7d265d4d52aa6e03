"""Which notes speak of what was asked: by the share of the question's telling words that they hold, and by meaning.

A note is a set of words, so the frequency within it counts nothing, and notes are short: what is left of BM25 is the
weight of a word by how few notes have it (Robertson and Spärck Jones). Memory is bounded whatever matches: of each
combination of words only the first few notes are kept, and how many there are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np

from bot.digest.grouping.reading import SENSE_SIZE, unpacked
from bot.digest.search.terms import Term

Note = TypeVar("Note")

MOST_LOOKED_AT = 300
"""Notes that are read and judged one by one; of more than that only how many hold the words is known."""
MEANING = 0.4
"""The part that meaning has in a score, beside the words."""
ENOUGH = 0.37
"""The score from which a note speaks of what was asked (docs/digest.md: measured)."""
ENOUGH_BESIDE_UNKNOWN = 0.5
"""The same, where the question has a telling word that none of the notes knows."""
ENOUGH_PLAINLY = 0.55
"""The share of telling words from which a note does, where nothing but words is known."""
_LEAST = 1.0
"""What a word weighs that most notes have: on a small day everybody may speak of what is asked about."""
NEAR_THE_BEST = 0.6
"""What is far behind the best note is not shown, however much it says by itself."""


@dataclass(slots=True)
class Tally(Generic[Note]):
    """Notes by which of the terms they hold: bit n of a mask is term n."""

    terms: Sequence[Term]
    counts: dict[int, int] = field(default_factory=dict)
    kept: dict[int, list[Note]] = field(default_factory=dict)

    def add(self, mask: int, note: Note) -> None:
        self.counts[mask] = self.counts.get(mask, 0) + 1
        some = self.kept.setdefault(mask, [])
        if len(some) < MOST_LOOKED_AT:
            some.append(note)

    def weights(self, total: int) -> list[float]:
        """How telling each term is among `total` notes."""
        return [
            term.weight * max(_LEAST, math.log(1 + (total - had + 0.5) / (had + 0.5)))
            for had, term in ((self._having(bit), term) for bit, term in enumerate(self.terms))
        ]

    def unknown(self) -> bool:
        """Whether a telling word stands in no note."""
        return any(term.weight >= 1 and not self._having(bit) for bit, term in enumerate(self.terms))

    def best(self, total: int) -> list[tuple[float, Note]]:
        """The notes to be looked at, with the share of the question's weight that they hold; the largest first."""
        weights = self.weights(total)
        whole = sum(weights) or 1.0
        shares = {
            mask: sum(weight for bit, weight in enumerate(weights) if mask >> bit & 1) / whole
            for mask in self.counts
        }
        found: list[tuple[float, Note]] = []
        for mask in sorted(shares, key=lambda one: (-shares[one], one)):
            found += [(shares[mask], note) for note in self.kept[mask]]
        return found[:MOST_LOOKED_AT]

    def at_least(self, share: float, total: int) -> int:
        """How many notes hold at least this share, looked at or not."""
        weights = self.weights(total)
        whole = sum(weights) or 1.0
        return sum(
            count
            for mask, count in self.counts.items()
            if sum(weight for bit, weight in enumerate(weights) if mask >> bit & 1) >= share * whole
        )

    def _having(self, bit: int) -> int:
        return sum(count for mask, count in self.counts.items() if mask >> bit & 1)


def scores(shares: Sequence[float], question: bytes, notes: Sequence[bytes]) -> list[float]:
    """The score of each note: its share of the words and how near its sense lies to the question's."""
    if not question or not notes:
        return [(1 - MEANING) * share for share in shares]
    asked = unpacked([question], SENSE_SIZE)[0]
    said = unpacked(list(notes), SENSE_SIZE)
    lengths = np.linalg.norm(said, axis=1) * (float(np.linalg.norm(asked)) or 1.0)
    near = (said @ asked) / np.maximum(lengths, 1e-9)
    return [
        (1 - MEANING) * share + MEANING * max(0.0, float(one))
        for share, one in zip(shares, near, strict=True)
    ]
