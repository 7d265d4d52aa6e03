"""What of a line can be judged cell by cell, whatever its other cells say: for telling everything that is wrong with it."""

from datetime import time

from bot.domain.feedback import LONGEST_NOTE
from bot.domain.tables import cells
from bot.domain.tables.columns import SPEAKERS, TRACKS
from bot.domain.tables.sheet import Check

LONGEST_KEY = 40
LONGEST_REGION = 20
LONGEST_TITLE = 100
LONGEST_REMARKS = 500
"""Characters that still read well on a phone: a day of meetings is one Telegram message (4096)."""


def start_or_none(cell: str) -> time | None:
    """A time that may be left out."""
    return cells.start(cell) if cell.strip() else None


PLAN_CELLS: tuple[Check, ...] = (
    ("date", cells.day),
    ("start", lambda cell: cells.start(cells.undated(cell))),
    ("end", lambda cell: cells.clock(cells.undated(cell))),
    ("round", cells.round_number),
    ("region", cells.line(LONGEST_REGION)),
    ("track", cells.choice(TRACKS, "track_unknown")),
    ("title", cells.line(LONGEST_TITLE)),
    ("venue", cells.line(LONGEST_TITLE, empty="import.venue_empty")),
    ("address", cells.line(LONGEST_TITLE, empty=None)),
    ("host", cells.line(LONGEST_TITLE, empty=None)),
    ("notes", cells.line(LONGEST_REMARKS, empty=None)),
)
"""What of a meeting's line can be judged cell by cell."""
NOTE_CELLS: tuple[Check, ...] = (
    ("date", cells.day),
    ("time", lambda cell: start_or_none(cells.undated(cell))),
    ("region", cells.line(LONGEST_REGION)),
    ("meeting_key", cells.line(LONGEST_KEY, empty=None)),
    ("track", cells.choice({**TRACKS, "": None}, "track_unknown")),
    ("speaker", cells.choice(SPEAKERS, "speaker_unknown")),
    ("rating", cells.rating),
    ("text", cells.words(LONGEST_NOTE)),
)
"""The same of a note's line; its topics are the tour's."""
