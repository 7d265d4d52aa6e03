"""Reminders and briefings: the rows that decide what is due."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.reminder import Reminder, ReminderKind, ReminderState
from storage.models import ReminderRow
from storage.repositories.ahead import SLACK

RegionDay = tuple[TourId, Region, date]
"""What a briefing is about."""


def subject_of(reminder: Reminder) -> str:
    """What a reminder is about, without a time: there is one row a subject, however often it moves."""
    if reminder.meeting is not None:
        return f"{reminder.meeting}:{reminder.lead_minutes}"
    return _briefing_subject(reminder.tour, reminder.region, reminder.day)


def _briefing_subject(tour: TourId, region: Region, day: date) -> str:
    return f"{tour}:{region}:{day.isoformat()}"


class Reminders:
    """Reminders by when they are due."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def plan(self, reminder: Reminder, now: datetime) -> None:
        """Adds a reminder or moves a pending one. One that was decided stays decided: a moved meeting reminds once.

        One that was missed gets another chance only when its new time is still to come.
        """
        row = await self._session.get(ReminderRow, subject_of(reminder))
        if row is None:
            row = ReminderRow(
                subject=subject_of(reminder),
                kind=reminder.kind,
                tour_id=reminder.tour,
                meeting_id=reminder.meeting,
                lead_minutes=reminder.lead_minutes,
                state=ReminderState.PENDING,
            )
            self._session.add(row)
        elif row.state is ReminderState.PLANNED or (
            row.state is ReminderState.MISSED and reminder.due <= now
        ):
            return
        row.region, row.day, row.due, row.pointless = (
            reminder.region,
            reminder.day,
            reminder.due,
            reminder.pointless,
        )
        row.state, row.decided_at = ReminderState.PENDING, None
        await self._session.flush()

    async def hold(self, meetings: Collection[MeetingId], days: Collection[RegionDay]) -> None:
        """Locks the reminders of these meetings and the briefings of these days until the transaction ends.

        What another process decides about them meanwhile is then either done, with its deliveries to be seen, or
        waits for us and finds another time. In the order in which `due` gives them.
        """
        briefings = [_briefing_subject(*day) for day in days]
        await self._session.execute(
            select(ReminderRow.subject)
            .where(or_(ReminderRow.meeting_id.in_(list(meetings)), ReminderRow.subject.in_(briefings)))
            .order_by(ReminderRow.due, ReminderRow.subject)
            .with_for_update()
        )

    async def reopen(self, meeting: MeetingId, lead_minutes: int) -> None:
        """Makes a decided reminder pending again: some of its messages had not left yet."""
        await self._reopen(f"{meeting}:{lead_minutes}")

    async def reopen_briefing(self, tour: TourId, region: Region, day: date) -> None:
        """Makes a decided briefing pending again: some of its messages had not left yet."""
        await self._reopen(_briefing_subject(tour, region, day))

    async def _reopen(self, subject: str) -> None:
        await self._session.execute(
            update(ReminderRow)
            .where(ReminderRow.subject == subject, ReminderRow.state == ReminderState.PLANNED)
            .values(state=ReminderState.PENDING, decided_at=None)
        )

    async def cancel(self, reminder: Reminder) -> None:
        """The pending reminder of this subject: its meeting was called off."""
        await self._session.execute(
            update(ReminderRow)
            .where(ReminderRow.subject == subject_of(reminder), ReminderRow.state == ReminderState.PENDING)
            .values(state=ReminderState.CANCELLED)
        )

    async def give_up(self, reminder: Reminder, now: datetime) -> None:
        """The pending reminder of this subject is useless as things stand now: missed if it had fallen due."""
        await self._session.execute(
            update(ReminderRow)
            .where(ReminderRow.subject == subject_of(reminder), ReminderRow.state == ReminderState.PENDING)
            .values(
                state=case((ReminderRow.due <= now, ReminderState.MISSED), else_=ReminderState.CANCELLED),
                decided_at=now,
            )
            .execution_options(synchronize_session="fetch")
        )

    async def cancel_briefing(self, tour: TourId, region: Region, day: date) -> None:
        """The pending briefing of a day on which nothing stands any more."""
        await self._session.execute(
            update(ReminderRow)
            .where(
                ReminderRow.kind == ReminderKind.BRIEFING,
                ReminderRow.tour_id == tour,
                ReminderRow.region == region,
                ReminderRow.day == day,
                ReminderRow.state == ReminderState.PENDING,
            )
            .values(state=ReminderState.CANCELLED)
        )

    async def not_after(self, now: datetime) -> None:
        """What a clock that was ahead gave up as missed is not missed while it can still be said."""
        await self._session.execute(
            update(ReminderRow)
            .where(
                ReminderRow.state == ReminderState.MISSED,
                ReminderRow.decided_at > now + SLACK,
                ReminderRow.pointless > now,
            )
            .values(state=ReminderState.PENDING, decided_at=None)
            .execution_options(synchronize_session=False)
        )

    async def due(self, now: datetime, limit: int) -> Sequence[Reminder]:
        """Pending reminders whose time has come, earliest first."""
        rows = await self._session.scalars(
            select(ReminderRow)
            .where(ReminderRow.state == ReminderState.PENDING, ReminderRow.due <= now)
            .order_by(ReminderRow.due, ReminderRow.subject)
            .limit(limit)
        )
        return [_to_reminder(row) for row in rows]

    async def decide(self, reminder: Reminder, state: ReminderState, now: datetime) -> bool:
        """Settles a pending reminder; False when somebody else did, or moved it meanwhile."""
        settled = await self._session.scalar(
            update(ReminderRow)
            .where(
                ReminderRow.subject == subject_of(reminder),
                ReminderRow.state == ReminderState.PENDING,
                ReminderRow.due == reminder.due,
            )
            .values(state=state, decided_at=now)
            .returning(ReminderRow.subject)
        )
        return settled is not None

    async def miss_due(self, now: datetime) -> Sequence[Reminder]:
        """Gives up every pending reminder whose time has come, whatever its subject says; which they were, earliest first."""
        rows = await self._session.scalars(
            update(ReminderRow)
            .where(ReminderRow.state == ReminderState.PENDING, ReminderRow.due <= now)
            .values(state=ReminderState.MISSED, decided_at=now)
            .returning(ReminderRow)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return sorted(map(_to_reminder, rows), key=lambda one: (one.due, subject_of(one)))

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next pending reminder falls due."""
        return await self._session.scalar(
            select(func.min(ReminderRow.due)).where(
                ReminderRow.state == ReminderState.PENDING, ReminderRow.due > now
            )
        )

    async def next_of(self, regions: Collection[Region], now: datetime) -> Reminder | None:
        """The next pending reminder of these regions."""
        row = await self._session.scalar(
            select(ReminderRow)
            .where(
                ReminderRow.state == ReminderState.PENDING,
                ReminderRow.due > now,
                ReminderRow.region.in_(list(regions)),
            )
            .order_by(ReminderRow.due, ReminderRow.subject)
            .limit(1)
        )
        return None if row is None else _to_reminder(row)

    async def missed_since(self, since: datetime) -> Sequence[Reminder]:
        rows = await self._session.scalars(
            select(ReminderRow)
            .where(ReminderRow.state == ReminderState.MISSED, ReminderRow.decided_at >= since)
            .order_by(ReminderRow.due)
        )
        return [_to_reminder(row) for row in rows]

    async def of_meeting(self, meeting: MeetingId) -> Sequence[Reminder]:
        rows = await self._session.scalars(
            select(ReminderRow).where(ReminderRow.meeting_id == meeting).order_by(ReminderRow.due)
        )
        return [_to_reminder(row) for row in rows]


def _to_reminder(row: ReminderRow) -> Reminder:
    return Reminder(
        kind=row.kind,
        tour=row.tour_id,
        region=row.region,
        day=row.day,
        due=row.due,
        pointless=row.pointless,
        meeting=row.meeting_id,
        lead_minutes=row.lead_minutes,
        state=row.state,
    )
