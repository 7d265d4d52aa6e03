"""The right to read a message is checked when it leaves, not when it was planned."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState, Draft, Need
from bot.domain.ids import ChatId, Region
from bot.domain.person import Action, Grant, Role
from bot.services.ports import FateUnknown, SlowDown
from storage.database import Database
from storage.repositories.subscriptions import Subscription
from tests.support.chat import MANAGER, YOUTH, grant
from tests.support.kept import tour_with
from tests.support.plans import plan, standing
from tests.support.sending_rig import Rig

JEONBUK, ELSEWHERE = Region("전북"), Region("동남권")
DIGEST = Draft("t.say", {"words": "digest"}, needs=(Need(Action.READ_DIGEST, JEONBUK),))
READS = Grant(Role.MANAGER, JEONBUK)
READS_ELSEWHERE = Grant(Role.MANAGER, ELSEWHERE)


@pytest.fixture
async def rig(sqlite: Database, tmp_path: Path) -> AsyncIterator[Rig]:
    rig = Rig(sqlite, tmp_path)
    await rig.start()
    await rig.run(2)
    yield rig
    await rig.stop()


async def planned_for_the_manager(rig: Rig) -> None:
    person = await grant(rig.database, MANAGER, READS)
    await rig.plan("digest", chat=MANAGER.id, kind=DeliveryKind.DIGEST, draft=DIGEST, person=person.id)


async def test_who_still_may_read_it_gets_it(rig: Rig) -> None:
    await planned_for_the_manager(rig)
    await rig.drained()
    assert rig.messenger.texts() == ["digest"]


@pytest.mark.parametrize("trouble", [FateUnknown(), SlowDown(timedelta(seconds=60))])
async def test_a_role_that_ends_while_it_waits_ends_it(rig: Rig, trouble: Exception) -> None:
    rig.messenger.script(trouble)
    await planned_for_the_manager(rig)
    await rig.drained()
    asked = len(rig.messenger.calls)
    await grant(rig.database, MANAGER, READS_ELSEWHERE)
    await rig.run(300)
    assert len(rig.messenger.calls) == asked
    assert await rig.state("digest") is DeliveryState.EXPIRED


async def test_somebody_who_was_deleted_gets_nothing_more(rig: Rig) -> None:
    rig.messenger.script(FateUnknown())
    await planned_for_the_manager(rig)
    await rig.drained()
    async with rig.database.open_unit() as unit:
        person = await unit.people.by_chat(ChatId(MANAGER.id))
        assert person is not None
        await unit.people.remove(person.id)
        await unit.commit()
    await rig.run(300)
    assert rig.messenger.texts() == ["digest"]
    assert await rig.state("digest") is DeliveryState.EXPIRED


async def test_a_participant_who_took_the_wish_back_is_not_reminded(rig: Rig) -> None:
    meeting = standing(plan("a", "09:40", "11:00"))
    async with rig.database.open_unit() as unit:
        await tour_with(unit, meeting)
        await unit.subscriptions.keep(Subscription("s", meeting.id, ChatId(YOUTH.id), "ko"))
        await unit.commit()
    rig.messenger.script(SlowDown(timedelta(seconds=60)))
    await rig.plan("soon", chat=YOUTH.id, private=True)
    await rig.drained()
    async with rig.database.open_unit() as unit:
        await unit.subscriptions.drop(ChatId(YOUTH.id))
        await unit.commit()
    await rig.run(300)
    assert await rig.state("soon") is DeliveryState.EXPIRED
