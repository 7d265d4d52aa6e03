"""Reading a tour's schedule: what Korean offices write in a cell, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.meeting import Track
from bot.domain.reading import read_tour
from bot.domain.tables.checks import LONGEST_TITLE
from tests.support.plans import DAY, SEOUL, at
from tests.support.tour_files import file, line, one, refused

SAMPLE = Path(__file__).parents[2] / "bot" / "rehearsal" / "sample"


def test_the_sample_tour_is_read_whole() -> None:
    table = read_tour((SAMPLE / "tour.csv").read_bytes(), SEOUL)
    assert table.refused == ()
    assert len(table.plans) == 43
    assert len({(p.region, p.day) for p in table.plans}) == 8
    first = table.plans[0]
    assert (first.key, first.track, first.start, first.end) == (
        "jb-0122-1",
        Track.GOVERNMENT,
        at("07:30"),
        at("08:40"),
    )
    assert first.remarks == "도·시군 경제부서 참석, 조찬 제공"
    table.require_whole()


def test_korean_heads_and_korean_ways_of_writing_are_read_alike() -> None:
    korean = (
        "일정번호,회차,권역,날짜,시작,종료,분야,일정명,장소,주소,주관,비고\n"
        "a-1,제1회차,전북,2026.1.22.(목),오전 9:40,오전 11시,기업,새만금 간담회,대회의실,군산시,군산시,안전화\n"
    )
    assert read_tour(korean, SEOUL) == read_tour(file(line()), SEOUL)


def test_heads_may_be_in_any_order_with_others_beside_them() -> None:
    text = "담당자, KEY ,Title,종료*,시작(HH:MM),date,권역,구분,장소\n가,a-1,간담회,11:00,09:40,2026-01-22,전북,기업,회의실\n"
    (plan,) = read_tour(text, SEOUL).plans
    assert (plan.round, plan.address, plan.host, plan.remarks) == (1, "", "", "")


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-22",
        "2026-1-22",
        "2026.1.22.",
        "2026. 1. 22.",
        "2026/1/22",
        "2026년 1월 22일",
        "2026.1.22.(목)",
        "2026-01-22(목요일)",
        "２０２６-０１-２２",
        "2026-01-22 00:00:00",
        "2026-01-22 0:00",
    ],
)
def test_dates_are_read(written: str) -> None:
    assert one(date=written).day == DAY


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2026-02-29", "date_unreadable"),
        ("2026-13-01", "date_unreadable"),
        ("26.1.22.", "date_unreadable"),
        ("1.22.", "date_unreadable"),
        ("0001-01-01", "date_unreadable"),
        ("9999-12-31", "date_unreadable"),
        ("내일", "date_unreadable"),
        ("2026.1.22.(금)", "weekday_differs"),
        ("", "cell_empty"),
    ],
)
def test_dates_that_are_none_are_refused(written: str, reason: str) -> None:
    assert refused(file(line(date=written))) == [(2, "date", reason)]


@pytest.mark.parametrize(
    ("written", "wall"),
    [
        ("07:30", "07:30"),
        ("7:30", "07:30"),
        ("07:30:00", "07:30"),
        ("오전 7:30", "07:30"),
        ("오전 7시 30분", "07:30"),
        ("7:30 AM", "07:30"),
        ("7:30:00 am", "07:30"),
        ("오전 12:10", "00:10"),
        ("０７：３０", "07:30"),
        ("8시", "08:00"),
    ],
)
def test_starts_are_read(written: str, wall: str) -> None:
    assert one(start=written).start == at(wall)


@pytest.mark.parametrize(
    ("written", "wall"),
    [
        ("오후 2:10", "14:10"),
        ("2:10 PM", "14:10"),
        ("오후12:30", "12:30"),
        ("오후 14:10", "14:10"),
        ("14시10분", "14:10"),
    ],
)
def test_ends_are_read(written: str, wall: str) -> None:
    assert one(end=written).end == at(wall)


@pytest.mark.parametrize(
    "written",
    [
        "25:00",
        "9:60",
        "940",
        "9.40",
        "0.40277",
        "오전 13:00",
        "오후 0:30",
        "오전 9:40 AM",
        "곧",
        "09:40:30",
        "24:00",
    ],
)
def test_times_that_are_none_are_refused(written: str) -> None:
    assert refused(file(line(start=written, end="23:59"))) == [(2, "start", "time_unreadable")]


class TestOverMidnight:
    @pytest.mark.parametrize(
        ("start", "end", "hours"),
        [("23:00", "00:30", 1.5), ("20:00", "02:00", 6), ("20:30", "24:00", 3.5), ("00:00", "01:00", 1)],
    )
    def test_a_late_meeting_ends_the_next_day(self, start: str, end: str, hours: float) -> None:
        plan = one(start=start, end=end)
        assert plan.end - plan.start == timedelta(hours=hours)
        assert plan.day == DAY

    @pytest.mark.parametrize(
        ("start", "end"), [("14:10", "02:20"), ("19:59", "02:00"), ("11:00", "09:40"), ("09:40", "09:40")]
    )
    def test_more_than_six_hours_is_a_slip(self, start: str, end: str) -> None:
        assert refused(file(line(start=start, end=end))) == [(2, "end", "ends_before_start")]

    @pytest.mark.parametrize("day", ["2026-01-31", "2026-12-31", "2028-02-28", "2028-02-29"])
    def test_the_next_day_may_be_the_next_months(self, day: str) -> None:
        plan = one(date=day, start="23:30", end="00:30")
        assert plan.end - plan.start == timedelta(hours=1)

    def test_a_meeting_that_a_clock_change_swallows_is_refused(self) -> None:
        text = file(line(date="2026-03-29", start="02:30", end="03:10"))
        (refusal,) = read_tour(text, ZoneInfo("Europe/Berlin")).refused
        assert refusal.reason == "import.ends_before_start"

    def test_times_are_meant_in_the_given_zone(self) -> None:
        (plan,) = read_tour(file(line()), ZoneInfo("America/New_York")).plans
        assert plan.start == datetime(2026, 1, 22, 14, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "track"),
    [
        ("government", Track.GOVERNMENT),
        ("지방정부 면담", Track.GOVERNMENT),
        ("COMPANY", Track.COMPANY),
        ("지역기업·산업현장", Track.COMPANY),
        ("청년·근로자", Track.YOUTH),
        ("청년/근로자", Track.YOUTH),
        ("혁신기관", Track.INSTITUTION),
    ],
)
def test_tracks_are_read(written: str, track: Track) -> None:
    assert one(track=written).track is track


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"key": ""}, "key", "cell_empty"),
        ({"region": " \u200b"}, "region", "cell_empty"),
        ({"title": ""}, "title", "cell_empty"),
        ({"venue": ""}, "venue", "venue_empty"),
        ({"track": "주민"}, "track", "track_unknown"),
        ({"track": ""}, "track", "cell_empty"),
        ({"track": "?"}, "track", "track_unknown"),
        ({"round": "하나"}, "round", "round_unreadable"),
        ({"round": "0"}, "round", "round_unreadable"),
        ({"key": "a" * 41}, "key", "cell_too_long"),
        ({"title": "가" * (LONGEST_TITLE + 1)}, "title", "cell_too_long"),
        ({"title": "간담\x1b[31m회"}, "title", "control_characters"),
        ({"host": "군산\ud800시"}, "host", "control_characters"),
        ({"title": "간담회\0"}, None, "control_characters"),
        ({"notes": "하나, 둘"}, None, "too_many_cells"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_place(
    changes: dict[str, str], column: str | None, reason: str
) -> None:
    table = file(line(key="before"), line(**changes), line(key="after"))
    assert refused(table) == [(3, column, reason)]
    assert [p.key for p in read_tour(table, SEOUL).plans] == ["before", "after"]


def test_a_cell_is_cleaned_and_otherwise_left_alone() -> None:
    text = file(line(title='"  새만금\u200b\n 간담회 "', host="=1+1", venue="@회의실", address="-전북"))
    (plan,) = read_tour(text, SEOUL).plans
    assert (plan.title, plan.host, plan.venue, plan.address) == ("새만금 간담회", "=1+1", "@회의실", "-전북")


def test_letters_taken_apart_by_a_mac_are_put_together() -> None:
    assert one(region="\u110c\u1165\u11ab\u1107\u116e\u11a8").region == "전북"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.times(), st.integers(1, 6 * 60))
def test_a_start_and_its_end_come_back_as_they_were_written(day: date, start: time, minutes: int) -> None:
    begins = datetime.combine(day, start.replace(second=0, microsecond=0), tzinfo=SEOUL)
    ends = begins + timedelta(minutes=minutes)
    plan = one(date=day.isoformat(), start=f"{begins:%H:%M}", end=f"{ends:%H:%M}")
    assert (plan.day, plan.start, plan.end) == (day, begins, ends)
