"""How English is written for people: dates that nobody reads as another day, spans as the Korean twin rounds them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import korean
from prompts.english import plural, written_date, written_span, written_time, written_when


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 22), "Thu 22 Jan"),
        (date(2026, 2, 4), "Wed 4 Feb"),
        (date(2026, 12, 31), "Thu 31 Dec"),
        (date(2026, 5, 3), "Sun 3 May"),
        (date(2028, 2, 29), "Tue 29 Feb"),
    ],
)
def test_dates_have_the_month_in_letters(day: date, written: str) -> None:
    assert written_date(day) == written


@given(st.dates())
def test_names_are_english_whatever_the_machine_speaks(day: date) -> None:
    weekday, number, month = written_date(day).split()
    assert weekday.isascii()
    assert month.isascii()
    assert int(number) == day.day


def test_a_moment_is_its_day_and_its_time_of_24_hours() -> None:
    moment = datetime(2026, 1, 22, 7, 5, 59, tzinfo=UTC)
    assert written_time(moment) == "07:05"
    assert written_when(moment) == "Thu 22 Jan, 07:05"


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(minutes=50), "50 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(minutes=80), "1 h 20 min"),
        (timedelta(days=1, hours=2, minutes=3), "1 day 2 h 3 min"),
        (timedelta(days=2), "2 days"),
        (timedelta(minutes=9, seconds=1), "10 min"),
        (timedelta(seconds=1), "1 min"),
        (timedelta(), "a moment"),
        (timedelta(minutes=-5), "a moment"),
    ],
)
def test_spans_are_whole_minutes(span: timedelta, written: str) -> None:
    assert written_span(span) == written


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_both_languages_round_alike(span: timedelta) -> None:
    def digits(text: str) -> list[str]:
        return "".join(c if c.isdigit() else " " for c in text).split()

    assert digits(written_span(span)) == digits(korean.written_span(span))


@pytest.mark.parametrize(
    ("count", "letter"), [(0, "s"), (1, ""), (2, "s"), ("12", "s"), ("under 5", "s"), (11, "s")]
)
def test_one_is_singular_and_everything_else_plural(count: int | str, letter: str) -> None:
    assert plural(count) == plural(str(count)) == letter
