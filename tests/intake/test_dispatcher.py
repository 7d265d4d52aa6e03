"""Settling: in order within a chat, chats side by side; what fails waits on the clock and holds up nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.gateways.clock import SteppedClock
from bot.intake.dispatcher import AFTER_TROUBLE, SIDE_BY_SIDE, Dispatcher
from bot.services.activity import Activity
from bot.services.inbox import Answer, Handle, InboxService, Waiting
from bot.services.ports import RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from bot.services.updates import open_envelope
from storage.database import Database
from tests.support.plans import at

START = at("12:00")


@dataclass
class Desk:
    """One dispatcher on a stepped clock. `fails`: how often an update's handling raises. `held`: chats that are slow."""

    database: Database
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(START))
    activity: Activity = field(default_factory=Activity)
    handled: list[tuple[int, int]] = field(default_factory=list)
    fails: dict[int, int] = field(default_factory=dict)
    held: dict[int, asyncio.Event] = field(default_factory=dict)
    began: set[int] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    down: bool = False
    opened: int = 0

    def __post_init__(self) -> None:
        self.inbox = SlowInbox(self)
        self.dispatcher = Dispatcher(
            self.inbox, self, self.clock, self.activity, settled=self._settled, answer=self._answer
        )
        self.settled = 0

    @asynccontextmanager
    async def open_unit(self, *, read_only: bool = False) -> AsyncIterator[Unit]:
        self.opened += 1
        if self.down:
            raise OSError("no database, no 통근버스")
        async with self.database.open_unit(read_only=read_only) as unit:
            yield unit

    def _settled(self) -> None:
        self.settled += 1

    async def _answer(self, answer: Answer) -> None:
        self.answers.append(answer.press)
        raise RuntimeError("the messenger is in a mood")

    async def __call__(
        self, unit: Unit, update: RawUpdate, replies: Replies, *, now: datetime
    ) -> tuple[str, Mapping[str, str]] | None:
        chat = open_envelope(update.payload).chat
        if self.fails.get(update.update_id, 0) > 0:
            self.fails[update.update_id] -= 1
            raise RuntimeError("통근버스")
        self.handled.append((chat, update.update_id))
        return None

    async def receives(self, *updates: tuple[int, int], press: str | None = None) -> None:
        """(chat, update id) each."""
        raw = [RawUpdate(number, payload(number, chat, press)) for chat, number in updates]
        await InboxService(self.database.open_unit, self.clock).receive(raw)  # also while we are `down`
        self.dispatcher.wake()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the loop run until it holds."""
        for _ in range(2000):
            if condition():
                return
            await asyncio.sleep(0.001)
        raise AssertionError((self.handled, self.began))

    async def quiet(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
            await self.activity.idle()

    async def steps(self) -> float:
        """To the next moment somebody waits for; how far that was, in seconds."""
        await self.quiet()
        moment = self.clock.next_waiter()
        assert moment is not None
        passed = (moment - self.clock.now()).total_seconds()
        self.clock.advance_to(moment)
        await self.quiet()
        return passed


class SlowInbox(InboxService):
    """Slow before its transaction: SQLite has one writer, and whoever holds it holds up everybody."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.open_unit, desk.clock)
        self._desk = desk

    async def settle(self, waiting: Waiting, handle: Handle) -> Answer | None:
        self._desk.began.add(waiting.update_id)
        if waiting.chat in self._desk.held:
            await self._desk.held[waiting.chat].wait()
        return await super().settle(waiting, handle)


def payload(number: int, chat: int, press: str | None) -> str:
    message = {"message_id": 1, "chat": {"id": chat, "type": "private"}}
    sender = {"id": chat, "is_bot": False, "first_name": "가상"}
    if press is None:
        return json.dumps({"update_id": number, "message": {**message, "from": sender}})
    query = {"id": press, "from": sender, "message": message}
    return json.dumps({"update_id": number, "callback_query": query})


@pytest.fixture
async def desk(sqlite: Database) -> AsyncIterator[Desk]:
    desk = Desk(sqlite)
    running = asyncio.create_task(desk.dispatcher.run())
    yield desk
    for event in desk.held.values():
        event.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_order_is_kept_within_a_chat(desk: Desk) -> None:
    await desk.receives(*[(1, 100 + n) for n in range(12)])
    await desk.until(lambda: len(desk.handled) == 12)
    await desk.until(lambda: desk.settled == 12)
    assert desk.handled == [(1, 100 + n) for n in range(12)]


async def test_a_slow_chat_holds_up_nobody_else(desk: Desk) -> None:
    desk.held[1] = asyncio.Event()
    await desk.receives((1, 1), (1, 2), (2, 3), (2, 4), (3, 5))
    await desk.until(lambda: len(desk.handled) == 3)
    assert desk.began == {1, 3, 4, 5}
    desk.held[1].set()
    await desk.until(lambda: len(desk.handled) == 5)
    assert [number for chat, number in desk.handled if chat == 1] == [1, 2]


async def test_as_many_chats_as_allowed_go_side_by_side(desk: Desk) -> None:
    chats = range(1, SIDE_BY_SIDE + 3)
    desk.held = {chat: asyncio.Event() for chat in chats}
    await desk.receives(*[(chat, chat) for chat in chats])
    await desk.until(lambda: len(desk.began) == SIDE_BY_SIDE)
    await desk_runs(20)
    assert len(desk.began) == SIDE_BY_SIDE
    for event in desk.held.values():
        event.set()
    await desk.until(lambda: len(desk.handled) == len(chats))


async def desk_runs(rounds: int) -> None:
    for _ in range(rounds):
        await asyncio.sleep(0.001)


async def test_retries_come_on_the_clock_and_a_poison_does_not_block_its_chat_for_ever(desk: Desk) -> None:
    desk.fails[1] = 99
    await desk.receives((1, 1), (1, 2))
    assert await desk.steps() == 5
    assert await desk.steps() == 30
    await desk.until(lambda: desk.handled == [(1, 2)])
    async with desk.database.open_unit(read_only=True) as unit:
        assert await unit.inbox.parked() == 1
    assert desk.clock.now() - START == timedelta(seconds=35)


async def test_a_retry_does_not_wait_for_another_chats_slow_handling(desk: Desk) -> None:
    desk.held[1] = asyncio.Event()
    desk.fails[2] = 1
    await desk.receives((1, 1), (2, 2))
    await desk.until(lambda: desk.began == {1, 2} and desk.clock.next_waiter() is not None)
    moment = desk.clock.next_waiter()
    assert moment is not None
    assert moment - START == timedelta(seconds=5)
    desk.clock.advance_to(moment)
    await desk.until(lambda: desk.handled == [(2, 2)])


async def test_a_chat_whose_retry_waits_is_not_overtaken_by_its_own_later_words(desk: Desk) -> None:
    desk.fails[1] = 1
    await desk.receives((1, 1))
    await desk.until(lambda: desk.fails[1] == 0)
    await desk.receives((1, 2), (2, 3))
    await desk.until(lambda: desk.handled == [(2, 3)])
    await desk.steps()
    await desk.until(lambda: desk.handled == [(2, 3), (1, 1), (1, 2)])


async def test_presses_are_answered_after_the_commit_and_a_failing_answer_harms_nothing(desk: Desk) -> None:
    await desk.receives((1, 1), press="press-1")
    await desk.until(lambda: desk.answers == ["press-1"])
    await desk.receives((1, 2))
    await desk.until(lambda: desk.handled == [(1, 1), (1, 2)])
    assert not desk.dispatcher.resting


async def test_a_database_that_is_away_is_waited_for_without_haste(desk: Desk) -> None:
    await desk.quiet()
    desk.down = True
    await desk.receives((1, 1))
    await desk.until(lambda: desk.dispatcher.resting)
    opened = desk.opened
    await desk_runs(20)
    assert desk.opened == opened, "no busy loop"
    desk.down = False
    assert await desk.steps() == AFTER_TROUBLE
    await desk.until(lambda: desk.handled == [(1, 1)])
    assert not desk.dispatcher.resting


async def test_cancelling_waits_for_what_is_under_way_and_begins_nothing_more(sqlite: Database) -> None:
    desk = Desk(sqlite)
    running = asyncio.create_task(desk.dispatcher.run())
    desk.held[1] = asyncio.Event()
    await desk.receives((1, 1), (1, 2))
    await desk.until(lambda: desk.began == {1})
    running.cancel()
    await desk_runs(10)
    assert not running.done()
    desk.held[1].set()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()
    assert desk.handled == [(1, 1)]
    async with sqlite.open_unit(read_only=True) as unit:
        assert [one.update_id for one in await unit.inbox.next_of_chats(START, [], 9)] == [2]
