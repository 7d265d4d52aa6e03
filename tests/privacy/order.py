"""Does a sequence tell in which order notes came? Two statistics of ranks, each with its false-alarm rate.

Under "tells nothing" Spearman's rho times sqrt(n - 1), and the mean distance of neighbours in arrival (standardised by
seeded permutations), are about standard normal: beyond BOUND one of them lies by chance once in 1,700,000.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

BOUND = 5.0
_PERMUTATIONS = 120


def tells_order(values: Sequence[object]) -> bool:
    """`values` in the order in which their notes came; None and equal values share a rank."""
    ranks = _ranks(values)
    return max(abs(_rising(ranks)), abs(_neighbours(ranks))) > BOUND


def _ranks(values: Sequence[object]) -> list[float]:
    keyed = [
        (value is not None, str(type(value)), value if not isinstance(value, bool) else int(value))
        for value in values
    ]
    placed = sorted(range(len(values)), key=lambda place: keyed[place])
    ranks = [0.0] * len(values)
    begin = 0
    while begin < len(placed):
        end = begin
        while end < len(placed) and keyed[placed[end]] == keyed[placed[begin]]:
            end += 1
        for place in placed[begin:end]:
            ranks[place] = (begin + end - 1) / 2
        begin = end
    return ranks


def _rising(ranks: Sequence[float]) -> float:
    """Spearman's rho against 0, 1, 2 …; 0 where all ranks are equal."""
    n = len(ranks)
    middle = (n - 1) / 2
    spread = math.sqrt(sum((r - middle) ** 2 for r in ranks) * sum((i - middle) ** 2 for i in range(n)))
    if spread == 0:
        return 0.0
    return sum((r - middle) * (i - middle) for i, r in enumerate(ranks)) / spread * math.sqrt(n - 1)


def _neighbours(ranks: Sequence[float]) -> float:
    """Whether notes that came one after the other lie closer together, or farther apart, than any two."""
    chance, shuffled = Random(20260122), list(ranks)
    by_chance = []
    for _ in range(_PERMUTATIONS):
        chance.shuffle(shuffled)
        by_chance.append(_distance(shuffled))
    mean = sum(by_chance) / len(by_chance)
    spread = math.sqrt(sum((one - mean) ** 2 for one in by_chance) / (len(by_chance) - 1))
    return 0.0 if spread == 0 else (_distance(ranks) - mean) / spread


def _distance(ranks: Sequence[float]) -> float:
    return sum(abs(a - b) for a, b in pairwise(ranks))
