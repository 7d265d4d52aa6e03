"""Every row of the policy table: what becomes of a delivery whose fate is not known."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import ChatId
from bot.services.ports import FateUnknown, NotSent, SlowDown
from storage.database import Database
from storage.repositories.inbox import Received
from tests.support.sending_rig import Rig, rig_on

LABELLED = [DeliveryKind.REMINDER, DeliveryKind.CHANGE, DeliveryKind.DIGEST, DeliveryKind.NOTICE]
LABEL = "[다시 보냄] "


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_on(database, tmp_path) as rig:
        yield rig


async def came_from(rig: Rig, chat: int) -> None:
    now = rig.clock.now()
    async with rig.database.open_unit() as unit:
        await unit.inbox.receive([Received(900 + chat, ChatId(chat), "{}")], now.date(), now)
        await unit.commit()


@pytest.mark.parametrize("kind", [*LABELLED, DeliveryKind.REPLY])
async def test_it_is_sent_again_once_after_a_minute_silently_and_says_so(
    rig: Rig, kind: DeliveryKind
) -> None:
    rig.messenger.script(FateUnknown())
    await rig.plan("word", kind=kind)
    await rig.drained()
    row = await rig.row("word")
    assert (row.state, row.due_at) == (DeliveryState.UNKNOWN, rig.clock.now() + timedelta(minutes=1))
    await rig.run(59)
    assert rig.messenger.texts() == ["word"]
    await rig.run(600)
    assert rig.messenger.texts() == ["word", LABEL + "word"]
    first, second = rig.messenger.calls
    assert second.at - first.at == timedelta(minutes=1)
    assert (first.message.silent, second.message.silent) == (False, True)
    row = await rig.row("word")
    assert (row.state, row.attempts, row.resend) == (DeliveryState.SENT, 2, True)
    assert rig.alerts == []


async def test_a_reply_is_not_repeated_to_somebody_who_has_acted_since(rig: Rig) -> None:
    rig.messenger.script(FateUnknown(), FateUnknown())
    await rig.plan("to Bora", chat=8, kind=DeliveryKind.REPLY)
    await rig.drained()
    await rig.plan("to Anna", chat=9, kind=DeliveryKind.REPLY)
    await rig.drained()
    await rig.run(30)
    await came_from(rig, 8)
    await rig.run(600)
    assert rig.messenger.texts() == ["to Bora", "to Anna", LABEL + "to Anna"]
    assert await rig.state("to Bora") is DeliveryState.EXPIRED


async def test_what_caused_a_reply_does_not_count_as_acting_since(rig: Rig) -> None:
    await came_from(rig, 8)
    await rig.run(0.01)
    rig.messenger.script(FateUnknown())
    await rig.plan("answer", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(600)
    assert rig.messenger.texts() == ["answer", LABEL + "answer"]


async def test_a_reminder_is_repeated_whatever_its_reader_did(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    await rig.plan("soon", chat=8)
    await rig.run(5)
    await came_from(rig, 8)
    await rig.run(600)
    assert rig.messenger.texts() == ["soon", LABEL + "soon"]


async def test_an_edit_is_repeated_without_a_label(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    await rig.plan("new words", kind=DeliveryKind.EDIT, edits=5)
    await rig.run(10)
    assert rig.messenger.texts() == ["new words", "new words"]
    assert [call.message.silent for call in rig.messenger.calls] == [False, False]
    row = await rig.row("new words")
    assert (row.state, row.resend, row.message_id) == (DeliveryState.SENT, False, 5)


async def test_an_old_edit_never_overwrites_a_newer_one_by_being_repeated(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend([FateUnknown(), FateUnknown()])
    await rig.plan("old", kind=DeliveryKind.EDIT, edits=5)
    await rig.drained()
    await rig.plan("new", kind=DeliveryKind.EDIT, edits=5)
    await rig.run(600)
    assert rig.messenger.texts() == ["old", "new"]
    assert await rig.state("old") is DeliveryState.EXPIRED


@pytest.mark.parametrize("kind", list(DeliveryKind))
async def test_a_second_unknown_is_final_audited_and_alerted(rig: Rig, kind: DeliveryKind) -> None:
    rig.messenger.script(FateUnknown(), FateUnknown())
    edits = 5 if kind is DeliveryKind.EDIT else None
    await rig.plan("lost", kind=kind, edits=edits)
    await rig.run(3600)
    assert len(rig.messenger.calls) == 2
    row = await rig.row("lost")
    assert (row.state, row.due_at) == (DeliveryState.UNKNOWN, None)
    assert rig.alerts == ["delivery_unknown"]
    async with rig.database.open_unit(read_only=True) as unit:
        [act] = await unit.audit.since(rig.clock.now() - timedelta(hours=2), "delivery_unknown")
    assert (act.subject, act.details) == (row.id, {"kind": kind.value})


async def test_the_record_of_a_participants_lost_message_does_not_point_at_it(rig: Rig) -> None:
    rig.messenger.script(FateUnknown(), FateUnknown())
    await rig.plan("lost", kind=DeliveryKind.REPLY, private=True)
    await rig.run(3600)
    async with rig.database.open_unit(read_only=True) as unit:
        [act] = await unit.audit.since(rig.clock.now() - timedelta(hours=2), "delivery_unknown")
    assert act.subject == "private"


@pytest.mark.parametrize("interruption", [NotSent(), SlowDown(timedelta(seconds=3))])
async def test_a_resend_that_did_not_leave_is_still_the_one_resend_and_labelled(
    rig: Rig, interruption: Exception
) -> None:
    rig.messenger.script(FateUnknown(), interruption)
    await rig.plan("word", kind=DeliveryKind.REPLY)
    await rig.run(600)
    assert rig.messenger.texts() == ["word", LABEL + "word", LABEL + "word"]
    row = await rig.row("word")
    assert (row.state, row.attempts, row.resend) == (DeliveryState.SENT, 2, True)


async def test_a_reply_whose_resend_was_put_off_still_asks_whether_its_reader_acted(rig: Rig) -> None:
    rig.messenger.script(FateUnknown(), SlowDown(timedelta(seconds=30)))
    await rig.plan("word", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(70)
    await came_from(rig, 8)
    await rig.run(600)
    assert rig.messenger.texts() == ["word", LABEL + "word"]
    assert await rig.state("word") is DeliveryState.EXPIRED


async def test_after_an_unknown_nothing_is_sent_until_the_messenger_answers(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend([FateUnknown(), NotSent(), FateUnknown(), FateUnknown()])
    began = rig.clock.now()
    await rig.plan("lost", chat=1)
    await rig.drained()
    await rig.plan("waiting", chat=2)
    await rig.run(30)
    seconds = [(probe - began).total_seconds() for probe in rig.messenger.probes]
    assert seconds == [0, 1, 3, 7, 15]
    assert [(call.at - began).total_seconds() for call in rig.messenger.calls] == [0, 15]


async def test_probes_are_half_a_minute_apart_at_most(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend([FateUnknown()] * 9)
    began = rig.clock.now()
    await rig.plan("lost", chat=1)
    await rig.run(600)
    seconds = [(probe - began).total_seconds() for probe in rig.messenger.probes]
    assert seconds == [0, 1, 3, 7, 15, 31, 61, 91, 121, 151]


async def test_a_long_outage_does_not_use_up_anybodys_one_resend(rig: Rig) -> None:
    rig.messenger.outage = FateUnknown()
    await rig.plan_bulk(60, kind=DeliveryKind.REMINDER)
    await rig.run(3600)
    tried = len(rig.messenger.calls)
    assert tried <= 28, "only what was in flight together when it began"
    rig.messenger.outage = None
    await rig.run(600)
    assert len(rig.messenger.accepted) == 60
    assert len({call.message.chat for call in rig.messenger.accepted}) == 60
    labelled = [call for call in rig.messenger.accepted if call.message.text.startswith(LABEL)]
    assert len(labelled) == tried
    assert rig.alerts == []


async def test_after_doubt_messages_go_one_at_a_time_until_one_is_answered(rig: Rig) -> None:
    """getMe may answer while sending does not: then each minute costs one message its first try, not dozens."""
    rig.messenger.script(FateUnknown())
    await rig.plan("lost", chat=1)
    await rig.run(10)
    rig.messenger.most_in_flight = 0
    rig.messenger.outage, rig.messenger.probe_script = (
        FateUnknown(),
        type(rig.messenger.probe_script)([None] * 99),
    )
    await rig.plan_bulk(20, kind=DeliveryKind.REMINDER)
    await rig.drained()
    assert rig.messenger.most_in_flight == 1
    rig.messenger.outage = None
    await rig.run(300)
    assert len(rig.messenger.accepted) == 21
