"""Which meetings a staff member's note can be about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import NotAllowed
from bot.domain.ids import MeetingId, Region
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.services.unit import Unit

MOST_CHOICES = 10
LOOKS_BACK = timedelta(days=2)
"""How far back a meeting may lie to be offered: notes are often put down the next morning."""


async def meeting_of(unit: Unit, person: Person, key: MeetingId) -> Meeting:
    """A meeting that the person may file notes under. Raises NotAllowed."""
    meeting = await unit.meetings.by_id(key)
    if meeting is None:
        raise NotAllowed
    person.require(Action.FILE_NOTE, meeting.region)
    return meeting


async def recent(unit: Unit, person: Person, zone: ZoneInfo, now: datetime) -> list[Meeting]:
    """The meetings of the person's regions from two days ago until today (in `zone`)."""
    regions: set[Region] = set(person.regions_for(Action.FILE_NOTE, await unit.meetings.regions()))
    today: date = now.astimezone(zone).date()
    between = await unit.meetings.between(today - LOOKS_BACK, today)
    return [meeting for meeting in between if meeting.region in regions]


def begun(meetings: Sequence[Meeting], now: datetime) -> tuple[Meeting, ...]:
    """Newest first: what words could be about."""
    past = [meeting for meeting in meetings if not meeting.cancelled and meeting.start <= now]
    return tuple(reversed(past))[:MOST_CHOICES]
