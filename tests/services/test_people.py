"""What people choose for themselves, and how grants end."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryKind, Draft
from bot.domain.errors import NotAllowed
from bot.domain.ids import ChatId, Region
from bot.domain.invitation import InvitationInvalid
from bot.domain.person import Grant, Person, Role
from bot.services.invitations import Invitations
from bot.services.people import Ended, LastAdmin, People, PersonGone
from bot.services.saying import Recipient, plan
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, User, grant, said
from tests.support.plans import at

NOW = at("12:00")
JEONBUK, GANGWON = Region("전북"), Region("강원")
PEOPLE = People()


async def revoke(database: Database, actor: Person | None, person: Person) -> Ended:
    async with database.open_unit() as unit:
        ended = await PEOPLE.revoke(unit, actor, person.id, now=NOW)
        await unit.commit()
    return ended


async def on_file(database: Database, user: User) -> Person | None:
    async with database.open_unit(read_only=True) as unit:
        return await unit.people.by_chat(ChatId(user.id))


async def test_who_holds_nothing_more_is_forgotten_and_told(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    staff = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    ended = await revoke(database, admin, staff)
    assert ended.grants == {Grant(Role.STAFF, JEONBUK)}
    assert not ended.left
    assert await on_file(database, STAFF) is None
    [told] = await said(database, NOW)
    assert (told.chat, told.key, told.draft.private) == (STAFF.id, "people.all_ended", True)
    async with database.open_unit(read_only=True) as unit:
        [act] = await unit.audit.since(NOW - timedelta(days=1))
    assert (act.action, act.actor, act.subject) == ("grants_ended", admin.id, staff.id)


async def test_what_was_planned_for_them_is_withdrawn_and_nothing_of_others(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    staff = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        for person in (admin, staff):
            to = Recipient(person.chat, "ko", person.id)
            await plan(unit, DeliveryKind.NOTICE, f"n:{person.id}", to, Draft("settings.always"), now=NOW)
        await unit.commit()
    await revoke(database, admin, staff)
    assert [(one.chat, one.key) for one in await said(database, NOW)] == [
        (ADMIN.id, "settings.always"),
        (STAFF.id, "people.all_ended"),
    ]


async def test_their_invitations_go_with_them(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    second = await grant(database, MANAGER, Grant(Role.ADMIN, None))
    async with database.open_unit() as unit:
        token = await Invitations("bot").invite(unit, second, Role.STAFF, None, now=NOW)
        await unit.commit()
    await revoke(database, admin, second)
    async with database.open_unit(read_only=True) as unit:
        with pytest.raises(InvitationInvalid):
            await Invitations("bot").look_at(unit, token, now=NOW)


async def test_an_administrator_of_one_region_ends_only_what_is_held_there(database: Database) -> None:
    regional = await grant(database, ADMIN, Grant(Role.ADMIN, JEONBUK))
    both = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK), Grant(Role.STAFF, GANGWON))
    elsewhere = await grant(database, MANAGER, Grant(Role.MANAGER, GANGWON))
    ended = await revoke(database, regional, both)
    assert ended.left == {Grant(Role.STAFF, GANGWON)}
    [told] = await said(database, NOW)
    assert told.key == "people.some_ended"
    assert "강원 실무자" in told.text
    with pytest.raises(PersonGone):
        await revoke(database, regional, elsewhere)
    async with database.open_unit(read_only=True) as unit:
        listed = [person.name for person, _ in await PEOPLE.listed(unit, regional, now=NOW)]
    assert listed == [ADMIN.first_name]


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
async def test_nobody_else_sees_the_list_or_ends_anything(database: Database, role: Role) -> None:
    person = await grant(database, STAFF, Grant(role, None))
    other = await grant(database, MANAGER, Grant(Role.MANAGER, None))
    with pytest.raises(NotAllowed):
        await revoke(database, person, other)
    async with database.open_unit(read_only=True) as unit:
        with pytest.raises(NotAllowed):
            await PEOPLE.listed(unit, person, now=NOW)
        with pytest.raises(NotAllowed):
            await PEOPLE.seen(unit, person, other.id, now=NOW)


async def test_the_last_administrator_stays(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.ADMIN, JEONBUK))
    with pytest.raises(LastAdmin):
        await revoke(database, admin, admin)
    with pytest.raises(LastAdmin):
        await revoke(database, None, admin)
    await grant(database, MANAGER, Grant(Role.ADMIN, None))
    await revoke(database, admin, admin)
    assert await on_file(database, ADMIN) is None


async def test_two_administrators_who_end_each_other_at_once_leave_one(database: Database) -> None:
    one = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    other = await grant(database, STAFF, Grant(Role.ADMIN, None))
    ends = await asyncio.gather(
        revoke(database, one, other), revoke(database, other, one), return_exceptions=True
    )
    assert sum(isinstance(end, Ended) for end in ends) == 1
    assert sum(isinstance(end, NotAllowed | LastAdmin | PersonGone) for end in ends) == 1
    left = [await on_file(database, user) for user in (ADMIN, STAFF)]
    assert sum(person is not None for person in left) == 1


async def test_ending_the_same_twice_is_refused_kindly(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    staff = await grant(database, STAFF, Grant(Role.STAFF, None))
    await revoke(database, admin, staff)
    for actor in (admin, None):
        with pytest.raises(PersonGone):
            await revoke(database, actor, staff)


async def test_a_manager_chooses_reminders_and_keeps_every_grant(database: Database) -> None:
    grants = {Grant(Role.MANAGER, JEONBUK), Grant(Role.MANAGER, GANGWON)}
    manager = await grant(database, MANAGER, *grants)
    for wanted in (True, True, False):
        async with database.open_unit() as unit:
            await PEOPLE.want_reminders(unit, manager, wanted=wanted)
            await unit.commit()
        known = await on_file(database, MANAGER)
        assert known is not None
        assert known.wants_reminders is wanted
        assert known.grants == grants
    staff = await grant(database, STAFF, Grant(Role.STAFF, None))
    async with database.open_unit() as unit:
        with pytest.raises(NotAllowed):
            await PEOPLE.want_reminders(unit, staff, wanted=False)


async def test_of_a_stranger_who_blocks_us_nothing_is_remembered(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, None))
    async with database.open_unit() as unit:
        await PEOPLE.reach(unit, ChatId(STRANGER.id), reachable=False)
        await PEOPLE.reach(unit, ChatId(STAFF.id), reachable=False)
        await unit.commit()
    staff = await on_file(database, STAFF)
    assert staff is not None
    assert not staff.reachable
    assert await on_file(database, STRANGER) is None
