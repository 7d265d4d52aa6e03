"""/privacy: what is held of somebody, given out and destroyed on their word (개인정보 보호법 35, 36조).

What participants said is not found here: their notes are tied to nobody, and only the buttons in their chat lead there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access_log import Why
from bot.domain.errors import Refusal
from bot.domain.feedback import Note
from bot.domain.ids import ChatId
from bot.domain.person import Person, Role
from bot.domain.request import Request
from bot.services import media_jobs
from bot.services.consent import ConsentTexts
from bot.services.leaving import remove_person
from bot.services.requests.waiting import is_of_a_request
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

FORGOTTEN = "person_forgotten"


class StillNeeded(Refusal):
    """Without this person, somewhere no administrator would be left to answer for the data."""

    def __init__(self) -> None:
        super().__init__("privacy.last_admin")


@dataclass(frozen=True, slots=True)
class Holdings:
    """What we hold that can be found by this chat. `person` is None for somebody without a grant."""

    person: Person | None
    staff_notes: int
    subscriptions: int
    dialogue: bool
    media: int = 0
    requests: Sequence[Request] = ()

    @property
    def can_be_deleted(self) -> bool:
        """Whether there is anything that a press destroys at once; requests go by themselves."""
        return self.person is not None or self.subscriptions > 0 or self.dialogue


class Privacy:
    """Sees, gives out and destroys."""

    def __init__(self, texts: ConsentTexts) -> None:
        self._texts = texts

    async def held(self, unit: Unit, chat: ChatId) -> Holdings:
        """What is on file for a chat."""
        person = await unit.people.by_chat(chat)
        notes = [] if person is None else await self._standing(unit, person)
        dialogue = await unit.dialogues.of(chat)
        return Holdings(
            person=person,
            staff_notes=len(notes),
            subscriptions=await unit.subscriptions.count_of(chat),
            dialogue=dialogue is not None and not is_of_a_request(dialogue),
            media=0 if person is None else await unit.media.count_of_staff(person.id),
            requests=await unit.requests.of_chat(chat),
        )

    async def export(self, unit: Unit, person: Person) -> Sequence[Note]:
        """A staff member's own notes, by day."""
        return await self._standing(unit, person)

    def notices(self, *, now: datetime, language: str) -> tuple[str, ...]:
        """The consent texts in force, as Telegram HTML."""
        return self._texts.texts(now=now, language=language)

    async def forget(self, unit: Unit, chat: ChatId, *, now: datetime) -> None:
        """Destroys what is held of a chat: subscriptions, dialogue and, for somebody with grants, who they are.

        Staff notes stay as the tour's record, tied to nobody from now on. Deliveries and raw updates go to the purge,
        which destroys them within minutes. Raises StillNeeded.
        """
        await before_notes_change(unit)
        await unit.subscriptions.drop(chat)
        await unit.dialogues.drop(chat)
        await media_jobs.forget(unit, [chat], now, now=now, everything=True)
        admins = await unit.people.locked_with_role(Role.ADMIN)
        person = await unit.people.by_chat(chat)
        if person is None:
            return
        _require_successor(person, admins)
        await unit.deliveries.withdraw_of(person.id)
        await unit.deliveries.make_private(chat)
        await unit.invitations.forget_claims_of(chat)
        await remove_person(unit, person.id, now=now)
        details = {"grants": len(person.grants)}
        entry = AuditEntry(now, person.id, FORGOTTEN, person.id, details, person.id, Why.RIGHTS)
        await unit.audit.record(entry)

    async def _standing(self, unit: Unit, person: Person) -> list[Note]:
        return [note for note in await unit.notes.of_staff(person.id) if not note.withdrawn]


def _require_successor(person: Person, admins: Sequence[Person]) -> None:
    """Every administrator's grant must be covered by somebody else's."""
    others = [
        grant for one in admins if one.id != person.id for grant in one.grants if grant.role is Role.ADMIN
    ]
    for grant in person.grants:
        if grant.role is Role.ADMIN and not any(other.covers(grant.region) for other in others):
            raise StillNeeded
