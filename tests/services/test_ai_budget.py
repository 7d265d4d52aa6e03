"""The day's tokens: asked only while they last, counted whatever becomes of the call."""

import asyncio
from datetime import date
from typing import Any

import pytest

from bot.digest.model_form import ThemeText
from bot.digest.ports import Answer, ModelFailed, Request, Trouble
from bot.gateways.clock import SteppedClock
from bot.services.ai_budget import Budgeted
from storage.database import Database
from storage.repositories.ai_usage import Usage
from tests.support.model_writers import Writer, findings
from tests.support.plans import SEOUL, at

REQUEST = Request("규칙", "자료", 100)
COST = REQUEST.tokens_at_most


def budgeted(database: Database, writer: Writer, tokens: int, clock: str = "21:00") -> Budgeted:
    return Budgeted(writer, database.open_unit, SteppedClock(at(clock)), SEOUL, tokens)


async def used(database: Database, day: date = date(2026, 1, 22)) -> Usage:
    async with database.open_unit(read_only=True) as unit:
        return await unit.ai_usage.of_day(day)


async def test_what_it_took_is_counted_and_the_last_call_that_fits_is_made(database: Database) -> None:
    writer = Writer(otherwise=lambda _: findings(), tokens=40)
    model = budgeted(database, writer, COST + 40)
    for _ in range(2):
        assert (await model.complete(REQUEST, ThemeText)).tokens == 40
    with pytest.raises(ModelFailed) as refused:
        await model.complete(REQUEST, ThemeText)
    assert refused.value.trouble is Trouble.BUDGET
    assert len(writer.asked) == 2
    assert await used(database) == Usage(used=80, calls=2)


async def test_a_failure_is_counted_with_what_it_took(sqlite: Database) -> None:
    failing = ModelFailed(Trouble.MALFORMED, tokens=33, estimated=True)
    with pytest.raises(ModelFailed):
        await budgeted(sqlite, Writer(script=[failing]), 1000).complete(REQUEST, ThemeText)
    assert await used(sqlite) == Usage(used=33, estimated=33, calls=1)


async def test_a_call_that_was_given_up_counts_as_taken(sqlite: Database) -> None:
    class Slow(Writer):
        async def complete(self, request: Request, form: Any) -> Answer[Any]:
            await asyncio.Event().wait()
            raise AssertionError

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await budgeted(sqlite, Slow(), 1000).complete(REQUEST, ThemeText)
    assert await used(sqlite) == Usage(used=COST, estimated=COST, calls=1)


async def test_the_day_is_the_peoples(sqlite: Database) -> None:
    """00:30 in Seoul is still the day before in UTC."""
    writer = Writer(otherwise=lambda _: findings(), tokens=1)
    await budgeted(sqlite, writer, 1000, "00:30").complete(REQUEST, ThemeText)
    assert await used(sqlite) == Usage(used=1, calls=1)


async def test_a_budget_of_nothing_asks_nobody(sqlite: Database) -> None:
    writer = Writer()
    with pytest.raises(ModelFailed):
        await budgeted(sqlite, writer, 0).complete(REQUEST, ThemeText)
    assert writer.asked == []
