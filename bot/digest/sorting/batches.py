"""Notes in batches that stay the same when a note comes or goes, so that only its own batch is asked about again.

A batch is all texts whose hash begins alike: one that grows too large is halved by the next bit, the others stay as they are.
"""

import hashlib
from collections.abc import Iterable

MOST_NOTES = 40
MOST_CHARACTERS = 6000
"""Of one request: small models read about as many tokens."""
_BITS = 256


def batches(texts: Iterable[str], turn: str = "") -> tuple[tuple[str, ...], ...]:
    """The texts, each once, none of them longer than a batch, in the order of their hashes. Another `turn`: another order,
    and other company."""
    hashed = sorted((_hash(turn + text), text) for text in set(texts))
    return tuple(tuple(text for _, text in leaf) for leaf in _leaves(hashed, _BITS - 1))


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _leaves(hashed: list[tuple[int, str]], bit: int) -> list[list[tuple[int, str]]]:
    if not hashed:
        return []
    fits = len(hashed) <= MOST_NOTES and sum(len(text) for _, text in hashed) <= MOST_CHARACTERS
    if fits or bit < 0 or len(hashed) == 1:
        return [hashed]
    low = [one for one in hashed if not one[0] >> bit & 1]
    high = [one for one in hashed if one[0] >> bit & 1]
    return _leaves(low, bit - 1) + _leaves(high, bit - 1)
