"""Whom administrators name to approve a region's digests: people who may read them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access_log import Why
from bot.domain.approval import Office
from bot.domain.errors import Refusal
from bot.domain.ids import PersonId, Region
from bot.domain.person import Action, Person
from bot.services.access_log import reads
from bot.services.approval.approvers import Approver, approvers_of
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry


class CannotApprove(Refusal):
    """Whoever approves a region's digests must be allowed to read them."""

    def __init__(self) -> None:
        super().__init__("approval.cannot")


@dataclass(frozen=True, slots=True)
class Named:
    """A region's approvers in the order in which they are asked; `named`: an administrator said so."""

    region: Region
    approvers: Sequence[Approver]
    named: bool


class Naming:
    """Raises NotAllowed for whoever is no administrator of the region."""

    async def of(self, unit: Unit, actor: Person, region: Region, *, now: datetime) -> Named:
        """With their names; in the access log."""
        actor.require(Action.INVITE, region)
        named = await unit.approvals.named(region)
        await reads(unit, actor, "approvers_shown", region, region, Why.ACCOUNTS, now=now)
        return Named(region, await approvers_of(unit, region), bool(named))

    async def candidates(
        self, unit: Unit, actor: Person, region: Region, *, now: datetime
    ) -> Sequence[Person]:
        """Who may be named there, by name; in the access log."""
        actor.require(Action.INVITE, region)
        await reads(unit, actor, "people_listed", "people", region, Why.ACCOUNTS, now=now)
        return [one for one in await unit.people.all() if one.may(Action.READ_DIGEST, region)]

    async def name(
        self, unit: Unit, actor: Person, region: Region, office: Office, ident: PersonId, *, now: datetime
    ) -> Named:
        """Somebody holds one office: named for the other, they leave the first. Raises CannotApprove."""
        actor.require(Action.INVITE, region)
        person = await unit.people.by_id(ident)
        if person is None or not person.may(Action.READ_DIGEST, region):
            raise CannotApprove
        for held, holder in (await unit.approvals.named(region)).items():
            if holder == ident and held is not office:
                await unit.approvals.name(region, held, None)
        await unit.approvals.name(region, office, ident)
        await self._record(unit, actor, region, office, ident, now)
        return await self.of(unit, actor, region, now=now)

    async def clear(self, unit: Unit, actor: Person, region: Region, *, now: datetime) -> Named:
        """Nobody is named any more: the region's managers are asked."""
        actor.require(Action.INVITE, region)
        for office in await unit.approvals.named(region):
            await unit.approvals.name(region, office, None)
            await self._record(unit, actor, region, office, None, now)
        return await self.of(unit, actor, region, now=now)

    @staticmethod
    async def _record(
        unit: Unit, actor: Person, region: Region, office: Office, ident: PersonId | None, now: datetime
    ) -> None:
        details = {"office": office.value, "person": ident}
        entry = AuditEntry(now, actor.id, "approver_named", region, details, ident or region, Why.ACCOUNTS)
        await unit.audit.record(entry)
