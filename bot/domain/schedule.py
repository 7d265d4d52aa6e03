"""The schedule while it moves: comparing a new plan with what stands, delays, and which meeting is meant now.

Pure: meetings, moments and zones in; values out. What is refused carries the key of its words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting, MeetingPlan, in_order

JUST_ENDED = timedelta(minutes=60)
"""How long after its end a meeting is still the one that staff write about: the ride to the next one."""
LONGEST_DELAY = timedelta(hours=4)
"""More is another plan rather than a delay, and more likely a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Change:
    """A standing meeting that a new plan alters. `fields` are the names of MeetingPlan's that differ."""

    meeting: Meeting
    plan: MeetingPlan
    fields: tuple[str, ...]

    @property
    def restored(self) -> bool:
        """It had been called off; `fields` may then be empty."""
        return self.meeting.cancelled


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new plan does to the schedule. `cancelled` are to be called off, which they are not yet."""

    added: tuple[MeetingPlan, ...] = ()
    changed: tuple[Change, ...] = ()
    cancelled: tuple[Meeting, ...] = ()
    unchanged: tuple[Meeting, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.added or self.changed or self.cancelled)


def compare(standing: Sequence[Meeting], plans: Sequence[MeetingPlan], *, cancel_missing: bool) -> Comparison:
    """What `plans` (each key once) change about `standing`: one tour's meetings, cancelled ones too.

    `standing` must hold the meetings of the plans' region-days and those with a plan's key, wherever they are: a
    meeting may move to another day. What stands on other region-days is not touched, and what is missing on these is
    called off only with `cancel_missing`; ask for that only when every line of the file was understood.
    """
    by_key = {meeting.plan.key: meeting for meeting in standing}
    added: list[MeetingPlan] = []
    changed: list[Change] = []
    unchanged: list[Meeting] = []
    for plan in plans:
        meeting = by_key.get(plan.key)
        if meeting is None:
            added.append(plan)
        elif meeting.cancelled or plan != meeting.plan:
            changed.append(Change(meeting, plan, _differing(meeting.plan, plan)))
        else:
            unchanged.append(meeting)
    planned = {plan.key for plan in plans}
    days = {(plan.region, plan.day) for plan in plans}
    missing = [
        meeting
        for meeting in standing
        if not meeting.cancelled and meeting.plan.key not in planned and (meeting.region, meeting.day) in days
    ]
    return Comparison(
        tuple(added), tuple(changed), tuple(missing) if cancel_missing else (), tuple(unchanged)
    )


def _differing(old: MeetingPlan, new: MeetingPlan) -> tuple[str, ...]:
    return tuple(f.name for f in fields(MeetingPlan) if getattr(old, f.name) != getattr(new, f.name))


class DelayOutOfRange(Refusal):
    """A delay is at least a minute and at most LONGEST_DELAY."""

    def __init__(self) -> None:
        super().__init__("late.out_of_range", {"limit": int(LONGEST_DELAY.total_seconds()) // 60})


class MeetingGone(Refusal):
    """The meeting was called off, or moved to another day, since the button was drawn."""

    def __init__(self) -> None:
        super().__init__("late.gone")


class MeetingOver(Refusal):
    """There is nothing left to delay: the meeting is over (and, if asked for, so are those after it)."""

    def __init__(self, title: str) -> None:
        super().__init__("late.over", {"title": title})


@dataclass(frozen=True, slots=True)
class Move:
    """A meeting at its new times. One that has begun keeps its start."""

    meeting: Meeting
    old_start: datetime
    old_end: datetime
    new_start: datetime
    new_end: datetime

    @property
    def plan(self) -> MeetingPlan:
        """The plan as moved. `day` stays, also over midnight: the digest is the day's it was planned for."""
        return replace(self.meeting.plan, start=self.new_start, end=self.new_end)


@dataclass(frozen=True, slots=True)
class Overlap:
    """`moved` would still be going on when `other` begins (or the other way round), which it was not before."""

    moved: Meeting
    other: Meeting


@dataclass(frozen=True, slots=True)
class Delay:
    """What a delay does, to be shown before it is done. `moves` in order of start, at least one."""

    moves: tuple[Move, ...]
    overlaps: tuple[Overlap, ...]


def delay(
    meetings: Sequence[Meeting], target: MeetingId, minutes: int, *, following: bool, now: datetime
) -> Delay:
    """`target` later by `minutes`, with `following` also what starts after it; `meetings` are its region's day.

    What is over stays as it was. What has begun only ends later. Raises DelayOutOfRange, MeetingGone, MeetingOver.
    """
    by = timedelta(minutes=minutes)
    if not timedelta(minutes=1) <= by <= LONGEST_DELAY:
        raise DelayOutOfRange
    chosen = next((m for m in meetings if m.id == target and not m.cancelled), None)
    if chosen is None:
        raise MeetingGone
    concerned = [chosen]
    if following:
        concerned += [m for m in meetings if not m.cancelled and m.start > chosen.start]
    moves = tuple(_moved(m, by, now) for m in in_order(concerned) if now < m.end)
    if not moves:
        raise MeetingOver(chosen.title)
    return Delay(moves, _overlaps(moves, meetings))


def _moved(meeting: Meeting, by: timedelta, now: datetime) -> Move:
    start = meeting.start if meeting.start <= now else meeting.start + by
    return Move(meeting, meeting.start, meeting.end, start, meeting.end + by)


def _overlaps(moves: Sequence[Move], meetings: Sequence[Meeting]) -> tuple[Overlap, ...]:
    """For each moved meeting the first that it newly runs into; two that move together do not."""
    moved = {move.meeting.id: (move.new_start, move.new_end) for move in moves}
    found: list[Overlap] = []
    for move in moves:
        for other in in_order(meetings):
            if other.cancelled or other.id == move.meeting.id:
                continue
            start, end = moved.get(other.id, (other.start, other.end))
            meets = move.new_start < end and start < move.new_end
            met = move.old_start < other.end and other.start < move.old_end
            if meets and not met:
                found.append(Overlap(move.meeting, other))
                break
    return tuple(found)


def _in_progress(meetings: Iterable[Meeting], now: datetime) -> list[Meeting]:
    return [m for m in in_order(meetings) if not m.cancelled and m.start <= now < m.end]


def of_today(meetings: Iterable[Meeting], now: datetime, zone: ZoneInfo) -> list[Meeting]:
    """The meetings of the day that it is in `zone`, in order, cancelled ones too.

    One of yesterday's that is still in progress after midnight is today's as well.
    """
    today = now.astimezone(zone).date()
    return [m for m in in_order(meetings) if m.day == today or (not m.cancelled and m.start <= now < m.end)]


def next_meeting(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """The meeting in progress (the one that began last), otherwise the next to begin; None: nothing comes."""
    known = list(meetings)
    going_on = _in_progress(known, now)
    if going_on:
        return going_on[-1]
    return next((m for m in in_order(known) if not m.cancelled and m.start > now), None)


def meeting_for_note(meetings: Iterable[Meeting], now: datetime) -> Meeting | None:
    """The meeting that a staff member's plain words are about: the one in progress, or the one that just ended.

    None when that is not exactly one: then the person is asked (`candidates_for_note`), never guessed for.
    """
    known = list(meetings)
    fitting = _in_progress(known, now) or [
        m for m in known if not m.cancelled and m.end <= now <= m.end + JUST_ENDED
    ]
    return fitting[0] if len(fitting) == 1 else None


def candidates_for_note(meetings: Iterable[Meeting], now: datetime, zone: ZoneInfo) -> list[Meeting]:
    """Today's meetings that have begun, newest first: what to choose from when it is not clear."""
    return [m for m in reversed(of_today(meetings, now, zone)) if not m.cancelled and m.start <= now]
