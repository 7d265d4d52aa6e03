"""Settling an update: what changed, what is said about it and "this update is settled" commit together.

The only place where a handler's transaction is opened. Handlers run in a savepoint: an expected refusal
undoes what they changed, while its words and the settling are kept. Attempts are counted before the handler
runs, in a transaction of their own, so that an update which kills the process is parked as well.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.delivery import Draft
from bot.domain.errors import Refusal
from bot.domain.ids import ChatId
from bot.domain.values import Value
from bot.services.ports import Clock, RawUpdate
from bot.services.saying import Recipient, Replies
from bot.services.unit import OpenUnit, Unit
from bot.services.updates import Envelope, UnreadableUpdate, open_envelope
from storage.refusals import never_stored
from storage.repositories.audit import AuditEntry
from storage.repositories.inbox import Received, Waiting

__all__ = ["Answer", "Handle", "InboxService", "Waiting"]

log = structlog.get_logger(__name__)

PAUSES = (timedelta(seconds=5), timedelta(seconds=30))
"""Three attempts: at once, after 5 s, after 30 s. Then the update is parked and its chat goes on. One that nobody can read
(UnreadableUpdate) is parked at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a button press is answered with (a toast), after the commit. No key: just stop the spinner."""

    press: str
    language: str
    key: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


class Handle(Protocol):
    """The handlers, as the inbox needs them: act within `unit`, speak through `replies`.

    Returns the toast for a button press, if any. Raises Refusal for what cannot be done.
    """

    async def __call__(
        self, unit: Unit, update: RawUpdate, replies: Replies, *, now: datetime
    ) -> tuple[str, Mapping[str, Value]] | None: ...


class InboxService:
    """Keeps updates before they are acknowledged and settles them once."""

    def __init__(self, open_unit: OpenUnit, clock: Clock, alert: Callable[[str], None] | None = None) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._alert = alert

    async def receive(self, updates: list[RawUpdate]) -> int:
        """Commits updates; only then may they be acknowledged. How many were new.

        Raises what the database raises when it is away: none of them may be acknowledged then. One that no database
        would take is set aside, so that it neither fails its neighbours nor comes again for ever.
        """
        try:
            return await self._commit(updates)
        except Exception as error:
            if not never_stored(error):
                raise
            if len(updates) == 1:
                await self.set_aside(type(error).__name__)
                return 0
        half = len(updates) // 2
        return await self.receive(updates[:half]) + await self.receive(updates[half:])

    async def set_aside(self, failure: str) -> None:
        """Records that an update could not even be kept: counted with the parked ones. `failure` is a type."""
        reference = uuid.uuid4().hex[:8]
        log.error("update set aside", reference=reference, failure=failure)
        async with self._open_unit() as unit:
            entry = AuditEntry(self._clock.now(), None, "update_parked", reference, {"failure": failure})
            await unit.audit.record(entry)
            await unit.commit()
        if self._alert is not None:
            self._alert("update_lost")

    async def _commit(self, updates: list[RawUpdate]) -> int:
        now = self._clock.now()
        received = [Received(u.update_id, open_envelope(u.payload).chat, u.payload) for u in updates]
        async with self._open_unit() as unit:
            new = await unit.inbox.receive(received, now.date(), now)
            await unit.commit()
        return new

    async def ready(self, busy: frozenset[ChatId], limit: int) -> list[Waiting]:
        """The next update of every chat that is not busy."""
        async with self._open_unit(read_only=True) as unit:
            return list(await unit.inbox.next_of_chats(self._clock.now(), busy, limit))

    async def next_try(self, busy: frozenset[ChatId] = frozenset()) -> datetime | None:
        """When an update of a chat that is not busy may be tried; None when nothing waits."""
        async with self._open_unit(read_only=True) as unit:
            return await unit.inbox.next_try(busy)

    async def settle(self, waiting: Waiting, handle: Handle) -> Answer | None:
        """One attempt at an update. Returns the answer to its button press when it was settled.

        Never raises for what a handler did: a failure is counted, retried and at last parked.
        """
        envelope = open_envelope(waiting.payload)
        async with self._open_unit() as unit:
            attempt = await unit.inbox.count_attempt(waiting.update_id)
            await unit.commit()
        if attempt is None:
            return None
        if attempt > 1 + len(PAUSES):
            await self._give_up(waiting, "crash")
            return None
        try:
            return await self._attempt(waiting, envelope, handle)
        except Exception as error:  # noqa: BLE001 (whatever a handler raises is counted and retried)
            await self._failed(waiting, attempt, error)
            return None

    async def _attempt(self, waiting: Waiting, envelope: Envelope, handle: Handle) -> Answer | None:
        now = self._clock.now()
        async with self._open_unit() as unit:
            replies = await self._replies(unit, waiting, envelope, now)
            toast = None
            try:
                async with unit.savepoint():
                    update = RawUpdate(waiting.update_id, waiting.payload)
                    toast = await handle(unit, update, replies, now=now)
            except Refusal as refusal:
                if envelope.chat:
                    replies = await self._replies(unit, waiting, envelope, now)
                    await replies.say(Draft(refusal.key, refusal.values))
            if not await unit.inbox.settle(waiting.update_id):
                return None
            await unit.deliveries.expire_resends_of(waiting.chat, waiting.received_at, now)
            await unit.commit()
        if envelope.press is None:
            return None
        key, values = toast or (None, {})
        return Answer(envelope.press, replies.language, key, values)

    async def _replies(self, unit: Unit, waiting: Waiting, envelope: Envelope, now: datetime) -> Replies:
        """To the update's chat, in the language of whoever sent it: their own choice, else their Telegram's."""
        person = await unit.people.by_chat(envelope.chat)
        speaker = await unit.people.by_chat(envelope.sender) if envelope.is_group else person
        to = Recipient(
            chat=envelope.chat,
            language=speaker.language if speaker else envelope.language,
            person=person.id if person else None,
        )
        private = person is None and not envelope.is_group
        return Replies(unit, waiting.update_id, to, now=now, private=private)

    async def _failed(self, waiting: Waiting, attempt: int, error: Exception) -> None:
        """Logs once with its trace and a reference; the words of the update are in neither."""
        failure = type(error).__name__
        reference = uuid.uuid4().hex[:8]
        log.error("update failed", reference=reference, attempt=attempt, failure=failure, exc_info=error)
        if attempt > len(PAUSES) or isinstance(error, UnreadableUpdate):
            await self._give_up(waiting, failure, reference)
            return
        async with self._open_unit() as unit:
            at = self._clock.now() + PAUSES[attempt - 1]
            await unit.inbox.retry_later(waiting.update_id, at, failure)
            await unit.commit()

    async def _give_up(self, waiting: Waiting, failure: str, reference: str = "") -> None:
        """Parks the update and plans its apology in one transaction: a crash in between would leave somebody without a word."""
        reference = reference or uuid.uuid4().hex[:8]
        envelope = open_envelope(waiting.payload)
        now = self._clock.now()
        async with self._open_unit() as unit:
            if not await unit.inbox.park(waiting.update_id, failure):
                return  # the commit whose answer was lost had arrived
            await unit.deliveries.expire_resends_of(waiting.chat, waiting.received_at, now)
            entry = AuditEntry(now, None, "update_parked", reference, {"failure": failure})
            await unit.audit.record(entry)
            if envelope.chat:
                await self._apologise(unit, waiting, envelope, reference, now)
            await unit.commit()
        log.error("update parked", reference=reference, failure=failure)
        if self._alert is not None:
            self._alert("update_parked")

    async def _apologise(
        self, unit: Unit, waiting: Waiting, envelope: Envelope, reference: str, now: datetime
    ) -> None:
        """Within a savepoint: whatever broke the update may break its apology, and it is parked anyway."""
        try:
            async with unit.savepoint():
                replies = await self._replies(unit, waiting, envelope, now)
                await replies.say(Draft("common.sorry", {"reference": reference}))
        except Exception as error:  # noqa: BLE001 (see above)
            log.error("no apology", reference=reference, failure=type(error).__name__)  # noqa: TRY400 (no words of people in logs)
