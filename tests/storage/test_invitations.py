"""Invitations are found by the hash of their token; two taps at once grant once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import ChatId, hash_of
from bot.domain.invitation import Invitation, InvitationInvalid, InvitationState
from bot.domain.person import Grant, Role
from storage.database import Database
from tests.support.kept import JEONBUK, NOON, person

TOKEN = hash_of("an invented token")
CONSOLE = Invitation(TOKEN, Grant(Role.ADMIN, None), None, NOON + timedelta(days=7))


async def test_an_invitation_comes_back_in_every_state(database: Database) -> None:
    async with database.open_unit() as unit:
        inviter = await person(unit, 41, Grant(Role.ADMIN, None))
        made = replace(CONSOLE, grant=Grant(Role.STAFF, JEONBUK), inviter=inviter.id)
        claimed = made.claimed(ChatId(42), "가상 인물", "ko", NOON)
        for state in (made, claimed, claimed.decided(granted=True, now=NOON)):
            await unit.invitations.keep(state)
            assert await unit.invitations.by_token(TOKEN) == state
            assert await unit.invitations.by_id(made.id) == state
        assert await unit.invitations.by_token(hash_of("another")) is None
        assert await unit.invitations.by_id("unknown") is None


async def test_two_taps_at_once_grant_once(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.invitations.keep(CONSOLE)
        await unit.commit()

    async def taps(chat: int) -> InvitationState | None:
        async with database.open_unit() as unit:
            found = await unit.invitations.by_token(TOKEN)
            assert found is not None
            try:
                taken = found.claimed(ChatId(chat), "가상 인물", "ko", NOON)
            except InvitationInvalid:
                return None
            await unit.invitations.keep(taken)
            await unit.commit()
        return taken.state

    results = await asyncio.gather(*(taps(chat) for chat in range(1, 6)))
    assert sorted(results, key=str) == [None] * 4 + [InvitationState.GRANTED]


async def test_expired_ones_are_destroyed(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.invitations.keep(CONSOLE)
        await unit.invitations.destroy_expired(CONSOLE.expires)
        assert await unit.invitations.by_token(TOKEN) is not None
        await unit.invitations.destroy_expired(CONSOLE.expires + timedelta(seconds=1))
        assert await unit.invitations.by_token(TOKEN) is None


async def test_who_took_one_is_forgotten_with_it(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.invitations.keep(CONSOLE.claimed(ChatId(42), "가상 인물", "ko", NOON))
        await unit.invitations.forget_claims_of(ChatId(43))
        assert await unit.invitations.by_token(TOKEN) is not None
        await unit.invitations.forget_claims_of(ChatId(42))
        assert await unit.invitations.by_token(TOKEN) is None
