"""Voices of a theme's large sides in steps of five, where their table would tell a small cell (k-anonymity, k = 5).

Beside a theme's total, exact numbers of all sides but one tell the last. In steps of five (10 to 14) they leave it open.
What a reader may combine is guarded against side by side: each theme's total, and each side's sum over all themes. Bounds
are narrowed in turn until nothing more follows; where a small cell would be known, a theme's steps are left out.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

from bot.digest.sides import Side
from bot.domain.digest import SHIELD_BELOW

Row = TypeVar("Row")
Bounds = tuple[int, int]
_SMALL = SHIELD_BELOW - 1


@dataclass(frozen=True, slots=True)
class Seen:
    """What is shown of a theme: `total` (None: hidden), and `cells` that its table shows (None: it shows none)."""

    voices: Mapping[Side, int]
    total: int | None
    cells: Mapping[Side, int] | None


def step(count: int) -> Bounds:
    """The step of five that a count lies in."""
    low = count // SHIELD_BELOW * SHIELD_BELOW
    return low, low + SHIELD_BELOW - 1


def bands(themes: Mapping[Row, Seen], totals: Mapping[Side, int]) -> dict[Row, dict[Side, Bounds]]:
    """For each theme whose total is shown and whose table is not, the steps of its sides of five voices and more.

    `totals` are the day's voices by side. The reader is taken to know those of five voices and more, and what stands
    outside the themes; and, in another reckoning, not to know them.
    """
    told = {
        row: {side: step(count) for side, count in seen.voices.items() if count >= SHIELD_BELOW}
        for row, seen in themes.items()
        if seen.total is not None and seen.cells is None
    }
    told = {row: steps for row, steps in told.items() if steps}
    known = {side for side in Side if totals.get(side, 0) >= SHIELD_BELOW}
    while told and any(_tells(themes, told, columns) for columns in (set[Side](), known)):
        del told[min(told, key=lambda row: sum(themes[row].voices.values()))]
    return told


def _tells(
    themes: Mapping[Row, Seen], told: Mapping[Row, Mapping[Side, Bounds]], columns: AbstractSet[Side]
) -> bool:
    """Whether some small cell is known for sure that was not before, to a reader who knows the sums of `columns`."""
    before, after = _narrowed(themes, {}, columns), _narrowed(themes, told, columns)
    for (row, side), (low, high) in after.items():
        small = 0 < themes[row].voices.get(side, 0) < SHIELD_BELOW
        if small and low == high and before[row, side][0] != before[row, side][1]:
            return True
    return False


def _narrowed(
    themes: Mapping[Row, Seen], told: Mapping[Row, Mapping[Side, Bounds]], columns: AbstractSet[Side]
) -> dict[tuple[Row, Side], Bounds]:
    """What each cell can be, by all that is shown."""
    bounds = {(row, side): _first(themes[row], told.get(row), side) for row in themes for side in Side}
    lines: list[tuple[list[tuple[Row, Side]], int]] = [
        ([(row, side) for side in Side], seen.total) for row, seen in themes.items() if seen.total is not None
    ]
    for side in columns:
        inside = sum(seen.voices.get(side, 0) for seen in themes.values())
        lines.append(([(row, side) for row in themes], inside))
    changed = True
    while changed:
        changed = False
        for cells, together in lines:
            changed = _narrow(bounds, cells, together) or changed
    return bounds


def _first(seen: Seen, steps: Mapping[Side, Bounds] | None, side: Side) -> Bounds:
    """By itself. Which sides have no voice in a theme is taken to be known: who speaks there is quoted."""
    most = seen.total if seen.total is not None else sum(seen.voices.values()) + SHIELD_BELOW
    if not seen.voices.get(side):
        return 0, 0
    if seen.cells is not None:
        return (seen.cells[side], seen.cells[side]) if side in seen.cells else (1, most)
    if steps is None:
        return 1, most
    return steps.get(side, (1, _SMALL))


def _narrow(bounds: dict[tuple[Row, Side], Bounds], cells: list[tuple[Row, Side]], together: int) -> bool:
    """Narrows the cells of a sum; whether any became narrower."""
    lows, highs = sum(bounds[cell][0] for cell in cells), sum(bounds[cell][1] for cell in cells)
    changed = False
    for cell in cells:
        low, high = bounds[cell]
        narrower = max(low, together - (highs - high)), min(high, together - (lows - low))
        if narrower != (low, high):
            bounds[cell] = narrower
            lows, highs = lows + narrower[0] - low, highs + narrower[1] - high
            changed = True
    return changed
