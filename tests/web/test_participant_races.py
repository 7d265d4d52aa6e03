"""Everything that can be done to a note at once, over HTTP and from two processes' worth of connections.

On PostgreSQL these are real races: each request has a connection of its own, and retention is another process. Whatever the
order, nobody reads a failure, and what is left is one of the states that an order one after the other could leave.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from bot.gateways.clock import SteppedClock
from bot.services.purge import Purge
from storage.database import Database
from storage.models import Base
from tests.support.feedback import LUNCH, NOON, notes_of, on_tour, publish
from tests.support.page import WHOLE, Browser, Shown, page_open
from tests.support.plans import SEOUL

PATH = f"/m/{LUNCH.code}"
ANSWERED = {200, 404, 409}
"""Done; the note is not there any more; it was taken back."""
CANARY = "가상 카나리아 말씀"


@asynccontextmanager
async def beside(database: Database) -> AsyncIterator[Database]:
    """The same database as another process has it."""
    other = Database(database.url.render_as_string(hide_password=False))
    try:
        yield other
    finally:
        await other.close()


def at(receipt: Shown, what: str = "") -> str:
    """Where something is done to the note of a receipt."""
    return receipt.path.partition("?")[0] + what


async def all_at_once(*doing: Coroutine[Any, Any, Shown | None], seed: int = 0) -> list[Shown]:
    """In an order that is dealt: none of them is always the first to reach its lock."""
    mixed = list(doing)
    Random(seed).shuffle(mixed)
    return [shown for shown in await asyncio.gather(*mixed) if shown is not None]


async def left(page: Browser, **answers: str) -> Shown:
    """A note that was just left; its receipt."""
    return await page.sends(await page.opens(PATH), **{**WHOLE, "words": CANARY, **answers})


async def retention(database: Database, days: int) -> None:
    clock = SteppedClock(NOON + timedelta(days=days))
    async with database.open_unit() as unit:
        await Purge(clock, SEOUL, 90).retention(unit, now=clock.now())
        await unit.commit()


async def test_a_form_sent_twice_from_two_replicas_is_one_note(database: Database) -> None:
    await on_tour(database)
    async with beside(database) as other, page_open(database) as one, page_open(other) as two:
        form = await one.opens(PATH)
        shown = await all_at_once(
            *(
                page.sends(form, **{**WHOLE, "words": f"{CANARY} {n}"})
                for n in range(5)
                for page in (one, two)
            )
        )
        assert {answer.status for answer in shown} == {200}
        assert len({answer.secret for answer in shown}) == 1
    [spoken] = await notes_of(database)
    assert spoken.note.words.startswith(CANARY)


@pytest.mark.parametrize("seed", [1, 2])
async def test_edits_and_a_withdrawal_at_once_end_withdrawn(database: Database, seed: int) -> None:
    await on_tour(database)
    async with beside(database) as other, page_open(database) as one, page_open(other) as two:
        receipt = await left(one, name="가상청년")
        change = await one.opens(at(receipt, "/change"))
        another = await one.opens(at(receipt, "/another"))
        answers = await all_at_once(
            *(page.sends(change, words=f"{CANARY} {n}") for n in range(3) for page in (one, two)),
            one.posts(at(receipt, "/withdraw"), {}),
            two.posts(at(receipt, "/withdraw"), {}),
            two.posts(at(receipt, "/forget-name"), {}),
            one.sends(another, words="가상 다른 말씀"),
            seed=seed,
        )
        assert {answer.status for answer in answers} <= ANSWERED, [answer.text for answer in answers]
    spoken = await notes_of(database)
    assert sorted(one.note.words for one in spoken) == ["", "가상 다른 말씀"]
    assert [one.note.withdrawn for one in spoken if not one.note.words] == [True]
    assert CANARY not in await everything(database)


@pytest.mark.parametrize("seed", [1, 2])
async def test_retention_in_the_middle_of_it_leaves_nothing(database: Database, seed: int) -> None:
    """The note's time is over while its author changes it and takes it back: nothing of it comes back to life."""
    await on_tour(database)
    await publish(database, NOON)
    async with beside(database) as other, page_open(database) as page:
        receipts = [await left(page, name="가상청년") for _ in range(3)]
        forms = [await page.opens(at(receipt, "/change")) for receipt in receipts]
        answers = await all_at_once(
            *(page.sends(form, words=f"{CANARY} {n}") for n, form in enumerate(forms)),
            *(page.posts(at(receipt, "/withdraw"), {}) for receipt in receipts[:2]),
            *(page.posts(at(receipt, "/forget-name"), {}) for receipt in receipts),
            nothing(retention(other, 91)),
            nothing(retention(other, 91)),
            seed=seed,
        )
        assert {answer.status for answer in answers} <= ANSWERED, [answer.text for answer in answers]
        assert {(await page.opens(at(receipt))).status for receipt in receipts} == {404}
    assert await notes_of(database) == []
    kept = await everything(database)
    assert CANARY not in kept
    assert "가상청년" not in kept


async def nothing(doing: Coroutine[Any, Any, None]) -> None:
    await doing


async def everything(database: Database) -> str:
    """Every row of every table, as text."""
    async with database.open_unit(read_only=True) as unit:
        rows = [
            str(row)
            for table in Base.metadata.sorted_tables
            for row in await unit._session.execute(text(f'SELECT * FROM "{table.name}"'))
        ]
    return "\n".join(rows)
