"""Which region-days there are digests of, who may read them, and when they are due."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import MeetingId, Region
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.domain.reminder import digest_due
from bot.services.digest_subject import NoSuchDay, RegionDay
from bot.services.unit import Unit

LOOK_BACK = timedelta(days=3)
"""A digest that could not be sent at its time is still sent for so long."""

AHEAD = timedelta(days=7)
"""Staff may write notes of meetings to come."""


class DigestDays:
    """`at` is the local time in `zone` at which a day's digest is due."""

    def __init__(self, zone: ZoneInfo, at: time) -> None:
        self._zone = zone
        self._at = at

    def due_at(self, day: date) -> datetime:
        return digest_due(day, self._at, self._zone)

    async def subject(self, unit: Unit, region: Region, day: date) -> RegionDay:
        """Raises NoSuchDay when neither the schedule nor a note knows such a day."""
        meetings = await unit.meetings.of_day(region, day)
        if meetings:  # standing meetings of one region's day are of one tour: imports see to it
            first = next((meeting for meeting in meetings if not meeting.cancelled), meetings[0])
            return RegionDay(first.tour, region, day)
        tours = await unit.tours.all()
        if not tours or (region, day) not in await unit.notes.days_between(day, day):
            raise NoSuchDay
        return RegionDay(tours[0].id, region, day)

    async def unpublished(self, unit: Unit, *, now: datetime) -> list[RegionDay]:
        """Region-days whose time has come (not longer than LOOK_BACK ago) and that nobody got a digest of."""
        today = now.astimezone(self._zone).date()
        meetings = await unit.meetings.between(today - LOOK_BACK, today)
        days = {(m.region, m.day): m.tour for m in meetings if not m.cancelled}
        for region, day in await unit.notes.days_between(today - LOOK_BACK, today) - days.keys():
            days[region, day] = (await self.subject(unit, region, day)).tour
        found = []
        for (region, day), tour in sorted(days.items(), key=lambda item: (item[0][1], item[0][0])):
            if self.due_at(day) <= now and await unit.digests.newest_published(tour, region, day) is None:
                found.append(RegionDay(tour, region, day))
        return found

    async def unsent(self, unit: Unit, *, now: datetime) -> list[RegionDay]:
        """Region-days that notes speak of and whose time has not come."""
        today = now.astimezone(self._zone).date()
        days = await unit.notes.days_between(today, today + AHEAD)
        return [await self.subject(unit, *day) for day in sorted(days) if now < self.due_at(day[1])]

    async def days_for(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """The first meeting of each region-day of the last week that the person may read, newest first."""
        today = now.astimezone(self._zone).date()
        first: dict[tuple[Region, date], Meeting] = {}
        for meeting in await unit.meetings.between(today - timedelta(days=7), today):
            if not meeting.cancelled and person.may(Action.READ_DIGEST, meeting.region):
                first.setdefault((meeting.region, meeting.day), meeting)
        return sorted(first.values(), key=lambda m: (m.day, m.start), reverse=True)

    async def of_meeting(self, unit: Unit, person: Person, meeting: MeetingId) -> RegionDay:
        """The region-day of a meeting, for somebody who may read its digest. Raises NotAllowed, NoSuchDay."""
        found = await unit.meetings.by_id(meeting)
        person.require(Action.READ_DIGEST, found.region if found else None)
        if found is None:
            raise NoSuchDay
        return RegionDay(found.tour, found.region, found.day)
