"""Whom a region's schedule concerns, decided at the moment it is told."""

from dataclasses import dataclass

from bot.domain.ids import Region
from bot.domain.person import Person, Role
from bot.services.saying import Recipient
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody to tell. `ident` stands for them in a delivery's key."""

    ident: str
    to: Recipient


async def schedule_listeners(unit: Unit, region: Region) -> list[Listener]:
    """The region's staff, and its managers who want to be reminded; each person once."""
    people: dict[str, Person] = {p.id: p for p in await unit.people.reachable_with(Role.STAFF, region)}
    for manager in await unit.people.reachable_with(Role.MANAGER, region):
        if manager.wants_reminders:
            people.setdefault(manager.id, manager)
    return [Listener(p.id, Recipient(p.chat, p.language, p.id)) for p in people.values()]
