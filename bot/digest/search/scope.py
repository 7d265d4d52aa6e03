"""Where and when a question looks: names of regions and words for days in it narrow the search, and are not searched for."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.ids import Region


@dataclass(frozen=True, slots=True)
class Scope:
    """`regions`: those that are named, or all; days from `first` to `last`; `said`: the words by which that was told.

    `elsewhere`: only regions are named that the asker does not read.
    """

    regions: frozenset[Region]
    first: date
    last: date
    said: frozenset[str] = frozenset()
    elsewhere: bool = False


_Span = tuple[date, date]
_NOT_A_UNIVERSITY = r"(?!대(?:학|$|[^가-힣]|[의에는은가로도]))"
_WEEK = timedelta(days=7)
_FAR_AHEAD = timedelta(days=180)
_MOST_DAYS = 400


def scope_of(
    question: str, *, today: date, regions: Collection[Region], readable: Collection[Region], days: _Span
) -> Scope:
    """`regions`: all of the tour's; `readable`: those that the asker reads; `days`: the first and last day with a report."""
    named = {one for one in regions if re.search(re.escape(one) + _NOT_A_UNIVERSITY, question)}
    told = _days_in(question, today)
    span, said = told if told is not None else (days, "")
    words = frozenset({*named, said} - {""})
    wanted = frozenset(named & set(readable)) if named else frozenset(readable)
    return Scope(wanted, *span, words, elsewhere=bool(named) and not wanted)


def _days_in(question: str, today: date) -> tuple[_Span, str] | None:
    """The days that are told first, and the words that tell them; None: none are."""
    for pattern, read in _WAYS:
        for match in pattern.finditer(question):
            span = read(match, today)
            if span is not None:
                return span, match.group().strip()
    return None


def _dated(match: re.Match[str], today: date) -> _Span | None:
    """The date nearest to today that is not far ahead: nobody says the year."""
    try:
        day = date(today.year, int(match["month"]), int(match["day"]))
        if day > today + _FAR_AHEAD:
            day = day.replace(year=day.year - 1)
        elif day < today - _FAR_AHEAD and day.replace(year=day.year + 1) <= today + _FAR_AHEAD:
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day, day


def _days_before(count: int) -> Callable[[re.Match[str], date], _Span]:
    return lambda _, today: (today - timedelta(days=count), today - timedelta(days=count))


def _weeks_before(count: int) -> Callable[[re.Match[str], date], _Span]:
    def read(_: re.Match[str], today: date) -> _Span:
        monday = today - timedelta(days=today.weekday()) - count * _WEEK
        return monday, monday + _WEEK - timedelta(days=1)

    return read


def _lately(match: re.Match[str], today: date) -> _Span | None:
    count = int(match["count"])
    return (today - timedelta(days=count - 1), today) if 0 < count <= _MOST_DAYS else None


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], _Span | None]], ...] = (
    (re.compile(r"(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일"), _dated),
    (
        re.compile(
            r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])\.\s?(?P<day>[12]\d|3[01]|0?[1-9])\.(?:\([월화수목금토일]\))?(?!\d)"
        ),
        _dated,
    ),
    (re.compile(r"그저께|그제(?!야)"), _days_before(2)),
    (re.compile(r"어제"), _days_before(1)),
    (re.compile(r"오늘"), _days_before(0)),
    (re.compile(r"지난\s?주(?!말)"), _weeks_before(1)),
    (re.compile(r"이번\s?주(?!말)"), _weeks_before(0)),
    (re.compile(r"최근\s?(?P<count>\d{1,3})\s?일"), _lately),
)
