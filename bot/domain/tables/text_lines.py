"""The lines of a CSV file, with whichever delimiter makes the most of them."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.domain.tables.grid import Grid, Line
from bot.domain.tables.head import HEAD_WITHIN, Column, Fit, place_of_head

_DELIMITERS = (",", ";", "\t")


def grid_of_text(text: str, columns: Sequence[Column]) -> Grid:
    """Every line that holds something."""

    def fit(delimiter: str) -> Fit:
        first = Grid(list(islice(_lines(text, delimiter), HEAD_WITHIN)))
        return place_of_head(first, columns)[1]

    return Grid(list(_lines(text, max(_DELIMITERS, key=fit))))


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    """After broken quotes it goes on with the next line that can be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, max(number, reader.line_num), None)
            continue
        if any(cell.strip() for cell in cells):
            yield Line(number, reader.line_num, cells)
