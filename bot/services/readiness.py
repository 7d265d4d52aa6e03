"""Whether the service has what it needs to be of use: an administrator, a schedule, people for the days to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.ids import Region
from bot.domain.person import Role
from bot.services.unit import Unit

AHEAD = timedelta(days=7)
"""How far ahead is looked for regions without people."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`ahead`: meetings that stand from today on, within AHEAD. People count when messages reach them."""

    admins: int = 0
    tours: int = 0
    ahead: int = 0
    without_staff: Sequence[Region] = ()
    without_manager: Sequence[Region] = ()


async def readiness(unit: Unit, today: date) -> Readiness:
    """`today` in the people's time zone."""
    meetings = [one for one in await unit.meetings.between(today, today + AHEAD) if not one.cancelled]
    regions = list(dict.fromkeys(one.region for one in meetings))
    return Readiness(
        admins=sum(one.reachable for one in await unit.people.with_role(Role.ADMIN)),
        tours=len(await unit.tours.all()),
        ahead=len(meetings),
        without_staff=await _without(unit, Role.STAFF, regions),
        without_manager=await _without(unit, Role.MANAGER, regions),
    )


async def _without(unit: Unit, role: Role, regions: Sequence[Region]) -> list[Region]:
    return [region for region in regions if not await unit.people.reachable_with(role, region)]
