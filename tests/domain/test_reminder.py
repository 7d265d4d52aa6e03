"""When to remind of what: over midnight, month ends, leap days and clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import Meeting, MeetingPlan
from bot.domain.reminder import ReminderKind, ReminderState, before_meeting, briefing, decide, digest_due
from tests.support.plans import DAY, SEOUL, at, meeting, standing

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
EVENING = time(20)


def shifted(plan: MeetingPlan, by: timedelta) -> MeetingPlan:
    return replace(plan, start=plan.start + by, end=plan.end + by)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_meeting_is_announced_an_hour_and_ten_minutes_before() -> None:
    hour, minutes = before_meeting(meeting("a", "07:30", "08:40"))
    assert (hour.lead_minutes, hour.due, hour.pointless) == (60, at("06:30"), at("07:20"))
    assert (minutes.lead_minutes, minutes.due, minutes.pointless) == (10, at("07:20"), at("07:30"))
    assert {hour.kind, minutes.kind} == {ReminderKind.BEFORE_MEETING}
    assert (hour.meeting, hour.day, hour.region) == ("id-a", DAY, "전북")


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 1, 22), "2026-01-21T14:20"),
        (date(2026, 3, 1), "2026-02-28T14:20"),
        (date(2028, 2, 29), "2028-02-28T14:20"),
        (date(2028, 3, 1), "2028-02-29T14:20"),
        (date(2027, 1, 1), "2026-12-31T14:20"),
    ],
)
def test_reminders_reach_back_over_midnight_and_month_ends(day: date, before: str) -> None:
    early = meeting("a", "00:20", "01:00", day=day)
    assert before_meeting(early)[0].due == utc(before)
    assert before_meeting(early)[0].day == day


@pytest.mark.parametrize(
    ("zone", "day", "start", "hour_before"),
    [
        # 02:00 becomes 03:00 on these mornings: an hour before 03:30 is 01:30 on the wall.
        (BERLIN, date(2026, 3, 29), "03:30", "01:30"),
        (NEW_YORK, date(2026, 3, 8), "03:30", "01:30"),
    ],
)
def test_an_hour_is_an_hour_when_the_clock_goes_forward(
    zone: ZoneInfo, day: date, start: str, hour_before: str
) -> None:
    hour, minutes = before_meeting(meeting("a", start, "05:00", day=day, zone=zone))
    assert hour.due == at(hour_before, day=day, zone=zone)
    assert minutes.due - hour.due == timedelta(minutes=50)


@pytest.mark.parametrize(
    ("zone", "day", "due"),
    [
        # 03:00 (Berlin) and 02:00 (New York) become an hour earlier: the hour before is the repeated one.
        (BERLIN, date(2026, 10, 25), "2026-10-25T01:15"),
        (NEW_YORK, date(2026, 11, 1), "2026-11-01T07:15"),
    ],
)
def test_an_hour_is_an_hour_when_the_clock_goes_back(zone: ZoneInfo, day: date, due: str) -> None:
    hour, _ = before_meeting(meeting("a", "03:15", "05:00", day=day, zone=zone))
    assert hour.due == utc(due)


@given(
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from([SEOUL, BERLIN, NEW_YORK, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_reminders_are_in_order_and_real_minutes_before(day: date, wall: time, zone: ZoneInfo) -> None:
    end = wall.replace(hour=(wall.hour + 5) % 24)
    of = meeting("a", f"{wall:%H:%M}", f"{end:%H:%M}", day=day, zone=zone)
    reminders = before_meeting(of)
    for reminder in reminders:
        assert reminder.lead_minutes is not None
        assert of.start - reminder.due == timedelta(minutes=reminder.lead_minutes)
        assert reminder.due < reminder.pointless <= of.start
    assert reminders[0].pointless == reminders[1].due


def test_a_moved_meeting_moves_its_reminders() -> None:
    of = meeting("a", "09:40", "11:00")
    moved = of.replanned(shifted(of.plan, timedelta(minutes=20)))
    assert [r.due for r in before_meeting(moved)] == [
        r.due + timedelta(minutes=20) for r in before_meeting(of)
    ]
    assert [r.meeting for r in before_meeting(moved)] == [of.id, of.id]


class TestBriefing:
    def test_it_comes_the_evening_before_and_lasts_until_the_first_reminder(self) -> None:
        made = briefing([meeting("b", "09:40", "11:00"), meeting("a", "07:30", "08:40")], EVENING, SEOUL)
        assert made is not None
        assert (made.kind, made.meeting, made.lead_minutes) == (ReminderKind.BRIEFING, None, None)
        assert made.due == at("20:00", day=DAY - timedelta(days=1))
        assert made.pointless == at("06:30")
        assert made.day == DAY

    @pytest.mark.parametrize(
        ("day", "eve"),
        [
            (date(2026, 3, 1), date(2026, 2, 28)),
            (date(2028, 3, 1), date(2028, 2, 29)),
            (date(2027, 1, 1), date(2026, 12, 31)),
        ],
    )
    def test_the_evening_before_may_be_last_months(self, day: date, eve: date) -> None:
        made = briefing([meeting("a", day=day)], EVENING, SEOUL)
        assert made is not None
        assert made.due == at("20:00", day=eve)

    @pytest.mark.parametrize(
        "meetings",
        [[], [meeting("a", cancelled=True), meeting("b", cancelled=True)]],
        ids=["none", "cancelled"],
    )
    def test_a_day_on_which_nothing_stands_has_none(self, meetings: list[Meeting]) -> None:
        assert briefing(meetings, EVENING, SEOUL) is None

    def test_a_cancelled_first_meeting_does_not_count(self) -> None:
        made = briefing(
            [meeting("a", "07:30", "08:40", cancelled=True), meeting("b", "09:40", "11:00")], EVENING, SEOUL
        )
        assert made is not None
        assert made.pointless == at("08:40")

    def test_a_briefing_that_would_come_after_the_first_reminder_is_none(self) -> None:
        night = [meeting("a", "00:30", "01:30")]
        assert briefing(night, time(23, 30), SEOUL) is None
        assert briefing(night, time(23, 29), SEOUL) is not None

    def test_a_delayed_day_keeps_its_evening(self) -> None:
        late = shifted(meeting("a", "23:00", "23:50").plan, timedelta(hours=2))
        made = briefing([standing(late)], EVENING, SEOUL)
        assert made is not None
        assert made.due == at("20:00", day=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "day", "wall", "due"),
    [
        (SEOUL, DAY, "21:00", "2026-01-22T12:00"),
        # skipped: with the offset before the change, so 03:30 on the new clock
        (BERLIN, date(2026, 3, 29), "02:30", "2026-03-29T01:30"),
        (NEW_YORK, date(2026, 3, 8), "02:30", "2026-03-08T07:30"),
        # repeated: the first
        (BERLIN, date(2026, 10, 25), "02:30", "2026-10-25T00:30"),
        (NEW_YORK, date(2026, 11, 1), "01:30", "2026-11-01T05:30"),
        # an ordinary evening on either side of the change
        (BERLIN, date(2026, 3, 28), "21:00", "2026-03-28T20:00"),
        (BERLIN, date(2026, 3, 29), "21:00", "2026-03-29T19:00"),
    ],
)
def test_a_wall_time_is_one_moment_whatever_the_clocks_do(
    zone: ZoneInfo, day: date, wall: str, due: str
) -> None:
    assert digest_due(day, time.fromisoformat(wall), zone) == utc(due)


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from([SEOUL, BERLIN, NEW_YORK]),
)
def test_a_digest_is_due_on_its_day_at_its_time_or_just_after_a_skipped_one(
    day: date, wall: time, zone: ZoneInfo
) -> None:
    local = digest_due(day, wall, zone).astimezone(zone)
    assert local.date() == day
    assert local.replace(tzinfo=None) - datetime.combine(day, wall) in {timedelta(), timedelta(hours=1)}


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("06:29", ReminderState.PENDING),
        ("06:30", ReminderState.PLANNED),
        ("07:19", ReminderState.PLANNED),  # late, still useful
        ("07:20", ReminderState.MISSED),
        ("12:00", ReminderState.MISSED),
    ],
)
def test_after_an_outage_only_what_is_useful_goes_out(now: str, state: ReminderState) -> None:
    assert decide(before_meeting(meeting("a", "07:30", "08:40"))[0], at(now)) is state


@given(st.integers(-120, 30))
def test_never_two_reminders_of_a_meeting_in_the_same_minute(minutes: int) -> None:
    of = meeting("a")
    states = [decide(r, of.start + timedelta(minutes=minutes)) for r in before_meeting(of)]
    assert states.count(ReminderState.PLANNED) <= 1
    if minutes < 0:
        assert states[-1] is not ReminderState.MISSED
