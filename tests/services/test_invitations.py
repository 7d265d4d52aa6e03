"""Invitations from the making to the granting: once, to one person, by somebody who may."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import ChatId, Region, Secret, TourId, hash_of
from bot.domain.invitation import LIFETIME, Invitation, InvitationInvalid, InvitationState
from bot.domain.person import Grant, Person, Role
from bot.domain.tour import Tour
from bot.services.invitations import Invitations, OwnInvitation, RegionUnknown, Taken, shown_name
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, Said, User, grant, said
from tests.support.plans import at, meeting

NOW = at("12:00")
LATER = NOW + timedelta(minutes=3)
JEONBUK, GANGWON = Region("전북"), Region("강원")
INVITATIONS = Invitations("hyeonjang_test_bot")


async def invite(
    database: Database, inviter: Person | None, role: Role = Role.STAFF, region: Region | None = JEONBUK
) -> Secret:
    async with database.open_unit() as unit:
        token = await INVITATIONS.invite(unit, inviter, role, region, now=NOW)
        await unit.commit()
    return token


async def claim(database: Database, token: str, by: User = STAFF, now: datetime = LATER) -> Taken:
    async with database.open_unit() as unit:
        taken = await INVITATIONS.claim(unit, token, ChatId(by.id), by.first_name, "ko", now=now)
        await unit.commit()
    return taken


async def look(database: Database, token: str, now: datetime) -> Invitation:
    async with database.open_unit(read_only=True) as unit:
        return await INVITATIONS.look_at(unit, token, now=now)


async def decide(
    database: Database, inviter: Person, ident: str, *, granted: bool = True, now: datetime = LATER
) -> Invitation:
    async with database.open_unit() as unit:
        decided = await INVITATIONS.decide(unit, inviter, ident, granted=granted, now=now)
        await unit.commit()
    return decided


async def grants_of(database: Database, user: User) -> frozenset[Grant]:
    async with database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(user.id))
    return frozenset() if person is None else person.grants


async def acts(database: Database) -> list[str]:
    async with database.open_unit(read_only=True) as unit:
        return [entry.action for entry in await unit.audit.since(NOW - timedelta(days=1))]


async def test_the_console_invites_the_first_administrator_who_needs_nobodys_word(database: Database) -> None:
    token = await invite(database, None, Role.ADMIN, None)
    taken = await claim(database, token, ADMIN)
    assert taken.granted
    assert await grants_of(database, ADMIN) == {Grant(Role.ADMIN, None)}
    assert await said(database, LATER) == []
    assert await acts(database) == ["invitation_made", "invitation_claimed", "invitation_granted"]


async def test_a_claim_gives_nothing_until_the_inviter_has_agreed(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    taken = await claim(database, await invite(database, admin))
    assert not taken.granted
    assert await grants_of(database, STAFF) == frozenset()
    [asked] = await said(database, LATER)
    assert (asked.chat, asked.kind, asked.labels) == (ADMIN.id, DeliveryKind.NOTICE, ["승인", "거절"])
    assert STAFF.first_name in asked.text
    assert taken.number in asked.text, "both sides see the same number"
    await decide(database, admin, taken.invitation.id)
    assert await grants_of(database, STAFF) == {Grant(Role.STAFF, JEONBUK)}
    told = (await said(database, LATER))[-1]
    assert (told.chat, told.key) == (STAFF.id, "invitation.granted")


async def test_who_is_declined_gets_nothing_and_leaves_no_name_behind(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    taken = await claim(database, await invite(database, admin), STRANGER)
    decided = await decide(database, admin, taken.invitation.id, granted=False)
    assert decided.state is InvitationState.REFUSED
    assert await grants_of(database, STRANGER) == frozenset()
    async with database.open_unit(read_only=True) as unit:
        kept = await unit.invitations.by_id(decided.id)
    assert kept is not None
    assert kept.claimed_name is None
    told: Said = (await said(database, LATER))[-1]
    assert (told.chat, told.key, told.draft.private) == (STRANGER.id, "invitation.refused", True)
    assert (await acts(database))[-1] == "invitation_refused"


async def test_the_first_word_stands_and_a_second_tap_changes_nothing(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    taken = await claim(database, await invite(database, admin))
    await decide(database, admin, taken.invitation.id)
    again = await decide(database, admin, taken.invitation.id, granted=False)
    assert again.state is InvitationState.GRANTED
    assert await grants_of(database, STAFF) == {Grant(Role.STAFF, JEONBUK)}
    assert (await acts(database)).count("invitation_granted") == 1


async def test_a_second_tap_on_accept_gives_the_same_answer_and_asks_nobody_again(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    token = await invite(database, admin)
    first, second = await claim(database, token), await claim(database, token)
    assert first == second
    assert len(await said(database, LATER)) == 1


async def test_unknown_used_and_expired_tokens_are_told_alike(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    used, late = await invite(database, admin), await invite(database, admin)
    await claim(database, used)
    told: set[tuple[type[Refusal], str]] = set()
    for token, now in ((Secret("A" * 43), NOW), (used, LATER), (late, NOW + LIFETIME)):
        with pytest.raises(Refusal) as refused:
            await look(database, token, now)
        told.add((refused.type, refused.value.key))
        with pytest.raises(Refusal) as refused:
            await claim(database, token, STRANGER, now)
        told.add((refused.type, refused.value.key))
    assert told == {(InvitationInvalid, "invitation.invalid")}


async def test_two_who_take_one_invitation_at_once_are_not_both_let_in(database: Database) -> None:
    token = await invite(database, None)
    ends = await asyncio.gather(
        claim(database, token, STAFF), claim(database, token, STRANGER), return_exceptions=True
    )
    assert sum(isinstance(end, Taken) for end in ends) == 1
    assert sum(isinstance(end, InvitationInvalid) for end in ends) == 1
    assert sorted(map(len, [await grants_of(database, STAFF), await grants_of(database, STRANGER)])) == [0, 1]


async def test_the_same_grant_twice_is_one_and_others_are_added(database: Database) -> None:
    for role, region in ((Role.STAFF, JEONBUK), (Role.STAFF, JEONBUK), (Role.MANAGER, GANGWON)):
        await claim(database, await invite(database, None, role, region))
    assert await grants_of(database, STAFF) == {Grant(Role.STAFF, JEONBUK), Grant(Role.MANAGER, GANGWON)}


async def test_two_grants_decided_at_once_are_both_kept(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, GANGWON))
    tokens = [await invite(database, None), await invite(database, None, Role.MANAGER, GANGWON)]
    await asyncio.gather(*(claim(database, token) for token in tokens))
    assert len(await grants_of(database, STAFF)) == 3


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
async def test_only_administrators_invite(database: Database, role: Role) -> None:
    person = await grant(database, STAFF, Grant(role, None))
    with pytest.raises(NotAllowed):
        await invite(database, person)


async def test_an_administrator_of_one_region_invites_for_that_region_only(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, JEONBUK))
    await invite(database, admin)
    for region in (GANGWON, None):
        with pytest.raises(NotAllowed):
            await invite(database, admin, region=region)


async def test_nobody_is_invited_as_a_participant(database: Database) -> None:
    with pytest.raises(NotAllowed):
        await invite(database, None, Role.PARTICIPANT)


async def test_an_administrator_who_is_none_any_more_cannot_confirm_and_their_open_invitations_are_void(
    database: Database,
) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    claimed, still_open = await invite(database, admin), await invite(database, admin)
    taken = await claim(database, claimed)
    demoted = await grant(database, ADMIN, Grant(Role.STAFF, JEONBUK))
    with pytest.raises(NotAllowed):
        await decide(database, demoted, taken.invitation.id)
    with pytest.raises(InvitationInvalid):
        await claim(database, still_open, MANAGER)
    assert await grants_of(database, STAFF) == frozenset()
    assert await grants_of(database, MANAGER) == frozenset()


async def test_only_who_invited_decides(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    other = await grant(database, MANAGER, Grant(Role.ADMIN, None))
    taken = await claim(database, await invite(database, admin))
    with pytest.raises(InvitationInvalid):
        await decide(database, other, taken.invitation.id)


async def test_nobody_gives_themselves_a_role(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    token = await invite(database, admin)
    with pytest.raises(OwnInvitation):
        await claim(database, token, ADMIN)
    assert not (await claim(database, token, STAFF)).granted, "the link is still good for whom it was meant"


async def test_a_claim_must_be_decided_before_the_invitation_expires(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    taken = await claim(database, await invite(database, admin))
    with pytest.raises(InvitationInvalid):
        await decide(database, admin, taken.invitation.id, now=NOW + LIFETIME)
    [asked] = await said(database, LATER)
    assert asked.draft.expires == NOW + LIFETIME


async def test_a_region_that_no_tour_visits_is_refused_once_there_is_a_tour(database: Database) -> None:
    await invite(database, None, region=Region("전라"))
    async with database.open_unit() as unit:
        await unit.tours.keep(Tour(TourId("tour"), "가상 순회", ()))
        await unit.meetings.keep(meeting("a"))
        await unit.commit()
    await invite(database, None)
    with pytest.raises(RegionUnknown):
        await invite(database, None, region=Region("전라"))


async def test_the_token_is_nowhere_and_no_name_is_in_the_audit(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    token = await invite(database, admin)
    await claim(database, token)
    async with database.open_unit(read_only=True) as unit:
        stored = str((await unit._session.execute(text("SELECT * FROM invitations"))).all())
        audit = str(await unit.audit.since(NOW - timedelta(days=1)))
    assert token not in stored
    assert hash_of(token) in stored
    assert token not in audit
    assert hash_of(token) not in audit
    assert STAFF.first_name not in audit


def test_a_link_fits_into_a_start_payload() -> None:
    link = INVITATIONS.link(Secret("x" * 43))
    assert link == "https://t.me/hyeonjang_test_bot?start=i_" + "x" * 43
    assert len(link.partition("start=")[2]) <= 64


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("가상  수행원", "가상 수행원"),
        ("가상\n관리자\u202e급위", "가상 관리자급위"),
        ("\u200b\u2066", "…"),
        ("가" * 130, "가" * 60),
        ("가상".encode().decode(), "가상"),
    ],
)
def test_a_display_name_is_one_honest_line(given: str, kept: str) -> None:
    assert shown_name(given) == kept
