"""Workbooks as offices make them: what a cell says, where the head is, which sheet is meant, lines as Excel counts them."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.reading import TableKind, TourTable, kind_of, read_notes, read_tour
from bot.domain.tables.text import FileRefused
from bot.gateways.spreadsheet import table_of
from tests.support.corpus import rows as corpus_rows
from tests.support.plans import SEOUL
from tests.support.tour_files import file, line
from tests.support.workbooks import (
    NOTES_HEAD,
    TOUR_HEAD,
    changed,
    meeting_line,
    note_line,
    notes_book,
    saved,
    tour_book,
    workbook,
)

SAMPLE = Path(__file__).parents[2] / "bot" / "rehearsal" / "sample"
GOOD = read_tour(file(line(title="가상 산단 간담회", address="가상시", host="가상시청")), SEOUL).plans


def wall(text: str) -> datetime:
    """A moment as Excel has it: without a zone."""
    return datetime.fromisoformat(text)


def tour(data: bytes) -> TourTable:
    return read_tour(table_of(data), SEOUL)


def refused(data: bytes) -> list[tuple[int, str | None, str]]:
    """Line, column, and the last part of the reason."""
    return [(r.line, r.column, r.reason.removeprefix("import.")) for r in tour(data).refused]


def sheet_of(book: Workbook) -> Worksheet:
    return book.worksheets[0]


def test_the_sample_as_a_workbook_is_the_same_schedule_as_its_csv() -> None:
    text = (SAMPLE / "tour.csv").read_text(encoding="utf-8")
    as_csv = read_tour(text, SEOUL)
    as_book = tour(workbook(list(csv.reader(text.splitlines()))))
    assert len(as_csv.plans) == 43
    assert as_book.plans == as_csv.plans
    assert as_book.refused == ()


def test_the_corpus_as_a_workbook_is_the_same_notes_as_its_csv() -> None:
    records = corpus_rows("jeonbuk_2026-01-22")
    columns = [name for name in records[0] if name != "theme"]
    cells = [[row[name] for name in columns] for row in records]
    text = "\n".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in [columns, *cells]
    )
    as_book = read_notes(table_of(workbook([columns, *cells])), SEOUL)
    assert as_book.notes == read_notes(text, SEOUL).notes
    assert len(as_book.notes) == 130


@pytest.mark.parametrize(
    "cells",
    [
        {"date": date(2026, 1, 22), "start": time(9, 40), "end": time(11, 0)},
        {
            "date": wall("2026-01-22 00:00:00"),
            "start": wall("2026-01-22 09:40:00"),
            "end": wall("2026-01-22 11:00:00"),
        },
        {"date": 46044, "start": 9 / 24 + 40 / 1440, "end": 11 / 24},
        {"date": "2026.1.22.(목)", "start": "오전 9:40", "end": "11시"},
        {"round": 1.0, "start": timedelta(hours=9, minutes=40), "end": timedelta(hours=11)},
        {"round": "제1차", "date": wall("2026-01-22 00:00:00")},
    ],
)
def test_days_and_times_are_understood_however_excel_keeps_them(cells: dict[str, Any]) -> None:
    assert tour(tour_book(meeting_line(**cells))).plans == GOOD


def test_an_end_after_midnight_may_carry_the_next_day() -> None:
    late = {"date": date(2026, 1, 22), "start": wall("2026-01-22 22:00:00")}
    [plan] = tour(tour_book(meeting_line(**late, end=wall("2026-01-23 00:30:00")))).plans
    assert plan.end - plan.start == timedelta(hours=2, minutes=30)
    [plan] = tour(tour_book(meeting_line(**late, end=timedelta(hours=24)))).plans
    assert plan.end - plan.start == timedelta(hours=2)
    assert refused(tour_book(meeting_line(**late, end=wall("2026-01-23 22:30:00")))) == [
        (2, "end", "time_unreadable")
    ]
    assert refused(tour_book(meeting_line(**{**late, "start": wall("2026-01-21 22:00:00")}))) == [
        (2, "start", "time_unreadable")
    ]


def test_a_title_and_empty_lines_above_the_head_are_passed_over_and_lines_counted_as_excel_does() -> None:
    data = workbook(
        [
            ["가상 현장 행보 일정표"],
            [],
            ["작성: 가상 부서"],
            TOUR_HEAD,
            [],
            meeting_line(),
            meeting_line(start="?"),
        ]
    )
    assert tour(data).plans == GOOD
    assert refused(data) == [(7, "start", "time_unreadable")]


def test_a_table_may_stand_anywhere_on_the_sheet() -> None:
    def move(book: Workbook) -> None:
        sheet_of(book).move_range("A1:L3", rows=4, cols=3)

    data = changed(tour_book(meeting_line(), meeting_line(key="b", start="?")), move)
    assert tour(data).plans == GOOD
    assert refused(data) == [(7, "start", "time_unreadable")]


def test_korean_headings_and_columns_of_others_are_understood() -> None:
    head = [
        "번호*",
        "회차",
        "권역",
        "날짜(YYYY-MM-DD)",
        "시작",
        "종료",
        "분야",
        "일정명",
        "장소",
        "주소",
        "주관",
        "비고",
        "담당자",
    ]
    data = workbook([head, [*meeting_line(), "가상 담당자"], [None] * 12 + ["메모"]])
    assert tour(data).plans == GOOD
    assert refused(data) == []


def test_cells_merged_downwards_say_the_same_on_each_line() -> None:
    def merge(book: Workbook) -> None:
        for column in "CD":
            sheet_of(book).merge_cells(f"{column}2:{column}3")
        sheet_of(book).merge_cells("A4:L4")

    data = changed(tour_book(meeting_line(), meeting_line(key="a-2"), ["오후 이동"]), merge)
    assert [plan.key for plan in tour(data).plans] == ["a-1", "a-2"]
    assert [r[0] for r in refused(data)] == [4]


def test_the_sheet_with_our_name_is_read_before_others_and_hidden_ones_never() -> None:
    old = [TOUR_HEAD, meeting_line(title="지난 판")]
    named = workbook(old, sheet="지난 판", others={"일정": [TOUR_HEAD, meeting_line()]})
    assert tour(named).plans == GOOD
    assert tour(named).sheet == "일정"
    hidden = workbook(
        [["안내"]], sheet="안내", others={"일정": old, "최종": [TOUR_HEAD, meeting_line()]}, hidden=["일정"]
    )
    assert tour(hidden).plans == GOOD
    only_hidden = workbook([["안내"]], sheet="안내", others={"일정": old}, hidden=["일정"])
    assert refused(only_hidden) == [(1, None, "columns_missing")]


def test_sheets_with_examples_are_not_read_and_example_lines_are_refused() -> None:
    head_only = workbook([TOUR_HEAD], sheet="일정", others={"작성 예시": [TOUR_HEAD, meeting_line()]})
    assert refused(head_only) == [(0, None, "no_lines")]
    copied = tour_book(meeting_line(), meeting_line(key="예시-2"))
    assert tour(copied).plans == GOOD
    assert refused(copied) == [(3, None, "example_line")]


def test_formulas_count_by_their_saved_value_and_those_without_one_are_refused_by_line() -> None:
    def write(book: Workbook) -> None:
        sheet_of(book)["I3"] = "=A1&A2"  # openpyxl saves no values
        sheet_of(book)["L4"] = "#REF!"
        sheet_of(book)["L4"].data_type = "e"
        sheet_of(book)["Z2"] = "=1/0"  # beside the table

    data = changed(tour_book(meeting_line(), meeting_line(key="b"), meeting_line(key="c")), write)
    assert tour(data).plans == GOOD
    assert refused(data) == [(3, "venue", "formula_not_worked_out"), (4, "notes", "cell_error")]


def test_a_file_is_known_by_its_columns() -> None:
    assert kind_of(table_of(tour_book(meeting_line()))) is TableKind.TOUR
    assert kind_of(table_of(notes_book(note_line()))) is TableKind.NOTES
    assert (
        kind_of(table_of(workbook([["안내"]], others={"의견": [NOTES_HEAD, note_line()]}))) is TableKind.NOTES
    )
    assert kind_of(",".join(NOTES_HEAD)) is TableKind.NOTES
    assert kind_of(table_of(workbook([["region", "date", "이름"]]))) is None
    assert kind_of(table_of(workbook([["key", "region", "date", "start"]]))) is TableKind.TOUR
    with pytest.raises(FileRefused) as why:
        kind_of(b"")
    assert why.value.key == "import.file_empty"


def test_a_workbook_without_anything_is_empty() -> None:
    assert refused(saved(Workbook())) == [(0, None, "file_empty")]


def test_what_is_no_archive_is_left_to_the_reader_of_text() -> None:
    text = file(line()).encode("cp949")
    assert table_of(text) is text
    assert table_of(b"") == b""
