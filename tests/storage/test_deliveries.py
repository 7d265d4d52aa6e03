"""Deliveries: planned once by key, claimed once, settled by what the messenger said, destroyed when private."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Priority
from bot.domain.ids import ChatId, DeliveryId, PersonId
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


async def test_planning_at_once_is_harmless(database: Database) -> None:
    async def plans() -> bool:
        async with database.open_unit() as unit:
            fresh = await unit.deliveries.plan(delivery("k"))
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
        assert await unit.deliveries.open_of_kind(DeliveryKind.DIGEST) == 1


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
        assert await unit.deliveries.counts_since(NOON) == {state: 1}


async def test_an_unknown_fate_is_resent_once_labelled_and_then_final(database: Database) -> None:
    await planned(database, delivery("k", kind=DeliveryKind.REMINDER))
    async with database.open_unit() as unit:
        await claim(unit, "k")
        await unit.deliveries.unknown(DeliveryId("k"), NOON, NOON + MINUTE)
        assert await unit.deliveries.resends_wait()
        assert await due(unit, at=MINUTE - SECOND) == []
        assert await due(unit, at=MINUTE) == ["k"]
        await claim(unit, "k", at=MINUTE)
        [left] = await unit.deliveries.left_sending()
        assert (left.attempts, left.resend) == (2, True)
        await unit.deliveries.unknown(DeliveryId("k"), NOON + MINUTE, None)
        assert not await unit.deliveries.resends_wait()
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
        await unit.deliveries.failed(second.id, "why", NOON)
        assert not await unit.deliveries.newer_edit(first)


@pytest.mark.parametrize("prefix", ["reminder:a_b%c:", "reminder:a\\b:"])
async def test_withdrawing_takes_a_prefix_at_its_word(database: Database, prefix: str) -> None:
    """Ids are base64 with `_`, which LIKE reads as any letter."""
    await planned(
        database,
        delivery(f"{prefix}60:p", chat=1),
        delivery("reminder:aXbYc:60:p", chat=2),
        delivery("reminder:a/b:60:p", chat=3),
        delivery(f"x{prefix}60:p", chat=4),
    )
    async with database.open_unit() as unit:
        assert await unit.deliveries.withdraw_unsent([]) == 0
        assert await unit.deliveries.withdraw_unsent([prefix, "nothing:"]) == 1
        assert len(await due(unit)) == 3


async def test_withdrawing_takes_back_only_what_has_not_left(database: Database) -> None:
    await planned(
        database,
        *(delivery(f"r:{name}", chat=i) for i, name in enumerate(["plan", "out", "sent", "lost", "back"], 1)),
    )
    async with database.open_unit() as unit:
        await claim(unit, "r:out", "r:sent", "r:lost", "r:back")
        await unit.deliveries.sent(DeliveryId("r:sent"), 1, NOON)
        await unit.deliveries.unknown(DeliveryId("r:lost"), NOON, NOON + MINUTE)
        await unit.deliveries.unknown(DeliveryId("r:back"), NOON, NOON)
        await claim(unit, "r:back")
        await unit.deliveries.again(DeliveryId("r:back"), NOON)
        assert await unit.deliveries.withdraw_unsent(["r:"]) == 1
        assert await due(unit, at=timedelta(days=1)) == []
        assert (
            [(await row(unit, f"r:{name}")).state for name in ("out", "sent", "lost", "back")]
            == [
                DeliveryState.SENDING,
                DeliveryState.SENT,
                DeliveryState.EXPIRED,  # it may have arrived, so its key is spent; what it says is not true any more
                DeliveryState.EXPIRED,
            ]
        )
        assert await unit.deliveries.plan(delivery("r:plan")), "its key is free again"


async def test_a_persons_planned_ones_are_taken_back(database: Database) -> None:
    ann = PersonId("ann")
    await planned(database, delivery("a", chat=1, person=ann), delivery("b", chat=2, person=PersonId("bob")))
    async with database.open_unit() as unit:
        assert await unit.deliveries.withdraw_of(ann) == 1
        assert await due(unit) == ["b"]


async def test_what_is_open_follows_a_chat_that_moved(database: Database) -> None:
    await planned(database, *(delivery(f"k{i}", chat=-5) for i in range(4)), delivery("other", chat=-6))
    async with database.open_unit() as unit:
        await claim(unit, "k1", "k2", "k3")
        await unit.deliveries.sent(DeliveryId("k1"), 1, NOON)
        await unit.deliveries.unknown(DeliveryId("k2"), NOON, NOON + MINUTE)
        await unit.deliveries.moved_chat(ChatId(-5), ChatId(-1005))
        assert [(await row(unit, f"k{i}")).chat_id for i in range(4)] == [-1005, -5, -1005, -1005]
        assert (await row(unit, "other")).chat_id == -6


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


async def test_settled_ones_are_destroyed_when_their_time_is_over(database: Database) -> None:
    await planned(database, delivery("done", chat=1), delivery("open", chat=2))
    async with database.open_unit() as unit:
        await claim(unit, "done")
        await unit.deliveries.sent(DeliveryId("done"), 1, NOON)
        assert await unit.deliveries.destroy_settled(NOON) == 0
        assert await unit.deliveries.destroy_settled(NOON + SECOND) == 1
        assert await due(unit) == ["open"]


async def test_destroying_private_ones_leaves_nothing_but_their_state(database: Database) -> None:
    names = ["plan", "out", "sent", "lost", "final", "failed"]
    await planned(
        database, *(delivery(f"p:{name}", chat=41, private=True, person=PersonId("x")) for name in names)
    )
    async with database.open_unit() as unit:
        await claim(unit, *(f"p:{name}" for name in names[1:]))
        await unit.deliveries.sent(DeliveryId("p:sent"), 77, NOON)
        await unit.deliveries.unknown(DeliveryId("p:lost"), NOON, NOON + MINUTE)
        await unit.deliveries.unknown(DeliveryId("p:final"), NOON, None)
        await unit.deliveries.failed(DeliveryId("p:failed"), "Rejected: chat 41", NOON)
        assert await unit.deliveries.private_chats(NOON, 9) == [41]
        assert await unit.deliveries.destroy_private([ChatId(41)], NOON) == 6
        await unit.commit()
    async with database.open_unit() as unit:
        assert await unit.deliveries.private_chats(NOON, 9) == []
        rows = list(await unit._session.scalars(select(DeliveryRow).order_by(DeliveryRow.seq)))
        assert [one.state for one in rows] == [
            DeliveryState.EXPIRED,
            DeliveryState.EXPIRED,
            DeliveryState.SENT,
            DeliveryState.EXPIRED,
            DeliveryState.UNKNOWN,
            DeliveryState.FAILED,
        ]
        kept = {"seq", "id", "dedup", "kind", "state", "priority", "private", "attempts", "resend"}
        for one in rows:
            told = {c.key: getattr(one, c.key) for c in DeliveryRow.__table__.columns if c.key not in kept}
            assert not any(told.values()), told
            assert one.dedup.startswith("gone:")
        await unit.deliveries.sent(rows[1].id, 78, NOON)
        await unit.deliveries.unknown(rows[1].id, NOON, NOON)
        assert (await row(unit, rows[1].dedup)).state is DeliveryState.EXPIRED, (
            "an answer that comes late is too late"
        )
        assert await due(unit, at=MINUTE) == []


async def test_destroying_private_ones_spares_other_chats_newer_ones_and_peoples_own(
    database: Database,
) -> None:
    await planned(
        database,
        delivery("theirs", chat=42, private=True),
        delivery("newer", chat=41, private=True, planned=NOON + SECOND),
        delivery("own", chat=43),
    )
    async with database.open_unit() as unit:
        assert await unit.deliveries.private_chats(NOON, 9) == [42]
        assert await unit.deliveries.destroy_private([ChatId(41), ChatId(43)], NOON) == 0
        assert await due(unit) == ["theirs", "newer", "own"]
