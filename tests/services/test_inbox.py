"""Settling updates: everything of an update commits together, refusals keep their words, failures are parked."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import Draft
from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.domain.values import Value
from bot.gateways.clock import SteppedClock
from bot.services.inbox import Answer, InboxService
from bot.services.ports import RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from handlers.application import HandlerChain, NotBuilt
from storage.database import Database
from storage.models import InboxRow
from storage.models.traffic import InboxState
from tests.support import raw_updates
from tests.support.chat import BOT, STAFF, TEAM, YOUTH, Said, grant, said
from tests.support.plans import at
from tests.support.raw_updates import Group, Json, User
from tests.support.services import only

NOON = at("12:00")
Toast = tuple[str, Mapping[str, Value]] | None


@dataclass
class Handlers:
    """What handlers do with each update: written down by the test, in order; the last goes on for ever."""

    acts: list[Exception | Toast] = field(default_factory=lambda: [None])
    says: bool = True
    seen: list[int] = field(default_factory=list)

    async def __call__(self, unit: Unit, update: RawUpdate, replies: Replies, *, now: object) -> Toast:
        self.seen.append(update.update_id)
        await unit.facts.put(f"handled-{update.update_id}", str(len(self.seen)))
        if self.says:
            await replies.say(Draft("schedule.next_none"))
        act = self.acts[0] if len(self.acts) == 1 else self.acts.pop(0)
        if isinstance(act, Exception):
            raise act
        return act


class Desk:
    """The inbox of one process on a stepped clock."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SteppedClock(NOON)
        self.alerts: list[str] = []
        self.inbox = InboxService(database.open_unit, self.clock, self.alerts.append)
        self._next = 0

    async def receives(self, user: User, *, where: Group | None = None, body: Json | None = None) -> int:
        """A message of `user` arrives; its update id."""
        self._next += 1
        body = body or raw_updates.text_message(user, "안녕하십니까", self._next, NOON, where=where)
        await self.inbox.receive([RawUpdate(self._next, json.dumps({"update_id": self._next, **body}))])
        return self._next

    async def settles(self, handlers: Handlers) -> list[Answer | None]:
        """One round: the first ready update of every chat."""
        return [await self.inbox.settle(one, handlers) for one in await self.inbox.ready(frozenset(), 100)]

    async def state(self, update_id: int) -> tuple[InboxState, int, str | None]:
        async with self.database.open_unit(read_only=True) as unit:
            row = await unit._session.scalar(select(InboxRow).where(InboxRow.update_id == update_id))
            assert row is not None
            return row.state, row.attempts, row.failure

    async def fact(self, update_id: int) -> str | None:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit.facts.get(f"handled-{update_id}")

    async def said(self) -> list[Said]:
        return await said(self.database, self.clock.now())

    async def keys(self) -> list[str]:
        return [one.key for one in await self.said()]


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_what_changed_what_is_said_and_settled_commit_together(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    assert await desk.settles(Handlers()) == [None]
    assert await desk.state(update) == (InboxState.SETTLED, 1, None)
    assert await desk.fact(update) == "1"
    [reply] = await desk.said()
    assert (reply.chat, reply.key, reply.dedup) == (YOUTH.id, "schedule.next_none", f"reply:{update}:0")
    assert reply.draft.private, "somebody without a grant is a participant"
    assert await desk.settles(Handlers()) == [], "settled once"


async def test_a_repeat_is_absorbed_also_long_after_it_was_settled(desk: Desk) -> None:
    await desk.receives(YOUTH)
    raw = RawUpdate(1, json.dumps({"update_id": 1, **raw_updates.text_message(YOUTH, "다시", 1, NOON)}))
    assert await desk.inbox.receive([raw]) == 0
    await desk.settles(Handlers())
    async with desk.database.open_unit() as unit:
        await unit.inbox.destroy_of_chats([ChatId(YOUTH.id)], NOON + timedelta(hours=1))
        await unit.commit()
    assert await desk.inbox.receive([raw, raw]) == 0
    assert await desk.inbox.ready(frozenset(), 9) == []


async def test_the_same_update_twice_in_one_batch_is_one(desk: Desk) -> None:
    raw = RawUpdate(1, "{}")
    assert await desk.inbox.receive([raw, raw, RawUpdate(2, "{}")]) == 2


async def test_replies_to_people_with_a_grant_are_theirs_and_not_private(desk: Desk) -> None:
    person = await grant(desk.database, STAFF, Grant(Role.STAFF, None), language="en")
    await desk.receives(STAFF)
    await desk.settles(Handlers())
    async with desk.database.open_unit(read_only=True) as unit:
        [reply] = await unit.deliveries.due(NOON, [], 9)
    assert (reply.person, reply.language, reply.draft.private) == (person.id, "en", False)


async def test_a_reply_into_a_group_is_not_private(desk: Desk) -> None:
    await desk.receives(YOUTH, where=TEAM)
    await desk.settles(Handlers())
    [reply] = await desk.said()
    assert (reply.chat, reply.draft.private) == (TEAM.id, False)


async def test_a_refusal_undoes_what_changed_and_keeps_its_words_and_the_settling(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    await desk.settles(Handlers([NotAllowed()]))
    assert await desk.state(update) == (InboxState.SETTLED, 1, None)
    assert await desk.fact(update) is None
    [reply] = await desk.said()
    assert (reply.key, reply.dedup) == ("common.not_allowed", f"reply:{update}:0")
    assert reply.draft.private
    assert desk.alerts == []


async def test_a_refusal_of_what_belongs_to_no_chat_is_said_to_nobody(desk: Desk) -> None:
    update = await desk.receives(YOUTH, body={"poll": {"id": "9"}})
    await desk.settles(Handlers([ButtonUnknown()], says=False))
    assert (await desk.state(update))[0] is InboxState.SETTLED
    assert await desk.said() == []


async def test_a_press_is_answered_after_the_commit_with_the_handlers_toast(desk: Desk) -> None:
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-1", NOON))
    [answer] = await desk.settles(Handlers([("late.stop", {})]))
    assert answer == Answer("press-1", "ko", "late.stop", {})
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-2", NOON))
    assert await desk.settles(Handlers()) == [Answer("press-2", "ko")], (
        "without words it only stops the spinner"
    )


async def test_a_press_that_was_refused_is_answered_too(desk: Desk) -> None:
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-1", NOON))
    assert await desk.settles(Handlers([ButtonUnknown()])) == [Answer("press-1", "ko")]
    assert await desk.keys() == ["common.button_unknown"]


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


async def fail_three_times(desk: Desk, error: Exception) -> None:
    for pause in (0, 5, 30):
        desk.clock.advance_to(desk.clock.now() + timedelta(seconds=pause))
        await desk.settles(Handlers([error]))


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

    class Death(BaseException):
        pass

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


async def test_a_busy_chat_is_left_alone(desk: Desk) -> None:
    await desk.receives(YOUTH)
    other = await desk.receives(STAFF)
    ready = await desk.inbox.ready(frozenset({ChatId(YOUTH.id)}), 9)
    assert [one.update_id for one in ready] == [other]


async def test_an_update_that_was_settled_meanwhile_is_not_handled_again(desk: Desk) -> None:
    await desk.receives(YOUTH)
    [stale] = await desk.inbox.ready(frozenset(), 9)
    await desk.settles(Handlers())
    handlers = Handlers()
    assert await desk.inbox.settle(stale, handlers) is None
    assert handlers.seen == []
    assert await desk.keys() == ["schedule.next_none"]


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


async def fail_three_times_but_last(desk: Desk) -> None:
    for pause in (0, 5):
        desk.clock.advance_to(desk.clock.now() + timedelta(seconds=pause))
        await desk.settles(Handlers([RuntimeError()]))
    desk.clock.advance_to(desk.clock.now() + timedelta(seconds=30))


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


@pytest.mark.parametrize("payload", ["{", "[]", '{"update_id": 1, "message": {"chat": {"id": 5}}}'])
async def test_an_update_that_nobody_can_read_counts_as_a_failure(desk: Desk, payload: str) -> None:
    await desk.inbox.receive([RawUpdate(1, payload)])
    chain = HandlerChain(BOT, only(), ())
    await chain.start()
    try:
        [waiting] = await desk.inbox.ready(frozenset(), 9)
        await desk.inbox.settle(waiting, chain)
    finally:
        await chain.stop()
    state, attempts, failure = await desk.state(1)
    assert (state, attempts) == (InboxState.WAITING, 1)
    assert failure


async def test_two_processes_that_settle_the_same_update_say_it_once(desk: Desk) -> None:
    await desk.receives(YOUTH)
    other = Database(desk.database.url.render_as_string(hide_password=False))
    second = InboxService(other.open_unit, desk.clock)
    [waiting] = await desk.inbox.ready(frozenset(), 9)
    try:
        await asyncio.gather(desk.inbox.settle(waiting, Handlers()), second.settle(waiting, Handlers()))
    finally:
        await other.close()
    assert (await desk.state(1))[0] is InboxState.SETTLED
    assert await desk.keys() == ["schedule.next_none"]
