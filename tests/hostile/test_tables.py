"""What people wrote, taken away in tables: no cell is a formula in any column, and every text is what it was."""

import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from bot.domain.reading import TableKind
from bot.gateways.spreadsheet.template import workbook_of
from bot.gateways.tables import csv_of, xlsx_of
from bot.services.exports import AUDIT_HEAD, NOTES_HEAD, Table
from bot.services.files.templates import template_of
from tests.hostile.corpus import words
from tests.hostile.test_words import TORTURE
from tests.support.chat import MESSAGES
from tests.support.plans import at

_STARTS = "=+-@\t\r＝＋－＠"
_NOT_IN_XML = {chr(one) for one in range(32) if chr(one) not in "\t\n\r"} | {"\ufffe", "\uffff"}


def texts() -> list[str]:
    """Every word of the corpus: each goes through every column of both exports, in both forms."""
    return [text for _, text in words(TORTURE)]


@pytest.mark.parametrize("head", [NOTES_HEAD, AUDIT_HEAD], ids=["notes", "audit"])
def test_no_text_becomes_a_formula_in_any_column(head: tuple[str, ...]) -> None:
    wide, given = len(head), texts()
    rows = tuple(
        tuple(given[(row + column) % len(given)] for column in range(wide)) for row in range(len(given))
    )
    table = Table("notes", head, rows)
    _as_csv(table)
    _as_workbook(table)


def _as_csv(table: Table) -> None:
    lines = list(csv.reader(io.StringIO(csv_of(table).decode("utf-8-sig"), newline="")))
    assert len(lines) == 1 + len(table.rows)
    for line, row in zip(lines[1:], table.rows, strict=True):
        for shown, cell in zip(line, row, strict=True):
            text = str(cell).encode("utf-8", "replace").decode()
            assert shown in (text, f"'{text}")
            bare = shown.lstrip(' \u00a0\u3000\u200b\u200e\ufeff\x00\n"')
            assert not bare.startswith(tuple(_STARTS)), shown


def _as_workbook(table: Table) -> None:
    data = xlsx_of(table)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<f " not in sheet
        assert not [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()]
    book = load_workbook(io.BytesIO(data)).worksheets[0]
    for line, row in zip(book.iter_rows(min_row=2), table.rows, strict=True):
        for shown, cell in zip(line, row, strict=True):
            text = "".join(
                sign for sign in str(cell) if sign not in _NOT_IN_XML and not "\ud800" <= sign <= "\udfff"
            )
            assert shown.data_type != "f", text
            assert str(shown.value or "").replace("_x005F_", "_").replace("\r\n", "\n").replace(
                "\r", "\n"
            ) in (
                text.replace("\r\n", "\n").replace("\r", "\n"),
                text[:32767],
            ), text
            assert shown.quotePrefix or not text.lstrip().startswith(tuple(_STARTS)), text
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()) == 1 + len(
        table.rows
    )


@pytest.mark.parametrize("kind", list(TableKind))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_templates_hold_no_formula(kind: TableKind, language: str) -> None:
    data = workbook_of(template_of(MESSAGES, kind, language, at("12:00")))
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
