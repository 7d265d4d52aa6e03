"""A reply whose fate is unknown is not repeated to somebody who has gone on, however long ago that was."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import ChatId
from bot.services.inbox import InboxService
from bot.services.ports import FateUnknown, RawUpdate, SlowDown
from storage.database import Database
from tests.support.desk import Handlers
from tests.support.raw_updates import User, text_message
from tests.support.sending_rig import Rig, rig_on

BORA = User(8, "가상 보라")
OUTAGE = [FateUnknown()] * 200
"""The messenger does not answer for more than an hour."""


@pytest.fixture
async def rig(database: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig_on(database, tmp_path) as rig:
        yield rig


async def writes(rig: Rig, *, handlers: Handlers | None = None) -> None:
    """Bora writes, and it is settled, or parked after three attempts."""
    inbox = InboxService(rig.database.open_unit, rig.clock)
    body = text_message(BORA, "다음", 1, rig.clock.now())
    await inbox.receive([RawUpdate(901, json.dumps({"update_id": 901, **body}))])
    for pause in (0, 5, 30):
        rig.clock.advance_to(rig.clock.now() + timedelta(seconds=pause))
        for waiting in await inbox.ready(frozenset(), 9):
            await inbox.settle(waiting, handlers or Handlers(says=False))


async def forgets_updates(rig: Rig) -> None:
    """What the purge does with raw updates after fifteen minutes."""
    async with rig.database.open_unit() as unit:
        assert await unit.inbox.destroy_of_chats([ChatId(BORA.id)], rig.clock.now()) == 1
        await unit.commit()


async def test_somebody_who_went_on_during_a_long_outage_gets_nothing_twice(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend(OUTAGE)
    await rig.plan("to Bora", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(30)
    await writes(rig)
    assert await rig.state("to Bora") is DeliveryState.EXPIRED
    await rig.run(1200)
    await forgets_updates(rig)
    await rig.run(7200)
    assert rig.messenger.texts() == ["to Bora"]


async def test_an_update_that_was_parked_is_somebody_going_on_as_well(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend(OUTAGE)
    await rig.plan("to Bora", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(30)
    await writes(rig, handlers=Handlers([RuntimeError("broken")], says=False))
    assert await rig.state("to Bora") is DeliveryState.EXPIRED


async def test_somebody_who_went_on_while_the_request_was_under_way_gets_nothing_twice(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend(OUTAGE)
    rig.messenger.held = asyncio.Event()
    await rig.plan("to Bora", chat=8, kind=DeliveryKind.REPLY)
    await rig.messenger.arrivals(1)
    rig.clock.advance_to(rig.clock.now() + timedelta(seconds=1))
    await writes(rig)
    assert await rig.state("to Bora") is DeliveryState.SENDING
    rig.messenger.held.set()
    rig.messenger.held = None
    await rig.run(1200)
    await forgets_updates(rig)
    await rig.run(7200)
    assert rig.messenger.texts() == ["to Bora"]
    assert await rig.state("to Bora") is DeliveryState.EXPIRED


async def test_a_resend_that_was_put_off_ends_as_well(rig: Rig) -> None:
    rig.messenger.script(FateUnknown(), SlowDown(timedelta(hours=1)))
    await rig.plan("to Bora", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(70)
    assert await rig.state("to Bora") is DeliveryState.PLANNED
    await writes(rig)
    assert await rig.state("to Bora") is DeliveryState.EXPIRED


async def test_what_has_not_left_yet_and_what_is_no_reply_goes_out_all_the_same(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    rig.messenger.probe_script.extend([FateUnknown()] * 3)
    await rig.plan("soon", chat=8, kind=DeliveryKind.REMINDER)
    await rig.drained()
    await rig.plan("answer", chat=8, kind=DeliveryKind.REPLY)
    await rig.run(2)
    await writes(rig)
    await rig.run(300)
    assert sorted(rig.messenger.texts()) == ["[다시 보냄] soon", "answer", "soon"]
