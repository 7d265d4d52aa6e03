"""Days and times as Excel counts them: serial numbers, parts of a day, times that carry their date."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tables import cells
from bot.domain.tables.sheet import CellRefused

DAY = date(2026, 1, 22)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_serial_number_is_its_day(day: date) -> None:
    assert cells.day(str((day - date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    "serial", ["36525", "73051", "00000", "99999", "4604", "460440", "46044.5", "-46044"]
)
def test_other_numbers_are_no_days(serial: str) -> None:
    with pytest.raises(CellRefused):
        cells.day(serial)


@given(st.integers(1, 1439))
def test_a_part_of_a_day_is_its_minute(minute: int) -> None:
    clock = time(*divmod(minute, 60))
    assert cells.clock(repr(minute / 1440)) == clock
    assert cells.clock(format(minute / 1440, ".15g")) == clock


@pytest.mark.parametrize("part", ["0.5001", "0.99999999", "0", "1", "0.", "-0.5", "0.5.5"])
def test_what_is_no_whole_minute_is_refused(part: str) -> None:
    with pytest.raises(CellRefused):
        cells.clock(part)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)), st.integers(-2, 2))  # noqa: DTZ001 (as Excel has it)
def test_a_date_beside_a_time_must_be_the_lines_own(moment: datetime, days: int) -> None:
    cell = moment.replace(second=0, microsecond=0).isoformat(sep=" ")
    own = moment.date() - timedelta(days=days)
    bare = cells.without_date(cell, own)
    assert (bare == cell) is (days != 0)
    if days == 0:
        assert cells.clock(bare) == moment.time().replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("cell", "bare"),
    [
        ("2026-01-22 23:30:00", "23:30:00"),
        ("2026-01-23 00:30:00", "00:30:00"),
        ("2026-01-23T00:30", "00:30"),
        ("2026-01-23 22:30:00", "2026-01-23 22:30:00"),
        ("2026-01-24 00:30:00", "2026-01-24 00:30:00"),
        ("00:30", "00:30"),
        ("오후 11:30", "오후 11:30"),
    ],
)
def test_an_end_may_be_of_the_next_day_when_it_comes_before_the_start(cell: str, bare: str) -> None:
    assert cells.end_without_date(cell, DAY, time(22, 0)) == bare
