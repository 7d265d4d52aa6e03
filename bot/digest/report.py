"""A digest as a report: the one value that every file (HTML, HWPX, PDF, DOCX) is made from. Values only.

All of it is text as a reader may see it: shielded, without markup, without characters that a file cannot hold.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class FileForm(StrEnum):
    """What a report is written as; also the ending of its file's name."""

    HWPX = "hwpx"
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


class LineKind(StrEnum):
    """How a line of the report form is set."""

    HEAD = "head"  # □
    ITEM = "item"  # ○
    DETAIL = "detail"  # -
    REMARK = "remark"  # ※
    QUOTE = "quote"  # whole words of a note; the only kind with line ends in it


@dataclass(frozen=True, slots=True)
class Run:
    """Words set alike. `faint` is what stands beside what is said: who said it, the numbers of notes."""

    text: str
    bold: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line; `sign` is what it begins with ("" for a quote) and no part of `runs`. `indent` counts its steps."""

    kind: LineKind
    sign: str
    runs: tuple[Run, ...]
    indent: int
    type: Literal["line"] = "line"

    @property
    def text(self) -> str:
        words = "".join(run.text for run in self.runs)
        return f"{self.sign} {words}" if self.sign else words


@dataclass(frozen=True, slots=True)
class Table:
    """Its first row is its head, the first cell of each row names it. All rows are of one length."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    type: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: the place of its series in the legend, how long it is, and the number in it."""

    series: int
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`end` stands behind the bar. Without segments there is nothing to draw, and `end` says why."""

    label: str
    segments: tuple[Segment, ...]
    end: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from left to right, `most` being the whole width.

    `legend` names the series ("" where there is one); `unknown` is the place of the one whose parts are hidden. `spoken`
    is the chart in words, for who does not see it.
    """

    title: str
    legend: tuple[str, ...]
    bars: tuple[Bar, ...]
    most: float
    spoken: str
    unknown: int | None = None
    type: Literal["chart"] = "chart"


Item = Line | Table | Chart


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its key (an anchor), its title, and what stands in it."""

    key: str
    title: str
    items: tuple[Item, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(item for item in self.items if isinstance(item, Line))


@dataclass(frozen=True, slots=True)
class Report:
    """A whole digest. `name` is title and day in one, for lists of files; `dated` stands below the title.

    `foot` is repeated on every page: how it was made, and whether it is an interim one. `made` is aware.
    """

    name: str
    title: str
    dated: str
    foot: str
    language: str
    made: datetime
    parts: tuple[Part, ...]
