"""No count over fewer than five voices is shown, nor can it be computed from what is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.shield import shown, shown_average, table


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
