"""Updates that fail: tried three times, parked with an apology, and never in the way of others."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.domain.delivery import Draft
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from bot.services.updates import UnreadableUpdate
from handlers.application import HandlerChain, NotBuilt
from storage.database import Database
from storage.models.traffic import InboxState
from tests.support.chat import BOT, STAFF, YOUTH
from tests.support.desk import NOON, Desk, Handlers, Toast
from tests.support.services import only


class Death(BaseException):
    """The process is gone: nobody catches this."""


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def fail_three_times(desk: Desk, error: Exception) -> None:
    for pause in (0, 5, 30):
        desk.clock.advance_to(desk.clock.now() + timedelta(seconds=pause))
        await desk.settles(Handlers([error]))


async def fail_three_times_but_last(desk: Desk) -> None:
    for pause in (0, 5):
        desk.clock.advance_to(desk.clock.now() + timedelta(seconds=pause))
        await desk.settles(Handlers([RuntimeError()]))
    desk.clock.advance_to(desk.clock.now() + timedelta(seconds=30))


async def test_a_failure_leaves_nothing_and_is_tried_at_once_after_5_and_after_30_seconds(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    handlers = Handlers([RuntimeError("secret words")])
    await desk.settles(handlers)
    assert await desk.state(update) == (InboxState.WAITING, 1, "RuntimeError")
    assert await desk.fact(update) is None
    assert await desk.said() == [], "what it wanted to say is undone with it"
    for pause, attempt in ((5, 2), (30, 3)):
        due = desk.clock.now() + timedelta(seconds=pause)
        assert await desk.inbox.next_try() == due
        desk.clock.advance_to(due - timedelta(milliseconds=1))
        assert await desk.settles(handlers) == []
        desk.clock.advance_to(due)
        await desk.settles(handlers)
        assert (await desk.state(update))[1] == attempt
    assert await desk.state(update) == (InboxState.PARKED, 3, "RuntimeError")
    assert await desk.inbox.next_try() is None


async def test_a_parked_update_is_apologised_for_audited_and_alerted(desk: Desk) -> None:
    await desk.receives(YOUTH)
    await fail_three_times(desk, RuntimeError("secret words"))
    [apology] = await desk.said()
    assert apology.key == "common.sorry"
    assert apology.draft.private
    async with desk.database.open_unit(read_only=True) as unit:
        [entry] = await unit.audit.since(NOON, "update_parked")
    assert entry.details == {"failure": "RuntimeError"}
    assert entry.subject in apology.text, "the reference that the person can give"
    assert "secret" not in f"{entry} {apology}"
    assert desk.alerts == ["update_parked"]


async def test_a_parked_update_of_no_chat_is_apologised_for_to_nobody(desk: Desk) -> None:
    await desk.receives(YOUTH, body={"poll": {"id": "9"}})
    await fail_three_times(desk, RuntimeError())
    assert await desk.said() == []
    assert desk.alerts == ["update_parked"]


async def test_what_succeeds_at_the_second_attempt_is_said_once(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    handlers = Handlers([RuntimeError(), None])
    await desk.settles(handlers)
    desk.clock.advance_to(NOON + timedelta(seconds=5))
    await desk.settles(handlers)
    assert await desk.state(update) == (InboxState.SETTLED, 2, None)
    assert await desk.keys() == ["schedule.next_none"]


async def test_a_process_that_dies_at_an_update_parks_it_at_last(desk: Desk) -> None:
    """The attempt is counted before the handler runs; nobody comes back to count it afterwards."""
    update = await desk.receives(YOUTH)

    async def dies(unit: Unit, update: RawUpdate, replies: Replies, *, now: object) -> Toast:
        await replies.say(Draft("schedule.next_none"))
        raise Death

    for attempt in (1, 2, 3):
        [waiting] = await desk.inbox.ready(frozenset(), 9)
        with pytest.raises(Death):
            await desk.inbox.settle(waiting, dies)
        assert await desk.state(update) == (InboxState.WAITING, attempt, None)
    handlers = Handlers()
    await desk.settles(handlers)
    assert handlers.seen == [], "not tried once more"
    assert await desk.state(update) == (InboxState.PARKED, 4, "crash")
    assert await desk.keys() == ["common.sorry"]
    assert desk.alerts == ["update_parked"]


async def test_a_chat_waits_for_its_first_update_and_others_do_not(desk: Desk) -> None:
    first, second = await desk.receives(YOUTH), await desk.receives(YOUTH)
    other = await desk.receives(STAFF)
    handlers = Handlers([RuntimeError(), None])
    await desk.settles(handlers)
    assert handlers.seen == [first, other]
    assert await desk.settles(handlers) == [], "the second waits behind the first"
    assert await desk.inbox.next_try() == NOON + timedelta(seconds=5)
    desk.clock.advance_to(NOON + timedelta(seconds=5))
    await desk.settles(handlers)
    await desk.settles(handlers)
    assert handlers.seen == [first, other, first, second]


async def test_a_parked_update_lets_its_chat_go_on(desk: Desk) -> None:
    await desk.receives(YOUTH)
    second = await desk.receives(YOUTH)
    await fail_three_times(desk, RuntimeError())
    handlers = Handlers()
    await desk.settles(handlers)
    assert handlers.seen == [second]


async def test_a_commit_whose_answer_was_lost_is_not_apologised_for(database: Database) -> None:
    """The connection broke after the last attempt's commit had arrived: it is settled, and stays so."""
    desk = Desk(database)
    update = await desk.receives(YOUTH)
    await fail_three_times_but_last(desk)

    @asynccontextmanager
    async def open_unit(*, read_only: bool = False) -> AsyncIterator[Unit]:
        async with database.open_unit(read_only=read_only) as unit:
            commit = unit.commit

            async def commits_and_breaks() -> None:
                await commit()
                if unit_is_the_handlers:
                    unit_is_the_handlers.clear()
                    raise ConnectionError

            unit_is_the_handlers: list[bool] = [] if opened.pop(0) else [True]
            unit.commit = commits_and_breaks  # type: ignore[method-assign]  # the network's part
            yield unit

    opened = [True, False, True, True]
    desk.inbox = InboxService(open_unit, desk.clock, desk.alerts.append)
    [waiting] = await InboxService(database.open_unit, desk.clock).ready(frozenset(), 9)
    await desk.inbox.settle(waiting, Handlers())
    assert (await desk.state(update))[0] is InboxState.SETTLED
    assert await desk.keys() == ["schedule.next_none"]
    assert desk.alerts == []


async def test_a_context_that_cannot_be_built_counts_as_a_failure(desk: Desk) -> None:
    """PTB swallows that, and a message would vanish without a trace."""
    update = await desk.receives(YOUTH)
    chain = HandlerChain(BOT, only(), ())
    chain._app.bot_data.clear()
    await chain.start()
    try:
        [waiting] = await desk.inbox.ready(frozenset(), 9)
        await desk.inbox.settle(waiting, chain)
    finally:
        await chain.stop()
    assert await desk.state(update) == (InboxState.WAITING, 1, NotBuilt.__name__)


@pytest.mark.parametrize("payload", ["{", "[]", '{"update_id": 1, "message": {"text": "x"}}'])
async def test_an_update_that_nobody_can_read_is_parked_at_once(desk: Desk, payload: str) -> None:
    """Reading it again gives the same: its chat would only wait behind it."""
    await desk.inbox.receive([RawUpdate(1, payload)])
    chain = HandlerChain(BOT, only(), ())
    await chain.start()
    try:
        [waiting] = await desk.inbox.ready(frozenset(), 9)
        await desk.inbox.settle(waiting, chain)
    finally:
        await chain.stop()
    assert await desk.state(1) == (InboxState.PARKED, 1, UnreadableUpdate.__name__)


async def test_a_crash_right_after_parking_leaves_nobody_without_a_word(database: Database) -> None:
    desk = Desk(database)
    update = await desk.receives(YOUTH)
    await fail_three_times_but_last(desk)
    commits: list[str] = []

    @asynccontextmanager
    async def open_unit(*, read_only: bool = False) -> AsyncIterator[Unit]:
        async with database.open_unit(read_only=read_only) as unit:
            commit = unit.commit

            async def commits_and_dies() -> None:
                await commit()
                commits.append("done")
                if len(commits) == 2:  # the first counted the attempt
                    raise Death

            unit.commit = commits_and_dies  # type: ignore[method-assign]  # the crash is the subject here
            yield unit

    [waiting] = await desk.inbox.ready(frozenset(), 9)
    with pytest.raises(Death):
        await InboxService(open_unit, desk.clock).settle(waiting, Handlers([RuntimeError()]))
    assert (await desk.state(update))[0] is InboxState.PARKED
    assert await desk.keys() == ["common.sorry"]


async def test_an_update_whose_apology_fails_too_is_parked_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it would be tried for ever, and its chat would wait behind it."""
    update = await desk.receives(YOUTH)
    await fail_three_times_but_last(desk)

    async def broken(self: Replies, draft: Draft) -> None:
        raise ValueError("what broke the update breaks the apology")

    monkeypatch.setattr(Replies, "say", broken)
    await desk.settles(Handlers([RuntimeError()]))
    assert (await desk.state(update))[0] is InboxState.PARKED
