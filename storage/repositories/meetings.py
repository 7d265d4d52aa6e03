"""Meetings of a tour."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import MeetingId, Region, TourId
from bot.domain.meeting import Meeting, MeetingPlan
from storage.models import MeetingRow


class Meetings:
    """Meetings, by what people ask for."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, meeting: MeetingId) -> Meeting | None:
        row = await self._session.get(MeetingRow, meeting)
        return None if row is None else _to_meeting(row)

    async def by_code(self, code: str) -> Meeting | None:
        row = await self._session.scalar(select(MeetingRow).where(MeetingRow.code == code))
        return None if row is None else _to_meeting(row)

    async def by_keys(self, tour: TourId, keys: Collection[str]) -> dict[str, Meeting]:
        rows = await self._session.scalars(
            select(MeetingRow).where(MeetingRow.tour_id == tour, MeetingRow.key.in_(keys))
        )
        return {row.key: _to_meeting(row) for row in rows}

    async def of_day(self, region: Region, day: date) -> Sequence[Meeting]:
        """A region's day in order, cancelled ones too."""
        return await self._list(MeetingRow.region == region, MeetingRow.day == day)

    async def of_days(self, tour: TourId, days: Collection[tuple[Region, date]]) -> Sequence[Meeting]:
        """The meetings of several region-days of one tour, in order."""
        if not days:
            return []
        return await self._list(
            MeetingRow.tour_id == tour, tuple_(MeetingRow.region, MeetingRow.day).in_(list(days))
        )

    async def ending_after(self, now: datetime, regions: Collection[Region], limit: int) -> Sequence[Meeting]:
        """Standing meetings of these regions in progress or to come, in order."""
        rows = await self._session.scalars(
            select(MeetingRow)
            .where(
                MeetingRow.ends > now, MeetingRow.cancelled.is_(False), MeetingRow.region.in_(list(regions))
            )
            .order_by(MeetingRow.starts, MeetingRow.key)
            .limit(limit)
        )
        return [_to_meeting(row) for row in rows]

    async def between(self, first: date, last: date) -> Sequence[Meeting]:
        """All meetings of the days from `first` to `last`, in order."""
        return await self._list(MeetingRow.day >= first, MeetingRow.day <= last)

    async def regions(self) -> list[Region]:
        """The regions of all tours, in the order in which they are first visited."""
        rows = await self._session.execute(
            select(MeetingRow.region, MeetingRow.starts).order_by(MeetingRow.starts)
        )
        return list(dict.fromkeys(row.region for row in rows))

    async def days_of(self, tour: TourId) -> list[tuple[Region, date]]:
        """The region-days of a tour with a meeting that stands, in the order in which they begin."""
        rows = await self._session.execute(
            select(MeetingRow.region, MeetingRow.day)
            .where(MeetingRow.tour_id == tour, MeetingRow.cancelled.is_(False))
            .order_by(MeetingRow.starts, MeetingRow.key)
        )
        return list(dict.fromkeys((row.region, row.day) for row in rows))

    async def keep(self, meeting: Meeting) -> None:
        row = await self._session.get(MeetingRow, meeting.id)
        if row is None:
            row = MeetingRow(id=meeting.id, tour_id=meeting.tour, code=meeting.code)
            self._session.add(row)
        plan = meeting.plan
        row.key, row.round, row.region, row.day = plan.key, plan.round, plan.region, plan.day
        row.starts, row.ends, row.track = plan.start, plan.end, plan.track
        row.title, row.venue, row.address, row.host = plan.title, plan.venue, plan.address, plan.host
        row.remarks, row.revision, row.cancelled = plan.remarks, meeting.revision, meeting.cancelled
        await self._session.flush()

    async def _list(self, *conditions: ColumnElement[bool]) -> Sequence[Meeting]:
        rows = await self._session.scalars(
            select(MeetingRow)
            .where(*conditions)
            .order_by(MeetingRow.starts, MeetingRow.key)
            .execution_options(populate_existing=True)  # what was read before a lock was waited for is stale
        )
        return [_to_meeting(row) for row in rows]


def _to_meeting(row: MeetingRow) -> Meeting:
    return Meeting(
        id=row.id,
        tour=row.tour_id,
        code=row.code,
        plan=MeetingPlan(
            key=row.key,
            round=row.round,
            region=row.region,
            day=row.day,
            start=row.starts,
            end=row.ends,
            track=row.track,
            title=row.title,
            venue=row.venue,
            address=row.address,
            host=row.host,
            remarks=row.remarks,
        ),
        revision=row.revision,
        cancelled=row.cancelled,
    )
