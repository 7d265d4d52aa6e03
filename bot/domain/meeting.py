"""A meeting (일정): one item of a day's schedule."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.domain.feedback import feedback_open
from bot.domain.ids import MeetingId, Region, TourId


class Track(StrEnum):
    """The four kinds of meeting of the tour (press release of 22 January 2026: 4개 축)."""

    GOVERNMENT = "government"
    COMPANY = "company"
    YOUTH = "youth"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What a schedule says about a meeting. `key` is the tour's own name for it.

    `day` is the day in the tour's time zone that the meeting belongs to. Start and end are aware and become UTC
    here: in a zone with clock changes, an hour before a wall time is not always an hour earlier.
    Raises ValueError for a time without a zone and for an end that is not after the start.
    """

    key: str
    round: int
    region: Region
    day: date
    start: datetime
    end: datetime
    track: Track
    title: str
    venue: str
    address: str = ""
    host: str = ""
    remarks: str = ""

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a meeting's times need a zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("a meeting ends after its start")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A planned meeting as we hold it. `code` leads participants to it; `revision` counts its changes."""

    id: MeetingId
    tour: TourId
    code: str
    plan: MeetingPlan
    revision: int = 0
    cancelled: bool = False

    @property
    def region(self) -> Region:
        return self.plan.region

    @property
    def day(self) -> date:
        return self.plan.day

    @property
    def start(self) -> datetime:
        return self.plan.start

    @property
    def end(self) -> datetime:
        return self.plan.end

    @property
    def title(self) -> str:
        return self.plan.title

    def takes_feedback(self, now: datetime) -> bool:
        return not self.cancelled and feedback_open(self.start, self.end, now)

    def replanned(self, plan: MeetingPlan) -> "Meeting":
        """The meeting under another plan: one revision further, and standing again if it was cancelled."""
        return replace(self, plan=plan, revision=self.revision + 1, cancelled=False)

    def called_off(self) -> "Meeting":
        return replace(self, revision=self.revision + 1, cancelled=True)


def in_order(meetings: Iterable[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda m: (m.start, m.plan.key))
