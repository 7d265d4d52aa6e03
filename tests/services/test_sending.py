"""The way out on a good day: order, freshness, what is no longer worth sending, starting and stopping."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import Button, DeliveryKind, DeliveryState, Draft
from storage.database import Database
from tests.support.fake_messenger import FakeMessenger
from tests.support.sending_rig import Rig, rig_on
from tests.support.stepping import run_until


@pytest.fixture
async def rig(sqlite: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_on(sqlite, tmp_path) as rig:
        yield rig


async def test_what_is_planned_is_sent_at_once_and_recorded(database: Database, tmp_path: Path) -> None:
    async with rig_on(database, tmp_path) as rig:
        planned_at = rig.clock.now()
        await rig.plan("hello")
        await rig.drained()
        assert rig.messenger.texts() == ["hello"]
        assert rig.messenger.times() == [planned_at]
        row = await rig.row("hello")
        assert (row.state, row.message_id, row.attempts, row.resend) == (DeliveryState.SENT, 1, 1, False)
        assert row.settled_at == planned_at


async def test_words_are_rendered_when_they_leave_not_when_they_were_planned(rig: Rig) -> None:
    start = rig.clock.now() + timedelta(minutes=10)
    await rig.plan("one")
    await rig.plan("x", draft=Draft("t.left", {"start": start}))
    await rig.drained()
    assert rig.messenger.texts() == ["one"], "the chat's second message waits for its second"
    await rig.run(121)
    assert rig.messenger.texts() == ["one", "10분 뒤"]
    await rig.plan("y", draft=Draft("t.left", {"start": start}))
    await rig.drained()
    assert rig.messenger.texts()[-1] == "8분 뒤"


async def test_buttons_and_pictures_go_along(rig: Rig) -> None:
    keyboard = ((Button("t.label", {"words": "예"}, data="x:1"),),)
    await rig.plan(
        "qr", draft=Draft("t.say", {"words": "벽에 붙여 주십시오"}, keyboard=keyboard, picture="link")
    )
    await rig.drained()
    [call] = rig.messenger.calls
    assert call.message.picture == b"PNG link"
    assert [[(b.label, b.data) for b in row] for row in call.message.keyboard] == [[("예", "x:1")]]


async def test_a_chats_messages_keep_their_order_a_second_apart(rig: Rig) -> None:
    await rig.plan("1", "2", "3")
    await rig.run(10)
    assert rig.messenger.texts() == ["1", "2", "3"]
    first, second, third = rig.messenger.times()
    assert second - first > timedelta(seconds=1)
    assert third - second > timedelta(seconds=1)


async def test_replies_go_before_reminders_and_those_before_broadcasts(rig: Rig) -> None:
    rig.messenger.held = asyncio.Event()
    await rig.plan("first")
    await rig.messenger.arrivals(1)
    kinds = [DeliveryKind.DIGEST, DeliveryKind.REMINDER, DeliveryKind.CHANGE, DeliveryKind.REPLY]
    for kind in kinds:
        await rig.plan(kind.value, kind=kind)
    rig.messenger.held.set()
    rig.messenger.held = None
    await rig.run(10)
    assert rig.messenger.texts() == ["first", "reply", "reminder", "change", "digest"]


async def test_what_has_expired_is_not_sent(rig: Rig) -> None:
    now = rig.clock.now()
    await rig.plan("too late", chat=1, expires=now)
    await rig.plan("in time", chat=2, expires=now + timedelta(milliseconds=1))
    await rig.drained()
    assert rig.messenger.texts() == ["in time"]
    assert await rig.state("too late") is DeliveryState.EXPIRED


async def test_of_several_edits_of_one_message_only_the_newest_is_sent(rig: Rig) -> None:
    await rig.plan("hello")
    await rig.drained()
    for words in ("edit 1", "edit 2", "edit 3"):
        await rig.plan(words, kind=DeliveryKind.EDIT, edits=1)
    await rig.plan("another", kind=DeliveryKind.EDIT, edits=2)
    await rig.run(10)
    assert rig.messenger.texts() == ["hello", "edit 3", "another"]
    assert await rig.state("edit 1") is DeliveryState.EXPIRED
    assert await rig.state("edit 2") is DeliveryState.EXPIRED


async def test_a_message_without_fitting_words_fails_alone(rig: Rig) -> None:
    await rig.plan("a", chat=1, draft=Draft("t.nothing_such"))
    await rig.plan("b", chat=2, draft=Draft("t.say", {"words": "가" * 4097}))
    await rig.plan("c", chat=3, draft=Draft("digest.section", {"digest": "d"}))
    await rig.plan("good", chat=4)
    await rig.drained()
    assert rig.messenger.texts() == ["good"]
    for key in ("a", "b", "c"):
        row = await rig.row(key)
        assert (row.state, row.failure) == (DeliveryState.FAILED, "words: WordsError")
        assert row.attempts == 0, "nothing of it has left"


async def test_stopping_begins_nothing_more_and_waits_for_what_is_in_flight(
    sqlite: Database, tmp_path: Path
) -> None:
    rig = Rig(sqlite, tmp_path)
    await rig.start()
    await rig.run(2)
    rig.messenger.held = asyncio.Event()
    await rig.plan("in flight", chat=1)
    await rig.messenger.arrivals(1)
    rig.sender.stop()
    await rig.plan("too late", chat=2)
    assert not rig.task.done()
    rig.messenger.held.set()
    await rig.task
    assert await rig.state("in flight") is DeliveryState.SENT
    assert await rig.state("too late") is DeliveryState.PLANNED
    assert not await rig.sender.open_work(rig.clock.now())


async def test_something_planned_without_a_word_is_open_work_until_it_is_sent(rig: Rig) -> None:
    assert not await rig.sender.open_work(rig.clock.now())
    await rig.plan("quiet")
    assert await rig.sender.open_work(rig.clock.now())
    await rig.drained()
    assert not await rig.sender.open_work(rig.clock.now())
    assert rig.messenger.texts() == ["quiet"]


async def test_a_waiting_sender_lets_the_clock_stand_still(rig: Rig) -> None:
    await rig.plan("1", "2")
    await rig.drained()
    assert not await rig.sender.open_work(rig.clock.now()), "what waits for a limit waits for the clock"
    assert not rig.activity.busy
    await rig.run(60)
    assert rig.clock.next_waiter() is None, "with nothing left to do it sleeps without an alarm"


async def test_two_senders_on_one_database_send_everything_once(database: Database, tmp_path: Path) -> None:
    rig = Rig(database, tmp_path)
    await rig.start()
    other = rig.build()
    await other.recover()
    second = asyncio.create_task(other.run())
    await rig.plan_bulk(120)
    for _ in range(20):
        rig.sender.wake()
        other.wake()
        horizon = rig.clock.now() + timedelta(seconds=1)
        await run_until(rig.clock, horizon, rig.activity, rig.sender.open_work, other.open_work)
    other.stop()
    await second
    await rig.stop()
    assert sorted(rig.messenger.texts()) == sorted(f"bulk {n}" for n in range(120))


async def test_no_transaction_is_open_while_a_request_is_under_way(rig: Rig) -> None:
    rig.messenger.held = asyncio.Event()
    await rig.plan("slow", chat=1)
    await rig.messenger.arrivals(1)
    async with asyncio.timeout(5), rig.database.open_unit() as unit:
        await unit.facts.put("written", "meanwhile")
        await unit.commit()
    assert await rig.state("slow") is DeliveryState.SENDING


class Broken(FakeMessenger):
    """Raises what no messenger should."""

    async def send(self, message: object) -> int:
        raise RuntimeError("surprise")


async def test_an_error_nobody_foresaw_leaves_the_fate_unknown(sqlite: Database, tmp_path: Path) -> None:
    rig = Rig(sqlite, tmp_path)
    rig.messenger = Broken(rig.clock)
    await rig.start()
    await rig.run(2)
    await rig.plan("surprise")
    await rig.drained()
    assert await rig.state("surprise") is DeliveryState.UNKNOWN
    await rig.stop()
