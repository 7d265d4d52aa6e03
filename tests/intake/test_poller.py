"""Long polling: nothing is confirmed before it is committed, nothing is lost, repeats are absorbed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.gateways.clock import SteppedClock
from bot.intake.poller import PAUSES, Poller
from bot.services.inbox import InboxService
from bot.services.intake_troubles import CALM, Trouble, Troubles, troubles_now
from bot.services.ports import (
    FateUnknown,
    NotSent,
    RawUpdate,
    SecondPoller,
    TokenRefused,
    WebhookInTheWay,
)
from storage.database import Database
from tests.support.failing_commits import FailingCommits
from tests.support.plans import at
from tests.support.updates_queue import QueuedUpdates


@dataclass
class Desk:
    database: Database
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(at("12:00")))
    updates: QueuedUpdates = field(default_factory=QueuedUpdates)
    received: int = 0

    def __post_init__(self) -> None:
        self.commits = FailingCommits(self.database)
        self.inbox = InboxService(self.commits, self.clock)
        self.told: list[Trouble] = []
        self.troubles = Troubles(self.database.open_unit, self.clock, self.told.append)
        self.poller = Poller(self.updates, self.inbox, self.clock, self._received, self.troubles)

    def _received(self) -> None:
        self.received += 1

    async def known(self) -> Mapping[Trouble, datetime]:
        async with self.database.open_unit(read_only=True) as unit:
            return await troubles_now(unit)

    async def kept(self) -> int:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit.inbox.waiting()


def update(number: int) -> RawUpdate:
    return RawUpdate(number, f'{{"update_id": {number}}}')


async def test_the_offset_moves_only_after_the_commit(sqlite: Database) -> None:
    desk = Desk(sqlite)
    desk.commits.failing = True
    desk.updates.put(update(7), update(8))
    with pytest.raises(OSError, match="full"):
        await desk.poller.poll_once()
    assert await desk.kept() == 0
    assert desk.received == 0
    desk.commits.failing = False
    await desk.poller.poll_once()
    assert desk.updates.offsets == [0, 0], "the same updates were fetched again"
    assert await desk.kept() == 2
    desk.updates.put(update(9))
    await desk.poller.poll_once()
    assert desk.updates.offsets[-1] == 9
    assert await desk.kept() == 3
    assert desk.received == 2


async def test_repeats_and_any_order_of_ids_are_absorbed(database: Database) -> None:
    desk = Desk(database)
    desk.updates.put(update(12), update(11), update(12))
    await desk.poller.poll_once()
    assert await desk.kept() == 2
    again = Desk(database)  # the process was killed before it could confirm anything
    again.updates.put(update(11), update(12))
    await again.poller.poll_once()
    assert again.received == 0, "nothing new to wake anybody for"
    assert await again.kept() == 2
    again.updates.put(update(13))
    await again.poller.poll_once()
    assert again.updates.offsets[-1] == 13


async def test_failures_are_waited_out_on_the_clock_longer_each_time(sqlite: Database) -> None:
    desk = Desk(sqlite)
    failures = [
        FateUnknown("x"),
        TokenRefused("x"),
        NotSent("x"),
        ValueError("통근버스"),
        *[NotSent("x")] * 4,
    ]
    desk.updates.script.extend(failures)
    started = desk.clock.now()
    running = asyncio.create_task(desk.poller.run())
    waited = []
    for attempt in range(1, len(failures) + 1):
        await desk.updates.asked(attempt)
        waited.append(await _next_pause(desk.clock))
    assert waited == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert desk.clock.now() - started == timedelta(seconds=sum(waited))
    desk.updates.put(update(1))
    await desk.updates.asked(len(failures) + 2)
    assert await desk.kept() == 1
    desk.updates.script.append(NotSent("x"))
    desk.updates.put(update(2))
    await desk.updates.asked(len(failures) + 3)
    assert await _next_pause(desk.clock) == PAUSES[0], "after a success it begins anew"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def _next_pause(clock: SteppedClock) -> float:
    while (moment := clock.next_waiter()) is None:
        await asyncio.sleep(0)
    pause = (moment - clock.now()).total_seconds()
    clock.advance_to(moment)
    return pause


async def test_cancelled_it_ends_at_once_wherever_it_is(sqlite: Database) -> None:
    polling, resting = Desk(sqlite), Desk(sqlite)
    resting.updates.script.append(NotSent("x"))
    tasks = [asyncio.create_task(desk.poller.run()) for desk in (polling, resting)]
    await polling.updates.asked(1)
    while resting.clock.next_waiter() is None:
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    assert [type(end) for end in await asyncio.gather(*tasks, return_exceptions=True)] == [
        asyncio.CancelledError
    ] * 2


async def test_what_stands_in_the_way_is_told_once_and_is_over_when_it_is_calm(sqlite: Database) -> None:
    desk = Desk(sqlite)
    desk.updates.script.extend([SecondPoller("x"), *[WebhookInTheWay("x")] * 3, *[SecondPoller("x")] * 2])
    running = asyncio.create_task(desk.poller.run())
    told_after: list[int] = []
    for attempt in range(1, 7):
        await desk.updates.asked(attempt)
        await _next_pause(desk.clock)
        told_after.append(len(desk.told))
    assert told_after == [0, 1, 1, 1, 2, 2], "one disturbance alone may be the end of the process before"
    assert desk.told == [Trouble.WEBHOOK_IN_THE_WAY, Trouble.SECOND_POLLER]
    assert set(await desk.known()) == set(desk.told)
    desk.updates.put(update(1))
    await desk.updates.asked(8)
    assert set(await desk.known()) == set(desk.told), "two pollers take turns, and each succeeds at times"
    desk.clock.advance_to(desk.clock.now() + CALM)
    desk.updates.put(update(2))
    await desk.updates.asked(9)
    assert await desk.known() == {}
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
