"""A crash between claim and record: the next process is honest about what it cannot know."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.services.ports import FateUnknown
from storage.database import Database
from tests.support.sending_rig import Rig

LABEL = "[다시 보냄] "


async def crashed(database: Database, folder: Path, *, kind: DeliveryKind, edits: int | None = None) -> Rig:
    """A process that dies while its one request is under way."""
    rig = Rig(database, folder)
    await rig.start()
    await rig.run(2)
    rig.messenger.held = asyncio.Event()
    await rig.plan("word", kind=kind, edits=edits)
    await rig.messenger.arrivals(1)
    await rig.crash()
    rig.messenger.held = None
    assert await rig.state("word") is DeliveryState.SENDING
    return rig


@pytest.mark.parametrize("kind", [kind for kind in DeliveryKind if kind is not DeliveryKind.EDIT])
async def test_it_is_sent_again_exactly_once_and_says_so(
    database: Database, tmp_path: Path, kind: DeliveryKind
) -> None:
    rig = await crashed(database, tmp_path, kind=kind)
    await rig.start()
    began = rig.clock.now()
    assert await rig.state("word") is DeliveryState.UNKNOWN
    await rig.run(600)
    assert rig.messenger.texts() == [LABEL + "word"]
    assert rig.messenger.times() == [began + timedelta(minutes=1)]
    assert rig.messenger.probes == [began]
    await rig.stop()
    await rig.start()
    await rig.run(600)
    await rig.stop()
    assert len(rig.messenger.calls) == 1, "a third process finds nothing to do"
    assert rig.messenger.probes == [began]


async def test_an_edit_is_repeated_at_once(sqlite: Database, tmp_path: Path) -> None:
    rig = await crashed(sqlite, tmp_path, kind=DeliveryKind.EDIT, edits=5)
    await rig.start()
    await rig.run(5)
    await rig.stop()
    assert rig.messenger.texts() == ["word"]
    assert (await rig.row("word")).resend is False


async def test_nothing_is_sent_before_the_messenger_answers(sqlite: Database, tmp_path: Path) -> None:
    rig = await crashed(sqlite, tmp_path, kind=DeliveryKind.REMINDER)
    rig.messenger.probe_script.extend([FateUnknown(), FateUnknown(), FateUnknown()])
    await rig.start()
    began = rig.clock.now()
    await rig.plan("another", chat=2)
    await rig.run(60)
    await rig.stop()
    assert rig.messenger.times(2) == [began + timedelta(seconds=7)]


async def test_a_crash_during_the_resend_is_final_and_alerted(sqlite: Database, tmp_path: Path) -> None:
    rig = await crashed(sqlite, tmp_path, kind=DeliveryKind.REMINDER)
    await rig.start()
    await rig.run(30)
    rig.messenger.held = asyncio.Event()
    rig.clock.advance_to(rig.clock.now() + timedelta(seconds=30))
    await rig.messenger.arrivals(1)
    await rig.crash()
    rig.messenger.held = None
    await rig.start()
    assert rig.alerts == ["delivery_unknown"]
    await rig.run(3600)
    await rig.stop()
    assert rig.messenger.calls == []
    row = await rig.row("word")
    assert (row.state, row.attempts, row.due_at) == (DeliveryState.UNKNOWN, 2, None)


async def test_a_resend_that_waited_over_a_restart_is_asked_for_first_too(
    sqlite: Database, tmp_path: Path
) -> None:
    rig = Rig(sqlite, tmp_path)
    await rig.start()
    await rig.run(2)
    rig.messenger.script(FateUnknown())
    await rig.plan("word")
    await rig.run(5)
    await rig.stop()
    rig.messenger.probes.clear()
    await rig.start()
    began = rig.clock.now()
    await rig.run(120)
    await rig.stop()
    assert rig.messenger.probes == [began]
    assert rig.messenger.texts() == ["word", LABEL + "word"]


async def test_a_first_start_asks_nothing_and_is_silent_for_a_second(
    sqlite: Database, tmp_path: Path
) -> None:
    rig = Rig(sqlite, tmp_path)
    await rig.start()
    began = rig.clock.now()
    await rig.plan("word")
    await rig.run(10)
    await rig.stop()
    assert rig.messenger.probes == []
    assert rig.messenger.times() == [began + timedelta(milliseconds=1050)]
