"""What people decided after a backup was taken, carried into the restored data: it must not bring back what they ended.

Only what the data that stood until now says in so many words: notes taken back, people who asked to be forgotten, roles
that were ended. What is merely missing there may be the very loss that the restore is to repair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import NoteId, PersonId
from bot.domain.person import Grant
from bot.services.leaving import end_what_hung_on_it, remove_person
from bot.services.note_keeping import take_back
from bot.services.people import GRANTS_ENDED
from bot.services.privacy import FORGOTTEN
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Ended:
    """Notes taken back, and for everybody who lost roles or left since, the roles they hold now."""

    notes: frozenset[NoteId]
    roles: Mapping[PersonId, frozenset[Grant]]


@dataclass(frozen=True, slots=True)
class Held:
    """How much of it the restored data did not know yet."""

    notes: int
    people: int


async def ended_since(unit: Unit, since: datetime) -> Ended:
    """What the data that stands says about the time since a backup."""
    acts = [*await unit.audit.since(since, GRANTS_ENDED), *await unit.audit.since(since, FORGOTTEN)]
    roles: dict[PersonId, frozenset[Grant]] = {}
    for act in acts:
        person = await unit.people.by_id(PersonId(act.subject))
        roles[PersonId(act.subject)] = frozenset() if person is None else person.grants
    return Ended(frozenset(await unit.notes.withdrawn_ones()), roles)


async def hold_to(unit: Unit, ended: Ended, *, now: datetime) -> Held:
    """Ends in the restored data what had been ended."""
    await before_notes_change(unit)
    notes = [await _take_back(unit, ident, now) for ident in ended.notes]
    people = [await _hold_role(unit, person, left, now) for person, left in ended.roles.items()]
    return Held(sum(notes), sum(people))


async def _take_back(unit: Unit, ident: NoteId, now: datetime) -> bool:
    note = await unit.notes.by_id(ident)
    voice = None if note is None else await unit.voices.by_id(note.voice)
    if note is None or voice is None or note.withdrawn:
        return False
    await take_back(unit, note, voice, now=now)
    await unit.notes.forget_revisions(ident)
    return True


async def _hold_role(unit: Unit, ident: PersonId, left: frozenset[Grant], now: datetime) -> bool:
    person = await unit.people.by_id(ident)
    if person is None or person.grants <= left:
        return False
    await unit.people.end_grants(ident, person.grants - left)
    await end_what_hung_on_it(unit, replace(person, grants=person.grants & left), now=now)
    if not person.grants & left:
        await unit.deliveries.make_private(person.chat)
        await remove_person(unit, ident, now=now)
    return True
