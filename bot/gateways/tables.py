"""Tables as files that a spreadsheet opens: XLSX and CSV, in which nothing that somebody wrote can become a formula.

CSV injection, OWASP: a cell that begins with = + - @, a tab or a carriage return is taken for a formula, behind a quote too
by a program that splits lines otherwise; in CSV such a text gets an apostrophe before it, in XLSX it is typed as text.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bot.services.exports import Cell, Table

LONGEST_CELL = 32767
"""Characters of a cell (Excel's limit)."""
_FORMULA = re.compile(r"^[\s\"'\x00-\x20\u200b-\u200f\ufeff]*[=+\-@＝＋－＠\t\r]")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold: one of them, in one note, and no spreadsheet opens the file."""
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel reads as another character (ECMA-376, ST_Xstring): `_x003D_` would come out as `=`."""
_WIDEST = 60


def csv_of(table: Table) -> bytes:
    """UTF-8 with its mark (Excel asks for it), lines ended as RFC 4180 wants."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.head)
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def xlsx_of(table: Table) -> bytes:
    """One sheet with a head that stays in sight. Texts are typed as texts and stay so when somebody edits them."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(
        table.title
    )  # openpyxl's types know nothing of sheets that are only written
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, title, bold=True) for title in table.head])
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    text = _NO_XML.sub("", value)[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value=_ESCAPE.sub("_x005F_", text))
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(text))
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _widths(table: Table) -> list[int]:
    return [
        min(_WIDEST, max(map(_width, (title, *column[:200])), default=8) + 2)
        for title, column in zip(table.head, _columns(table), strict=True)
    ]


def _columns(table: Table) -> Sequence[tuple[Cell, ...]]:
    return list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.head)


def _width(value: Cell) -> int:
    """Hangul is about twice as wide as a digit."""
    return sum(2 if ord(character) > 0x1100 else 1 for character in str(value if value is not None else ""))
