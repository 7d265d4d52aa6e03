"""One-time invitations by the hash of their token."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId, PersonId, SecretHash
from bot.domain.invitation import Invitation, InvitationState
from bot.domain.person import Grant
from storage.models import InvitationRow
from storage.models.people import EVERYWHERE


class Invitations:
    """Invitations; the token itself is never stored."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_token(self, token: SecretHash) -> Invitation | None:
        """The invitation, locked until the transaction ends: two taps at once grant once."""
        return await self._locked(InvitationRow.token == token)

    async def by_id(self, ident: str) -> Invitation | None:
        """The invitation behind an inviter's button, locked as well."""
        return await self._locked(InvitationRow.id == ident)

    async def keep(self, invitation: Invitation) -> None:
        row = await self._session.get(InvitationRow, invitation.token)
        if row is None:
            row = InvitationRow(token=invitation.token, id=invitation.id, inviter_id=invitation.inviter)
            self._session.add(row)
        row.role, row.region = invitation.grant.role, invitation.grant.region or EVERYWHERE
        row.expires, row.state = invitation.expires, invitation.state
        row.claimed_chat = invitation.claimed_chat
        row.claimed_name, row.claimed_language = invitation.claimed_name, invitation.claimed_language
        await self._session.flush()

    async def undecided_of(self, inviter: PersonId) -> Sequence[Invitation]:
        """Those that somebody made and that nobody took, or that wait for their word; locked."""
        rows = await self._session.scalars(
            select(InvitationRow)
            .where(
                InvitationRow.inviter_id == inviter,
                InvitationRow.state.in_([InvitationState.OPEN, InvitationState.CLAIMED]),
            )
            .with_for_update()
        )
        return [_to_invitation(row) for row in rows]

    async def drop(self, ident: str) -> None:
        """Destroys an invitation: its link and its buttons lead nowhere any more."""
        await self._session.execute(delete(InvitationRow).where(InvitationRow.id == ident))

    async def forget_claims_of(self, chat: ChatId) -> None:
        """Destroys the invitations that somebody took, with the name they had then."""
        await self._session.execute(delete(InvitationRow).where(InvitationRow.claimed_chat == chat))

    async def destroy_expired(self, before: datetime) -> None:
        await self._session.execute(delete(InvitationRow).where(InvitationRow.expires < before))

    async def _locked(self, condition: ColumnElement[bool]) -> Invitation | None:
        row = await self._session.scalar(select(InvitationRow).where(condition).with_for_update())
        return None if row is None else _to_invitation(row)


def _to_invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        token=row.token,
        grant=Grant(role=row.role, region=None if row.region == EVERYWHERE else row.region),
        inviter=row.inviter_id,
        expires=row.expires,
        state=row.state,
        claimed_chat=row.claimed_chat,
        claimed_name=row.claimed_name,
        claimed_language=row.claimed_language,
        id=row.id,
    )
