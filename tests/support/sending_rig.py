"""A sender under a stepped clock, with words for tests and a messenger that does what it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Draft
from bot.domain.ids import ChatId, DeliveryId, PersonId, new_id
from bot.domain.limits import Limits
from bot.gateways.clock import SteppedClock
from bot.services.activity import Activity
from bot.services.sending import Sender
from bot.services.wording import Wording
from prompts.messages import Messages
from storage.database import Database
from storage.models import DeliveryRow
from tests.support.fake_messenger import FakeMessenger
from tests.support.stepping import drained, run_until

START = datetime(2026, 1, 22, 0, 0, tzinfo=UTC)
SETTLED = timedelta(seconds=2)
"""After its start a sender is silent for a second."""


def messages(folder: Path) -> Messages:
    """Words for tests: `t.say` says `words`, `t.left` the time until `start`."""
    language = folder / "ko"
    language.mkdir(parents=True)
    (language / "common.toml").write_text('resent = "[다시 보냄] {text:html}"', encoding="utf-8")
    (language / "t.toml").write_text(
        'say = "{words}"\nbold = "<b>{words}</b>"\nleft = "{start:left} 뒤"\nlabel = "{words}"',
        encoding="utf-8",
    )
    return Messages(ZoneInfo("Asia/Seoul"), folder)


@dataclass(slots=True)
class Rig:
    """What a sending test needs. `running` starts a sender; `restarted` is the next process on the same database."""

    database: Database
    folder: Path
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(START))
    activity: Activity = field(default_factory=Activity)
    alerts: list[str] = field(default_factory=list)
    messenger: FakeMessenger = field(init=False)
    sender: Sender = field(init=False)
    task: "asyncio.Task[None]" = field(init=False)

    def __post_init__(self) -> None:
        self.messenger = FakeMessenger(self.clock)

    def build(self) -> Sender:
        words = Wording(messages(self.folder / new_id()), lambda text: b"PNG " + text.encode())
        return Sender(
            self.database.open_unit,
            self.messenger,
            words,
            self.clock,
            Limits(),
            self.activity,
            alert=self.alerts.append,
        )

    async def start(self) -> None:
        self.sender = self.build()
        await self.sender.recover()
        self.task = asyncio.create_task(self.sender.run())

    async def stop(self) -> None:
        self.sender.stop()
        await self.task

    async def crash(self) -> None:
        """End the process in the middle of whatever it does."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def plan(
        self,
        *words: str,
        chat: int = 7,
        kind: DeliveryKind = DeliveryKind.REMINDER,
        edits: int | None = None,
        expires: datetime | None = None,
        private: bool = False,
        draft: Draft | None = None,
        person: PersonId | None = None,
    ) -> None:
        """Plan a delivery for each of `words`; its key is the words. Then the sender is told."""
        now = self.clock.now()
        async with self.database.open_unit() as unit:
            for one in words:
                say = draft or Draft("t.say", {"words": one}, edits=edits, expires=expires, private=private)
                await unit.deliveries.plan(replace(_delivery(one, chat, kind, say, now), person=person))
            await unit.commit()
        self.sender.wake()

    async def plan_bulk(
        self, count: int, *, kind: DeliveryKind = DeliveryKind.DIGEST, first: int = 0
    ) -> None:
        """One delivery to each of `count` chats, from 1000 + `first` on."""
        now = self.clock.now()
        deliveries = [
            _delivery(f"bulk {n}", 1000 + n, kind, Draft("t.say", {"words": f"bulk {n}"}), now)
            for n in range(first, first + count)
        ]
        async with self.database.open_unit() as unit:
            await unit.deliveries.plan_all(deliveries)
            await unit.commit()
        self.sender.wake()

    async def drained(self) -> None:
        await drained(self.clock, self.activity, self.sender.open_work)

    async def run(self, seconds: float) -> None:
        """Let so much time pass, event by event."""
        horizon = self.clock.now() + timedelta(seconds=seconds)
        await run_until(self.clock, horizon, self.activity, self.sender.open_work)

    async def state(self, key: str) -> DeliveryState:
        return (await self.row(key)).state

    async def row(self, key: str) -> DeliveryRow:
        async with self.database.open_unit(read_only=True) as unit:
            return (await unit._session.scalars(select(DeliveryRow).where(DeliveryRow.dedup == key))).one()


def _delivery(key: str, chat: int, kind: DeliveryKind, draft: Draft, now: datetime) -> Delivery:
    return Delivery(
        id=DeliveryId(new_id()),
        dedup=key,
        kind=kind,
        state=DeliveryState.PLANNED,
        chat=ChatId(chat),
        person=None,
        language="ko",
        draft=draft,
        planned_at=now,
        due_at=now,
    )


@asynccontextmanager
async def rig_on(database: Database, folder: Path) -> AsyncIterator[Rig]:
    """A running sender that has been silent for its first second."""
    rig = Rig(database, folder)
    await rig.start()
    try:
        await rig.run(SETTLED.total_seconds())
        yield rig
    finally:
        if rig.messenger.held is not None:
            rig.messenger.held.set()
        await rig.stop()
