"""Refusals and outages: what concerns one chat, what concerns everybody, what is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import ChatId, MeetingId, PersonId
from bot.domain.person import Person
from bot.services.ports import ChatMoved, NotSent, Rejected, SlowDown, TokenRefused, Unreachable
from bot.services.sending import ends
from bot.services.sending.results import End
from bot.services.sending.results import record as record_as_it_is
from bot.services.unit import Unit
from storage.database import Database
from storage.repositories.subscriptions import Subscription
from tests.support.kept import tour_with
from tests.support.sending_rig import Rig, rig_on


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_on(database, tmp_path) as rig:
        yield rig


def seconds_of(rig: Rig, chat: int) -> list[float]:
    first = rig.messenger.calls[0].at
    return [(at - first).total_seconds() for at in rig.messenger.times(chat)]


async def person_at(rig: Rig, chat: int) -> None:
    async with rig.database.open_unit() as unit:
        await unit.people.keep(
            Person(id=PersonId("anna"), chat=ChatId(chat), name="가나다", language="ko", grants=frozenset())
        )
        await unit.commit()


async def test_a_message_that_did_not_leave_is_tried_after_1_2_4_seconds_and_sent_once(rig: Rig) -> None:
    rig.messenger.script(NotSent(), NotSent(), NotSent())
    await rig.plan("word")
    await rig.run(60)
    pauses = [round(after - before) for before, after in pairwise(seconds_of(rig, 7))]
    assert pauses == [1, 2, 4]
    assert len(rig.messenger.accepted) == 1
    row = await rig.row("word")
    assert (row.state, row.attempts, row.resend) == (DeliveryState.SENT, 1, False)


async def test_an_outage_of_minutes_loses_nothing_and_sends_everything_once_in_order(rig: Rig) -> None:
    rig.messenger.outage = NotSent()
    await rig.plan("1", "2", "3", kind=DeliveryKind.REPLY)
    await rig.plan_bulk(50)
    await rig.run(900)
    assert rig.messenger.accepted == []
    assert len(rig.messenger.probes) <= 40, "every half minute, not a storm"
    rig.messenger.outage = None
    await rig.run(120)
    accepted = [call.message.text for call in rig.messenger.accepted]
    assert len(accepted) == len(set(accepted)) == 53
    assert [words for words in accepted if not words.startswith("bulk")] == ["1", "2", "3"]


async def test_slow_down_concerns_its_chat_alone(rig: Rig) -> None:
    rig.messenger.script(SlowDown(timedelta(seconds=40)), chat=1)
    await rig.plan("a1", "a2", chat=1)
    await rig.plan("b1", "b2", chat=2)
    await rig.run(120)
    first, second, third = seconds_of(rig, 1)
    assert (first, second) == (0, 40)
    assert 41 < third < 42
    assert seconds_of(rig, 2)[0] == 0
    assert seconds_of(rig, 2)[1] < 2
    assert rig.messenger.texts(1) == ["a1", "a1", "a2"], "the chat's order holds"
    assert (await rig.row("a1")).attempts == 1


async def test_who_blocked_the_bot_is_marked_unreachable(rig: Rig) -> None:
    await person_at(rig, 1)
    rig.messenger.script(Unreachable("403 Forbidden: bot was blocked by the user"), chat=1)
    await rig.plan("word", chat=1)
    await rig.run(120)
    assert len(rig.messenger.calls) == 1
    row = await rig.row("word")
    assert row.state is DeliveryState.FAILED
    assert row.failure == "Unreachable: 403 Forbidden: bot was blocked by the user"
    async with rig.database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(1))
    assert person is not None
    assert not person.reachable


async def test_what_is_rejected_is_never_tried_again_and_holds_nobody_up(rig: Rig) -> None:
    rig.messenger.script(Rejected("400 Bad Request: chat not found"), chat=1)
    await rig.plan("bad", chat=1)
    await rig.plan("good", chat=2)
    await rig.run(120)
    assert rig.messenger.texts() == ["bad", "good"]
    assert await rig.state("bad") is DeliveryState.FAILED
    assert rig.messenger.probes == []


async def test_a_group_that_moved_is_followed_with_all_that_waits_for_it(rig: Rig) -> None:
    await person_at(rig, -5)
    rig.messenger.script(ChatMoved(ChatId(-100)), chat=-5)
    await rig.plan("1", "2", chat=-5)
    await rig.run(30)
    assert [(call.message.chat, call.message.text) for call in rig.messenger.calls] == [
        (-5, "1"),
        (-100, "1"),
        (-100, "2"),
    ]
    assert (await rig.row("1")).attempts == 1
    async with rig.database.open_unit(read_only=True) as unit:
        assert await unit.people.by_chat(ChatId(-100)) is not None


async def test_a_group_that_moved_onto_itself_is_an_end(rig: Rig) -> None:
    rig.messenger.script(ChatMoved(ChatId(-5)), chat=-5)
    await rig.plan("1", chat=-5)
    await rig.run(30)
    assert await rig.state("1") is DeliveryState.FAILED


async def test_a_refused_token_stops_everything_until_it_is_accepted(
    database: Database, tmp_path: Path
) -> None:
    async with rig_on(database, tmp_path) as rig:
        rig.messenger.outage = TokenRefused()
        await rig.plan_bulk(40)
        began = rig.clock.now()
        await rig.run(600)
        tried = len(rig.messenger.calls)
        assert tried <= 28
        assert [(p - began).total_seconds() for p in rig.messenger.probes] == [60.0 * n for n in range(1, 11)]
        assert rig.alerts == ["sending_stopped"]
        async with rig.database.open_unit(read_only=True) as unit:
            assert await unit.facts.get("sending_stopped") == began.isoformat()
            assert await unit.audit.count_since(began, "sending_stopped") == 1
        rig.messenger.outage = None
        await rig.run(120)
        assert len(rig.messenger.accepted) == 40
        assert not any(call.message.silent for call in rig.messenger.accepted), "nothing had arrived"
        assert rig.alerts == ["sending_stopped", "sending_resumed"]
        async with rig.database.open_unit(read_only=True) as unit:
            assert await unit.facts.get("sending_stopped") == ""


async def test_a_refused_token_is_remembered_over_a_restart(rig: Rig) -> None:
    rig.messenger.outage = TokenRefused()
    await rig.plan("word")
    await rig.run(10)
    await rig.stop()
    tried = len(rig.messenger.calls)
    await rig.start()
    await rig.run(30)
    assert len(rig.messenger.calls) == tried, "a new process asks first"
    assert rig.alerts == ["sending_stopped"]
    rig.messenger.outage = None
    await rig.run(60)
    assert await rig.state("word") is DeliveryState.SENT
    assert rig.alerts == ["sending_stopped", "sending_resumed"]


async def test_a_database_that_fails_for_a_moment_loses_no_answer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = record_as_it_is, [RuntimeError("disk full"), RuntimeError("disk full")]

    async def record(unit: Unit, end: End) -> DeliveryState:
        if failures:
            raise failures.pop()
        return await real(unit, end)

    monkeypatch.setattr(ends, "record", record)
    await rig.plan("word")
    await rig.run(30)
    assert rig.messenger.texts() == ["word"]
    assert await rig.state("word") is DeliveryState.SENT


async def test_an_end_that_cannot_be_written_down_holds_up_nobody_else(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one whose record fails stays open until it succeeds; nobody hears anything twice meanwhile."""
    broken = [True]

    async def record(unit: Unit, end: End) -> DeliveryState:
        if end.delivery.chat == 1 and broken:
            await unit.deliveries.failed(end.delivery.id, "half done", end.at)
            raise RuntimeError("not this one")
        return await record_as_it_is(unit, end)

    monkeypatch.setattr(ends, "record", record)
    await rig.plan("bad", "bad 2", chat=1)
    await rig.plan("good", "good 2", chat=2)
    await rig.run(30)
    assert rig.messenger.texts() == ["bad", "good", "good 2"]
    assert await rig.state("bad") is DeliveryState.SENDING, "what the failure had half done is undone"
    assert await rig.state("good 2") is DeliveryState.SENT
    broken.clear()
    await rig.run(30)
    assert rig.messenger.texts() == ["bad", "good", "good 2", "bad 2"]
    assert await rig.state("bad") is DeliveryState.SENT


async def test_who_blocked_the_bot_is_subscribed_to_nothing_any_more(rig: Rig) -> None:
    async with rig.database.open_unit() as unit:
        await tour_with(unit)
        for chat in (1, 2):
            await unit.subscriptions.keep(Subscription(f"s{chat}", MeetingId("id-a"), ChatId(chat), "ko"))
        await unit.commit()
    rig.messenger.script(Unreachable("403 Forbidden: bot was blocked by the user"), chat=1)
    await rig.plan("word", chat=1)
    await rig.plan("word for another", chat=2)
    await rig.drained()
    async with rig.database.open_unit(read_only=True) as unit:
        counts = [await unit.subscriptions.count_of(ChatId(chat)) for chat in (1, 2)]
    assert counts == [0, 1]
