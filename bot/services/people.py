"""People and what they may do: what is asked of the grants that stand, and how they end.

How grants come about is in bot.services.invitations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access_log import EVERYBODY, MOST_WHOSE, Why
from bot.domain.delivery import DeliveryKind, Draft, notice_key
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import ChatId, PersonId, Region
from bot.domain.languages import spoken
from bot.domain.person import Action, Grant, Person, Role
from bot.domain.tables.text import shown
from bot.domain.values import Phrase, Value
from bot.services.access_log import reads
from bot.services.leaving import end_what_hung_on_it, remove_person
from bot.services.revisions import before_notes_change
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

GRANTS_ENDED = "grants_ended"
"""The act of taking somebody's grants back."""


class LastAdmin(Refusal):
    """Nobody would be left who could invite there."""

    def __init__(self) -> None:
        super().__init__("people.last_admin")


class PersonGone(Refusal):
    """Whoever the button was about holds nothing any more that could be ended."""

    def __init__(self) -> None:
        super().__init__("people.gone")


@dataclass(frozen=True, slots=True)
class Ended:
    """What was taken back from whom. `left` are the grants that still stand."""

    person: Person
    grants: frozenset[Grant]
    left: frozenset[Grant]


def grant_phrase(grant: Grant) -> Phrase:
    """A grant in words: its region and its role."""
    return Phrase("people.grant", {"region": region_value(grant.region), "role": role_phrase(grant.role)})


def role_phrase(role: Role) -> Phrase:
    return Phrase(f"people.role_{role.value}")


def does_phrase(role: Role) -> Phrase:
    """What somebody with this role does here, in a sentence."""
    return Phrase(f"people.does_{role.value}")


def region_value(region: Region | None) -> Value:
    return Phrase("people.everywhere") if region is None else region


def language_name(language: str) -> Phrase:
    """A language by its own name, so that whoever reads no other finds it."""
    return Phrase(f"settings.language_{spoken(language)}")


def grant_lines(grants: frozenset[Grant]) -> tuple[Phrase, ...]:
    """One line a grant: the widest role first, unlimited grants before those of a region."""
    order = [Role.ADMIN, Role.MANAGER, Role.STAFF]
    ordered = sorted(grants, key=lambda grant: (order.index(grant.role), grant.region or ""))
    return tuple(
        Phrase("people.grant_line", {"region": region_value(one.region), "role": role_phrase(one.role)})
        for one in ordered
    )


class People:
    """What people choose for themselves, and what administrators see of them and take back."""

    async def known(self, unit: Unit, chat: ChatId) -> Person | None:
        """Who writes from this chat, with their grants as they are now; None for somebody without any."""
        person = await unit.people.by_chat(chat)
        return person if person is not None and person.grants else None

    async def reach(self, unit: Unit, chat: ChatId, *, reachable: bool) -> None:
        """Somebody blocked the bot or came back. Nothing to remember of those without a grant."""
        await unit.people.mark_reachable(chat, reachable=reachable)

    async def want_reminders(self, unit: Unit, person: Person, *, wanted: bool) -> Person:
        """A manager's choice. Staff are always reminded; raises NotAllowed for those without a choice."""
        if not person.has(Role.MANAGER):
            raise NotAllowed
        await unit.people.want_reminders(person.id, wanted=wanted)
        return replace(person, wants_reminders=wanted)

    async def speak(self, unit: Unit, person: Person, language: str) -> Person:
        """What they are written to in from now on, menu included. It replaces what their Telegram told at the start."""
        await unit.people.speak(person.id, spoken(language))
        await unit.subscriptions.speak(person.chat, spoken(language))
        return replace(person, language=spoken(language))

    async def listed(
        self, unit: Unit, actor: Person, *, now: datetime
    ) -> list[tuple[Person, frozenset[Grant]]]:
        """Those with grants that `actor` could end, and these, by name; in the access log. Raises NotAllowed."""
        actor.require_somewhere(Action.INVITE)
        await reads(unit, actor, "people_listed", "people", _reach(actor), Why.ACCOUNTS, now=now)
        everybody = [(person, _within(actor, person.grants)) for person in await unit.people.all()]
        return [(person, within) for person, within in everybody if within]

    async def seen(
        self, unit: Unit, actor: Person, person: PersonId, *, now: datetime
    ) -> tuple[Person, frozenset[Grant]]:
        """One of `listed`, with the grants that `actor` could end; in the access log. Raises NotAllowed, PersonGone."""
        found, within = await self._within(unit, actor, person)
        await reads(unit, actor, "person_shown", found.id, found.id, Why.ACCOUNTS, now=now)
        return found, within

    async def _within(self, unit: Unit, actor: Person, person: PersonId) -> tuple[Person, frozenset[Grant]]:
        actor.require_somewhere(Action.INVITE)
        found = await unit.people.by_id(person)
        within = frozenset() if found is None else _within(actor, found.grants)
        if found is None or not within:
            raise PersonGone
        return found, within

    async def revoke(self, unit: Unit, actor: Person | None, person: PersonId, *, now: datetime) -> Ended:
        """Ends what `person` holds where `actor` (None: the console) is administrator, and tells them.

        What hung on it ends in the same transaction (bot.services.leaving). Somebody who holds nothing more is
        forgotten with the invitations they made and took, and what was planned for them is withdrawn.
        Raises NotAllowed, PersonGone, LastAdmin.
        """
        await before_notes_change(unit)
        admins = await unit.people.locked_with_role(Role.ADMIN)
        if actor is not None:
            known = await unit.people.by_id(actor.id)
            if known is None:
                raise NotAllowed
            found, ended = await self._within(unit, known, person)
        else:
            on_file = await unit.people.by_id(person)
            if on_file is None or not on_file.grants:
                raise PersonGone
            found, ended = on_file, on_file.grants
        _require_successors(found, ended, admins)
        left = found.grants - ended
        await unit.people.end_grants(found.id, ended)
        await end_what_hung_on_it(unit, replace(found, grants=left), now=now)
        if not left:
            await remove_person(unit, found.id, now=now)
        by = None if actor is None else actor.id
        details = {"count": len(ended)}
        await unit.audit.record(AuditEntry(now, by, GRANTS_ENDED, found.id, details, found.id, Why.ACCOUNTS))
        await self._tell(unit, found, left, now)
        return Ended(found, ended, left)

    async def _tell(self, unit: Unit, person: Person, left: frozenset[Grant], now: datetime) -> None:
        """The one concerned hears of it. Who holds nothing more is nobody whose messages we keep."""
        to = Recipient(person.chat, person.language, person.id if left else None)
        key = notice_key(GRANTS_ENDED, f"{person.id}:{now.isoformat()}")
        if left:
            draft = Draft("people.some_ended", {"grants": grant_lines(left)})
        else:
            draft = Draft("people.all_ended", private=True)
        await plan(unit, DeliveryKind.NOTICE, key, to, draft, now=now)


def _reach(actor: Person) -> str:
    """Whose: people of the regions in which somebody is administrator."""
    regions = {grant.region for grant in actor.grants if grant.role is Role.ADMIN}
    named = ", ".join(sorted(region for region in regions if region is not None))
    return EVERYBODY if None in regions else shown(named, MOST_WHOSE)


def _within(actor: Person, grants: frozenset[Grant]) -> frozenset[Grant]:
    return frozenset(grant for grant in grants if actor.may(Action.INVITE, grant.region))


def _require_successors(person: Person, ended: frozenset[Grant], admins: Sequence[Person]) -> None:
    """Every region keeps an administrator: each ended grant must be covered by somebody else's."""
    others = [
        grant for one in admins if one.id != person.id for grant in one.grants if grant.role is Role.ADMIN
    ]
    for grant in ended:
        if grant.role is Role.ADMIN and not any(other.covers(grant.region) for other in others):
            raise LastAdmin
