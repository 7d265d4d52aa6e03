"""One-time invitations: made by an administrator, taken by a button, confirmed by whoever made them.

The right to invite is asked again at every step: an invitation of somebody who has lost it is void.
"""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.access_log import Why
from bot.domain.delivery import Button, DeliveryKind, Draft, notice_key
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import ChatId, PersonId, Region, Secret, hash_of, new_id, new_secret
from bot.domain.invitation import LIFETIME, TOKEN_BYTES, Invitation, InvitationInvalid, InvitationState
from bot.domain.languages import spoken
from bot.domain.person import Action, Grant, Person, Role
from bot.domain.values import Value
from bot.services.people import grant_phrase
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

LONGEST_NAME = 60
"""Characters of a display name that are kept. Telegram allows 64 each for first and last name."""
CONFIRM, DECLINE = "ic:y:", "ic:n:"
"""What the inviter's buttons carry before the invitation's id."""


class OwnInvitation(Refusal):
    """Nobody gives themselves a role."""

    def __init__(self) -> None:
        super().__init__("invitation.own")


class RegionUnknown(Refusal):
    """No tour visits a region of that name: most likely a slip."""

    def __init__(self, region: Region) -> None:
        super().__init__("invitation.region_unknown", {"region": region})


@dataclass(frozen=True, slots=True)
class Taken:
    """An invitation after somebody took it: granted (console) or waiting for the inviter.

    `number` is shown to both sides, so that they can make sure of each other by telephone.
    """

    invitation: Invitation
    number: str

    @property
    def granted(self) -> bool:
        return self.invitation.state is InvitationState.GRANTED


class Invitations:
    """`username` is the bot's, without @."""

    def __init__(self, username: str) -> None:
        self._username = username

    def link(self, token: Secret) -> str:
        """Telegram's deep link; a start payload has at most 64 characters, and this one 45."""
        return f"https://t.me/{self._username}?start=i_{token}"

    async def invite(
        self, unit: Unit, inviter: Person | None, role: Role, region: Region | None, *, now: datetime
    ) -> Secret:
        """A new invitation; its token is told here once and kept nowhere. `inviter` None: the console.

        Raises NotAllowed, and RegionUnknown once there are meetings and none in that region.
        """
        if role is Role.PARTICIPANT:
            raise NotAllowed
        if inviter is not None:
            inviter.require(Action.INVITE, region)
        regions = await unit.meetings.regions()
        if region is not None and regions and region not in regions:
            raise RegionUnknown(region)
        token = new_secret(size=TOKEN_BYTES)
        invitation = Invitation(
            token=hash_of(token),
            grant=Grant(role, region),
            inviter=None if inviter is None else inviter.id,
            expires=now + LIFETIME,
        )
        await unit.invitations.keep(invitation)
        await _record(unit, "invitation_made", invitation, invitation.inviter, now)
        return token

    async def look_at(self, unit: Unit, token: str, *, now: datetime) -> Invitation:
        """An invitation that can be taken. Raises InvitationInvalid, whatever the reason."""
        invitation = await unit.invitations.by_token(hash_of(token))
        if invitation is None:
            raise InvitationInvalid
        invitation.require_open(now)
        await self._inviter_of(unit, invitation)
        return invitation

    async def claim(
        self, unit: Unit, token: str, chat: ChatId, name: str, language: str, *, now: datetime
    ) -> Taken:
        """`chat` takes the invitation; a second tap by the same chat gives the same answer.

        Raises InvitationInvalid, OwnInvitation.
        """
        invitation = await unit.invitations.by_token(hash_of(token))
        if invitation is None:
            raise InvitationInvalid
        if _already_taken_by(invitation, chat, now):
            await _require_standing(unit, invitation, chat)
            return _taken(invitation)
        inviter = await self._inviter_of(unit, invitation)
        if inviter is not None and inviter.chat == chat:
            raise OwnInvitation
        claimed = invitation.claimed(chat, shown_name(name), language, now)
        await _record(unit, "invitation_claimed", claimed, None, now, claimed.id)
        if inviter is None:
            claimed = await self._grant(unit, claimed, None, now)
        else:
            await unit.invitations.keep(claimed)
            await _ask(unit, inviter, claimed, now)
        return _taken(claimed)

    async def decide(
        self, unit: Unit, inviter: Person, ident: str, *, granted: bool, now: datetime
    ) -> Invitation:
        """The inviter's word on a claim, told to the claimant; the first word stands, a second changes nothing.

        Raises InvitationInvalid for anything that is not this inviter's to decide, NotAllowed when they may no
        longer invite there.
        """
        invitation = await unit.invitations.by_id(ident)
        if invitation is None or invitation.inviter != inviter.id:
            raise InvitationInvalid
        inviter.require(Action.INVITE, invitation.grant.region)
        if invitation.state in (InvitationState.GRANTED, InvitationState.REFUSED):
            return invitation
        decided = invitation.decided(granted=granted, now=now)
        if granted:
            decided = await self._grant(unit, decided, inviter.id, now)
        else:
            await unit.invitations.keep(_without_name(decided))
            await _record(unit, "invitation_refused", decided, inviter.id, now, decided.id)
        await _tell(unit, decided, now)
        return decided

    async def _inviter_of(self, unit: Unit, invitation: Invitation) -> Person | None:
        """None for the console. Raises InvitationInvalid when the inviter may not invite there any more."""
        if invitation.inviter is None:
            return None
        inviter = await unit.people.by_id(invitation.inviter)
        if inviter is None or not inviter.may(Action.INVITE, invitation.grant.region):
            raise InvitationInvalid
        return inviter

    async def _grant(
        self, unit: Unit, invitation: Invitation, by: PersonId | None, now: datetime
    ) -> Invitation:
        """Gives the claimant the grant; the name moves from the invitation to the person."""
        chat, name = invitation.claimed_chat, invitation.claimed_name
        if chat is None or name is None:
            raise InvitationInvalid
        person = await unit.people.by_chat(chat)
        if person is None:
            language = spoken(invitation.claimed_language)
            person = Person(PersonId(new_id()), chat, name, language, frozenset())
            await unit.people.keep(person)
        await unit.people.add_grant(person.id, invitation.grant)
        await unit.people.mark_reachable(chat, reachable=True)
        await unit.invitations.keep(_without_name(invitation))
        await _record(unit, "invitation_granted", invitation, by, now, person.id)
        return invitation


def shown_name(name: str) -> str:
    """A display name as we keep and show it: one line, no characters that hide or turn others around."""
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in name)
    visible = "".join(c for c in visible if unicodedata.category(c)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", visible).split())[:LONGEST_NAME] or "…"


def check_number(invitation: Invitation) -> str:
    """Four digits that both sides see; they tell nothing about the token."""
    return f"{int(hash_of(invitation.id)[:8], 16) % 10_000:04d}"


def _taken(invitation: Invitation) -> Taken:
    return Taken(invitation, check_number(invitation))


def _already_taken_by(invitation: Invitation, chat: ChatId, now: datetime) -> bool:
    waits = invitation.state is InvitationState.CLAIMED and now < invitation.expires
    return invitation.claimed_chat == chat and (waits or invitation.state is InvitationState.GRANTED)


async def _require_standing(unit: Unit, invitation: Invitation, chat: ChatId) -> None:
    """The button of a grant that has ended since gives nothing back. Raises InvitationInvalid."""
    person = await unit.people.by_chat(chat)
    holds = person is not None and invitation.grant in person.grants
    if invitation.state is InvitationState.GRANTED and not holds:
        raise InvitationInvalid


def _without_name(invitation: Invitation) -> Invitation:
    """Decided: who it was is the person's own row now, or nobody's business."""
    return replace(invitation, claimed_name=None)


async def _ask(unit: Unit, inviter: Person, invitation: Invitation, now: datetime) -> None:
    values: dict[str, Value] = {
        "name": invitation.claimed_name,
        "grant": grant_phrase(invitation.grant),
        "number": check_number(invitation),
    }
    buttons = (
        Button("invitation.confirm", data=f"{CONFIRM}{invitation.id}"),
        Button("invitation.decline", data=f"{DECLINE}{invitation.id}"),
    )
    draft = Draft("invitation.ask", values, keyboard=(buttons,), expires=invitation.expires)
    to = Recipient(inviter.chat, inviter.language, inviter.id)
    await plan(unit, DeliveryKind.NOTICE, notice_key("claim", invitation.id), to, draft, now=now)
    await _record(unit, "claim_shown", invitation, inviter.id, now, invitation.id)


async def _tell(unit: Unit, invitation: Invitation, now: datetime) -> None:
    """The claimant hears what was decided. Who was refused is nobody whose messages we keep."""
    if invitation.claimed_chat is None:
        return
    person = await unit.people.by_chat(invitation.claimed_chat)
    if invitation.state is InvitationState.GRANTED:
        draft = Draft("invitation.granted", {"grant": grant_phrase(invitation.grant)})
    else:
        draft = Draft("invitation.refused", private=person is None)
    language = spoken(invitation.claimed_language) if person is None else person.language
    to = Recipient(invitation.claimed_chat, language, None if person is None else person.id)
    await plan(unit, DeliveryKind.NOTICE, notice_key("decision", invitation.id), to, draft, now=now)


async def _record(
    unit: Unit, action: str, invitation: Invitation, by: PersonId | None, now: datetime, whose: str = ""
) -> None:
    grant = invitation.grant
    details = {"role": grant.role.value, "region": grant.region}
    await unit.audit.record(AuditEntry(now, by, action, invitation.id, details, whose, Why.ACCOUNTS))
