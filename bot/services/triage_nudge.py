"""Once in the evening, before the digest: staff hear how many notes have no topic. Never at night, never twice, never asked of them.

A silent message. What it counts is what the cards would show (triage_pile.py); where a day's interim edition was not made
(a language model writes it only for who asks, nor is a large one made by itself) nothing is counted, and nothing is said.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.delivery import Button, DeliveryKind, Draft, Need, notice_key
from bot.domain.ids import PersonId, Region
from bot.domain.person import Action, Person, Role
from bot.services.digests import Digests, RegionDay
from bot.services.ports import Clock
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.triage_pile import pile_of
from bot.services.unit import OpenUnit, Unit

BEFORE = timedelta(minutes=40)
"""How long before the digest: after the evening's briefing, and time enough for the next edition."""
NOT_AFTER = timedelta(minutes=20)
"""Less than this before the digest it is too late to ask."""
DAYTIME = (time(8), time(22))
"""Local time: a nudge is work, and work has its hours. A digest that is sent at another time has none."""


class TriageNudge:
    """A tick's job (`run`). `planned` is called when somebody is to be told. Safe to run twice: keys hold day and person."""

    def __init__(
        self,
        open_unit: OpenUnit,
        digests: Digests,
        clock: Clock,
        zone: ZoneInfo,
        planned: Callable[[], None],
    ) -> None:
        self._open_unit = open_unit
        self._digests = digests
        self._clock = clock
        self._zone = zone
        self._planned = planned

    async def run(self) -> None:
        now = self._clock.now()
        local = now.astimezone(self._zone)
        due = self._digests.due_at(local.date())
        if not (due - BEFORE <= now < due - NOT_AFTER and DAYTIME[0] <= local.time() < DAYTIME[1]):
            return
        async with self._open_unit(read_only=True) as unit:
            waiting = await _waiting(unit, local.date())
        if not waiting:
            return
        async with self._open_unit() as unit:
            await plan_all(
                unit, DeliveryKind.NOTICE, await _messages(unit, local.date(), waiting, due), now=now
            )
            await unit.commit()
        self._planned()


async def next_nudge(unit: Unit, digests: Digests, now: datetime) -> datetime | None:
    """When the next look is due after `now`, within a day, if a meeting is held then. For a stepped clock's driver."""
    day = timedelta(days=1)
    meetings = await unit.meetings.between((now - day).date(), (now + day).date())
    moments = [digests.due_at(one.day) - BEFORE for one in meetings if not one.cancelled]
    return min((moment for moment in moments if moment > now), default=None)


async def _waiting(unit: Unit, today: date) -> dict[Region, int]:
    """How many notes wait, of each region that has some."""
    subjects = {
        one.region: RegionDay(one.tour, one.region, one.day)
        for one in await unit.meetings.between(today, today)
        if not one.cancelled
    }
    piles = {region: await pile_of(unit, subject) for region, subject in subjects.items()}
    return {region: len(pile.open) for region, pile in piles.items() if pile is not None and pile.open}


async def _messages(unit: Unit, today: date, waiting: dict[Region, int], due: datetime) -> Sequence[Planned]:
    """One a person, whatever the number of their regions."""
    staff: dict[PersonId, Person] = {}
    for region in waiting:
        staff |= {one.id: one for one in await unit.people.reachable_with(Role.STAFF, region)}
    return [_message(one, today, waiting, due) for one in staff.values()]


def _message(person: Person, today: date, waiting: dict[Region, int], due: datetime) -> Planned:
    regions = [region for region in waiting if person.may(Action.SORT_NOTES, region)]
    count = sum(waiting[region] for region in regions)
    draft = Draft(
        "triage.evening",
        {"count": count, "due": due},
        keyboard=((Button("triage.waiting", {"count": count}, data="so:l"),),),
        expires=due,
        silent=True,
        needs=tuple(Need(Action.SORT_NOTES, region) for region in regions),
    )
    key = notice_key("triage", f"{today.isoformat()}:{person.id}")
    return Planned(key, Recipient(person.chat, person.language, person.id), draft)
