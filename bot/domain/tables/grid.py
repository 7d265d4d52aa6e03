"""A table before its columns are known: lines of cells as text, whatever kind of file they came from."""

from collections.abc import Sequence
from dataclasses import dataclass


class BrokenCell(str):
    """A cell that has no value: its formula failed, or was never worked out. Reads as the reason's name."""

    __slots__ = ()


FORMULA_FAILED = BrokenCell("import.cell_error")
FORMULA_NOT_WORKED_OUT = BrokenCell("import.formula_not_worked_out")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands. `number` is what an editor or Excel shows beside it; `last` where it ends.

    `cells` None: its quotes do not match (CSV).
    """

    number: int
    last: int
    cells: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that hold something, in their order. `name` is the sheet's; a text file has none.

    `loose`: what stands beside the columns that have a title is nobody's business (a spreadsheet); in a text file
    it means that a comma was not quoted.
    """

    lines: Sequence[Line]
    name: str | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a workbook that people see, in their order."""

    grids: tuple[Grid, ...]


Source = bytes | str | Book
"""What a table is read from: the bytes or the text of a CSV file, or a workbook that was opened already."""
