"""What people may see of counts: nothing over fewer than five voices (k-anonymity, k = 5).

Applies to counts of people and of what they said or rated, wherever a digest is shown to people; the operator's
JSON is not shielded. The ledger of a day of five voices or more is shown in full: it counts how notes were
dealt with, not who spoke, and must visibly add up.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import TypeVar

from bot.domain.digest import SHIELD_BELOW

_Cell = TypeVar("_Cell")
_Row = TypeVar("_Row")


class Hidden(Enum):
    """Why a count is not shown: it is of fewer than five voices, or it would tell one that is."""

    FEW = auto()
    LEFT_OUT = auto()


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


def beside_a_total(voices: Mapping[_Cell, int]) -> dict[_Cell, int | Hidden]:
    """The cells of a table whose total the reader knows: small ones hidden, and as many others as that takes.

    A single small cell could be computed from the total, so the smallest of the large ones are left out as well, until
    more than one value is possible for every hidden cell. Where nothing is left to leave out, everything is hidden.
    """
    few = [count for count in voices.values() if 0 < count < SHIELD_BELOW]
    large = sorted((cell for cell, count in voices.items() if count >= SHIELD_BELOW), key=lambda c: voices[c])
    out = 0
    while few and out < len(large) and not _in_doubt(few, [voices[cell] for cell in large], out):
        out += 1
    left_out = set(large[:out])
    return {
        cell: Hidden.FEW if 0 < count < SHIELD_BELOW else Hidden.LEFT_OUT if cell in left_out else count
        for cell, count in voices.items()
    }


def _in_doubt(few: list[int], large: list[int], out: int) -> bool:
    """Whether the small cells stay unknown when the first `out` of the large ones (ascending) are hidden with them.

    The reader knows what all hidden ones make together, and that the large ones lie between five and the next one shown.
    """
    cells, together = len(few), sum(few) + sum(large[:out])
    if not out:
        return together >= SHIELD_BELOW and cells < together < (SHIELD_BELOW - 1) * cells
    least, most = cells, (SHIELD_BELOW - 1) * cells
    if out < len(large):
        least = max(least, together - out * large[out])
    return min(most, together - out * SHIELD_BELOW) > least


def averages_beside_a_total(rated: Mapping[_Cell, int], total: int) -> set[_Cell]:
    """The cells whose average may stand beside the average over `total` voices.

    Subtracting them from it leaves the average of all others: of none, or of at least five voices.
    """
    told = sorted((cell for cell, voices in rated.items() if voices >= SHIELD_BELOW), key=lambda c: rated[c])
    while told and 0 < total - sum(rated[cell] for cell in told) < SHIELD_BELOW:
        del told[0]
    return set(told)


def tables_beside_totals(
    rows: Mapping[_Row, Mapping[_Cell, int]], totals: Mapping[_Cell, int]
) -> dict[_Row, dict[_Cell, int | None] | None]:
    """Several tables (as `table` gives them) whose sum by cell the reader knows: those that would tell a cell are hidden.

    `totals` may hold more than the rows together. Guards against subtracting the tables from their totals, not
    against every system of equations that many tables make (docs/decisions/0011-small-groups.md).
    """
    seen = {name: table(row) for name, row in rows.items()}
    told = table(totals) or {}
    while (cell := next((one for one in told if _tells(one, seen, rows, totals)), None)) is not None:
        left = [name for name, cells in seen.items() if cells is not None and cells.get(cell)]
        if not left:
            break
        seen[min(left, key=lambda name: rows[name][cell])] = None
    return seen


def _tells(
    cell: _Cell,
    seen: Mapping[_Row, dict[_Cell, int | None] | None],
    rows: Mapping[_Row, Mapping[_Cell, int]],
    totals: Mapping[_Cell, int],
) -> bool:
    """Whether what is hidden of a cell in all tables follows from its total."""
    if shown(totals[cell]) is None:
        return False
    hidden = [
        row[cell]
        for name, row in rows.items()
        if row.get(cell) and ((cells := seen[name]) is None or cells[cell] is None)
    ]
    elsewhere = totals[cell] - sum(row.get(cell, 0) for row in rows.values())
    if elsewhere > 0:
        hidden.append(elsewhere)
    return bool(hidden) and (len(hidden) == 1 or sum(hidden) < SHIELD_BELOW)
