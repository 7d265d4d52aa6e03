"""Steps of five beside totals: each side's size is seen, and no small side can be computed."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.bands import Seen, bands, step
from bot.digest.sides import Side
from bot.domain.digest import SHIELD_BELOW

_SIDES = (Side.PEOPLE, Side.COMPANIES, Side.OFFICES)
Row = dict[Side, int]
_rows = st.lists(st.lists(st.integers(0, 11), min_size=3, max_size=3), min_size=1, max_size=2)


def test_a_contested_theme_shows_how_large_its_sides_are() -> None:
    voices = {Side.PEOPLE: 14, Side.COMPANIES: 10, Side.OFFICES: 1}
    told = bands({"hours": Seen(voices, 25, None), "other": Seen({Side.OFFICES: 9}, 9, None)}, voices)
    assert told["hours"] == {Side.PEOPLE: (10, 14), Side.COMPANIES: (10, 14)}


def test_steps_of_a_theme_whose_table_or_total_says_enough_are_none() -> None:
    voices = {Side.PEOPLE: 14, Side.COMPANIES: 10}
    assert bands({"t": Seen(voices, 24, voices)}, voices) == {}
    assert bands({"t": Seen(voices, None, None)}, voices) == {}


def test_steps_that_would_tell_a_small_side_are_left_out() -> None:
    voices = {Side.PEOPLE: 14, Side.OFFICES: 4}
    assert bands({"t": Seen(voices, 18, None)}, voices) == {}


World = tuple[tuple[int, ...], ...]


def _fillings(row: Row, steps: dict[Side, tuple[int, int]] | None) -> list[tuple[int, ...]]:
    """All ways to fill a theme's cells, those without a voice being known."""
    total = sum(row.values())
    open_to = (1, total) if steps is None else (1, SHIELD_BELOW - 1)
    bounds = [(steps or {}).get(side, open_to if row[side] else (0, 0)) for side in _SIDES]
    pairs = product(*(range(low, high + 1) for low, high in bounds[:-1]))
    low, high = bounds[-1]
    return [(*pair, total - sum(pair)) for pair in pairs if low <= total - sum(pair) <= high]


def _worlds(
    rows: list[Row], told: dict[int, dict[Side, tuple[int, int]]], sums: dict[int, int]
) -> list[World]:
    """All ways to fill the cells that agree with totals, with the steps, and with the `sums` of columns."""
    fillings = [_fillings(row, told.get(place)) for place, row in enumerate(rows)]
    return [
        world
        for world in product(*fillings)
        if all(sum(row[at] for row in world) == n for at, n in sums.items())
    ]


@settings(max_examples=60, deadline=None)
@given(_rows)
def test_no_small_side_follows_from_totals_and_steps(numbers: list[list[int]]) -> None:
    """By every world that agrees with what is shown; to readers who know the large sums by side, and who do not."""
    rows = [dict(zip(_SIDES, row, strict=True)) for row in numbers]
    totals = {side: sum(row[side] for row in rows) for side in _SIDES}
    told = bands({place: Seen(row, sum(row.values()), None) for place, row in enumerate(rows)}, totals)
    for sums in ({}, {at: totals[side] for at, side in enumerate(_SIDES) if totals[side] >= SHIELD_BELOW}):
        before, after = _worlds(rows, {}, sums), _worlds(rows, told, sums)
        assert after
        for place, row in enumerate(rows):
            for at, side in enumerate(_SIDES):
                if 0 < row[side] < SHIELD_BELOW and len({world[place][at] for world in before}) > 1:
                    assert len({world[place][at] for world in after}) > 1
    for place, steps in told.items():
        for side, bounds in steps.items():
            assert bounds == step(rows[place][side])
            assert rows[place][side] >= SHIELD_BELOW
