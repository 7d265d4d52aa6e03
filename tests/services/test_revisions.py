"""When a note's change calls the day's digest again: never at a note's time."""

from datetime import timedelta

from storage.database import Database
from tests.support.feedback import revision_due
from tests.support.kept import GANGWON
from tests.support.plans import at
from tests.support.report_day import EVENING, report_day


async def test_before_the_first_digest_nothing_is_called(sqlite: Database) -> None:
    day = await report_day(sqlite)
    note = await day.says()
    await day.asks()
    await day.withdraws(note)
    assert await revision_due(sqlite) is None


async def test_a_late_note_calls_for_the_next_half_hour_and_a_withdrawal_for_now(database: Database) -> None:
    day = await report_day(database)
    await day.publishes(EVENING)
    day.clock.jump_to(at("21:07"))
    note = await day.says()
    assert await revision_due(database) == at("21:30")
    day.clock.jump_to(at("21:12"))
    await day.corrects(note, "고친 말입니다.")
    assert await revision_due(database) == at("21:30")
    day.clock.jump_to(at("21:13"))
    await day.withdraws(note)
    assert await revision_due(database) == at("21:13")
    await day.says("또 다른 의견입니다.")
    assert await revision_due(database) == at("21:13"), "the earliest stands"


async def test_a_note_on_the_half_hour_waits_for_the_next(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.publishes(EVENING)
    day.clock.jump_to(at("21:30"))
    await day.says()
    assert await revision_due(sqlite) == at("22:00")


async def test_another_region_is_not_called(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.publishes(EVENING)
    day.clock.jump_to(EVENING + timedelta(minutes=1))
    await day.says(region=GANGWON, about=None)
    assert await revision_due(sqlite) is None


async def test_only_the_day_of_the_note_loses_its_draft(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    draft = await day.asks()
    await day.says(region=GANGWON, about=None)
    assert (await day.asks()).id == draft.id
    [row] = await day.revisions()
    assert row.body
    await day.says("새 의견입니다.")
    [row] = await day.revisions()
    assert (row.body, row.fingerprint) == ({}, "")
