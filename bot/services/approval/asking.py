"""What the clock does about a draft: shows it to the editor, then to the deputy, and says when it goes out.

Everything is in rows and asked again each time, so that a kill between two steps loses none of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.access_log import Details, Why, region_day
from bot.domain.approval import WAITS, Approval, ApprovalState, Office
from bot.domain.delivery import DeliveryKind, approval_edit_key, approval_key
from bot.domain.person import Person
from bot.services.alerts import alert_admins
from bot.services.approval.approvers import Approver, approvers_of, reached
from bot.services.approval.cards import card, draft_message, old_card, out_card
from bot.services.digest_subject import EDITION
from bot.services.digests import digest_of
from bot.services.erasing import erase
from bot.services.held_drafts import EMPTIED
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import Unit
from storage.repositories.approvals import Held, Waiting
from storage.repositories.audit import AuditEntry
from storage.repositories.digests import StoredDigest

NOBODY = "approval_nobody"
"""The alert: a digest went out unapproved, as nobody could be asked."""
AGAIN = "again"
"""In place of a shown draft's fingerprint: an editor wants it written again."""


class Approving:
    """Safe to run twice and after a kill."""

    async def is_due(self, unit: Unit, held: Held, *, now: datetime) -> bool:
        """Whether there is something to do about a draft that waits."""
        waiting = held.waiting
        is_shown = bool(held.fingerprint) and waiting.shown == held.fingerprint
        if waiting.approved_by is not None or now >= waiting.due or not is_shown:
            return True
        people = {one.person.id for one in reached(await approvers_of(unit, held.region))}
        return not people & set(waiting.asked)

    async def verdict(self, unit: Unit, stored: StoredDigest, *, now: datetime) -> Approval | None:
        """What a draft goes out with now; None: it waits, and who is to be asked was asked. `stored` was just made."""
        waiting = await unit.approvals.of(stored.id)
        if (approved := approval_given(waiting, stored)) is not None:
            return approved
        people = reached(await approvers_of(unit, stored.region))
        if waiting is None:
            if not people:
                await alert_admins(unit, NOBODY, now=now)
                return Approval(ApprovalState.UNAPPROVED, at=now, revision=stored.revision)
            await self._ask(unit, _first(stored, people[0], now), stored, people, None, now=now)
            return None
        passed_on = self._passed_on(waiting, people, now)
        if passed_on is None:
            if not {one.person.id for one in people} & set(waiting.asked):
                await alert_admins(unit, NOBODY, now=now)
            return Approval(ApprovalState.UNAPPROVED, at=now, revision=stored.revision)
        if passed_on == waiting and waiting.shown == stored.fingerprint:
            return None
        told = None if passed_on != waiting else "approval.made_anew"
        await self._take_back(unit, waiting, stored, now=now)
        anew = replace(
            passed_on,
            turn=waiting.turn + 1,
            round=waiting.round + 1,
            shown=stored.fingerprint,
            approved_by=None,
            approved_at=None,
        )
        await self._ask(unit, anew, stored, people, told, now=now)
        return None

    @staticmethod
    def _passed_on(waiting: Waiting, people: Sequence[Approver], now: datetime) -> Waiting | None:
        """With the deputy's turn where the editor did not answer or is gone; None: nobody is left to wait for."""
        here = {one.person.id for one in people}
        if now < waiting.due and here & set(waiting.asked):
            return waiting
        deputy = next((one for one in people if one.person.id not in waiting.asked), None)
        if waiting.office is Office.DEPUTY or deputy is None:
            return None
        return replace(waiting, office=Office.DEPUTY, deputy=deputy.person.id, due=now + WAITS)

    async def _ask(
        self,
        unit: Unit,
        waiting: Waiting,
        stored: StoredDigest,
        people: Sequence[Approver],
        told: str | None,
        *,
        now: datetime,
    ) -> None:
        """Shows the draft to all who were asked so far. It is no interim digest any more."""
        body = {name: kept for name, kept in stored.body.items() if name != EDITION}
        draft = (digest_of(replace(stored, body=body)).approval) or Approval(ApprovalState.DRAFT)
        stored = replace(stored, body=body | {"approval": draft.to_json()})
        await unit.digests.keep(stored)
        await unit.approvals.keep(waiting)
        digest = digest_of(stored)
        messages = []
        for one in people:
            if one.person.id in waiting.asked:
                to = recipient(one.person)
                shown = draft_message(stored, digest)
                buttons = card(stored, digest, waiting, told=told)
                messages.append(
                    Planned(approval_key(stored.id, waiting.round, one.person.id, "text"), to, shown)
                )
                messages.append(
                    Planned(approval_key(stored.id, waiting.round, one.person.id, "card"), to, buttons)
                )
        await plan_all(unit, DeliveryKind.NOTICE, messages, now=now)
        details: Details = {
            "revision": stored.revision,
            "round": waiting.round,
            "office": waiting.office.value,
        }
        await record(unit, stored, None, "approval_asked", details, now=now)

    @staticmethod
    async def _take_back(unit: Unit, waiting: Waiting, stored: StoredDigest, *, now: datetime) -> None:
        """What was shown of a draft that is made anew: withdrawn words go at once, old buttons say so."""
        if waiting.shown == EMPTIED:
            await erase(unit, stored, [stored.id], now=now)
        messages = []
        for one in waiting.asked:
            message = await unit.deliveries.message_of(approval_key(stored.id, waiting.round, one, "card"))
            person = await unit.people.by_id(one)
            if message is not None and person is not None:
                key = approval_edit_key(stored.id, waiting.round, one, "card", waiting.turn + 1)
                messages.append(Planned(key, recipient(person), old_card(stored, edits=message)))
        await plan_all(unit, DeliveryKind.EDIT, messages, now=now)


def approval_given(waiting: Waiting | None, stored: StoredDigest) -> Approval | None:
    """The approval of exactly this draft, if somebody gave it."""
    if waiting is None or waiting.approved_by is None or not waiting.approves(stored.fingerprint):
        return None
    return Approval(
        ApprovalState.APPROVED, waiting.approved_by, waiting.approved_at, revision=stored.revision
    )


async def left_undecided(unit: Unit, stored: StoredDigest, *, now: datetime) -> Approval | None:
    """What a draft goes out with when approvals were switched off while it waited; None: nobody was asked."""
    waiting = await unit.approvals.of(stored.id)
    if waiting is None:
        return None
    unapproved = Approval(ApprovalState.UNAPPROVED, at=now, revision=stored.revision)
    return approval_given(waiting, stored) or unapproved


async def sent_out(unit: Unit, stored: StoredDigest, approval: Approval, *, now: datetime) -> None:
    """It goes to managers: whoever was asked sees on their card that nothing is left to decide."""
    waiting = await unit.approvals.of(stored.id)
    if waiting is None:
        return
    await unit.deliveries.withdraw_unsent([approval_prefix(stored.id)], now)
    messages = []
    for one in waiting.asked:
        message = await unit.deliveries.message_of(approval_key(stored.id, waiting.round, one, "card"))
        person = await unit.people.by_id(one)
        if message is not None and person is not None:
            key = approval_edit_key(stored.id, waiting.round, one, "card", waiting.turn + 1)
            messages.append(Planned(key, recipient(person), out_card(stored, approval, edits=message)))
    await plan_all(unit, DeliveryKind.EDIT, messages, now=now)
    await unit.approvals.drop(stored.id)


def approval_prefix(digest: str) -> str:
    """How the keys of all that approvers are sent about a draft begin."""
    return f"approval:{digest}:"


def recipient(person: Person) -> Recipient:
    return Recipient(person.chat, person.language, person.id)


async def record(
    unit: Unit,
    stored: StoredDigest,
    actor: Person | None,
    action: str,
    details: Details,
    *,
    now: datetime,
) -> None:
    """A line of the access log: who, which edition, what kind of change. No words."""
    whose = region_day(stored.region, stored.day)
    by = None if actor is None else actor.id
    await unit.audit.record(AuditEntry(now, by, action, stored.id, details, whose, Why.PUBLISHING))


def _first(stored: StoredDigest, first: Approver, now: datetime) -> Waiting:
    is_deputy = first.office is Office.DEPUTY
    return Waiting(
        digest=stored.id,
        turn=1,
        round=1,
        office=first.office,
        due=now + WAITS,
        shown=stored.fingerprint,
        editor=None if is_deputy else first.person.id,
        deputy=first.person.id if is_deputy else None,
    )
