"""Meetings of an invented day, said briefly: `meeting("b", "09:40", "11:00")` is on 22 January 2026 in Seoul."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.meeting import Meeting, MeetingPlan, Track

SEOUL = ZoneInfo("Asia/Seoul")
DAY = date(2026, 1, 22)


def at(wall: str, *, day: date = DAY, zone: ZoneInfo = SEOUL) -> datetime:
    """The UTC moment of a wall time such as `07:30`."""
    return datetime.combine(day, time.fromisoformat(wall), tzinfo=zone).astimezone(UTC)


def plan(
    key: str,
    start: str = "09:00",
    end: str = "10:00",
    *,
    day: date = DAY,
    region: str = "전북",
    title: str | None = None,
    venue: str = "군산 회의실",
    zone: ZoneInfo = SEOUL,
) -> MeetingPlan:
    """An end before the start is the next day's."""
    begins, ends = at(start, day=day, zone=zone), at(end, day=day, zone=zone)
    if ends <= begins:
        ends = at(end, day=day + timedelta(days=1), zone=zone)
    return MeetingPlan(
        key=key,
        round=1,
        region=Region(region),
        day=day,
        start=begins,
        end=ends,
        track=Track.COMPANY,
        title=title or f"간담회 {key}",
        venue=venue,
    )


def meeting(
    key: str,
    start: str = "09:00",
    end: str = "10:00",
    *,
    day: date = DAY,
    region: str = "전북",
    zone: ZoneInfo = SEOUL,
    cancelled: bool = False,
) -> Meeting:
    return standing(plan(key, start, end, day=day, region=region, zone=zone), cancelled=cancelled)


def standing(of: MeetingPlan, *, cancelled: bool = False) -> Meeting:
    return Meeting(
        id=MeetingId(f"id-{of.key}"),
        tour=TourId("tour"),
        code=f"code{of.key}",
        plan=of,
        cancelled=cancelled,
    )
