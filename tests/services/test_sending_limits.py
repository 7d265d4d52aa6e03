"""Telegram's limits seen from the messenger, and people before broadcasts."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind
from storage.database import Database
from tests.support.fake_messenger import Call
from tests.support.sending_rig import Rig, rig_on
from tests.support.work import counted


@pytest.fixture
async def rig(sqlite: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_on(sqlite, tmp_path) as rig:
        yield rig


def most_in(moments: Sequence[datetime], window: timedelta) -> int:
    ordered = sorted(moments)
    return max((sum(start <= moment < start + window for moment in ordered) for start in ordered), default=0)


def assert_telegram_is_content(calls: Sequence[Call]) -> None:
    assert most_in([call.at for call in calls], timedelta(seconds=1)) <= 30
    for chat in {call.message.chat for call in calls}:
        moments = [call.at for call in calls if call.message.chat == chat]
        assert most_in(moments, timedelta(seconds=1)) <= 1
        if chat < 0:
            assert most_in(moments, timedelta(minutes=1)) <= 20


async def test_2000_broadcasts_go_out_within_the_limits_and_a_reply_leaves_next(rig: Rig) -> None:
    await rig.plan_bulk(2000)
    await rig.run(20.3)
    before = len(rig.messenger.calls)
    assert 400 < before < 700, "in the thick of it"
    asked = rig.clock.now()
    await rig.plan("answer 1", chat=1, kind=DeliveryKind.REPLY)
    await rig.plan("answer 2", chat=2, kind=DeliveryKind.REPLY)
    await rig.drained()
    answers = rig.messenger.calls[before : before + 2]
    assert [call.message.text for call in answers] == ["answer 1", "answer 2"]
    assert {call.at for call in answers} == {asked}, "room is kept for them"
    await rig.run(120)
    assert len(rig.messenger.accepted) == 2002
    assert_telegram_is_content(rig.messenger.calls)
    assert rig.messenger.most_in_flight <= 40


async def test_more_replies_than_room_still_go_before_the_rest(rig: Rig) -> None:
    await rig.plan_bulk(100)
    await rig.drained()
    before = len(rig.messenger.calls)
    for chat in range(1, 41):
        await rig.plan(f"answer {chat}", chat=chat, kind=DeliveryKind.REPLY)
    await rig.run(30)
    after = [call.message.text.split()[0] for call in rig.messenger.calls[before:]]
    assert after.count("answer") == 40
    assert after[:31] == ["answer"] * 31, "three in the room kept for them, the others before any broadcast"
    assert_telegram_is_content(rig.messenger.calls)


async def test_one_busy_chat_does_not_hold_up_the_others(rig: Rig) -> None:
    await rig.plan(*(f"to one {n}" for n in range(60)), chat=1, kind=DeliveryKind.REPLY)
    await rig.plan_bulk(20, kind=DeliveryKind.REMINDER)
    await rig.drained()
    assert len(rig.messenger.calls) == 21
    await rig.run(90)
    assert rig.messenger.texts(1) == [f"to one {n}" for n in range(60)]
    assert_telegram_is_content(rig.messenger.calls)


async def test_a_group_gets_twenty_a_minute(rig: Rig) -> None:
    await rig.plan(*(f"{n}" for n in range(45)), chat=-1)
    await rig.run(300)
    assert rig.messenger.texts() == [f"{n}" for n in range(45)]
    assert_telegram_is_content(rig.messenger.calls)


async def test_limits_hold_over_a_restart(rig: Rig) -> None:
    await rig.plan(*(f"{n}" for n in range(30)), chat=-1)
    await rig.plan_bulk(60)
    await rig.run(22)
    await rig.stop()
    await rig.start()
    await rig.run(300)
    assert len(rig.messenger.accepted) == 90
    assert_telegram_is_content(rig.messenger.calls)


@pytest.mark.parametrize("kind", [DeliveryKind.DIGEST, DeliveryKind.REPLY])
async def test_a_message_costs_the_database_the_same_however_many_wait_behind_it(
    sqlite: Database, tmp_path: Path, kind: DeliveryKind
) -> None:
    """In steps of the database's machine for each message that went out."""
    costs = []
    for waiting in (200, 9_800):
        async with rig_on(sqlite, tmp_path / f"{waiting}") as rig:
            await rig.plan_bulk(waiting, kind=kind, first=waiting)
            async with counted(sqlite) as work:
                await rig.run(5)
            costs.append(work.steps / len(rig.messenger.calls))
    with_few, with_many = costs
    assert with_many < 1.5 * with_few
