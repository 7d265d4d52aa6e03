"""From the bytes of a CSV file to rows whose cells go by the names we know, and the lines that cannot be read."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.errors import Refusal
from bot.domain.tables.text import FileRefused, shown, text_of
from bot.domain.values import Phrase, Value

T = TypeVar("T")

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken, and why. Lines are counted as an editor shows them: the first is 1.

    Line 0 is the file as a whole. `column` is its title as it stands in the file; None: it is about the line.
    `reason` names a message in prompts/messages, `values` its variables.
    """

    line: int
    column: str | None
    reason: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """Where and why, for people."""
        why = Phrase(self.reason, self.values)
        match self.line, self.column:
            case 0, _:
                return why
            case line, None:
                return Phrase("import.refused_line", {"line": line, "reason": why})
            case line, column:
                return Phrase("import.refused_cell", {"line": line, "column": column, "reason": why})


class LineRefused(Exception):
    """Carries the refusal of the line in hand to whoever reads the lines."""

    def __init__(self, refused: RefusedLine) -> None:
        super().__init__(refused.reason)
        self.refused = refused


class CellRefused(Refusal):
    """A cell that does not say what its column asks for. Knows neither its line nor its column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know: our name for it and the other titles under which people keep it, best first."""

    name: str
    titles: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line's cells by our names; `titles` are the file's own."""

    line: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]

    def read(self, name: str, parse: Callable[[str], T]) -> T:
        """The cell as `parse` understands it; a column that is not there reads as empty. Raises LineRefused."""
        try:
            return parse(self.cells.get(name, ""))
        except CellRefused as refusal:
            raise self.refusal(refusal.key, refusal.values, column=name) from None

    def refusal(
        self, reason: str, values: Mapping[str, Value] | None = None, *, column: str | None = None
    ) -> LineRefused:
        title = None if column is None else self.titles.get(column)
        return LineRefused(RefusedLine(self.line, title, reason, values or {}))


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: tuple[Row, ...]
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """A line as it stands; `cells` None: its quotes do not match, up to line `last`."""

    line: int
    last: int
    cells: Sequence[str] | None


def read_sheet(data: bytes | str, columns: Sequence[Column]) -> Sheet:
    """The rows of a CSV file with commas, semicolons or tabs, in UTF-8, UTF-16 (with its mark) or CP949.

    A file that cannot be read at all is a sheet without rows and one refused line.
    """
    try:
        text = text_of(data)
        return _read(text, columns)
    except FileRefused as refusal:
        return Sheet((), (RefusedLine(refusal.line, None, refusal.key),))
    except LineRefused as refusal:
        return Sheet((), (refusal.refused,))


def _read(text: str, columns: Sequence[Column]) -> Sheet:
    """Raises LineRefused when there is no head to read the lines by."""
    delimiter = max(_DELIMITERS, key=lambda mark: _known(_head(text, mark), columns))
    records = _records(text, delimiter)
    head = next(records, None)
    if head is None:
        raise LineRefused(RefusedLine(0, None, "import.file_empty"))
    places, titles = _places(head, columns)
    rows: list[Row] = []
    refused: list[RefusedLine] = []
    for record in records:
        row = Row(record.line, {}, titles)
        try:
            cells = _cells(record, row, len(head.cells or ()))
        except LineRefused as refusal:
            refused.append(refusal.refused)
            continue
        named = {name: cells[place] for name, place in places.items() if place < len(cells)}
        rows.append(Row(record.line, named, titles))
    if not rows and not refused:
        refused.append(RefusedLine(0, None, "import.no_lines"))
    return Sheet(tuple(rows), tuple(refused))


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    """Every line that holds something. After broken quotes it goes on with the next line that can be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _Record(line, max(line, reader.line_num), None)
            continue
        if any(cell.strip() for cell in cells):
            yield _Record(line, reader.line_num, cells)


def _head(text: str, delimiter: str) -> _Record | None:
    return next(_records(text, delimiter), None)


def _known(head: _Record | None, columns: Sequence[Column]) -> int:
    """How many of our columns this reading of the head finds."""
    if head is None or head.cells is None:
        return 0
    titles = {_folded(cell) for cell in head.cells}
    return sum(any(_folded(title) in titles for title in (c.name, *c.titles)) for c in columns)


def _places(head: _Record, columns: Sequence[Column]) -> tuple[dict[str, int], dict[str, str]]:
    """Where each column stands and what the file calls it. Raises LineRefused for a head that will not do."""
    if head.cells is None:
        raise LineRefused(RefusedLine(head.line, None, "import.quotes_broken", {"last": head.last}))
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(head.cells):
        found.setdefault(_folded(cell), []).append(place)
    places: dict[str, int] = {}
    for column in columns:
        spots = next((found[_folded(t)] for t in (column.name, *column.titles) if _folded(t) in found), None)
        if spots is None:
            continue
        if len(spots) > 1:
            raise LineRefused(RefusedLine(head.line, shown(head.cells[spots[0]]), "import.column_twice"))
        places[column.name] = spots[0]
    missing = [f"{c.name}({c.titles[0]})" for c in columns if c.required and c.name not in places]
    if missing:
        values: dict[str, Value] = {"columns": ", ".join(missing)}
        raise LineRefused(RefusedLine(head.line, None, "import.columns_missing", values))
    return places, {name: shown(head.cells[place]) for name, place in places.items()}


def _cells(record: _Record, row: Row, width: int) -> Sequence[str]:
    """The line's cells. Raises LineRefused for broken quotes, NUL, and more cells than the head has titles."""
    if record.cells is None:
        raise row.refusal("import.quotes_broken", {"last": record.last})
    if any("\0" in cell for cell in record.cells):
        raise row.refusal("import.control_characters")
    if any(cell.strip() for cell in record.cells[width:]):
        raise row.refusal("import.too_many_cells")
    return record.cells


def _folded(title: str) -> str:
    """A title without what people vary: case, spaces, a star for "required", a remark in brackets."""
    bare = unicodedata.normalize("NFKC", title).split("(")[0]
    return "".join(bare.split()).strip("*").casefold()
