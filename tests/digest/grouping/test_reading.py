"""Readings as they are kept with notes."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.digest.grouping.reading import (
    GIST_SIZE,
    SENSE_SIZE,
    Phrase,
    Reading,
    ReadingInvalid,
    packed,
    unpacked,
)

FULL = Reading(
    "1",
    ("통근버스", "늦다"),
    ("버스", "통근"),
    (Phrase("통근 버스", 0, 5),),
    packed(np.linspace(-1, 1, SENSE_SIZE)),
    packed(np.linspace(0, 9, GIST_SIZE)),
)


@pytest.mark.parametrize("reading", [FULL, Reading("1"), Reading("1", ("말",), ("말",), (), FULL.sense, b"")])
def test_what_is_kept_is_what_was_read(reading: Reading) -> None:
    assert Reading.from_bytes(reading.to_bytes()) == reading


@given(st.binary(max_size=80))
def test_other_bytes_are_no_reading(data: bytes) -> None:
    with pytest.raises(ReadingInvalid):
        Reading.from_bytes(data)


@given(st.integers(0, len(FULL.to_bytes()) - 1))
@example(len(FULL.to_bytes()) - GIST_SIZE * 2)
@example(len(FULL.to_bytes()) - (GIST_SIZE + SENSE_SIZE) * 2)
def test_a_cut_reading_is_none_or_has_fewer_vectors(length: int) -> None:
    data = FULL.to_bytes()
    without_gist = len(data) - GIST_SIZE * 2
    without_vectors = without_gist - SENSE_SIZE * 2
    if length in (without_gist, without_vectors):
        read = Reading.from_bytes(data[:length])
        assert (read.gist, bool(read.sense)) == (b"", length == without_gist)
    else:
        with pytest.raises(ReadingInvalid):
            Reading.from_bytes(data[:length])


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(ReadingInvalid):
        Reading.from_bytes(Reading("1" * (1 << 21)).to_bytes())


def test_no_number_that_a_half_float_cannot_hold_comes_back() -> None:
    vector = np.zeros(GIST_SIZE)
    vector[:3] = np.nan, np.inf, 0.5
    rows = unpacked([packed(vector), b""], GIST_SIZE)
    assert rows.shape == (2, GIST_SIZE)
    assert rows[0, :3].tolist() == [0, 0, 0.5]
    assert not rows[1].any()
