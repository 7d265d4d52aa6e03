"""Thousands in line: what is asked in every round costs the same as with a few, and planning them holds nobody up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot.domain.delivery import Delivery, DeliveryKind, Priority
from bot.domain.ids import ChatId, DeliveryId
from bot.services.unit import Unit
from storage.database import Database
from tests.support.kept import NOON, delivery
from tests.support.work import counted

FEW, MANY = 100, 10_000
MINUTE = timedelta(minutes=1)


def broadcast(first: int, count: int) -> list[Delivery]:
    return [
        delivery(f"digest:{n:06d}:", chat=n + 1, kind=DeliveryKind.DIGEST)
        for n in range(first, first + count)
    ]


async def asks_what_is_due(unit: Unit) -> None:
    assert len(await unit.deliveries.due(NOON, [ChatId(1), ChatId(2)], 28)) == 28


async def asks_for_replies(unit: Unit) -> None:
    assert await unit.deliveries.due(NOON, [], 28, least=Priority.REPLY) == []


async def asks_when(unit: Unit) -> None:
    assert await unit.deliveries.next_due([ChatId(1), ChatId(2)]) == NOON


async def asks_when_a_reply_is_due(unit: Unit) -> None:
    assert await unit.deliveries.next_due(least=Priority.REPLY) is None


async def asks_for_later(unit: Unit) -> None:
    assert await unit.deliveries.next_due_after(NOON) is None


async def claims(unit: Unit) -> None:
    ids = [one.id for one in await unit.deliveries.due(NOON, [], 28)]
    assert len(await unit.deliveries.claim(ids, NOON)) == 28


async def settles(unit: Unit) -> None:
    one, *_ = await unit.deliveries.due(NOON, [], 1)
    await unit.deliveries.claim([one.id], NOON)
    await unit.deliveries.sent(one.id, 7, NOON)


async def takes_one_back(unit: Unit) -> None:
    assert await unit.deliveries.withdraw_unsent(["digest:000050:"], NOON) == 1


async def looks_back(unit: Unit) -> None:
    assert await unit.deliveries.lost_since(NOON) == {}
    assert await unit.deliveries.destroy_settled(NOON) == 0


async def notices_that_somebody_acted(unit: Unit) -> None:
    await unit.deliveries.expire_resends_of(ChatId(50), NOON, NOON)


@pytest.mark.parametrize(
    "asks",
    [
        asks_what_is_due,
        asks_for_replies,
        asks_when,
        asks_when_a_reply_is_due,
        asks_for_later,
        claims,
        settles,
        takes_one_back,
        looks_back,
        notices_that_somebody_acted,
    ],
)
async def test_ten_thousand_in_line_cost_no_more_than_a_hundred(
    sqlite: Database, asks: Callable[[Unit], Awaitable[None]]
) -> None:
    work = []
    for deliveries in (broadcast(0, FEW), broadcast(FEW, MANY - FEW)):
        async with sqlite.open_unit() as unit:
            await unit.deliveries.plan_all(deliveries)
            await unit.commit()
        async with counted(sqlite) as counter, sqlite.open_unit() as unit:
            await asks(unit)  # and takes nothing along: it is not committed
        work.append(counter.steps)
    with_few, with_many = work
    assert with_many < 1.5 * with_few + 500


async def test_thousands_that_were_sent_cost_nothing_either(sqlite: Database) -> None:
    work = []
    for settled in (broadcast(0, FEW), broadcast(FEW, MANY - FEW)):
        async with sqlite.open_unit() as unit:
            await unit.deliveries.plan_all(settled)
            await unit._session.execute(
                text(
                    "UPDATE deliveries SET state = 'sent', due_at = NULL, draft = NULL, settled_at = planned_at"
                )
            )
            await unit.commit()
        async with counted(sqlite) as counter, sqlite.open_unit() as unit:
            assert await unit.deliveries.due(NOON, [], 28) == []
            assert await unit.deliveries.next_due() is None
            assert await unit.deliveries.lost_since(NOON + MINUTE) == {}
            assert await unit.deliveries.sent_since(NOON + MINUTE) == []
            assert await unit.deliveries.withdraw_unsent(["digest:000050:"], NOON) == 0
            assert not await unit.deliveries.resends_wait()
            assert await unit.deliveries.left_sending() == []
        work.append(counter.steps)
    assert work[1] < 1.5 * work[0] + 500


async def test_the_keys_that_begin_alike_are_found_by_the_index_of_keys(database: Database) -> None:
    """A sequential scan is made as dear as can be: only an index that cannot be used leaves no other way."""
    if database.is_sqlite:
        return
    async with database.open_unit() as unit:
        await unit._session.execute(text("SET LOCAL enable_seqscan = off"))
        await unit._session.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = await unit._session.scalars(
            text("EXPLAIN DELETE FROM deliveries WHERE dedup >= 'r:' AND dedup < 'r:\U0010ffff'")
        )
        assert "Index Scan using uq_deliveries_dedup" in "\n".join(plan)


async def test_many_are_planned_in_one_statement(database: Database) -> None:
    """Statement by statement, 10,000 hold up every reply for ten seconds on SQLite, which has one writer."""
    statements: list[bool] = []

    def note(*args: object) -> None:
        if str(args[2]).startswith("INSERT"):
            statements.append(bool(args[5]))

    async with database.open_unit() as unit:
        event.listen(database._writer.sync_engine, "before_cursor_execute", note)
        await unit.deliveries.plan_all(broadcast(0, 300))
        event.remove(database._writer.sync_engine, "before_cursor_execute", note)
        assert statements == [True], "one, with many sets of values"
        assert len(await unit.deliveries.due(NOON, [], 400)) == 300


async def test_a_claim_is_of_the_rows_that_were_chosen(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.deliveries.plan_all(broadcast(0, FEW))
        chosen = [one.id for one in await unit.deliveries.due(NOON, [], 28)]
        assert await unit.deliveries.claim([*chosen, DeliveryId("nothing")], NOON) == frozenset(chosen)
