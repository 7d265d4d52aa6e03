"""Each chat's menu follows its person's grants; a tick sees to it, once."""

from zoneinfo import ZoneInfo

from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from bot.services.menus import AT_ONCE, Menus, MenuToSet
from bot.services.people import People
from prompts.messages import Messages
from storage.database import Database
from tests.support.chat import ADMIN, STAFF, User, grant
from tests.support.plans import at

NOW = at("12:00")
MENUS = Menus(Messages(ZoneInfo("Asia/Seoul")))


async def pending(database: Database) -> list[MenuToSet]:
    async with database.open_unit(read_only=True) as unit:
        return await MENUS.pending(unit, now=NOW)


async def set_all(database: Database) -> None:
    async with database.open_unit() as unit:
        for menu in await MENUS.pending(unit, now=NOW):
            await MENUS.done(unit, menu)
        await unit.commit()


def test_everybody_else_sees_privacy_and_help_in_korean_or_else_in_english() -> None:
    """Korean goes first: a start that is cut short shows nobody who reads Korean an English menu."""
    korean = {"privacy": "내 정보 확인하고 지우기", "help": "도움말 보기"}
    english = {"privacy": "See and delete my data", "help": "Help"}
    assert MENUS.defaults(now=NOW) == (("ko", korean), (None, english))
    assert MENUS.menu_for(None, now=NOW) == korean
    assert MENUS.menu_for(None, now=NOW, language="uz") == english


async def test_a_menu_speaks_its_persons_language_and_is_set_anew_when_they_choose_another(
    database: Database,
) -> None:
    staff = await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
    await set_all(database)
    async with database.open_unit() as unit:
        await People().speak(unit, staff, "en")
        await unit.commit()
    [menu] = await pending(database)
    assert menu.commands["late"] == "Announce a delay"
    await set_all(database)
    assert await pending(database) == []


async def test_a_new_grant_asks_for_a_menu_once(database: Database) -> None:
    staff = await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
    [menu] = await pending(database)
    assert (menu.chat, menu.commands) == (staff.chat, MENUS.menu_for(staff, now=NOW))
    assert "late" in menu.commands
    await set_all(database)
    assert await pending(database) == []


async def test_more_grants_ask_for_another_and_the_same_menu_for_none(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
    await set_all(database)
    await grant(database, STAFF, Grant(Role.STAFF, Region("강원")))
    assert await pending(database) == []
    await grant(database, STAFF, Grant(Role.STAFF, None), Grant(Role.ADMIN, None))
    [menu] = await pending(database)
    assert "invite" in menu.commands


async def test_who_is_gone_gets_the_menu_of_everybody_and_is_forgotten(database: Database) -> None:
    staff = await grant(database, STAFF, Grant(Role.STAFF, None))
    await set_all(database)
    async with database.open_unit() as unit:
        await unit.people.remove(staff.id)
        await unit.commit()
    [menu] = await pending(database)
    assert (menu.chat, menu.commands, menu.ends) == (staff.chat, {}, True)
    await set_all(database)
    async with database.open_unit(read_only=True) as unit:
        assert await unit.menus.all() == {}


async def test_whom_nothing_reaches_is_not_tried(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, None))
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(ChatId(STAFF.id), reachable=False)
        await unit.commit()
    assert [menu.chat for menu in await pending(database)] == [admin.chat]


async def test_a_tick_stays_short(sqlite: Database) -> None:
    for number in range(AT_ONCE + 3):
        await grant(sqlite, User(7_200_000_000 + number, f"가상 {number}"), Grant(Role.STAFF, None))
    await set_all(sqlite)
    assert len(await pending(sqlite)) == 3
