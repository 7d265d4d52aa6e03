"""Templates as XLSX: every cell is a text, so that Excel makes no dates of numbers and no numbers of keys."""

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.services.files.templates import Template, TemplateColumn

_TEXT = "@"
_LINES = 2_000
"""Lines with drop-downs."""
_AUTHOR = "hyeonjang"
_HEAD = PatternFill("solid", start_color="FFDCE6F1")
_REQUIRED = PatternFill("solid", start_color="FFFFE699")


def workbook_of(template: Template) -> bytes:
    """One sheet to fill in, with notes and drop-downs, and one with examples."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    filled_in = book.create_sheet(template.sheet)
    _head(filled_in, template, line=1)
    filled_in.freeze_panes = "A2"
    for place, column in enumerate(template.columns, start=1):
        if column.choices:
            _drop_down(filled_in, get_column_letter(place), column)
    _examples(book.create_sheet(template.example_sheet), template)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _head(sheet: Worksheet, template: Template, *, line: int) -> None:
    for place, column in enumerate(template.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = _TEXT
        cell = sheet.cell(line, place, f"{column.title}*" if column.required else column.title)
        cell.font = Font(bold=True)
        cell.fill = _REQUIRED if column.required else _HEAD
        cell.alignment = Alignment(horizontal="center")
        cell.comment = Comment(column.note, _AUTHOR, width=280, height=110)


def _drop_down(sheet: Worksheet, letter: str, column: TemplateColumn) -> None:
    """Offers what we understand and lets anything else through: the import says what is wrong, by line."""
    rule = DataValidation(
        type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True, showErrorMessage=False
    )
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_LINES}")


def _examples(sheet: Worksheet, template: Template) -> None:
    sheet.cell(1, 1, template.remark).font = Font(bold=True, color="FFC00000")
    _head(sheet, template, line=3)
    for place, column in enumerate(template.columns, start=1):
        note = sheet.cell(2, place, column.note)
        note.alignment = Alignment(wrap_text=True, vertical="top")
        note.font = Font(italic=True, color="FF7F7F7F")
    for line, cells in enumerate(template.examples, start=4):
        for place, text in enumerate(cells, start=1):
            cell = sheet.cell(line, place, text)
            cell.number_format = _TEXT
            cell.font = Font(italic=True, color="FF7F7F7F")
    sheet.protection.enable()
