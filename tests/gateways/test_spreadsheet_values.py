"""What a cell of a workbook says as text, for whatever Excel may hold; nothing that a cell holds raises anything."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.domain.reading import read_notes, read_tour
from bot.domain.tables.grid import Book
from bot.gateways.spreadsheet import table_of
from bot.gateways.spreadsheet.values import text_of_value
from tests.support.plans import SEOUL
from tests.support.workbooks import TOUR_HEAD, meeting_line, tour_book, workbook


def wall(text: str) -> datetime:
    """A moment as Excel has it: without a zone."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-3.0, "-3"),
        (4.5, "4.5"),
        (0.1 + 0.2, "0.3"),
        (12345678901234.0, "12345678901234"),
        (1e300, "1e+300"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("가상", "가상"),
        (date(2026, 1, 22), "2026-01-22"),
        (wall("2026-01-22 09:39:59.999600"), "2026-01-22 09:40:00"),
        (wall("9999-12-31 23:59:59.999999"), "9999-12-31 23:59:59.999999"),
        (time(9, 39, 59, 999_600), "09:40:00"),
        (timedelta(hours=25, minutes=5), "25:05:00"),
    ],
)
def test_a_value_is_what_somebody_would_have_typed(value: Any, text: str) -> None:
    assert text_of_value(value) == text


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.datetimes(wall("1900-03-01 00:00:00"), wall("2200-01-01 00:00:00")),
    st.times(),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        max_size=40,
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TOUR_HEAD), CELLS)
def test_a_line_is_taken_or_refused_whatever_a_cell_holds(column: str, value: Any) -> None:
    table = read_tour(table_of(tour_book(meeting_line(**{column: value}))), SEOUL)
    assert len(table.plans) + len(table.refused) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
def test_any_sheet_ends_in_lines_or_in_words(cells: list[list[Any]]) -> None:
    source = table_of(workbook(cells))
    assert isinstance(source, Book)
    table = read_tour(source, SEOUL)
    assert table.refused
    assert read_notes(source, SEOUL).refused


def test_openpyxl_reads_back_what_the_tests_write() -> None:
    """The tests' own workbooks are sound."""
    assert load_workbook(io.BytesIO(tour_book(meeting_line()))).sheetnames == ["Sheet"]
