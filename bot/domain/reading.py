"""Reading what people bring: a tour's schedule, notes, topics. Pure: bytes in, values and refusals out.

Line numbers are an editor's; the head is line 1. Each refused line carries the first thing that is wrong with it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.feedback import LONGEST_NOTE, Speaker
from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan, Track
from bot.domain.tables import cells
from bot.domain.tables.checks import (
    LONGEST_KEY,
    LONGEST_REGION,
    LONGEST_REMARKS,
    LONGEST_TITLE,
    NOTE_CELLS,
    PLAN_CELLS,
    start_or_none,
)
from bot.domain.tables.columns import (
    EXAMPLE,
    NOTE_COLUMNS,
    NOTE_SHEETS,
    SPEAKERS,
    TOUR_COLUMNS,
    TOUR_SHEETS,
    TRACKS,
)
from bot.domain.tables.grid import Source
from bot.domain.tables.sheet import Check, LineRefused, RefusedLine, Row, fit_for, read_sheet
from bot.domain.tables.text import folded
from bot.domain.tables.topics import MOST_TOPICS, TopicsInvalid, read_topics

__all__ = [
    "MOST_TOPICS",
    "CancelNeedsWholeFile",
    "ImportedNote",
    "NotesTable",
    "TableKind",
    "TopicsInvalid",
    "TourTable",
    "kind_of",
    "read_notes",
    "read_topics",
    "read_tour",
]

T = TypeVar("T")

FEWEST_COLUMNS = 3
"""So many of our columns must be there before we say which kind of file somebody meant."""


class TableKind(StrEnum):
    """What a file is about."""

    TOUR = "tour"
    NOTES = "notes"


class CancelNeedsWholeFile(Refusal):
    """What is missing from a file can only be called off when every line of it was understood."""

    def __init__(self, refused: int) -> None:
        super().__init__("import.cancel_needs_whole_file", {"count": refused})


@dataclass(frozen=True, slots=True)
class TourTable:
    """What a tour file says."""

    plans: tuple[MeetingPlan, ...]
    refused: tuple[RefusedLine, ...]
    sheet: str | None = None

    def require_whole(self) -> None:
        """Raises CancelNeedsWholeFile: a mistyped time must not call its meeting off."""
        if self.refused:
            raise CancelNeedsWholeFile(len(self.refused))


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note as a file brings it. `number` is its `note_id`; `topic` a key of the tour's topics.

    `at` (UTC) is for playing the notes back only: a kept note has a day and no time.
    """

    number: str
    region: Region
    day: date
    at: datetime | None
    meeting_key: str | None
    track: Track | None
    speaker: Speaker
    rating: int | None
    topic: str | None
    words: str


@dataclass(frozen=True, slots=True)
class NotesTable:
    """What a notes file says."""

    notes: tuple[ImportedNote, ...]
    refused: tuple[RefusedLine, ...]
    sheet: str | None = None


def kind_of(source: Source) -> TableKind | None:
    """What a file is about, told by its columns alone; None: nothing that we know. Raises FileRefused."""
    tour, notes = fit_for(source, TOUR_COLUMNS), fit_for(source, NOTE_COLUMNS)
    if max(tour.known, notes.known) < FEWEST_COLUMNS:
        return None
    as_tour = (tour.whole, tour.known / len(TOUR_COLUMNS))
    as_notes = (notes.whole, notes.known / len(NOTE_COLUMNS))
    return TableKind.TOUR if as_tour >= as_notes else TableKind.NOTES


def read_tour(source: Source, zone: ZoneInfo) -> TourTable:
    """The meetings of a tour file; days and times are meant in `zone`. A key that comes twice counts the first time."""
    sheet = read_sheet(source, TOUR_COLUMNS, TOUR_SHEETS)
    plans, refused = _each(
        sheet.rows,
        lambda row: _plan(row, zone),
        lambda plan: plan.key,
        PLAN_CELLS,
        reason="import.key_twice",
    )
    return TourTable(plans, _by_line([*sheet.refused, *refused]), sheet.name)


def read_notes(source: Source, zone: ZoneInfo, topics: Sequence[Topic] = ()) -> NotesTable:
    """The notes of a file. `topics` are the tour's: a note may name one by its key or its title.

    A note's number is its own within its region's day.
    """
    named: dict[str, str | None] = {folded(topic.title): topic.key for topic in topics}
    named |= {folded(topic.key): topic.key for topic in topics} | {"": None}
    sheet = read_sheet(source, NOTE_COLUMNS, NOTE_SHEETS)
    notes, refused = _each(
        sheet.rows,
        lambda row: _note(row, zone, named),
        lambda note: (note.region, note.day, note.number),
        (*NOTE_CELLS, ("topic", cells.choice(named, "topic_unknown"))),
        reason="import.note_twice",
    )
    return NotesTable(notes, _by_line([*sheet.refused, *refused]), sheet.name)


def _each(
    rows: Iterable[Row],
    read: Callable[[Row], T],
    identity: Callable[[T], Hashable],
    checks: Sequence[Check],
    *,
    reason: str,
) -> tuple[tuple[T, ...], list[RefusedLine]]:
    """Reads row after row; what has the identity of an earlier one is refused for `reason`.

    Of a row that cannot be read, every wrong cell is told (`checks`): mending one must not bring the next to light.
    """
    taken: dict[Hashable, tuple[int, T]] = {}
    refused: list[RefusedLine] = []
    for row in rows:
        try:
            value = read(row)
        except LineRefused as refusal:
            first_found = refusal.refused
            also = () if first_found.column is None else row.wrong_cells(checks, but=first_found.column)
            refused.append(replace(first_found, also=also))
            continue
        first, _ = taken.setdefault(identity(value), (row.line, value))
        if first != row.line:
            refused.append(row.refusal(reason, {"first": first}).refused)
    return tuple(value for _, value in taken.values()), refused


def _by_line(refused: list[RefusedLine]) -> tuple[RefusedLine, ...]:
    return tuple(sorted(refused, key=lambda line: line.line))


def _plan(row: Row, zone: ZoneInfo) -> MeetingPlan:
    key = _no_example(row, "key")
    day = row.read("date", cells.day)
    begins = row.read("start", lambda cell: cells.start(cells.without_date(cell, day)))
    start, end = row.read(
        "end",
        lambda cell: cells.span(day, begins, cells.clock(cells.end_without_date(cell, day, begins)), zone),
    )
    return MeetingPlan(
        key=key,
        round=row.read("round", cells.round_number),
        region=Region(row.read("region", cells.line(LONGEST_REGION))),
        day=day,
        start=start,
        end=end,
        track=row.read("track", cells.choice(TRACKS, "track_unknown")),
        title=row.read("title", cells.line(LONGEST_TITLE)),
        venue=row.read("venue", cells.line(LONGEST_TITLE, empty="import.venue_empty")),
        address=row.read("address", cells.line(LONGEST_TITLE, empty=None)),
        host=row.read("host", cells.line(LONGEST_TITLE, empty=None)),
        remarks=row.read("notes", cells.line(LONGEST_REMARKS, empty=None)),
    )


def _note(row: Row, zone: ZoneInfo, topics: dict[str, str | None]) -> ImportedNote:
    tracks: dict[str, Track | None] = {**TRACKS, "": None}
    number = _no_example(row, "note_id")
    day = row.read("date", cells.day)
    at = row.read("time", lambda cell: start_or_none(cells.without_date(cell, day)))
    note = ImportedNote(
        number=number,
        region=Region(row.read("region", cells.line(LONGEST_REGION))),
        day=day,
        at=None if at is None else cells.moment(day, at, zone),
        meeting_key=row.read("meeting_key", cells.line(LONGEST_KEY, empty=None)) or None,
        track=row.read("track", cells.choice(tracks, "track_unknown")),
        speaker=row.read("speaker", cells.choice(SPEAKERS, "speaker_unknown")),
        rating=row.read("rating", cells.rating),
        topic=row.read("topic", cells.choice(topics, "topic_unknown")),
        words=row.read("text", cells.words(LONGEST_NOTE)),
    )
    if note.rating is None and not note.words:
        raise row.refusal("import.note_says_nothing")
    return note


def _no_example(row: Row, column: str) -> str:
    """The line's number. Raises LineRefused for a line of our template that shows how it is done."""
    number = row.read(column, cells.line(LONGEST_KEY))
    if number.startswith(EXAMPLE):
        raise row.refusal("import.example_line")
    return number
