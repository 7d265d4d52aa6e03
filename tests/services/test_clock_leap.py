"""A clock that is suddenly far ahead destroys nothing whose period counts in days, until somebody confirms or time passes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.clock_leap import LEAP, WAITS, far_ahead
from bot.services.purge import Purge
from storage.database import Database
from tests.support.chat import ADMIN, grant, said
from tests.support.feedback import noted, notes_of, on_tour
from tests.support.plans import SEOUL, at

NOON = at("12:00")
DAY = timedelta(days=1)
YEARS = timedelta(days=800)


async def purge(database: Database, now: datetime, *, confirmed: bool = False) -> None:
    await Purge(SteppedClock(now), SEOUL, 90).run(
        database.open_unit, database.truncate_log, retention=confirmed
    )


async def alerts(database: Database, now: datetime) -> list[str]:
    return [one.key for one in await said(database, now)]


async def lived(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await on_tour(database)
    await noted(database)
    await purge(database, NOON + timedelta(minutes=20))


async def test_years_ahead_nothing_is_destroyed_and_administrators_are_told_once(database: Database) -> None:
    await lived(database)
    for minutes in (0, 1, 90):
        now = NOON + YEARS + timedelta(minutes=minutes)
        await purge(database, now)
        assert len(await notes_of(database)) == 1
        assert await alerts(database, now) == ["alert.clock_leapt"], "told once"


async def test_set_right_again_it_goes_on_as_if_nothing_had_been(database: Database) -> None:
    await lived(database)
    await purge(database, NOON + YEARS)
    await purge(database, NOON + DAY)
    async with database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("clock_leapt") == ""
    await purge(database, NOON + YEARS + WAITS)
    assert len(await notes_of(database)) == 1, "another leap waits anew, however late the first one was seen"


async def test_after_three_days_of_running_it_is_believed(database: Database) -> None:
    await lived(database)
    for days in range(WAITS.days):
        await purge(database, NOON + YEARS + days * DAY)
        assert len(await notes_of(database)) == 1
    await purge(database, NOON + YEARS + WAITS)
    assert await notes_of(database) == []


async def test_a_clock_that_leaps_again_waits_again(database: Database) -> None:
    await lived(database)
    await purge(database, NOON + YEARS)
    await purge(database, NOON + 2 * YEARS)
    assert len(await notes_of(database)) == 1
    await purge(database, NOON + YEARS)
    assert len(await notes_of(database)) == 1, "set back in part: not right either"


async def test_somebody_may_answer_for_the_clock(database: Database) -> None:
    await lived(database)
    await purge(database, NOON + YEARS)
    await purge(database, NOON + YEARS, confirmed=True)
    assert await notes_of(database) == []
    await purge(database, NOON + YEARS + DAY)
    assert await alerts(database, NOON + YEARS + DAY) == ["alert.clock_leapt"], "that of before, and no other"


async def test_a_service_that_ran_every_day_or_stood_still_for_a_while_destroys_in_time(
    database: Database,
) -> None:
    await lived(database)
    now = NOON
    while now < NOON + 90 * DAY:
        assert len(await notes_of(database)) == 1
        now += LEAP
        await purge(database, now)
    assert await notes_of(database) == []
    assert await alerts(database, now) == []


@pytest.mark.parametrize(
    ("keeps", "most"), [(1, 1), (2, 1), (7, 3), (27, 13), (28, 14), (90, 14), (3650, 14)]
)
def test_what_is_kept_for_days_alone_is_guarded_by_days(keeps: int, most: int) -> None:
    ran = NOON.date()
    ahead: Callable[[int], bool] = lambda days: far_ahead(ran, ran + days * DAY, keeps * DAY)  # noqa: E731
    assert not ahead(most)
    assert ahead(most + 1)
    assert not ahead(-400), "behind is not ahead"
