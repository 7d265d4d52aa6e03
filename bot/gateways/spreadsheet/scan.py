"""A look at a part's XML before anybody builds a table of it: how far it reaches, and what its cells hide.

The reader makes a full rectangle of whatever lies between a sheet's first and last cell, and a copy of a shared text for
every cell that uses it: a few hundred bytes of XML may ask for all memory there is. And it shows cells whose formula
failed, or was never worked out, as empty.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.domain.incoming import MOST_LINES
from bot.domain.tables.grid import FORMULA_FAILED, FORMULA_NOT_WORKED_OUT, BrokenCell

MOST_COLUMNS = 60
LOWEST_LINE = 2 * MOST_LINES
"""Lines may be empty, but not without end."""
MOST_LETTERS = 20_000_000
"""Of all cells of a sheet together."""
MOST_ELEMENTS = 4_000_000
MOST_MERGED = 20_000
"""Of one part. All cells of the largest sheet with their values are 2.4 million elements."""
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_INDEX = re.compile(rb"<[^<>]*>\s*[0-9]{1,9}\s*")
"""A `v` that names a shared text, as it must be written: the reader takes the digits before a `&#49;`, and `x0` for 0."""

Place = tuple[int, int]
"""Line and column, counted from 1."""


class PartBroken(Exception):
    """XML that cannot be read, or does things that no workbook does."""


class PartTooLarge(Exception):
    """More than anybody could mean: looking at it was given up."""


@dataclass(slots=True)
class Scan:
    """What a part holds. `texts` are the lengths of shared texts, `uses` which of them its cells show."""

    lowest: int = 0
    widest: int = 0
    lines: int = 0
    letters: int = 0
    broken: dict[Place, BrokenCell] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)
    uses: list[int] = field(default_factory=list)

    @property
    def area(self) -> int:
        """Cells of the rectangle that the reader makes."""
        return self.lowest * self.widest

    def shown(self, texts: Sequence[int]) -> int:
        """Letters of all its cells, a shared text as often as it is shown."""
        return self.letters + sum(texts[i] for i in self.uses if i < len(texts))

    def refusal(self, texts: Sequence[int]) -> str | None:
        """Why this sheet is not read, as the key of a message; None: it may be."""
        if self.lines > MOST_LINES or self.lowest > LOWEST_LINE:
            return "import.too_many_lines"
        if self.widest > MOST_COLUMNS:
            return "import.too_many_columns"
        return "import.workbook_too_large" if self.shown(texts) > MOST_LETTERS else None


def scan(xml: bytes) -> Scan:
    """Raises PartBroken, PartTooLarge."""
    scanner = _Scanner(xml)
    try:
        scanner.parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise PartBroken from None
    return scanner.found


def place_of(reference: str) -> Place:
    """`B3` is line 3, column 2. Raises ValueError."""
    match = _CELL.fullmatch(reference)
    if match is None:
        raise ValueError("no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


class _Scanner:
    """expat's callbacks. One cell at a time; names without their namespace's prefix.

    What stands within what is held to what workbooks do: the reader finds cells and texts in places where they are none.
    """

    def __init__(self, xml: bytes) -> None:
        self.found = Scan()
        self._xml = xml
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._line = self._column = self._counted = self._elements = 0
        self._kind = ""
        self._value: list[str] | None = None
        self._begun = 0
        self._in_cell = self._has_value = self._has_formula = False
        self._shared: int | None = None

    def _doctype(self, *_: object) -> None:
        """Entities that grow are made there; workbooks have none."""
        raise ValueError("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS or len(self.found.merged) > MOST_MERGED:
            raise PartTooLarge
        if self._value is not None and (self._in_cell or self._shared is not None):
            raise ValueError("an element within a value")
        match name.rpartition(":")[2]:
            case "c":
                self._begin_cell(attributes)
            case "v" | "t":
                self._value, self._begun = [], self.parser.CurrentByteIndex
            case "f":
                self._has_formula = True
            case "row" | "si" if self._in_cell or self._shared is not None:
                raise ValueError("a line or a shared text within another")
            case "row":
                self._line = int(attributes.get("r", self._line + 1))
                self._column = 0
            case "si":
                self._shared = 0
            case "mergeCell":
                first, _, last = attributes.get("ref", "").partition(":")
                self.found.merged.append((place_of(first), place_of(last or first)))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._in_cell or self._shared is not None:
            raise ValueError("a cell within another")
        self._in_cell = True
        self._column += 1
        if (reference := attributes.get("r")) is not None:
            self._line, self._column = place_of(reference)
        self._kind = attributes.get("t", "")
        self._has_value = self._has_formula = False

    def _text(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "t":
                self._end_value("".join(self._value or ()))
                self._value = None
            case "c":
                self._end_cell()
            case "si" if self._shared is not None:
                self.found.texts.append(self._shared)
                self._shared = None

    def _end_value(self, text: str) -> None:
        if self._shared is not None:
            self._shared += len(text)
            return
        self._has_value = self._has_value or bool(text)
        if self._kind == "s" and text.strip():
            if not _INDEX.fullmatch(self._xml, self._begun, self.parser.CurrentByteIndex):
                raise ValueError("not the number of a text")
            self.found.uses.append(int(text))
        else:
            self.found.letters += len(text)

    def _end_cell(self) -> None:
        self._in_cell = False
        place = (self._line, self._column)
        if self._kind == "e":
            self.found.broken[place] = FORMULA_FAILED
        elif self._has_formula and not self._has_value and self._kind != "str":  # a text may be empty
            self.found.broken[place] = FORMULA_NOT_WORKED_OUT
        elif not self._has_value:
            return
        self.found.lowest = max(self.found.lowest, self._line)
        self.found.widest = max(self.found.widest, self._column)
        if self._line != self._counted:
            self._counted = self._line
            self.found.lines += 1
