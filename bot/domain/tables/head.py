"""Which line is the head, and which of our columns it names."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.domain.tables.grid import Grid, Line

HEAD_WITHIN = 20
"""Lines in which the head is looked for: titles, dates and remarks stand above it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column we know: our name for it and the other titles under which people keep it, best first."""

    name: str
    titles: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """How well a line serves as the head: whether all required columns are there, and how many of ours are."""

    whole: bool
    known: int


NO_FIT = Fit(whole=False, known=0)


def folded_title(title: str) -> str:
    """A title without what people vary: case, spaces, a star for "required", a remark in brackets."""
    bare = unicodedata.normalize("NFKC", title).split("(")[0]
    return "".join(bare.split()).strip("*").casefold()


def fit_of(line: Line, columns: Sequence[Column]) -> Fit:
    titles = {folded_title(cell) for cell in line.cells or ()}
    missing = [c for c in columns if not any(folded_title(t) in titles for t in (c.name, *c.titles))]
    return Fit(not any(c.required for c in missing), len(columns) - len(missing))


def place_of_head(grid: Grid, columns: Sequence[Column]) -> tuple[int, Fit]:
    """Where among the grid's lines the head stands: the first that has all we need, else the one that fits best."""
    best = (0, NO_FIT)
    for place, line in enumerate(islice(grid.lines, HEAD_WITHIN)):
        fit = fit_of(line, columns)
        if fit.whole:
            return place, fit
        if fit > best[1]:
            best = (place, fit)
    return best
