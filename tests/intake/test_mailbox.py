"""Updates that are brought: one commit for all that wait, and never an acknowledgement before it."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.gateways.clock import SteppedClock
from bot.intake.mailbox import Mailbox
from bot.services.activity import Activity
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from storage.database import Database
from tests.support.failing_commits import FailingCommits
from tests.support.plans import at


@dataclass
class Box:
    database: Database
    room: int = 50
    patience: float = 20.0
    alerts: list[str] = field(default_factory=list)
    received: int = 0

    def __post_init__(self) -> None:
        self.commits = FailingCommits(self.database)
        clock = SteppedClock(at("12:00"))
        inbox = InboxService(self.commits, clock, self.alerts.append)
        self.mailbox = Mailbox(inbox, Activity(), self._received, room=self.room, patience=self.patience)
        self.running = asyncio.create_task(self.mailbox.run())

    def _received(self) -> None:
        self.received += 1

    def take(self, *updates: RawUpdate) -> list[asyncio.Task[bool]]:
        return [asyncio.create_task(self.mailbox.take(update)) for update in updates]

    async def committing(self, times: int) -> None:
        """Until so many commits were tried."""
        async with asyncio.timeout(5):
            while self.commits.commits < times:
                await asyncio.sleep(0.001)

    async def kept(self) -> list[int]:
        """Ids in the order in which they came in."""
        async with self.database.open_unit(read_only=True) as unit:
            count = await unit.inbox.waiting()
            rows = await unit.inbox.next_of_chats(at("12:00"), [], 99)
            assert len(rows) <= 1, "all of one chat"
            return [count, *(row.update_id for row in rows)]

    async def ends(self) -> None:
        self.mailbox.close()
        async with asyncio.timeout(5):
            await self.running


def update(number: int) -> RawUpdate:
    return RawUpdate(number, f'{{"update_id": {number}}}')


async def test_it_is_true_only_after_the_commit_and_those_that_wait_share_the_next(
    database: Database,
) -> None:
    box = Box(database)
    box.commits.held.clear()
    [first] = box.take(update(7))
    await box.committing(1)
    others = box.take(*(update(number) for number in range(8, 28)))
    await asyncio.sleep(0.01)
    assert not first.done()
    assert not any(task.done() for task in others)
    box.commits.held.set()
    assert await asyncio.gather(first, *others) == [True] * 21
    assert box.commits.commits == 2, "one slow commit does not make twenty more"
    assert await box.kept() == [21, 7]
    assert box.received == 2
    await box.ends()


async def test_a_failure_refuses_everybody_in_the_batch_and_they_come_again(sqlite: Database) -> None:
    box = Box(sqlite)
    box.commits.failing = True
    assert await asyncio.gather(*box.take(update(1), update(2), update(3))) == [False] * 3
    assert (box.commits.commits, box.received, await box.kept()) == (1, 0, [0])
    box.commits.failing = False
    assert await asyncio.gather(*box.take(update(2), update(3), update(1), update(3))) == [True] * 4
    assert await box.kept() == [3, 2]
    await box.ends()


async def test_one_that_no_database_takes_is_set_aside_and_its_neighbours_are_kept(
    database: Database,
) -> None:
    box = Box(database)
    poisoned = RawUpdate(2**70, "{}")
    taken = await asyncio.gather(*box.take(update(1), update(2), poisoned, update(3), update(4)))
    assert taken == [True] * 5, "it would be no better the next time"
    assert (await box.kept())[0] == 4
    assert box.alerts == ["update_lost"]
    async with database.open_unit(read_only=True) as unit:
        assert await unit.audit.count_since(at("00:00"), "update_parked") == 1
    await box.ends()


async def test_there_is_room_for_so_many_and_the_next_is_refused_at_once(sqlite: Database) -> None:
    box = Box(sqlite, room=3)
    box.commits.held.clear()
    first = box.take(update(1))
    await box.committing(1)
    waiting = box.take(update(2), update(3))
    await asyncio.sleep(0)
    assert await box.mailbox.take(update(4)) is False
    box.commits.held.set()
    assert await asyncio.gather(*first, *waiting) == [True] * 3
    assert await box.mailbox.take(update(4))
    await box.ends()


async def test_a_slow_database_is_not_waited_for_for_ever_and_nothing_is_lost(sqlite: Database) -> None:
    box = Box(sqlite, patience=0.02)
    box.commits.held.clear()
    assert await asyncio.gather(*box.take(update(1), update(2))) == [False, False]
    box.commits.held.set()
    await box.ends()
    assert (await box.kept())[0] == 2, "they were committed late, and come again in vain"


async def test_whoever_hangs_up_leaves_the_update_behind(sqlite: Database) -> None:
    box = Box(sqlite)
    box.commits.held.clear()
    under_way = box.take(update(1))
    await box.committing(1)
    waiting = box.take(update(2))
    await asyncio.sleep(0)
    for task in (*under_way, *waiting):
        task.cancel()
    await asyncio.gather(*under_way, *waiting, return_exceptions=True)
    box.commits.held.set()
    assert await box.mailbox.take(update(3))
    assert (await box.kept())[0] == 3
    await box.ends()


async def test_closed_it_commits_what_waits_and_takes_nothing_new(sqlite: Database) -> None:
    box = Box(sqlite)
    box.commits.held.clear()
    first = box.take(update(1))
    await box.committing(1)
    waiting = box.take(update(2))
    await asyncio.sleep(0)
    box.mailbox.close()
    assert await box.mailbox.take(update(3)) is False
    box.commits.held.set()
    async with asyncio.timeout(5):
        await box.running
    assert await asyncio.gather(*first, *waiting) == [True, True]
    assert (await box.kept())[0] == 2


async def test_cancelled_it_leaves_nobody_waiting(sqlite: Database) -> None:
    box = Box(sqlite)
    box.commits.held.clear()
    first = box.take(update(1))
    await box.committing(1)
    waiting = box.take(update(2))
    await asyncio.sleep(0)
    box.running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await box.running
    assert await asyncio.gather(*first, *waiting) == [False, False]
    assert await box.mailbox.take(update(3)) is False
