"""People with their grants."""

import pytest

from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId, MeetingId, PersonId, hash_of
from bot.domain.invitation import Invitation
from bot.domain.person import Grant, Person, Role
from storage.database import Database
from tests.support.kept import GANGWON, JEONBUK, NOON, person, tour_with, voice

STAFF_HERE, STAFF_ALL = Grant(Role.STAFF, JEONBUK), Grant(Role.STAFF, None)
MANAGER_THERE = Grant(Role.MANAGER, GANGWON)


def names(people: object) -> list[str]:
    assert isinstance(people, list)
    return sorted(one.name for one in people if isinstance(one, Person))


async def test_a_person_comes_back_with_all_grants(database: Database) -> None:
    async with database.open_unit() as unit:
        known = await person(unit, 41, STAFF_HERE, STAFF_ALL, MANAGER_THERE, wants=True)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.people.by_id(known.id) == known
        assert await unit.people.by_chat(known.chat) == known
        assert await unit.people.by_chat(ChatId(42)) is None
        assert await unit.people.by_id(PersonId("unknown")) is None


async def test_keeping_again_replaces_grants(database: Database) -> None:
    async with database.open_unit() as unit:
        known = await person(unit, 41, STAFF_HERE, MANAGER_THERE)
        await unit.people.keep(
            Person(known.id, ChatId(43), "새 이름", "en", frozenset({STAFF_ALL}), reachable=False)
        )
        changed = await unit.people.by_chat(ChatId(43))
        assert changed is not None
        assert (set(changed.grants), changed.name, changed.reachable) == ({STAFF_ALL}, "새 이름", False)
        assert await unit.people.by_chat(ChatId(41)) is None


async def test_who_can_be_reached_with_a_role_in_a_region(database: Database) -> None:
    async with database.open_unit() as unit:
        await person(unit, 1, STAFF_HERE, STAFF_ALL, name="둘 다")
        await person(unit, 2, STAFF_ALL, name="전국")
        await person(unit, 3, Grant(Role.STAFF, GANGWON), name="강원")
        await person(unit, 4, MANAGER_THERE, name="국장")
        gone = await person(unit, 5, STAFF_HERE, name="차단")
        await unit.people.mark_reachable(gone.chat, reachable=False)
        assert names(await unit.people.reachable_with(Role.STAFF, JEONBUK)) == ["둘 다", "전국"]
        assert names(await unit.people.reachable_with(Role.MANAGER, JEONBUK)) == []
        assert names(await unit.people.with_role(Role.STAFF)) == ["강원", "둘 다", "전국", "차단"]
        assert names(await unit.people.locked_with_role(Role.MANAGER)) == ["국장"]
        assert await unit.people.names() == {"둘 다", "전국", "강원", "국장", "차단"}
        assert [one.name for one in await unit.people.all()] == sorted(
            ["둘 다", "전국", "강원", "국장", "차단"]
        )


async def test_one_grant_comes_and_goes_without_touching_the_others(database: Database) -> None:
    async with database.open_unit() as unit:
        known = await person(unit, 41, STAFF_HERE)
        await unit.people.add_grant(known.id, STAFF_ALL)
        await unit.people.add_grant(known.id, STAFF_ALL)
        both = await unit.people.by_id(known.id)
        assert both is not None
        assert both.grants == {STAFF_HERE, STAFF_ALL}
        await unit.people.end_grants(known.id, [STAFF_ALL, MANAGER_THERE])
        one = await unit.people.by_id(known.id)
        assert one is not None
        assert one.grants == {STAFF_HERE}


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_wish_for_reminders_is_kept(database: Database, *, wanted: bool) -> None:
    async with database.open_unit() as unit:
        known = await person(unit, 41, MANAGER_THERE, wants=not wanted)
        await unit.people.want_reminders(known.id, wanted=wanted)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        again = await unit.people.by_id(known.id)
        assert again is not None
        assert again.wants_reminders is wanted


async def test_a_person_who_is_removed_takes_grants_and_invitations_along_and_leaves_the_voice(
    database: Database,
) -> None:
    token = hash_of("a token")
    async with database.open_unit() as unit:
        await tour_with(unit)
        known = await person(unit, 41, STAFF_HERE)
        spoken = await voice(unit, Speaker.STAFF, of=known.id)
        await unit.invitations.keep(Invitation(token, MANAGER_THERE, known.id, NOON))
        await unit.people.remove(known.id)
        await unit.people.remove(PersonId("unknown"))
        assert await unit.people.by_id(known.id) is None
        assert await unit.people.with_role(Role.STAFF) == []
        assert await unit.invitations.by_token(token) is None
        assert await unit.voices.by_id(spoken) is not None
        assert await unit.voices.of_staff(known.id, MeetingId("id-a")) is None
