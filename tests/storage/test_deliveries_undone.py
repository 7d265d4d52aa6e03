"""Deliveries that are taken back, follow their chat, or are destroyed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.ids import ChatId, DeliveryId, PersonId
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
        assert await unit.deliveries.withdraw_unsent([], NOON) == 0
        assert await unit.deliveries.withdraw_unsent([prefix, "nothing:"], NOON) == 1
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
        assert await unit.deliveries.withdraw_unsent(["r:"], NOON) == 1
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


async def test_a_participants_reminder_that_could_not_leave_yet_waits_and_its_key_outlives_it(
    database: Database,
) -> None:
    """Otherwise it would be lost in silence, or come twice when the meeting moves again."""
    reminder = delivery("reminder:m:60:s", kind=DeliveryKind.REMINDER, private=True)
    await planned(database, reminder)
    async with database.open_unit() as unit:
        assert await unit.deliveries.private_chats(NOON, 9) == []
        assert await unit.deliveries.destroy_private([ChatId(41)], NOON) == 0
        await unit.deliveries.claim([reminder.id], NOON)
        await unit.deliveries.sent(reminder.id, 5, NOON)
        assert await unit.deliveries.destroy_private([ChatId(41)], NOON) == 1
        assert not await unit.deliveries.plan(reminder), "it was sent already"
        assert (await row(unit, reminder.dedup)).chat_id is None
