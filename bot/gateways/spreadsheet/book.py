"""From the bytes of a file to the table in it, whichever kind of file it is."""

import io
import posixpath
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from xml.etree.ElementTree import Element, ParseError, fromstring

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, WorkbookClosed

from bot.domain.incoming import BIGGEST_FILE, MOST_LINES
from bot.domain.tables.columns import EXAMPLE
from bot.domain.tables.grid import Book, Grid, Line, Source
from bot.domain.tables.text import FileRefused
from bot.gateways.spreadsheet.kinds import ZIP, require_text
from bot.gateways.spreadsheet.parts import packed, unpacked
from bot.gateways.spreadsheet.scan import (
    LOWEST_LINE,
    MOST_COLUMNS,
    MOST_LETTERS,
    PartBroken,
    PartTooLarge,
    Scan,
    scan,
)
from bot.gateways.spreadsheet.values import text_of_value

_SIGNS = (b"\n", b"\r", b",", b";", b"\t")
MOST_SIGNS = 20 * MOST_LINES
"""Line ends, or delimiters of one kind, of a CSV file: notes have some of their own. Reading as many takes seconds."""
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def table_of(data: bytes) -> Source:
    """The table of an XLSX, or the bytes themselves when they may be a CSV file. Takes a second for the largest.

    Macros, pictures and hidden sheets are not looked at; formulas count by the value they had when the file was saved.
    Raises FileRefused for everything else, in words that say what to do.
    """
    if len(data) > BIGGEST_FILE:
        raise FileRefused("import.file_too_large", {"limit": BIGGEST_FILE // 1_000_000})
    if not data.startswith(ZIP):
        require_text(data)
        if any(data.count(sign) > MOST_SIGNS for sign in _SIGNS):
            raise _refusal("import.too_many_lines")
        return data
    parts = unpacked(data)
    scans = _scans(parts)
    texts = [max(lengths) for lengths in zip_longest(*(one.texts for one in scans.values()), fillvalue=0)]
    refused = {name: key for name, found in scans.items() if (key := found.refusal(texts))}
    sound = {name: part for name, part in parts.items() if name not in refused}
    try:
        where = _where_sheets_are(parts)
        with CalamineWorkbook.from_filelike(io.BytesIO(packed(sound))) as book:
            grids = _grids(book, where, scans, refused, texts)
    except (CalamineError, WorkbookClosed, ParseError, OSError, ValueError, LookupError):
        raise FileRefused("import.workbook_broken") from None
    except BaseException as error:
        if (
            type(error).__name__ == "PanicException"
        ):  # of Rust: no Exception, and no name that could be imported
            raise FileRefused("import.workbook_broken") from None
        raise
    if not grids:
        raise _refusal(next(iter(refused.values()), "import.file_empty"))
    return Book(tuple(grids))


def _refusal(key: str) -> FileRefused:
    limits = {"import.too_many_lines": MOST_LINES, "import.too_many_columns": MOST_COLUMNS}
    return FileRefused(key, {"limit": limits[key]} if key in limits else None)


def _scans(parts: Mapping[str, bytes]) -> dict[str, Scan]:
    """Every part, whatever its name: which one is a sheet is said by another part, and may be a lie."""
    try:
        return {name: scan(part) for name, part in parts.items()}
    except PartTooLarge:
        raise FileRefused("import.workbook_too_large") from None
    except PartBroken:
        raise FileRefused("import.workbook_broken") from None


def _where_sheets_are(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Sheet name → part. Raises ValueError for a name that stands for two."""
    relations = {relation.get("Id"): relation.get("Target", "") for relation in _tree(parts[_RELATIONS])}
    where: dict[str, str] = {}
    for element in _tree(parts[_WORKBOOK]).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            target = relations.get(element.get(_ID) or element.get(_STRICT_ID), "")
            name = element.get("name", "")
            if name in where:
                raise ValueError("two sheets of one name")
            where[name] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return where


def _tree(part: bytes) -> Element:
    return fromstring(part)  # noqa: S314 (the scan has refused what is dangerous in XML: a document type)


def _grids(
    book: CalamineWorkbook,
    where: Mapping[str, str],
    scans: Mapping[str, Scan],
    refused: Mapping[str, str],
    texts: Sequence[int],
) -> list[Grid]:
    """The sheets that people see, but for examples and those that are too large.

    Together they hold what the largest may hold: one part may be called a sheet a thousand times. Raises FileRefused.
    """
    grids: list[Grid] = []
    room, letters = LOWEST_LINE * MOST_COLUMNS, MOST_LETTERS
    for sheet in book.sheets_metadata:
        part = where.get(sheet.name)
        if (
            sheet.typ is not SheetTypeEnum.WorkSheet
            or sheet.visible is not SheetVisibleEnum.Visible
            or EXAMPLE in sheet.name
            or part in refused
        ):
            continue
        found = scans.get(part or "", Scan())
        room, letters = room - found.area, letters - found.shown(texts)
        if room < 0 or letters < 0:
            raise FileRefused("import.workbook_too_large")
        grids.append(_grid(book, sheet.name, found))
    return grids


def _grid(book: CalamineWorkbook, name: str, found: Scan) -> Grid:
    rows = [
        [text_of_value(value) for value in row]
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    ]
    for (line, column), cell in found.broken.items():
        rows.extend([] for _ in range(line - len(rows)))
        row = rows[line - 1]
        row.extend([""] * (column - len(row)))
        row[column - 1] = cell
    _fill_merged(rows, found)
    return Grid(_lines(rows), name, loose=True)


def _fill_merged(rows: Sequence[list[str]], found: Scan) -> None:
    """A cell that was merged downwards says the same on each of its lines: one day beside all its meetings."""
    room, letters = LOWEST_LINE * MOST_COLUMNS, MOST_LETTERS
    for (first, column), (last, _) in found.merged:
        last = min(last, len(rows))
        room -= max(0, last - first)
        if room < 0:
            raise ValueError("more merged cells than a sheet has")
        if first < last and column <= len(rows[first - 1]):
            letters -= (last - first) * len(rows[first - 1][column - 1])
            if letters < 0:
                raise ValueError("more letters than a sheet has")
            for row in rows[first:last]:
                row.extend([""] * (column - len(row)))
                row[column - 1] = rows[first - 1][column - 1]


def _lines(rows: Sequence[list[str]]) -> list[Line]:
    return [
        Line(number, number, row)
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row)
    ]
