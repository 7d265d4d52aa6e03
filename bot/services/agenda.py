"""What comes next: the moments at which rows fall due. For a stepped clock's driver and for `/status`."""

from datetime import datetime, timedelta

from bot.domain.ids import Region
from bot.services.digests import Digests
from bot.services.triage_nudge import next_nudge
from bot.services.unit import OpenUnit, Unit

_HORIZONS = (timedelta(days=1), timedelta(days=400))
"""Near first: what comes next mostly comes today or tomorrow."""

LOOKED_AT = timedelta(seconds=1)
"""How soon the tick sees what somebody waits for."""


class Agenda:
    """Reads the rows that decide what is due."""

    def __init__(self, open_unit: OpenUnit, digests: Digests) -> None:
        self._open_unit = open_unit
        self._digests = digests

    async def next_moment(self, now: datetime) -> datetime | None:
        """The next moment after `now` at which a row falls due, however small."""
        async with self._open_unit(read_only=True) as unit:
            moments = [
                await unit.reminders.next_due(now),
                await unit.inbox.next_try(),
                await unit.deliveries.next_due_after(now),
                await unit.digests.next_revision_due(now),
                await next_nudge(unit, self._digests, now),
                await unit.approvals.next_due(now),
            ]
            media = await unit.media.next_try()
            if media is not None:
                moments.append(max(media, now + LOOKED_AT))
            file = await unit.incoming.next_try()
            if file is not None:
                moments.append(max(file, now + LOOKED_AT))
            if await unit.digests.wished():
                moments.append(now + LOOKED_AT)
        event = await self.next_event(now)
        moments.append(event[0] if event else None)
        return min((m for m in moments if m is not None and m > now), default=None)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        """The next reminder, start or end of a meeting, or digest after `now`, and what it is called."""
        for horizon in _HORIZONS:
            event = await self._within(now, horizon)
            if event is not None and event[0] <= now + horizon:
                return event
        return event

    async def _within(self, now: datetime, horizon: timedelta) -> tuple[datetime, str] | None:
        async with self._open_unit(read_only=True) as unit:
            heard = await _heard_regions(unit)
            reminder = await unit.reminders.next_of(heard, now)
            meetings = await unit.meetings.between((now - timedelta(days=1)).date(), (now + horizon).date())
        events: list[tuple[datetime, str]] = []
        if reminder is not None:
            events.append((reminder.due, f"{reminder.region} 일정 알림"))
        for meeting in meetings:
            if not meeting.cancelled:
                events.append((meeting.start, f"시작: {meeting.title}"))
                events.append((meeting.end, f"종료: {meeting.title}"))
                events.append((self._digests.due_at(meeting.day), f"{meeting.region} 일일 권역 보고"))
        return min((event for event in events if event[0] > now), default=None)


async def _heard_regions(unit: Unit) -> list[Region]:
    """Regions whose reminders reach somebody."""
    grants = {grant for person in await unit.people.all() for grant in person.grants}
    return [
        region for region in await unit.meetings.regions() if any(grant.covers(region) for grant in grants)
    ]
