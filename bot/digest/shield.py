"""What people may see of counts: nothing over fewer than five voices (k-anonymity, k = 5).

Applies to counts of people and of what they said or rated, wherever a digest is shown to people; the operator's
JSON is not shielded. The ledger of a day of five voices or more is shown in full: it counts how notes were
dealt with, not who spoke, and must visibly add up.
"""

from collections.abc import Mapping
from typing import TypeVar

from bot.domain.digest import SHIELD_BELOW

_Cell = TypeVar("_Cell")


def shown(count: int, voices: int | None = None) -> int | None:
    """`count` if it rests on enough voices (by default it counts voices itself), else None: "5 미만"."""
    return count if (count if voices is None else voices) >= SHIELD_BELOW else None


def shown_average(average: float | None, voices: int) -> float | None:
    return average if voices >= SHIELD_BELOW else None


def table(voices: Mapping[_Cell, int]) -> dict[_Cell, int | None] | None:
    """The table with small cells hidden (None), or None: the whole table has to be hidden.

    Its total is known to the reader. So a single hidden cell could be computed, and so could several whose sum
    leaves no doubt (all as small, or all as large, as hidden cells can be); then nothing of it is shown. Cells of
    zero are left out.
    """
    cells = {cell: shown(count) for cell, count in voices.items() if count}
    hidden = [count for count in voices.values() if 0 < count < SHIELD_BELOW]
    together, cells_hidden = sum(hidden), len(hidden)
    safe = together >= SHIELD_BELOW and cells_hidden < together < (SHIELD_BELOW - 1) * cells_hidden
    return cells if not hidden or safe else None
