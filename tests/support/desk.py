"""The inbox of one process on a stepped clock, with handlers that do what the test wrote down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.domain.delivery import Draft
from bot.domain.values import Value
from bot.gateways.clock import SteppedClock
from bot.services.inbox import Answer, InboxService
from bot.services.ports import RawUpdate
from bot.services.saying import Replies
from bot.services.unit import Unit
from storage.database import Database
from storage.models import InboxRow
from storage.models.traffic import InboxState
from tests.support import raw_updates
from tests.support.chat import Said, said
from tests.support.plans import at
from tests.support.raw_updates import Group, Json, User

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
