"""Raw updates: kept once, given out in each chat's order, destroyed minutes later."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ids import ChatId
from bot.services.unit import Unit
from storage.database import Database
from storage.repositories.inbox import Received
from tests.support.kept import NOON
from tests.support.plans import DAY

MINUTE = timedelta(minutes=1)
ANN, BOB, TEAM = ChatId(41), ChatId(42), ChatId(-100)


async def came(unit: Unit, *updates: tuple[int, ChatId], at: timedelta = timedelta(0)) -> int:
    received = [Received(ident, chat, f'{{"update_id": {ident}}}') for ident, chat in updates]
    return await unit.inbox.receive(received, DAY, NOON + at)


async def ready(
    unit: Unit, *, at: timedelta = timedelta(0), busy: frozenset[ChatId] = frozenset()
) -> list[int]:
    return [one.update_id for one in await unit.inbox.next_of_chats(NOON + at, busy, 9)]


async def test_an_update_is_kept_once_whatever_became_of_it(database: Database) -> None:
    async with database.open_unit() as unit:
        assert await came(unit) == 0
        assert await came(unit, (7, ANN), (8, BOB), (7, ANN)) == 2
        assert await came(unit, (7, ANN), (9, ANN)) == 1
        await unit.inbox.settle(7)
        assert await unit.inbox.destroy_done(NOON, [], NOON) == 1
        assert await came(unit, (7, ANN)) == 0
        assert await unit.inbox.forget_seen(DAY) == 0
        assert await unit.inbox.forget_seen(DAY + timedelta(days=1)) == 3


async def test_two_processes_that_get_the_same_updates_keep_each_once(database: Database) -> None:
    """Both stand behind one webhook. In one order each, they would wait for each other in a ring."""
    forth = [(number, ANN) for number in range(1, 60)]

    async def process(updates: list[tuple[int, ChatId]]) -> int:
        async with database.open_unit() as unit:
            new = await came(unit, *updates)
            await unit.commit()
            return new

    for first in range(0, 600, 60):
        batch = [(first + number, chat) for number, chat in forth]
        assert sum(await asyncio.gather(process(batch), process(batch[::-1]), process(batch))) == len(batch)
    async with database.open_unit(read_only=True) as unit:
        assert await unit.inbox.waiting() == 590


async def test_an_update_comes_back_as_it_came(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (5_000_000_007, TEAM))
        [waiting] = await unit.inbox.next_of_chats(NOON, [], 9)
    assert (waiting.update_id, waiting.chat, waiting.attempts) == (5_000_000_007, TEAM, 0)
    assert (waiting.payload, waiting.received_at) == ('{"update_id": 5000000007}', NOON)


async def test_every_chats_first_comes_out_in_the_order_of_arrival(database: Database) -> None:
    """Update ids tell no order: what came first goes first."""
    async with database.open_unit() as unit:
        await came(unit, (9, ANN), (3, BOB), (1, ANN), (4, BOB))
        assert await ready(unit) == [9, 3]
        assert await ready(unit, busy=frozenset({ANN})) == [3]
        assert [one.update_id for one in await unit.inbox.next_of_chats(NOON, [], 1)] == [9]
        await unit.inbox.settle(9)
        assert await ready(unit) == [3, 1]


async def test_an_update_that_waits_for_another_attempt_holds_back_its_chat_alone(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN), (2, ANN), (3, BOB))
        await unit.inbox.retry_later(1, NOON + 5 * MINUTE, "RuntimeError")
        await unit.inbox.settle(3)
        assert await ready(unit) == []
        assert await unit.inbox.next_try() == NOON + 5 * MINUTE, "not the time of the one behind it"
        assert await ready(unit, at=5 * MINUTE) == [1]
        assert await unit.inbox.waiting() == 2


async def test_attempts_are_counted_while_it_waits_and_not_after(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN))
        assert [await unit.inbox.count_attempt(1) for _ in range(3)] == [1, 2, 3]
        assert await unit.inbox.settle(1)
        assert await unit.inbox.count_attempt(1) is None
        assert await unit.inbox.count_attempt(99) is None


@pytest.mark.parametrize("ending", ["settled", "parked"])
async def test_what_ended_stays_ended(database: Database, ending: str) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN))
        assert await (unit.inbox.settle(1) if ending == "settled" else unit.inbox.park(1, "RuntimeError"))
        assert not await unit.inbox.settle(1)
        assert not await unit.inbox.park(1, "RuntimeError")
        await unit.inbox.retry_later(1, NOON + MINUTE, "RuntimeError")
        assert await ready(unit, at=2 * MINUTE) == []
        assert await unit.inbox.next_try() is None
        assert await unit.inbox.parked() == (ending == "parked")


async def test_a_long_failure_is_shortened_to_its_column(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN), (2, BOB))
        await unit.inbox.retry_later(1, NOON, "E" * 500)
        assert await unit.inbox.park(2, "E" * 500)


async def test_whether_somebody_acted_since_a_moment(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN), at=MINUTE)
        assert await unit.inbox.came_since(ANN, NOON)
        assert not await unit.inbox.came_since(ANN, NOON + MINUTE)
        assert not await unit.inbox.came_since(BOB, NOON)


async def test_what_is_done_is_destroyed_and_what_waits_is_not(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN), (2, BOB), (3, TEAM), (4, ANN))
        await came(unit, (5, BOB), at=2 * MINUTE)
        await unit.inbox.settle(1)
        await unit.inbox.park(2, "RuntimeError")
        await unit.inbox.park(3, "RuntimeError")
        await unit.inbox.settle(5)
        assert await unit.inbox.destroy_done(NOON + MINUTE, [BOB], NOON - MINUTE) == 2
        assert await unit.inbox.parked() == 1, "a named person's stays for longer"
        assert await unit.inbox.destroy_done(NOON + MINUTE, [BOB], NOON) == 1
        assert await unit.inbox.waiting() == 1
        assert await unit.inbox.destroy_done(NOON + 2 * MINUTE, [], NOON) == 1


async def test_a_chats_old_updates_are_destroyed_whatever_became_of_them(database: Database) -> None:
    async with database.open_unit() as unit:
        await came(unit, (1, ANN), (2, BOB), (3, TEAM), (4, ANN))
        await came(unit, (5, ANN), at=2 * MINUTE)
        await unit.inbox.settle(1)
        assert set(await unit.inbox.chats_with_old(NOON, 9, but=[])) == {ANN, BOB}, "groups are nobody's"
        assert await unit.inbox.chats_with_old(NOON, 9, but=[ANN, BOB]) == []
        assert await unit.inbox.chats_with_old(NOON - MINUTE, 9, but=[]) == []
        assert await unit.inbox.destroy_of_chats([ANN], NOON) == 2
        assert await unit.inbox.destroy_of_chats([], NOON) == 0
        assert await ready(unit, at=2 * MINUTE) == [2, 3, 5]
