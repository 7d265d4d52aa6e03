"""No count over fewer than five voices is shown, nor can it be computed from what is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.shield import (
    Hidden,
    averages_beside_a_total,
    beside_a_total,
    shown,
    shown_average,
    table,
    tables_beside_totals,
)
from bot.domain.digest import SHIELD_BELOW

FEW, OUT = Hidden.FEW, Hidden.LEFT_OUT


@pytest.mark.parametrize(("voices", "seen"), [(0, None), (4, None), (5, 5), (130, 130)])
def test_counts_below_five_are_not_shown(voices: int, seen: int | None) -> None:
    assert shown(voices) == seen


def test_notes_and_averages_are_shown_by_the_voices_behind_them() -> None:
    assert shown(12, voices=3) is None
    assert shown(12, voices=6) == 12
    assert shown_average(4.5, 4) is None
    assert shown_average(4.5, 5) == 4.5


@pytest.mark.parametrize(
    ("voices", "seen"),
    [
        ({"a": 7, "b": 12}, {"a": 7, "b": 12}),
        ({"a": 7, "b": 3}, None),
        ({"a": 7, "b": 1, "c": 1}, None),
        ({"a": 7, "b": 4, "c": 4}, None),
        ({"a": 7, "b": 3, "c": 3}, {"a": 7, "b": None, "c": None}),
        ({"a": 7, "b": 0}, {"a": 7}),
        ({}, {}),
    ],
)
def test_a_table_hides_small_cells_or_is_hidden(
    voices: dict[str, int], seen: dict[str, int | None] | None
) -> None:
    assert table(voices) == seen


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), max_size=6))
def test_hidden_cells_cannot_be_computed_from_the_total(voices: dict[str, int]) -> None:
    seen = table(voices)
    if seen is None:
        return
    hidden = [cell for cell, count in seen.items() if count is None]
    left = sum(voices.values()) - sum(count for count in seen.values() if count is not None)
    possible = [cells for cells in product(range(1, 5), repeat=len(hidden)) if sum(cells) == left]
    for place in range(len(hidden)):
        assert len({cells[place] for cells in possible}) > 1


@pytest.mark.parametrize(
    ("voices", "seen"),
    [
        ([20, 9], [20, 9]),
        ([20, 9, 3], [20, OUT, FEW]),
        ([20, 9, 0], [20, 9, 0]),
        ([20, 9, 3, 3], [20, 9, FEW, FEW]),
        ([20, 5, 1], [OUT, OUT, FEW]),
        ([20, 9, 1, 1], [20, OUT, FEW, FEW]),
        ([3], [FEW]),
        ([], []),
    ],
)
def test_beside_a_total_the_smallest_large_cells_are_left_out_for_the_small_ones(
    voices: list[int], seen: list[int | Hidden]
) -> None:
    assert list(beside_a_total(dict(enumerate(voices))).values()) == seen


@given(st.lists(st.integers(0, 12), max_size=5))
def test_what_is_hidden_beside_a_total_cannot_be_computed(voices: list[int]) -> None:
    """By every way to fill the hidden cells, unless nothing was left to leave out."""
    seen = list(beside_a_total(dict(enumerate(voices))).values())
    hidden = [one for one in seen if isinstance(one, Hidden)]
    shown_ones = [one for one in seen if not isinstance(one, Hidden) and one]
    if FEW not in hidden or not shown_ones:
        return
    left = sum(voices) - sum(shown_ones)
    choices = [range(1, 5) if one is FEW else range(5, min(shown_ones) + 1) for one in hidden]
    possible = [cells for cells in product(*choices) if sum(cells) == left]
    for place, one in enumerate(hidden):
        if one is FEW:
            assert len({cells[place] for cells in possible}) > 1


@given(st.lists(st.integers(0, 12), max_size=6), st.integers(0, 12))
def test_averages_leave_that_of_nobody_or_of_five_when_subtracted(rated: list[int], elsewhere: int) -> None:
    total = sum(rated) + elsewhere
    told = averages_beside_a_total(dict(enumerate(rated)), total)
    assert all(rated[place] >= SHIELD_BELOW for place in told)
    rest = total - sum(rated[place] for place in told)
    assert rest == 0 or rest >= SHIELD_BELOW or not told


def test_averages_are_all_told_when_nothing_follows_from_them() -> None:
    assert averages_beside_a_total({"a": 9, "b": 6}, 15) == {"a", "b"}
    assert averages_beside_a_total({"a": 9, "b": 6}, 18) == {"a"}
    assert averages_beside_a_total({"a": 9, "b": 6, "c": 3}, 18) == {"a"}


def test_tables_whose_sum_is_known_do_not_tell_the_cells_of_the_one_that_is_hidden() -> None:
    a, b = {"youth": 12, "worker": 6}, {"youth": 8, "worker": 7}
    assert tables_beside_totals({"a": a, "b": b}, {"youth": 20, "worker": 13}) == {"a": a, "b": b}
    small = {"youth": 7, "worker": 2}
    rows = {"a": a, "b": b, "c": small}
    told = tables_beside_totals(rows, {"youth": 27, "worker": 15})
    assert told == {"a": a, "b": None, "c": None}, (
        "with b shown, c's youth would follow, and from them its workers"
    )


def test_what_stands_outside_the_tables_is_not_told_by_them_either() -> None:
    a = {"youth": 12, "worker": 6}
    assert tables_beside_totals({"a": a}, {"youth": 12, "worker": 8}) == {"a": None}
    assert tables_beside_totals({"a": a}, {"youth": 14, "worker": 6}) == {"a": None}
    assert tables_beside_totals({"a": a}, {"youth": 12, "worker": 6}) == {"a": a}
