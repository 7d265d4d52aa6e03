"""When to remind of what: pure planning. Zone and time are arguments; everything returned is aware UTC.

A reminder belongs to a meeting and a lead (60 and 10 minutes), a briefing to a region's day. Whom they
reach is decided when they fall due, so that a role lost in the meantime is a message not sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.meeting import Meeting

LEADS = (timedelta(minutes=60), timedelta(minutes=10))


class ReminderKind(StrEnum):
    BRIEFING = "briefing"
    BEFORE_MEETING = "before_meeting"


class ReminderState(StrEnum):
    PENDING = "pending"
    PLANNED = "planned"  # its deliveries exist
    MISSED = "missed"  # fell due while we were away and is pointless now; shown in /status
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder to decide at `due`; from `pointless` on there is no use in it any more.

    `meeting` and `lead_minutes` are set for BEFORE_MEETING only.
    """

    kind: ReminderKind
    tour: TourId
    region: Region
    day: date
    due: datetime
    pointless: datetime
    meeting: MeetingId | None = None
    lead_minutes: int | None = None
    state: ReminderState = ReminderState.PENDING


def _wall(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment when clocks in `zone` show `at` on `day`.

    A wall time that a clock change skips is taken with the offset before the change, so it comes that much later
    on the new clock; one that occurs twice is its first (PEP 495, fold=0).
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def before_meeting(meeting: Meeting) -> tuple[Reminder, ...]:
    """The reminders of one meeting, earliest first.

    A reminder is pointless once the next one (or, for the last, the meeting itself) has come: nobody
    needs "in 60 minutes" and "in 10 minutes" in the same minute.
    """
    ends = [meeting.start - lead for lead in LEADS[1:]] + [meeting.start]
    return tuple(
        Reminder(
            kind=ReminderKind.BEFORE_MEETING,
            tour=meeting.tour,
            region=meeting.region,
            day=meeting.day,
            meeting=meeting.id,
            lead_minutes=int(lead.total_seconds()) // 60,
            due=meeting.start - lead,
            pointless=end,
        )
        for lead, end in zip(LEADS, ends, strict=True)
    )


def briefing(meetings: Iterable[Meeting], at: time, zone: ZoneInfo) -> Reminder | None:
    """The evening-before briefing of one region's day, or None when nothing stands on it.

    Pointless once the first meeting's first reminder is due; None too when that is so before the briefing is due
    (a meeting just after midnight).
    """
    standing = [m for m in meetings if not m.cancelled]
    if not standing:
        return None
    first = min(standing, key=lambda m: m.start)
    due, pointless = _wall(first.day - timedelta(days=1), at, zone), first.start - LEADS[0]
    if due >= pointless:
        return None
    return Reminder(
        kind=ReminderKind.BRIEFING,
        tour=first.tour,
        region=first.region,
        day=first.day,
        due=due,
        pointless=pointless,
    )


def decide(reminder: Reminder, now: datetime) -> ReminderState:
    """What becomes of a pending reminder at `now`."""
    if now < reminder.due:
        return ReminderState.PENDING
    return ReminderState.MISSED if now >= reminder.pointless else ReminderState.PLANNED


def digest_due(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the digest of `day` is sent."""
    return _wall(day, at, zone)
