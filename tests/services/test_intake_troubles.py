"""Troubles at the door: told once, remembered for /status, and never in the way themselves."""

from datetime import timedelta

from bot.gateways.clock import SteppedClock
from bot.services.intake_troubles import CALM, Trouble, Troubles, troubles_now
from storage.database import Database
from tests.support.failing_commits import FailingCommits
from tests.support.plans import at

NOON = at("12:00")


async def test_told_when_it_begins_and_again_only_when_it_was_over(database: Database) -> None:
    clock, told = SteppedClock(NOON), list[Trouble]()
    troubles = Troubles(database.open_unit, clock, told.append)
    for _ in range(3):
        await troubles.noticed(Trouble.SECOND_POLLER)
        clock.advance_to(clock.now() + timedelta(minutes=1))
    await troubles.noticed(Trouble.WEBHOOK_BEHIND)
    assert told == [Trouble.SECOND_POLLER, Trouble.WEBHOOK_BEHIND]
    async with database.open_unit(read_only=True) as unit:
        assert await troubles_now(unit) == {
            Trouble.SECOND_POLLER: NOON,
            Trouble.WEBHOOK_BEHIND: NOON + timedelta(minutes=3),
        }
    await troubles.over(Trouble.WEBHOOK_BEHIND)
    clock.advance_to(NOON + timedelta(minutes=2) + CALM - timedelta(seconds=1))
    await troubles.calm()
    async with database.open_unit(read_only=True) as unit:
        assert set(await troubles_now(unit)) == {Trouble.SECOND_POLLER}
    clock.advance_to(NOON + timedelta(minutes=2) + CALM)
    await troubles.calm()
    async with database.open_unit(read_only=True) as unit:
        assert await troubles_now(unit) == {}
    await troubles.noticed(Trouble.SECOND_POLLER)
    assert told[2:] == [Trouble.SECOND_POLLER]


async def test_the_next_process_sees_for_itself(sqlite: Database) -> None:
    told = list[Trouble]()
    await Troubles(sqlite.open_unit, SteppedClock(NOON), told.append).noticed(Trouble.SECOND_POLLER)
    await Troubles(sqlite.open_unit, SteppedClock(NOON), told.append).begin()
    async with sqlite.open_unit(read_only=True) as unit:
        assert await troubles_now(unit) == {}


async def test_a_database_that_is_away_keeps_nobody_from_telling(sqlite: Database) -> None:
    commits, told = FailingCommits(sqlite), list[Trouble]()
    commits.failing = True
    await Troubles(commits, SteppedClock(NOON), told.append).noticed(Trouble.WEBHOOK_TAKEN)
    assert told == [Trouble.WEBHOOK_TAKEN]
