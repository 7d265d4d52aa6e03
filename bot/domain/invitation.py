"""One-time invitations: a link, a hash, an expiry, a claim by button and, for staff and above, a confirmation."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.errors import Refusal
from bot.domain.ids import ChatId, PersonId, SecretHash, new_id
from bot.domain.person import Grant

LIFETIME = timedelta(days=7)
TOKEN_BYTES = 32


class InvitationState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"  # somebody took it; the inviter has not confirmed yet
    GRANTED = "granted"
    REFUSED = "refused"


class InvitationInvalid(Refusal):
    """Unknown, used or expired: told alike."""

    def __init__(self) -> None:
        super().__init__("invitation.invalid")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. `inviter` None: made on the console, which needs no confirmation.

    `id` names it where the token must not be known: in the inviter's buttons and in the audit. It opens nothing.
    """

    token: SecretHash
    grant: Grant
    inviter: PersonId | None
    expires: datetime
    state: InvitationState = InvitationState.OPEN
    claimed_chat: ChatId | None = None
    claimed_name: str | None = None
    claimed_language: str | None = None
    id: str = field(default_factory=new_id)

    def require_open(self, now: datetime) -> None:
        if self.state is not InvitationState.OPEN or now >= self.expires:
            raise InvitationInvalid

    def claimed(self, chat: ChatId, name: str, language: str, now: datetime) -> "Invitation":
        """Taken by `chat`. At once granted when it came from the console. Raises InvitationInvalid."""
        self.require_open(now)
        state = InvitationState.GRANTED if self.inviter is None else InvitationState.CLAIMED
        return replace(self, state=state, claimed_chat=chat, claimed_name=name, claimed_language=language)

    def decided(self, *, granted: bool, now: datetime) -> "Invitation":
        """The inviter's answer to a claim. Raises InvitationInvalid when there is nothing to decide."""
        if self.state is not InvitationState.CLAIMED or now >= self.expires:
            raise InvitationInvalid
        return replace(self, state=InvitationState.GRANTED if granted else InvitationState.REFUSED)
