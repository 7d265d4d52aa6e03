"""How wide words are, roughly: enough to choose columns and to see what fits a line."""

from collections.abc import Sequence

from bot.digest.report import Table

_LATIN = 0.58
_ROOM = 1.08
"""Words are rarely wider than reckoned by more than this."""


def ems(text: str) -> float:
    """Hangul and the like are as wide as they are high, Latin about half."""
    return sum(1.0 if character > "\u2e7f" else _LATIN for character in text)


def columns(table: Table, whole: float, size: float, margin: float) -> list[float]:
    """Widths of a table's columns: numbers as narrow as they can be, the rest for the names of the rows.

    `whole`, `size` (of a letter) and `margin` (both sides of a cell together) in one unit, which the answer is in.
    """
    rows = (table.head, *table.rows)
    narrow = [max(ems(row[at]) for row in rows) * size * _ROOM + margin for at in range(1, len(table.head))]
    most = whole * 0.72
    if sum(narrow) > most:
        narrow = [one * most / sum(narrow) for one in narrow]
    return [whole - sum(narrow), *narrow]


def lines(texts: Sequence[str], widths: Sequence[float], size: float, margin: float) -> int:
    """How many lines a row of a table takes."""
    return (
        max(
            -(-int(ems(text) * size * _ROOM * 1000) // int((width - margin) * 1000 + 1))
            for text, width in zip(texts, widths, strict=True)
        )
        or 1
    )
