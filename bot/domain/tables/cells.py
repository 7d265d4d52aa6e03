"""What a cell says: days, times and choices in the ways Korean offices write them. All raise CellRefused."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.tables.sheet import CellRefused
from bot.domain.tables.text import folded, has_controls, one_line, shown, spoken

T = TypeVar("T")

LONGEST_OVER_MIDNIGHT = timedelta(hours=6)
"""An end before the start is the next day's if the meeting then lasts no longer than this. `23:00–00:30` is a late
meeting; `14:10–02:20` is somebody who meant 오후 2:20, and is refused."""

_DAY = re.compile(
    r"(?P<year>[0-9]{4})\s*[-./년]\s*(?P<month>[0-9]{1,2})\s*[-./월]\s*(?P<day>[0-9]{1,2})\s*[.일]?"
    r"\s*(?:\((?P<weekday>[월화수목금토일])(?:요일)?\))?(?:\s*T?0{1,2}:00(?::00)?)?"  # Excel adds midnight
)
_TIME = re.compile(
    r"(?P<before>오전|오후|am|pm)?\s*(?P<hour>[0-9]{1,2})"
    r"(?:\s*:\s*(?P<minute>[0-9]{2})(?::00)?|\s*시(?:\s*(?P<spoken>[0-9]{1,2})\s*분)?)"
    r"\s*(?P<after>am|pm)?",
    re.IGNORECASE,
)
_DATED = re.compile(r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T](?P<time>[0-9]{1,2}:[0-9]{2}(?::00)?)")
_SERIAL = re.compile(r"[0-9]{5}")
_FRACTION = re.compile(r"0?\.[0-9]+")
_EXCEL_DAY_0 = date(1899, 12, 30)
"""Its serial numbers count from here, since March 1900."""
_MINUTES_A_DAY = 1440
_ROUNDED_AWAY = 0.01
_ROUND = re.compile(r"(?:제\s*)?(?P<number>[0-9]{1,3})\s*(?:회차|차|회)?")
_RATING = re.compile(r"(?P<rating>[1-5])(?:\.0+)?\s*점?")
_WEEKDAYS = "월화수목금토일"
_YEARS = range(2000, 2100)


def _refused(reason: str, cell: str) -> CellRefused:
    return CellRefused(f"import.{reason}", {"cell": shown(cell)})


def _plain(cell: str) -> str:
    """A short cell in its simplest form: full-width digits and odd spaces made ordinary."""
    return one_line(unicodedata.normalize("NFKC", cell))


def _filled(cell: str) -> str:
    plain = _plain(cell)
    if not plain:
        raise CellRefused("import.cell_empty")
    return plain


def line(limit: int, *, empty: str | None = "import.cell_empty") -> Callable[[str], str]:
    """Reads one line of at most `limit` characters. `empty` is the refusal of an empty cell; None: it may be empty.

    What looks like a formula stays as it stands: here it is text, and what writes workbooks keeps it so.
    """

    def parse(cell: str) -> str:
        if has_controls(cell):
            raise CellRefused("import.control_characters")
        text = one_line(cell)
        if not text and empty is not None:
            raise CellRefused(empty)
        return _within(text, limit)

    return parse


def words(limit: int) -> Callable[[str], str]:
    """Reads what somebody said, of at most `limit` characters, letter for letter; may be empty."""
    return lambda cell: _within(spoken(cell), limit)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellRefused("import.cell_too_long", {"length": len(text), "limit": limit})
    return text


def day(cell: str) -> date:
    """`2026-01-22`, `2026.1.22.(목)`, `2026/1/22`, `2026년 1월 22일`, `46044`. A weekday beside it must be that day's."""
    if _SERIAL.fullmatch(_plain(cell)):
        return _of_serial(cell)
    found = _DAY.fullmatch(_filled(cell))
    if found is None or int(found["year"]) not in _YEARS:
        raise _refused("date_unreadable", cell)
    try:
        read = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise _refused("date_unreadable", cell) from None
    if found["weekday"] is not None and found["weekday"] != _WEEKDAYS[read.weekday()]:
        raise CellRefused("import.weekday_differs", {"cell": shown(cell), "day": read})
    return read


def _of_serial(cell: str) -> date:
    """A day as Excel counts it where the cell is not formatted as one."""
    read = _EXCEL_DAY_0 + timedelta(days=int(_plain(cell)))
    if read.year not in _YEARS:
        raise _refused("date_unreadable", cell)
    return read


def clock(cell: str) -> time:
    """`07:30`, `7:30`, `오후 2:10`, `2:10 PM`, `14시 10분`, `0.3125`. `24:00` is midnight (an end: the day's)."""
    if _FRACTION.fullmatch(_plain(cell)):
        return _of_fraction(cell)
    found = _TIME.fullmatch(_filled(cell))
    if found is None or (found["before"] and found["after"]):
        raise _refused("time_unreadable", cell)
    hour, minute = int(found["hour"]), int(found["minute"] or found["spoken"] or 0)
    match (found["before"] or found["after"] or "").lower():
        case "오전" | "am" if hour <= 12:
            hour %= 12
        case "오후" | "pm" if hour >= 1:
            hour = hour + 12 if hour < 12 else hour
        case "":
            hour = 0 if (hour, minute) == (24, 0) else hour
        case _:
            raise _refused("time_unreadable", cell)
    try:
        return time(hour, minute)
    except ValueError:
        raise _refused("time_unreadable", cell) from None


def _of_fraction(cell: str) -> time:
    """A part of a day, which is what a time is to Excel; whole minutes only."""
    minutes = float(_plain(cell)) * _MINUTES_A_DAY
    whole = round(minutes)
    if abs(minutes - whole) > _ROUNDED_AWAY or whole >= _MINUTES_A_DAY:
        raise _refused("time_unreadable", cell)
    return time(*divmod(whole, 60))


def without_date(cell: str, on: date) -> str:
    """A time that carries its date, as a spreadsheet may show it, without that date when it is the line's own."""
    found = _DATED.fullmatch(_plain(cell))
    return found["time"] if found and found["date"] == on.isoformat() else cell


def undated(cell: str) -> str:
    """A time without its date, whichever it is: for whoever asks about the time alone."""
    found = _DATED.fullmatch(_plain(cell))
    return found["time"] if found else cell


def end_without_date(cell: str, on: date, begins: time) -> str:
    """The same for an end, which may be of the next day when it comes before the start."""
    bare = without_date(cell, on)
    if bare != cell:
        return bare
    bare = without_date(cell, on + timedelta(days=1))
    return bare if bare == cell or clock(bare) <= begins else cell


def start(cell: str) -> time:
    """A time at which something starts: `24:00` could be either midnight, so it is refused."""
    if _plain(cell).startswith("24"):
        raise _refused("time_unreadable", cell)
    return clock(cell)


def moment(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall time; one that a clock change skips or repeats is taken as before the change."""
    return datetime.combine(on, at, tzinfo=zone).astimezone(UTC)


def span(on: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in UTC; see LONGEST_OVER_MIDNIGHT for an end that comes before the start."""
    start_at = moment(on, begins, zone)
    if ends > begins:
        end_at, longest = moment(on, ends, zone), timedelta.max
    else:
        end_at, longest = moment(on + timedelta(days=1), ends, zone), LONGEST_OVER_MIDNIGHT
    if not timedelta() < end_at - start_at <= longest:
        hours = int(LONGEST_OVER_MIDNIGHT.total_seconds()) // 3600
        raise CellRefused(
            "import.ends_before_start", {"start": f"{begins:%H:%M}", "end": f"{ends:%H:%M}", "hours": hours}
        )
    return start_at, end_at


def round_number(cell: str) -> int:
    """`1`, `1회차`, `제1차`; empty is the first (a tour without rounds has one)."""
    plain = _plain(cell)
    if not plain:
        return 1
    found = _ROUND.fullmatch(plain)
    if found is None or int(found["number"]) < 1:
        raise _refused("round_unreadable", cell)
    return int(found["number"])


def rating(cell: str) -> int | None:
    """`1` to `5`, also `4.0` and `4점`; empty is no answer."""
    plain = _plain(cell)
    if not plain:
        return None
    found = _RATING.fullmatch(plain)
    if found is None:
        raise _refused("rating_unreadable", cell)
    return int(found["rating"])


def choice(names: Mapping[str, T], reason: str) -> Callable[[str], T]:
    """Reads one of `names` (folded). An empty cell is looked up too: give "" a meaning or have it refused."""

    def parse(cell: str) -> T:
        plain = folded(cell)
        if plain not in names or (not plain and _plain(cell)):
            raise _refused(reason, cell) if _plain(cell) else CellRefused("import.cell_empty")
        return names[plain]

    return parse
