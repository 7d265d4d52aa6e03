"""From lines of cells to rows whose cells go by the names we know, and the lines that cannot be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.errors import Refusal
from bot.domain.tables.grid import Book, BrokenCell, Grid, Line, Source
from bot.domain.tables.head import Column, Fit, folded_title, place_of_head
from bot.domain.tables.text import FileRefused, shown, text_of
from bot.domain.tables.text_lines import grid_of_text
from bot.domain.values import Phrase, Value

T = TypeVar("T")
Check = tuple[str, Callable[[str], object]]
"""A column by our name, and what reads its cell whatever the others say."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken, and why. Lines are counted as an editor shows them: the first is 1.

    Line 0 is the file as a whole. `column` is its title as it stands in the file; None: it is about the line.
    `reason` names a message in prompts/messages, `values` its variables. `also`: what else is wrong with the same line.
    """

    line: int
    column: str | None
    reason: str
    values: Mapping[str, Value] = field(default_factory=dict)
    also: "tuple[RefusedLine, ...]" = ()

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
class Row:
    """A line's cells by our names; `titles` are the file's own."""

    line: int
    cells: Mapping[str, str]
    titles: Mapping[str, str]

    def read(self, name: str, parse: Callable[[str], T]) -> T:
        """The cell as `parse` understands it; a column that is not there reads as empty. Raises LineRefused."""
        cell = self.cells.get(name, "")
        if isinstance(cell, BrokenCell):
            raise self.refusal(str(cell), column=name)
        try:
            return parse(cell)
        except CellRefused as refusal:
            raise self.refusal(refusal.key, refusal.values, column=name) from None

    def wrong_cells(self, checks: Sequence[Check], *, but: str | None) -> tuple[RefusedLine, ...]:
        """Every cell that cannot be read for itself, but the one whose column bears this title."""
        found: list[RefusedLine] = []
        for name, parse in checks:
            try:
                self.read(name, parse)
            except LineRefused as refusal:
                found += [refusal.refused] if refusal.refused.column != but else []
        return tuple(found)

    def refusal(
        self, reason: str, values: Mapping[str, Value] | None = None, *, column: str | None = None
    ) -> LineRefused:
        title = None if column is None else self.titles.get(column)
        return LineRefused(RefusedLine(self.line, title, reason, values or {}))


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is the workbook's sheet that was read; None: a text file."""

    rows: tuple[Row, ...]
    refused: tuple[RefusedLine, ...]
    name: str | None = None


def read_sheet(source: Source, columns: Sequence[Column], names: Sequence[str] = ()) -> Sheet:
    """The rows of a CSV file (commas, semicolons or tabs; UTF-8, UTF-16 with its mark, or CP949) or of a workbook.

    Of a workbook the sheet called one of `names` is read when its head is whole, else the first whose head is.
    A file that cannot be read at all is a sheet without rows and one refused line.
    """
    try:
        return _read(grid_for(source, columns, names), columns)
    except FileRefused as refusal:
        return Sheet((), (RefusedLine(refusal.line, None, refusal.key, refusal.values),))
    except LineRefused as refusal:
        return Sheet((), (refusal.refused,))


def fit_for(source: Source, columns: Sequence[Column]) -> Fit:
    """How well a file fits these columns, by its best head. Raises FileRefused."""
    grid = grid_for(source, columns)
    if not grid.lines:
        raise FileRefused("import.file_empty")
    return place_of_head(grid, columns)[1]


def grid_for(source: Source, columns: Sequence[Column], names: Sequence[str] = ()) -> Grid:
    """The table of a file that fits these columns best. Raises FileRefused."""
    if not isinstance(source, Book):
        return grid_of_text(text_of(source), columns)
    wanted = {folded_title(name) for name in names}
    ranked = sorted(source.grids, key=lambda grid: folded_title(grid.name or "") not in wanted)
    fits = [(place_of_head(grid, columns)[1], grid) for grid in ranked]
    whole = next((grid for fit, grid in fits if fit.whole), None)
    if whole is not None:
        return whole
    return max(fits, key=lambda one: one[0], default=(None, Grid(())))[1]


def _read(grid: Grid, columns: Sequence[Column]) -> Sheet:
    """Raises LineRefused when there is no head to read the lines by."""
    if not grid.lines:
        raise LineRefused(RefusedLine(0, None, "import.file_empty"))
    place, _ = place_of_head(grid, columns)
    head = grid.lines[place]
    places, titles = _places(head, columns)
    rows: list[Row] = []
    refused: list[RefusedLine] = []
    for line in grid.lines[place + 1 :]:
        row = Row(line.number, {}, titles)
        try:
            cells = _cells(line, row, None if grid.loose else len(head.cells or ()))
        except LineRefused as refusal:
            refused.append(refusal.refused)
            continue
        named = {name: cells[place] for name, place in places.items() if place < len(cells)}
        if not grid.loose or any(cell.strip() for cell in named.values()):
            rows.append(Row(line.number, named, titles))
    if not rows and not refused:
        refused.append(RefusedLine(0, None, "import.no_lines"))
    return Sheet(tuple(rows), tuple(refused), grid.name)


def _places(head: Line, columns: Sequence[Column]) -> tuple[dict[str, int], dict[str, str]]:
    """Where each column stands and what the file calls it. Raises LineRefused for a head that will not do."""
    if head.cells is None:
        raise LineRefused(RefusedLine(head.number, None, "import.quotes_broken", {"last": head.last}))
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(head.cells):
        found.setdefault(folded_title(cell), []).append(place)
    places: dict[str, int] = {}
    for column in columns:
        titles = [folded_title(title) for title in (column.name, *column.titles)]
        spots = next((found[title] for title in titles if title in found), None)
        if spots is None:
            continue
        if len(spots) > 1:
            raise LineRefused(RefusedLine(head.number, shown(head.cells[spots[0]]), "import.column_twice"))
        places[column.name] = spots[0]
    missing = [f"{c.name}({c.titles[0]})" for c in columns if c.required and c.name not in places]
    if missing:
        values: dict[str, Value] = {"columns": ", ".join(missing)}
        raise LineRefused(RefusedLine(head.number, None, "import.columns_missing", values))
    return places, {name: shown(head.cells[place]) for name, place in places.items()}


def _cells(line: Line, row: Row, width: int | None) -> Sequence[str]:
    """The line's cells. Raises LineRefused for broken quotes, NUL, and more cells than the head has titles."""
    if line.cells is None:
        raise row.refusal("import.quotes_broken", {"last": line.last})
    if any("\0" in cell for cell in line.cells):
        raise row.refusal("import.control_characters")
    if width is not None and any(cell.strip() for cell in line.cells[width:]):
        raise row.refusal("import.too_many_cells")
    return line.cells
