"""Tables as files: what people wrote stays what it is, in whatever program the file is opened."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from bot.domain.tables.grid import Book
from bot.gateways.spreadsheet import table_of
from bot.gateways.tables import csv_of, xlsx_of
from bot.services.exports import Cell, Table

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.invalid","눌러 보세요")',
    "+82 10",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "  =1+1",
    "＝1+1",
    "\u200b=cmd|' /C calc'!A0",
    '"=1+1',
    "'=1+1",
]


def table(*rows: tuple[Cell, ...]) -> Table:
    return Table("notes", ("text", "rating"), rows)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_text_in_both_forms(text: str) -> None:
    made = table((text, 4))
    assert lines(csv_of(made))[1] == [f"'{text}", "4"]
    sheet = load_workbook(io.BytesIO(xlsx_of(made))).active
    assert sheet is not None
    cell = sheet["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix
    with zipfile.ZipFile(io.BytesIO(xlsx_of(made))) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_ordinary_words_and_numbers_stand_as_they_are() -> None:
    made = table(('버스가 "너무" 적습니다,\n정말로', None), ("= 아님이 앞에 없음", 5))
    assert lines(csv_of(made))[1] == ['버스가 "너무" 적습니다,\n정말로', ""]
    sheet = load_workbook(io.BytesIO(xlsx_of(made))).active
    assert sheet is not None
    assert sheet["A2"].value == '버스가 "너무" 적습니다,\n정말로'
    assert not sheet["A2"].quotePrefix
    assert sheet["B3"].value == 5
    assert sheet.freeze_panes == "A2"


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_every_text_can_be_written_and_read_back(texts: list[str]) -> None:
    made = table(*((text, 1) for text in texts))
    assert len(csv_of(made)) > 3
    sheet = load_workbook(io.BytesIO(xlsx_of(made))).active
    assert sheet is not None
    got = [sheet.cell(row=2 + place, column=1) for place in range(len(texts))]
    for cell, text in zip(got, texts, strict=True):
        kept = ILLEGAL_CHARACTERS_RE.sub("", text)
        assert cell.data_type != "f"
        if kept.isprintable():
            assert (cell.value or "") == kept


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ud800", "\x00", "\x1f"])
def test_one_character_that_no_xml_holds_does_not_spoil_the_file(sign: str) -> None:
    """Anybody may write one into a note; U+FFFE made the whole export unreadable."""
    sheet = load_workbook(io.BytesIO(xlsx_of(table((f"가상{sign} 의견", 1))))).active
    assert sheet is not None
    assert sheet["A2"].value == "가상 의견"


def test_what_excel_would_read_as_another_character_stays_as_it_was_written() -> None:
    """By the eyes of a reader that unescapes as Excel does."""
    book = table_of(xlsx_of(table(("_x003D_1+1", 1), ("_x000D_ _x_ a_x12_", 2))))
    assert isinstance(book, Book)
    assert [line.cells for line in book.grids[0].lines][1:] == [
        ["_x003D_1+1", "1"],
        ["_x000D_ _x_ a_x12_", "2"],
    ]


def test_a_table_without_lines_still_has_its_head() -> None:
    assert lines(csv_of(table())) == [["text", "rating"]]
