"""A line in which several cells are wrong is told whole: mending one must not bring the next to light."""

from bot.domain.reading import read_notes, read_tour
from bot.domain.tables.sheet import RefusedLine
from bot.gateways.spreadsheet import table_of
from bot.services.files.lines import refused_lines
from tests.support.chat import MESSAGES
from tests.support.plans import SEOUL, at
from tests.support.workbooks import meeting_line, note_line, notes_book, tour_book


def reasons(line: RefusedLine) -> list[tuple[str | None, str]]:
    return [(one.column, one.reason) for one in (line, *line.also)]


def test_every_wrong_cell_of_a_meetings_line_is_told_once() -> None:
    [line] = read_tour(
        table_of(tour_book(meeting_line(date="내일", start="언제", track="다른 것", title="", venue=""))),
        SEOUL,
    ).refused
    assert reasons(line) == [
        ("date", "import.date_unreadable"),
        ("start", "import.time_unreadable"),
        ("track", "import.track_unknown"),
        ("title", "import.cell_empty"),
        ("venue", "import.venue_empty"),
    ]
    assert {one.line for one in (line, *line.also)} == {2}


def test_every_wrong_cell_of_a_notes_line_is_told_once() -> None:
    [line] = read_notes(table_of(notes_book(note_line(date="?", speaker="누구", rating="9"))), SEOUL).refused
    assert [reason for _, reason in reasons(line)] == [
        "import.date_unreadable",
        "import.speaker_unknown",
        "import.rating_unreadable",
    ]


def test_what_is_judged_together_is_told_alone() -> None:
    """An end before its start is one mistake; a time that carries another day's date is none of the time's."""
    [line] = read_tour(table_of(tour_book(meeting_line(start="11:00", end="09:40"))), SEOUL).refused
    assert len(reasons(line)) == 1
    dated = meeting_line(date="2026-01-23", start="2026-01-22 09:40", end="2026-01-22 11:00")
    [line] = read_tour(table_of(tour_book(dated)), SEOUL).refused
    assert [column for column, _ in reasons(line)] == ["start"]


def test_lines_are_counted_and_their_mistakes_told() -> None:
    refused = read_tour(
        table_of(tour_book(meeting_line(start="?", track="?"), meeting_line(key="a-2", start="?"))), SEOUL
    ).refused
    assert len(refused) == 2
    said = [MESSAGES.text(one.key, one.values, now=at("12:00")) for one in refused_lines(refused, "files")]
    assert len(said) == 3
    assert all("2행" in line for line in said[:2])
