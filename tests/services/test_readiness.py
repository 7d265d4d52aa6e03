"""What is missing to begin, on both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import ChatId, Region
from bot.domain.person import Grant, Role
from bot.services.readiness import AHEAD, Readiness, readiness
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH, on_tour
from tests.support.plans import DAY

JEONBUK, GANGWON = Region("전북"), Region("강원")


async def asked(database: Database, days: int = 0) -> Readiness:
    async with database.open_unit(read_only=True) as unit:
        return await readiness(unit, DAY + timedelta(days=days))


async def test_an_empty_database_has_nothing(database: Database) -> None:
    assert await asked(database) == Readiness(0, 0, 0, [], [])


async def test_every_region_of_the_coming_days_needs_staff_and_a_manager(database: Database) -> None:
    await on_tour(database)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    assert await asked(database) == Readiness(1, 1, 3, [GANGWON], [GANGWON, JEONBUK])
    await grant(database, MANAGER, Grant(Role.MANAGER, None), Grant(Role.STAFF, GANGWON))
    assert await asked(database) == Readiness(1, 1, 3, [], [])
    assert (await asked(database, -AHEAD.days)).ahead == 3
    assert (await asked(database, -AHEAD.days - 1)).ahead == 0
    assert await asked(database, 1) == Readiness(1, 1, 0, [], [])


async def test_whoever_blocked_the_bot_and_what_was_called_off_do_not_count(database: Database) -> None:
    await on_tour(database, LUNCH, replace(DINNER, cancelled=True), replace(ELSEWHERE, cancelled=True))
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        for who in (ADMIN, STAFF):
            await unit.people.mark_reachable(ChatId(who.id), reachable=False)
        await unit.commit()
    assert await asked(database) == Readiness(0, 1, 1, [JEONBUK], [JEONBUK])
