"""Tours, their meetings, and what is to be reminded of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.meeting import Track
from bot.domain.reminder import ReminderKind, ReminderState
from storage.models.base import ID, NAME, Base
from storage.types import choice


class TourRow(Base):
    __tablename__ = "tours"

    id: Mapped[TourId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(NAME, unique=True)
    topics: Mapped[list[dict[str, Any]]]
    revision: Mapped[int]


class MeetingRow(Base):
    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("tour_id", "key"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        Index(None, "region", "day"),
        Index(None, "starts"),
    )

    id: Mapped[MeetingId] = mapped_column(primary_key=True)
    tour_id: Mapped[TourId] = mapped_column(ForeignKey("tours.id"))
    code: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(64))
    round: Mapped[int]
    region: Mapped[Region]
    day: Mapped[date]
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    track: Mapped[Track] = mapped_column(choice(Track, "track"))
    title: Mapped[str] = mapped_column(NAME)
    venue: Mapped[str] = mapped_column(NAME)
    address: Mapped[str] = mapped_column(NAME)
    host: Mapped[str] = mapped_column(NAME)
    remarks: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    cancelled: Mapped[bool]


class ReminderRow(Base):
    """One reminder of a meeting (meeting and lead set) or one briefing of a region's day (neither)."""

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'before_meeting') = (meeting_id IS NOT NULL AND lead_minutes IS NOT NULL)", name="shape"
        ),
        CheckConstraint("pointless > due", name="useful_for_a_while"),
        Index(None, "state", "due"),
    )

    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(choice(ReminderKind, "kind"))
    tour_id: Mapped[TourId] = mapped_column(ForeignKey("tours.id"))
    region: Mapped[Region]
    day: Mapped[date]
    meeting_id: Mapped[MeetingId | None] = mapped_column(ID, ForeignKey("meetings.id"))
    lead_minutes: Mapped[int | None]
    due: Mapped[datetime]
    pointless: Mapped[datetime]
    state: Mapped[ReminderState] = mapped_column(choice(ReminderState, "state"))
    decided_at: Mapped[datetime | None]
