"""What people decided after a backup was taken, carried into the restored data: it must not bring back what they ended.
Requests about personal data are carried over as they stand: each has a day by which it must be answered.

Always what the data that stood until now says in so many words: notes taken back, people who asked to be forgotten, roles
that were ended, names that were destroyed. What is merely missing there may be the very loss that the restore is to
repair, unless it went on from this very backup: then its audit knows of it, and storage.carrying goes through all tables.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.feedback import Voice
from bot.domain.ids import ChatId, NoteId, PersonId, Region, VoiceId
from bot.domain.person import Grant
from bot.domain.request import Request, new_number
from bot.services.leaving import end_what_hung_on_it, remove_person
from bot.services.note_keeping import take_back
from bot.services.people import GRANTS_ENDED
from bot.services.privacy import FORGOTTEN
from bot.services.requests.records import DESTROYED
from bot.services.restored import knows_of
from bot.services.revisions import before_notes_change, day_changed
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Ended:
    """Notes taken back, and for everybody who lost roles or left since, the roles they hold now.

    `nameless`: voices that leave no name. `went_on`: what stood is this backup and what came after it. `requests` as they
    stand, the numbers of those `destroyed` since, and the chats to which nothing is sent (`paused`).
    """

    notes: frozenset[NoteId]
    roles: Mapping[PersonId, frozenset[Grant]]
    requests: Sequence[Request] = ()
    destroyed: frozenset[str] = frozenset()
    paused: frozenset[ChatId] = frozenset()
    nameless: frozenset[VoiceId] = frozenset()
    went_on: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """How much of it the restored data did not know yet."""

    notes: int
    people: int
    names: int = 0


async def ended_since(unit: Unit, since: datetime) -> Ended:
    """What the data that stands says about the time since a backup."""
    acts = [*await unit.audit.since(since, GRANTS_ENDED), *await unit.audit.since(since, FORGOTTEN)]
    roles: dict[PersonId, frozenset[Grant]] = {}
    for act in acts:
        person = await unit.people.by_id(PersonId(act.subject))
        roles[PersonId(act.subject)] = frozenset() if person is None else person.grants
    return Ended(
        notes=frozenset(await unit.notes.withdrawn_ones()),
        roles=roles,
        requests=await unit.requests.all(),
        destroyed=frozenset(act.subject for act in await unit.audit.since(since, DESTROYED)),
        paused=frozenset(person.chat for person in await unit.people.all() if person.paused),
        nameless=frozenset(await unit.voices.nameless()),
        went_on=await knows_of(unit, since),
    )


async def hold_to(unit: Unit, ended: Ended, *, now: datetime) -> Held:
    """Ends in the restored data what had been ended."""
    await before_notes_change(unit)
    notes = [await _take_back(unit, ident, now) for ident in ended.notes]
    named = await unit.voices.named(ended.nameless)
    for voice in named:
        await _take_name(unit, voice, now)
    people = [await _hold_role(unit, person, left, now) for person, left in ended.roles.items()]
    await unit.requests.destroy(ended.destroyed)
    # Closed ones first: of a kind and chat one is open at a time.
    for request in sorted(ended.requests, key=lambda one: one.is_open):
        await _hold_request(unit, request)
    for chat in ended.paused:
        await unit.people.pause(chat, paused=True)
    return Held(sum(notes), sum(people), len(named))


async def call_again(unit: Unit, days: Collection[tuple[Region, date]], *, now: datetime) -> None:
    """The digests of these days rest on notes that are not the backup's any more."""
    await before_notes_change(unit)
    for region, day in sorted(days):
        await day_changed(unit, region, day, due=now)


async def _take_back(unit: Unit, ident: NoteId, now: datetime) -> bool:
    note = await unit.notes.by_id(ident)
    voice = None if note is None else await unit.voices.by_id(note.voice)
    if note is None or voice is None or note.withdrawn:
        return False
    await take_back(unit, note, voice, now=now)
    await unit.notes.forget_revisions(ident)
    return True


async def _take_name(unit: Unit, voice: Voice, now: datetime) -> None:
    """The name may be printed in a digest."""
    await unit.voices.keep(voice.unnamed())
    for region, day in {(note.region, note.day) for note in await unit.notes.of_voice(voice.id)}:
        await day_changed(unit, region, day, due=now)


async def _hold_request(unit: Unit, request: Request) -> None:
    """As it stands; into the one that waits in the backup where that is another of the same chat and kind.

    Such a one was lost with what stood before, and its asker asked again.
    """
    if request.is_open and request.chat is not None:
        waits = await unit.requests.open_of(request.chat, request.kind)
        if waits is not None and waits.id != request.id:
            await unit.requests.keep(waits.joined_by(request))
            return
    bears = await unit.requests.by_number(request.number)
    if bears is not None and bears.id != request.id:
        request = replace(request, number=new_number())
    await unit.requests.keep(request)


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
