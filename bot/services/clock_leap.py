"""A wall clock that is suddenly far ahead would let retention destroy what is still to be kept: then retention waits.

The database knows the day on which retention last ran. When the next look at it comes much later than that, either the bot
stood still so long, or the clock is wrong, and nobody here can tell which. Administrators are told, `doctor` says so, and
nothing whose period counts in days is destroyed until somebody confirms (`purge --clock-is-right`), the clock is set
right, or it went on quietly for WAITS: who sees reminders fail and notices come from another year has noticed by then, and
what is over must be destroyed within five days (표준 개인정보 보호지침 10조 1항).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.services.unit import Unit

RETENTION_DAY = "retention_day"
"""The fact that says on which day (of the zone) retention last ran."""
CLOCK_LEAPT = "clock_leapt"
"""The fact, and the alert, of a leap that is not confirmed yet: the day on which it was seen, and the last look at it."""
LEAP = timedelta(days=14)
"""Without a run in between: more than a service of this kind is switched off for."""
WAITS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Leap:
    """Retention last ran on `ran_on`; that the clock is far ahead was first seen on `seen_on` (as it said)."""

    ran_on: date
    seen_on: date
    new: bool = False

    @property
    def until(self) -> date:
        """The day on which retention runs again if nobody does anything and the bot runs meanwhile."""
        return self.seen_on + WAITS


def far_ahead(ran_on: date, today: date, keeps: timedelta) -> bool:
    """Whether so long a time without retention is worth a question. What is kept for days alone is guarded by days."""
    return today - ran_on > min(LEAP, max(timedelta(days=1), keeps / 2))


async def leap_of(unit: Unit, *, now: datetime, zone: ZoneInfo, keeps: timedelta) -> Leap | None:
    """The leap that retention would have to wait for now; changes nothing. None where it never ran: nothing is old there."""
    today = now.astimezone(zone).date()
    ran = await unit.facts.get(RETENTION_DAY)
    if not ran or not far_ahead(date.fromisoformat(ran), today, keeps):
        return None
    known = await unit.facts.get(CLOCK_LEAPT)
    if known:
        seen, looked = (date.fromisoformat(day) for day in known.split())
        # Set back in part, or so long after the last look that it leapt again: the wait begins anew.
        if looked <= today and not far_ahead(looked, today, keeps):
            leap = Leap(date.fromisoformat(ran), seen)
            return leap if today < leap.until else None
    return Leap(date.fromisoformat(ran), today, new=True)


async def retention_waits(unit: Unit, *, now: datetime, zone: ZoneInfo, keeps: timedelta) -> Leap | None:
    """As `leap_of`, and it is written down that it was looked at. None: retention may run."""
    leap = await leap_of(unit, now=now, zone=zone, keeps=keeps)
    today = now.astimezone(zone).date()
    noted = "" if leap is None else f"{leap.seen_on.isoformat()} {today.isoformat()}"
    if (await unit.facts.get(CLOCK_LEAPT) or "") != noted:
        await unit.facts.put(CLOCK_LEAPT, noted)
    return leap
