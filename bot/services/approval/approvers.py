"""Who approves a region's digests: whom an administrator named, else its managers.

Whoever decides about a digest must be allowed to read it: an administrator alone is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.approval import Office
from bot.domain.ids import Region
from bot.domain.person import Action, Grant, Person, Role
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest


@dataclass(frozen=True, slots=True)
class Approver:
    office: Office
    person: Person


async def approvers_of(unit: Unit, region: Region) -> Sequence[Approver]:
    """Who may decide, in the order in which they are asked; whether messages reach them or not.

    Where nobody is named who may read: the first two managers that messages reach, those of this region alone before
    those of all.
    """
    named = await unit.approvals.named(region)
    found = []
    for office in Office:
        person = await unit.people.by_id(named[office]) if office in named else None
        if person is not None and person.may(Action.READ_DIGEST, region):
            found.append(Approver(office, person))
    return found or await _managers(unit, region)


async def _managers(unit: Unit, region: Region) -> Sequence[Approver]:
    managers = sorted(
        await unit.people.reachable_with(Role.MANAGER, region),
        key=lambda one: (Grant(Role.MANAGER, region) not in one.grants, one.id),
    )
    return [Approver(office, one) for office, one in zip(Office, managers, strict=False)]


async def may_see_draft(unit: Unit, person: Person, draft: StoredDigest) -> bool:
    """Whether somebody was asked about a draft and may still decide about it."""
    waiting = await unit.approvals.of(draft.id)
    if waiting is None or person.id not in waiting.asked:
        return False
    return any(one.person.id == person.id for one in await approvers_of(unit, draft.region))


def reached(approvers: Sequence[Approver]) -> list[Approver]:
    """Those whom messages reach and who want any."""
    return [one for one in approvers if one.person.reachable and not one.person.paused]
