"""What an approver decides by buttons: approve, leave a sentence out, have one written again.

The right is asked when the button is pressed: whoever was asked, is still named, and may still read the digest. A button
knows for which state of the draft it was drawn; one of an earlier state changes nothing and shows the present one.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.digest.as_json import to_json
from bot.digest.editing import LEAVE_OUT, Places, left_out, listed, sentences_of
from bot.domain.approval import Editing, Office, decision_about
from bot.domain.delivery import DeliveryKind, Draft, approval_edit_key, approval_key
from bot.domain.digest import Digest
from bot.domain.errors import ButtonUnknown, NotAllowed, Refusal
from bot.domain.person import Action, Person
from bot.services.approval.approvers import approvers_of
from bot.services.approval.asking import AGAIN, recipient, record
from bot.services.approval.cards import card, draft_message, list_message, office_phrase, old_card
from bot.services.digest_reading import note_opened
from bot.services.digests import digest_of
from bot.services.revisions import alone_with_notes
from bot.services.saying import Planned, plan_all
from bot.services.unit import Unit
from storage.repositories.approvals import Waiting
from storage.repositories.digests import StoredDigest


class AlreadyOut(Refusal):
    """It was sent to managers: nothing is left to decide."""

    def __init__(self) -> None:
        super().__init__("approval.already_out")


class AlreadyApproved(Refusal):
    """Somebody else was first."""

    def __init__(self, by: Office) -> None:
        super().__init__("approval.already_approved", {"by": office_phrase(by)})


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of an approver: the digest, the state of the draft it was drawn for, the message that carries it."""

    digest: str
    turn: int
    message: int


@dataclass(frozen=True, slots=True)
class _Open:
    """A draft that waits, for somebody who may decide about it."""

    stored: StoredDigest
    digest: Digest
    waiting: Waiting
    office: Office


class Deciding:
    """Each gives what the pressed message says afterwards. Raises NotAllowed, AlreadyOut, AlreadyApproved."""

    async def shown(self, unit: Unit, person: Person, pressed: Pressed, *, now: datetime) -> Draft:
        """Back to the card."""
        found = await self._open(unit, person, pressed)
        if isinstance(found, Draft):
            return found
        return card(found.stored, found.digest, found.waiting, edits=pressed.message)

    async def approve(self, unit: Unit, person: Person, pressed: Pressed, *, now: datetime) -> Draft:
        """It goes out with the clock's next look. The first to press decides; pressed again, it says the same."""
        found = await self._open(unit, person, pressed)
        if isinstance(found, Draft):
            return found
        if found.waiting.approved_by is None:
            approved = replace(found.waiting, approved_by=found.office, approved_at=now)
            await unit.approvals.keep(approved)
            details = self._details(found)
            await record(unit, found.stored, person, "digest_approved", details, now=now)
            await self._tell_others(unit, person, approved, found.stored, found.digest, now=now)
            found = replace(found, waiting=approved)
        return card(found.stored, found.digest, found.waiting, edits=pressed.message)

    async def sentences(
        self, unit: Unit, person: Person, pressed: Pressed, which: str, page: int, *, now: datetime
    ) -> Draft:
        """The list of what can be left out, or written again."""
        found = await self._open(unit, person, pressed)
        if isinstance(found, Draft):
            return found
        if found.waiting.approved_by is not None:
            return card(found.stored, found.digest, found.waiting, edits=pressed.message)
        await note_opened(unit, person, found.stored, now=now)
        return list_message(found.stored, found.digest, found.waiting, which, page, edits=pressed.message)

    async def decide(
        self, unit: Unit, person: Person, pressed: Pressed, which: str, place: int, *, now: datetime
    ) -> Draft:
        """Leaves a sentence out at once, or has the clock write it again. Raises ButtonUnknown for none of the list."""
        found = await self._open(unit, person, pressed)
        if isinstance(found, Draft):
            return found
        if found.waiting.approved_by is not None:
            return card(found.stored, found.digest, found.waiting, edits=pressed.message)
        if place not in listed(found.digest, which):
            raise ButtonUnknown
        if which == LEAVE_OUT:
            return await self._leave_out(unit, person, pressed, found, place, now=now)
        return await self._write_again(unit, person, pressed, found, place, now=now)

    async def _leave_out(
        self, unit: Unit, person: Person, pressed: Pressed, found: _Open, place: int, *, now: datetime
    ) -> Draft:
        sentence = sentences_of(found.digest)[place]
        decision = decision_about(sentence.text, sentence.notes)
        places = await _places(unit, found.stored)
        digest = left_out(found.digest, frozenset({decision.mark}), places)
        kept = {name: told for name, told in found.stored.body.items() if name not in to_json(found.digest)}
        stored = replace(found.stored, body=to_json(digest) | kept)
        await unit.digests.keep(stored)
        editing = found.waiting.editing
        editing = Editing((*editing.dropped, decision), editing.again)
        waiting = replace(found.waiting, turn=found.waiting.turn + 1, editing=editing)
        await unit.approvals.keep(waiting)
        details = self._details(found) | {"kind": sentence.kind}
        await record(unit, stored, person, "draft_sentence_left_out", details, now=now)
        await self._tell_others(unit, person, waiting, stored, digest, now=now)
        return card(stored, digest, waiting, told="approval.left_out", edits=pressed.message)

    async def _write_again(
        self, unit: Unit, person: Person, pressed: Pressed, found: _Open, place: int, *, now: datetime
    ) -> Draft:
        sentence = sentences_of(found.digest)[place]
        editing = found.waiting.editing
        decision = decision_about(sentence.text, sentence.notes)
        editing = Editing(editing.dropped, (*editing.again, decision))
        waiting = replace(found.waiting, turn=found.waiting.turn + 1, shown=AGAIN, editing=editing)
        await unit.approvals.keep(waiting)
        details = self._details(found) | {"kind": sentence.kind}
        await record(unit, found.stored, person, "draft_sentence_again", details, now=now)
        return old_card(found.stored, edits=pressed.message)

    @staticmethod
    def _details(found: _Open) -> dict[str, str | int]:
        return {
            "revision": found.stored.revision,
            "round": found.waiting.round,
            "turn": found.waiting.turn,
            "office": found.office.value,
        }

    @staticmethod
    async def _open(unit: Unit, person: Person, pressed: Pressed) -> "_Open | Draft":
        """The draft as it stands, held against whoever else changes it; a Draft: what is said of an old button."""
        await alone_with_notes(unit)
        stored = await unit.digests.by_id(pressed.digest)
        person.require(Action.READ_DIGEST, stored.region if stored else None)
        if stored is None:
            raise NotAllowed
        waiting = await unit.approvals.of(stored.id)
        approvers = {one.person.id for one in await approvers_of(unit, stored.region)}
        if person.id not in approvers:
            raise NotAllowed
        if waiting is None or stored.published_at is not None:
            raise AlreadyOut if stored.published_at is not None else NotAllowed
        office = waiting.office_of(person.id)
        if office is None:
            raise NotAllowed
        if waiting.approved_by not in (None, office):
            raise AlreadyApproved(waiting.approved_by or office)
        if not stored.readable or waiting.shown != stored.fingerprint:
            return old_card(stored, edits=pressed.message)
        digest = digest_of(stored)
        if pressed.turn != waiting.turn:
            key = approval_key(stored.id, waiting.round, person.id, "card")
            if await unit.deliveries.message_of(key) != pressed.message:
                return old_card(stored, edits=pressed.message)
            return card(stored, digest, waiting, told="approval.changed", edits=pressed.message)
        return _Open(stored, digest, waiting, office)

    @staticmethod
    async def _tell_others(
        unit: Unit, person: Person, waiting: Waiting, stored: StoredDigest, digest: Digest, *, now: datetime
    ) -> None:
        """What stands in everybody's chat of this draft is changed with it; the pressed message is the caller's."""
        messages = []
        for ident in waiting.asked:
            one = await unit.people.by_id(ident)
            if one is None:
                continue
            for what in ("card",) if waiting.approved_by else ("text", "card"):
                if what == "card" and ident == person.id:
                    continue
                message = await unit.deliveries.message_of(
                    approval_key(stored.id, waiting.round, ident, what)
                )
                if message is None:
                    continue
                shown = (
                    draft_message(stored, digest, edits=message)
                    if what == "text"
                    else card(stored, digest, waiting, told="approval.changed", edits=message)
                )
                key = approval_edit_key(stored.id, waiting.round, ident, what, waiting.turn)
                if waiting.approved_by is not None:
                    key += ":approved"
                messages.append(Planned(key, recipient(one), shown))
        await plan_all(unit, DeliveryKind.EDIT, messages, now=now)


async def _places(unit: Unit, stored: StoredDigest) -> Places:
    """Under which meeting each note of the day stands."""
    meetings = {one.id: one for one in await unit.meetings.of_day(stored.region, stored.day)}
    places: dict[str, tuple[str | None, str | None]] = {}
    for spoken in await unit.notes.of_day(stored.region, stored.day):
        at = meetings.get(spoken.note.meeting) if spoken.note.meeting is not None else None
        if spoken.note.number is not None:
            named = None if at is None or at.cancelled else at.title
            places[spoken.note.number] = (None if at is None else at.plan.key, named)
    return places
