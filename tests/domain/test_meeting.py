"""A meeting's plan and what happens to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.meeting import in_order
from tests.support.plans import DAY, SEOUL, at, meeting, plan

BERLIN = ZoneInfo("Europe/Berlin")


def test_times_become_utc_and_stay_the_same_moment() -> None:
    made = plan("a", "07:30", "08:40")
    assert made.start == datetime(2026, 1, 21, 22, 30, tzinfo=UTC)
    assert made.start.tzinfo is UTC
    assert made.end.tzinfo is UTC
    assert made.day == DAY


def test_plans_of_the_same_moments_are_equal_whatever_zone_they_came_in() -> None:
    kept = plan("a")
    local = replace(kept, start=kept.start.astimezone(BERLIN), end=kept.end.astimezone(SEOUL))
    assert local == kept


NINE = datetime(2026, 1, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "what"),
    [
        (NINE.replace(tzinfo=None), NINE + timedelta(hours=1), "zone"),
        (NINE, (NINE + timedelta(hours=1)).replace(tzinfo=None), "zone"),
        (NINE, NINE, "ends after"),
        (NINE, NINE - timedelta(hours=1), "ends after"),
    ],
)
def test_a_plan_without_sense_cannot_be_made(start: datetime, end: datetime, what: str) -> None:
    like = plan("a")
    with pytest.raises(ValueError, match=what):
        replace(like, start=start, end=end)


def test_a_new_plan_is_one_revision_further_and_stands_again() -> None:
    off = meeting("a").called_off()
    assert (off.revision, off.cancelled) == (1, True)
    again = off.replanned(plan("a", "10:00", "11:00"))
    assert (again.revision, again.cancelled, again.start) == (2, False, at("10:00"))
    assert (again.id, again.code) == (off.id, off.code)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_shift_is_real_time_over_a_clock_change(day: date) -> None:
    night = plan("a", "23:30", "00:30", day=day, zone=BERLIN)
    four_hours = timedelta(hours=4)
    later = replace(night, start=night.start + four_hours, end=night.end + four_hours)
    assert later.start - night.start == timedelta(hours=4)
    assert later.end - later.start == night.end - night.start
    assert later.day == day


@pytest.mark.parametrize(
    ("now", "open_"),
    [("08:29", False), ("08:30", True), ("09:30", True), ("10:00", True)],
)
def test_feedback_opens_half_an_hour_before(now: str, open_: bool) -> None:
    assert meeting("a").takes_feedback(at(now)) is open_


def test_a_cancelled_meeting_takes_no_feedback() -> None:
    assert not meeting("a", cancelled=True).takes_feedback(at("09:30"))


def test_meetings_at_the_same_time_are_ordered_by_key() -> None:
    ordered = in_order(iter([meeting("b"), meeting("a"), meeting("c", "08:00", "09:00")]))
    assert [m.plan.key for m in ordered] == ["c", "a", "b"]
