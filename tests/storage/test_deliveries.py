"""Deliveries: planned once by key, claimed once, settled by what the messenger said, destroyed when private."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority
from bot.domain.ids import ChatId, DeliveryId, PersonId, new_id
from bot.domain.values import Phrase, Value
from bot.services.unit import Unit
from storage.database import Database
from storage.models import DeliveryRow
from tests.support.kept import NOON, delivery

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def planned(database: Database, *deliveries: Delivery) -> None:
    async with database.open_unit() as unit:
        for one in deliveries:
            assert await unit.deliveries.plan(one)
        await unit.commit()


async def due(unit: Unit, *, at: timedelta = timedelta(0), busy: tuple[int, ...] = ()) -> list[str]:
    busy_chats = [ChatId(chat) for chat in busy]
    return [one.dedup for one in await unit.deliveries.due(NOON + at, busy_chats, 99)]


async def claim(unit: Unit, *dedups: str, at: timedelta = timedelta(0)) -> set[str]:
    return set(await unit.deliveries.claim([DeliveryId(dedup) for dedup in dedups], NOON + at))


async def row(unit: Unit, dedup: str) -> DeliveryRow:
    found = await unit._session.scalar(
        select(DeliveryRow).where(DeliveryRow.dedup == dedup).execution_options(populate_existing=True)
    )
    assert found is not None
    return found


async def test_a_delivery_comes_back_as_it_was_planned(database: Database) -> None:
    values: dict[str, Value] = {
        "when": NOON,
        "day": date(2026, 1, 22),
        "count": 3,
        "lines": (Phrase("schedule.host", {"host": "가상 <국장> & 1"}),),
        "none": None,
    }
    one = delivery("k", chat=5_000_000_007, kind=DeliveryKind.CHANGE, person=PersonId("p"), values=values)
    await planned(database, one)
    async with database.open_unit() as unit:
        assert list(await unit.deliveries.due(NOON, [], 9)) == [one]


async def test_planning_twice_is_harmless(database: Database) -> None:
    async with database.open_unit() as unit:
        assert await unit.deliveries.plan(delivery("k"))
        assert not await unit.deliveries.plan(delivery("k", chat=42))
        await unit.commit()
    async with database.open_unit() as unit:
        assert not await unit.deliveries.plan(delivery("k"))
        [one] = await unit.deliveries.due(NOON, [], 9)
        assert one.chat == 41


async def test_many_are_planned_as_one_is_and_known_ones_stay_as_they_were(database: Database) -> None:
    values: dict[str, Value] = {"when": NOON, "none": None}
    many = [
        delivery("known", chat=1),
        delivery("a", chat=2, kind=DeliveryKind.CHANGE, person=PersonId("p"), values=values),
        delivery("b", chat=3),
    ]
    await planned(database, delivery("known", chat=4))
    async with database.open_unit() as unit:
        await unit.deliveries.plan_all([])
        await unit.deliveries.plan_all(many)
        await unit.deliveries.plan_all(many)
        await unit.commit()
    async with database.open_unit() as unit:
        found = {one.dedup: one for one in await unit.deliveries.due(NOON, [], 9)}
    assert found == {"known": delivery("known", chat=4), "a": many[1], "b": many[2]}


async def test_planning_at_once_is_harmless(database: Database) -> None:
    async def plans() -> bool:
        async with database.open_unit() as unit:
            mine = replace(
                delivery("k"), id=DeliveryId(new_id())
            )  # as in life: the key is shared, the id is not
            fresh = await unit.deliveries.plan(mine)
            await asyncio.sleep(0)
            await unit.commit()
        return fresh

    assert sorted(await asyncio.gather(*(plans() for _ in range(4)))) == [False, False, False, True]


async def test_each_chat_gets_its_first_and_people_come_before_broadcasts(database: Database) -> None:
    await planned(
        database,
        delivery("digest", chat=1, kind=DeliveryKind.DIGEST),
        delivery("reminder", chat=2, kind=DeliveryKind.REMINDER),
        delivery("reply-1", chat=3),
        delivery("reply-2", chat=3),
        delivery("late-reply", chat=2),
        delivery("tomorrow", chat=4, due=NOON + timedelta(days=1)),
    )
    async with database.open_unit() as unit:
        assert await due(unit) == ["reply-1", "late-reply", "digest"]
        assert await due(unit, busy=(3,)) == ["late-reply", "digest"]
        assert [d.dedup for d in await unit.deliveries.due(NOON, [], 1)] == ["reply-1"]
        urgent = await unit.deliveries.due(NOON, [], 9, least=Priority.URGENT)
        assert [d.dedup for d in urgent] == ["reply-1", "late-reply"]


async def test_chats_behind_long_lines_are_found(database: Database) -> None:
    """Every chat's first message, however many of other chats stand before it."""
    crowd = [delivery(f"{chat}-{n}", chat=chat) for chat in (1, 2, 3) for n in range(120)]
    last = [delivery(f"last-{chat}", chat=chat) for chat in (4, 5)]
    async with database.open_unit() as unit:
        await unit.deliveries.plan_all([*crowd, *last])
        await unit.commit()
    async with database.open_unit() as unit:
        assert await due(unit) == ["1-0", "2-0", "3-0", "last-4", "last-5"]
        assert await due(unit, busy=(1, 4)) == ["2-0", "3-0", "last-5"]
        four = await unit.deliveries.due(NOON, [], 4)
        assert [one.dedup for one in four] == ["1-0", "2-0", "3-0", "last-4"]
        assert await unit.deliveries.due(NOON, [], 0) == []


async def test_nothing_overtakes_what_another_process_holds(database: Database) -> None:
    """On SQLite there is one writer, which waits; on PostgreSQL a chat whose first message is held is left out."""
    if database.is_sqlite:
        return
    await planned(database, delivery("1-a", chat=1), delivery("1-b", chat=1), delivery("2-a", chat=2))
    async with database.open_unit() as holder, database.open_unit() as unit:
        assert [one.dedup for one in await holder.deliveries.due(NOON, [ChatId(2)], 9)] == ["1-a"]
        assert await due(unit) == ["2-a"]


async def test_when_the_next_falls_due(database: Database) -> None:
    await planned(
        database,
        delivery("bulk", chat=1, kind=DeliveryKind.DIGEST, due=NOON - MINUTE),
        delivery("later", chat=2, due=NOON + MINUTE),
    )
    async with database.open_unit() as unit:
        assert await unit.deliveries.next_due() == NOON - MINUTE
        assert await unit.deliveries.next_due([ChatId(1)]) == NOON + MINUTE
        assert await unit.deliveries.next_due(least=Priority.REPLY) == NOON + MINUTE
        assert await unit.deliveries.next_due([ChatId(1), ChatId(2)]) is None


async def test_of_two_that_claim_at_once_one_gets_it(database: Database) -> None:
    await planned(database, *(delivery(f"k{i}", chat=i) for i in range(1, 9)))
    keys = [f"k{i}" for i in range(1, 9)]
    other = Database(database.url.render_as_string(hide_password=False))

    async def claims(which: Database, names: list[str]) -> set[str]:
        async with which.open_unit() as unit:
            won = await claim(unit, *names)
            await unit.commit()
        return won

    try:
        first, second = await asyncio.gather(claims(database, keys), claims(other, keys[::-1]))
    finally:
        await other.close()
    assert first | second == set(keys)
    assert not first & second


async def test_a_claimed_one_is_nobody_elses_and_counts_its_attempt(database: Database) -> None:
    await planned(database, delivery("k"))
    async with database.open_unit() as unit:
        assert await unit.deliveries.claim([], NOON) == frozenset()
        assert await claim(unit, "k") == {"k"}
        assert await claim(unit, "k") == set()
        assert await due(unit, at=MINUTE) == []
        [left] = await unit.deliveries.left_sending()
        assert (left.dedup, left.attempts, left.resend) == ("k", 1, False)
        assert await unit.deliveries.attempted_at(left.id) == NOON


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED])
async def test_an_end_is_an_end(database: Database, state: DeliveryState) -> None:
    await planned(database, delivery("k"))
    async with database.open_unit() as unit:
        await claim(unit, "k")
        match state:
            case DeliveryState.SENT:
                await unit.deliveries.sent(DeliveryId("k"), 5_000_000_001, NOON)
            case DeliveryState.FAILED:
                await unit.deliveries.failed(DeliveryId("k"), "E" * 500, NOON)
            case _:
                await unit.deliveries.expired(DeliveryId("k"), NOON)
        assert (await row(unit, "k")).state is state
        assert await due(unit, at=timedelta(days=1)) == []
        assert await claim(unit, "k") == set()
        assert await unit.deliveries.next_due() is None
        assert not await unit.deliveries.plan(delivery("k")), "its key is spent"
        await unit.deliveries.unknown(DeliveryId("k"), NOON, NOON + MINUTE)
        await unit.deliveries.failed(DeliveryId("k"), "too late", NOON)
        told = await row(unit, "k")
        assert (told.state, told.draft, told.message_key) == (state, None, "schedule.next_none")


async def test_an_unknown_fate_is_resent_once_labelled_and_then_final(database: Database) -> None:
    await planned(database, delivery("k", kind=DeliveryKind.REMINDER))
    async with database.open_unit() as unit:
        await claim(unit, "k")
        await unit.deliveries.unknown(DeliveryId("k"), NOON, NOON + MINUTE)
        assert (await row(unit, "k")).draft is not None, "its resend needs it"
        assert await unit.deliveries.resends_wait()
        assert await due(unit, at=MINUTE - SECOND) == []
        assert await due(unit, at=MINUTE) == ["k"]
        await claim(unit, "k", at=MINUTE)
        [left] = await unit.deliveries.left_sending()
        assert (left.attempts, left.resend) == (2, True)
        await unit.deliveries.unknown(DeliveryId("k"), NOON + MINUTE, None)
        assert not await unit.deliveries.resends_wait()
        assert (await row(unit, "k")).draft is None, "nothing is left to say"
        assert await due(unit, at=timedelta(days=1)) == []
        assert await unit.deliveries.lost_since(NOON) == {DeliveryKind.REMINDER: {DeliveryState.UNKNOWN: 1}}


async def test_an_edit_that_is_repeated_is_no_labelled_resend(database: Database) -> None:
    await planned(database, delivery("k", kind=DeliveryKind.EDIT, edits=7))
    async with database.open_unit() as unit:
        await claim(unit, "k")
        await unit.deliveries.unknown(DeliveryId("k"), NOON, NOON)
        await claim(unit, "k")
        [left] = await unit.deliveries.left_sending()
        assert not left.resend


async def test_what_surely_did_not_leave_is_planned_again_and_its_attempt_does_not_count(
    database: Database,
) -> None:
    await planned(database, delivery("k"))
    async with database.open_unit() as unit:
        await claim(unit, "k")
        await unit.deliveries.again(DeliveryId("k"), NOON + MINUTE)
        assert await due(unit) == []
        [one] = await unit.deliveries.due(NOON + MINUTE, [], 9)
        assert (one.state, one.attempts) == (DeliveryState.PLANNED, 0)
        assert await unit.deliveries.attempted_at(one.id) is None
        await unit.deliveries.again(DeliveryId("k"), NOON)
        assert (await row(unit, "k")).attempts == 0, "only what is being sent can be planned again"


async def test_of_several_edits_of_one_message_only_the_newest_counts(database: Database) -> None:
    first, second = (delivery(f"e{i}", kind=DeliveryKind.EDIT, edits=7) for i in (1, 2))
    others = [
        delivery("e3", kind=DeliveryKind.EDIT, edits=8),
        delivery("e4", chat=42, kind=DeliveryKind.EDIT, edits=7),
        delivery("r"),
    ]
    await planned(database, first, second, *others)
    async with database.open_unit() as unit:
        assert await unit.deliveries.newer_edit(first)
        assert [await unit.deliveries.newer_edit(one) for one in (second, *others)] == [False] * 4
        await claim(unit, "e2")
        await unit.deliveries.sent(second.id, 7, NOON)
        assert await unit.deliveries.newer_edit(first), "an older one must not overwrite it"


async def test_an_edit_that_failed_is_no_newer_one(database: Database) -> None:
    first, second = (delivery(f"e{i}", kind=DeliveryKind.EDIT, edits=7) for i in (1, 2))
    await planned(database, first, second)
    async with database.open_unit() as unit:
        await claim(unit, "e2")
        await unit.deliveries.failed(second.id, "why", NOON)
        assert not await unit.deliveries.newer_edit(first)


async def test_when_chats_were_last_written_to(database: Database) -> None:
    await planned(
        database,
        delivery("old", chat=1),
        delivery("new", chat=2),
        delivery("slow", chat=3),
        delivery("not", chat=4),
    )
    async with database.open_unit() as unit:
        await claim(unit, "old", "slow", at=-MINUTE)
        await unit.deliveries.sent(DeliveryId("old"), 1, NOON - MINUTE)
        await unit.deliveries.sent(DeliveryId("slow"), 2, NOON + SECOND)
        await claim(unit, "new")
        assert set(await unit.deliveries.sent_since(NOON)) == {(2, NOON), (3, NOON + SECOND)}
