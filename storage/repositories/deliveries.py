"""Deliveries: planned once by key, claimed by a conditional update, settled by what the messenger said."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, case, delete, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.delivery import PRIORITY, Delivery, DeliveryKind, DeliveryState, Priority
from bot.domain.ids import ChatId, DeliveryId, PersonId, new_id
from storage.drafts import draft_from_json, draft_to_json
from storage.models import DeliveryRow

MOST_ATTEMPTS = 2
"""Requests that may have reached Telegram: the first and, after an unknown fate, one resend."""
_OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING)
_RESEND_WAITS = and_(DeliveryRow.state == DeliveryState.UNKNOWN, DeliveryRow.due_at.is_not(None))
"""An unknown fate without a due time is final."""
_WAITS = or_(DeliveryRow.state == DeliveryState.PLANNED, _RESEND_WAITS)


class Deliveries:
    """Outgoing messages."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def plan(self, delivery: Delivery) -> bool:
        """Adds a delivery; False when its key is known already (planning twice is harmless)."""
        insert = sqlite_insert if self._session.get_bind().dialect.name == "sqlite" else pg_insert
        draft = delivery.draft
        planned = await self._session.scalar(
            insert(DeliveryRow)
            .values(
                id=delivery.id,
                dedup=delivery.dedup,
                kind=delivery.kind,
                state=DeliveryState.PLANNED,
                priority=int(PRIORITY[delivery.kind]),
                chat_id=delivery.chat,
                person_id=delivery.person,
                language=delivery.language,
                message_key=draft.key,
                draft=draft_to_json(draft),
                private=draft.private,
                edits=draft.edits,
                planned_at=delivery.planned_at,
                due_at=delivery.due_at,
                expires_at=draft.expires,
                attempts=0,
                resend=False,
            )
            .on_conflict_do_nothing(index_elements=[DeliveryRow.dedup])
            .returning(DeliveryRow.seq)
        )
        return planned is not None

    async def due(
        self, now: datetime, busy: Collection[ChatId], limit: int, *, least: Priority = Priority.BULK
    ) -> Sequence[Delivery]:
        """What may be sent now: the first due delivery of every chat that is not busy, people before broadcasts.

        Includes unknown ones whose resend is due (`attempts` tells). `least`: nothing that matters less than this.
        Holds the rows until the transaction ends; those that another process holds are left out.
        """
        place = func.row_number().over(
            partition_by=DeliveryRow.chat_id, order_by=(DeliveryRow.priority, DeliveryRow.seq)
        )
        line = (
            select(DeliveryRow.seq, place.label("place"))
            .where(_WAITS, DeliveryRow.due_at <= now)
            .where(DeliveryRow.priority <= int(least), DeliveryRow.chat_id.not_in(list(busy)))
            .subquery()
        )
        rows = await self._session.scalars(
            select(DeliveryRow)
            .join(line, line.c.seq == DeliveryRow.seq)
            .where(
                line.c.place == 1, _WAITS
            )  # said again for rows that changed while we waited for their lock
            .order_by(DeliveryRow.priority, DeliveryRow.seq)
            .limit(limit)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
        return [_to_delivery(row) for row in rows]

    async def next_due(
        self, busy: Collection[ChatId] = (), *, least: Priority = Priority.BULK
    ) -> datetime | None:
        """When the next delivery (or resend) may be sent to a chat that is not busy."""
        return await self._session.scalar(
            select(func.min(DeliveryRow.due_at)).where(
                _WAITS, DeliveryRow.priority <= int(least), DeliveryRow.chat_id.not_in(list(busy))
            )
        )

    async def next_due_after(self, now: datetime) -> datetime | None:
        """When the next delivery (or resend) falls due after `now`."""
        return await self._session.scalar(
            select(func.min(DeliveryRow.due_at)).where(_WAITS, DeliveryRow.due_at > now)
        )

    async def resends_wait(self) -> bool:
        """Whether a delivery of unknown fate waits for its resend."""
        return (await self._session.scalar(select(DeliveryRow.seq).where(_RESEND_WAITS).limit(1))) is not None

    async def attempted_at(self, delivery: DeliveryId) -> datetime | None:
        """When the last request that may have reached Telegram left."""
        return await self._session.scalar(select(DeliveryRow.attempted_at).where(DeliveryRow.id == delivery))

    async def claim(self, ids: Collection[DeliveryId], now: datetime) -> frozenset[DeliveryId]:
        """Marks deliveries as being sent; those that somebody else took are left out.

        One that may have arrived before becomes a resend, and stays one. An edit never does: repeating it is harmless.
        """
        if not ids:
            return frozenset()
        claimed = await self._session.scalars(
            update(DeliveryRow)
            .where(
                DeliveryRow.id.in_(list(ids)),
                DeliveryRow.state.in_([DeliveryState.PLANNED, DeliveryState.UNKNOWN]),
            )
            .values(
                state=DeliveryState.SENDING,
                attempted_at=now,
                resend=and_(DeliveryRow.attempts > 0, DeliveryRow.kind != DeliveryKind.EDIT),
                attempts=DeliveryRow.attempts + 1,
            )
            .returning(DeliveryRow.id)
            .execution_options(synchronize_session=False)
        )
        return frozenset(claimed)

    async def sent(self, delivery: DeliveryId, message_id: int, now: datetime) -> None:
        await self._settle(delivery, DeliveryState.SENT, now, message_id=message_id)

    async def failed(self, delivery: DeliveryId, reason: str, now: datetime) -> None:
        await self._settle(delivery, DeliveryState.FAILED, now, failure=reason[:120])

    async def expired(self, delivery: DeliveryId, now: datetime) -> None:
        await self._settle(delivery, DeliveryState.EXPIRED, now)

    async def unknown(self, delivery: DeliveryId, now: datetime, resend_at: datetime | None) -> None:
        """Its fate is not known. `resend_at` None: final, and listed in /status."""
        await self._settle(delivery, DeliveryState.UNKNOWN, now, due_at=resend_at)

    async def again(self, delivery: DeliveryId, at: datetime) -> None:
        """It surely was not accepted: planned again for `at`, and the attempt does not count.

        After an attempt that may have reached Telegram, the time of the last one is kept.
        """
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery, DeliveryRow.state == DeliveryState.SENDING)
            .values(
                state=DeliveryState.PLANNED,
                due_at=at,
                attempts=DeliveryRow.attempts - 1,
                attempted_at=case((DeliveryRow.attempts > 1, DeliveryRow.attempted_at), else_=null()),
                settled_at=None,
            )
            .execution_options(synchronize_session=False)
        )

    async def left_sending(self) -> Sequence[Delivery]:
        """Deliveries that a crash left half-way."""
        rows = await self._session.scalars(
            select(DeliveryRow).where(DeliveryRow.state == DeliveryState.SENDING).order_by(DeliveryRow.seq)
        )
        return [_to_delivery(row) for row in rows]

    async def newer_edit(self, delivery: Delivery) -> bool:
        """Whether a newer edit of the same message waits or went before: then this one must not be sent."""
        if delivery.draft.edits is None:
            return False
        seq = select(DeliveryRow.seq).where(DeliveryRow.id == delivery.id).scalar_subquery()
        newer = await self._session.scalar(
            select(DeliveryRow.seq)
            .where(
                DeliveryRow.chat_id == delivery.chat,
                DeliveryRow.edits == delivery.draft.edits,
                DeliveryRow.state.not_in([DeliveryState.FAILED, DeliveryState.EXPIRED]),
                DeliveryRow.seq > seq,
            )
            .limit(1)
        )
        return newer is not None

    async def withdraw_unsent(self, key_prefixes: Collection[str]) -> int:
        """Takes back planned deliveries whose key starts so and of which nothing has left. How many there were.

        Those that may have arrived before keep their key and end `expired`: what they say is not true any more.
        """
        if not key_prefixes:
            return 0
        fitting = or_(*(DeliveryRow.dedup.startswith(prefix, autoescape=True) for prefix in key_prefixes))
        gone = await self._session.scalars(
            delete(DeliveryRow)
            .where(fitting, DeliveryRow.state == DeliveryState.PLANNED, DeliveryRow.attempts == 0)
            .returning(DeliveryRow.seq)
        )
        count = len(list(gone))
        await self._session.execute(
            update(DeliveryRow)
            .where(fitting, _WAITS)
            .values(state=DeliveryState.EXPIRED, due_at=None)
            .execution_options(synchronize_session=False)
        )
        return count

    async def withdraw_of(self, person: PersonId) -> int:
        """Takes back everything planned for a person: none of it has left. How many there were."""
        gone = await self._session.scalars(
            delete(DeliveryRow)
            .where(DeliveryRow.state == DeliveryState.PLANNED, DeliveryRow.person_id == person)
            .returning(DeliveryRow.seq)
        )
        return len(list(gone))

    async def moved_chat(self, old: ChatId, new: ChatId) -> None:
        """What is still to be sent to a chat goes to the one it became."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.chat_id == old, or_(DeliveryRow.state.in_(_OPEN), _RESEND_WAITS))
            .values(chat_id=new)
            .execution_options(synchronize_session=False)
        )

    async def make_private(self, chat: ChatId) -> None:
        """Hands all deliveries of a chat to the purge: their person asked to be forgotten."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.chat_id == chat)
            .values(private=True)
            .execution_options(synchronize_session=False)
        )

    async def forget_destroyed(self) -> int:
        """Removes what is left of destroyed private deliveries: rows without chat, payload and times."""
        gone = await self._session.scalars(
            delete(DeliveryRow)
            .where(DeliveryRow.chat_id.is_(None), DeliveryRow.private.is_(True))
            .returning(DeliveryRow.seq)
        )
        return len(list(gone))

    async def destroy_private(self, chats: Collection[ChatId], before: datetime) -> int:
        """Destroys payload, chat, key, language and times of participants' deliveries planned up to `before`.

        Unsent ones end `expired`. The fact that something was sent stays, and ties nothing to nobody.
        """
        rows = await self._session.scalars(
            select(DeliveryRow).where(
                DeliveryRow.private.is_(True),
                DeliveryRow.chat_id.in_(list(chats)),
                DeliveryRow.planned_at <= before,
            )
        )
        count = 0
        for row in rows:
            if row.state in _OPEN or (row.state is DeliveryState.UNKNOWN and row.due_at is not None):
                row.state = DeliveryState.EXPIRED
            row.dedup = f"gone:{new_id()}"
            row.chat_id = row.person_id = row.message_key = row.draft = row.message_id = row.edits = None
            row.planned_at = row.due_at = row.expires_at = row.attempted_at = row.settled_at = None
            row.language, row.failure = "", None
            count += 1
        await self._session.flush()
        return count

    async def private_chats(self, before: datetime, limit: int) -> Sequence[ChatId]:
        """Chats that still have private deliveries planned up to `before`."""
        rows = await self._session.scalars(
            select(DeliveryRow.chat_id)
            .where(
                DeliveryRow.private.is_(True),
                DeliveryRow.chat_id.is_not(None),
                DeliveryRow.planned_at <= before,
            )
            .distinct()
            .limit(limit)
        )
        return [chat for chat in rows if chat is not None]

    async def destroy_settled(self, before: datetime) -> int:
        """Destroys deliveries settled before `before`, whatever they were."""
        gone = await self._session.scalars(
            delete(DeliveryRow).where(DeliveryRow.settled_at < before).returning(DeliveryRow.seq)
        )
        return len(list(gone))

    async def counts_since(self, since: datetime) -> dict[DeliveryState, int]:
        """How many deliveries settled in which state since `since`, and how many are open."""
        rows = await self._session.execute(
            select(DeliveryRow.state, func.count())
            .where(or_(DeliveryRow.settled_at >= since, DeliveryRow.state.in_(_OPEN)))
            .group_by(DeliveryRow.state)
        )
        return {state: count for state, count in rows}  # noqa: C416 (rows are not pairs for the type checker)

    async def lost_since(self, since: datetime) -> dict[DeliveryKind, dict[DeliveryState, int]]:
        """How many deliveries surely (failed) or possibly (unknown for good) did not arrive since `since`."""
        rows = await self._session.execute(
            select(DeliveryRow.kind, DeliveryRow.state, func.count())
            .where(
                DeliveryRow.settled_at >= since,
                or_(
                    DeliveryRow.state == DeliveryState.FAILED,
                    and_(DeliveryRow.state == DeliveryState.UNKNOWN, DeliveryRow.due_at.is_(None)),
                ),
            )
            .group_by(DeliveryRow.kind, DeliveryRow.state)
        )
        lost: dict[DeliveryKind, dict[DeliveryState, int]] = {}
        for kind, state, count in rows:
            lost.setdefault(kind, {})[state] = count
        return lost

    async def sent_since(self, since: datetime) -> Sequence[tuple[ChatId, datetime]]:
        """When chats were last written to, for limits that outlive the process.

        A message may have arrived as late as the answer to it: the later of both times counts.
        """
        rows = await self._session.execute(
            select(DeliveryRow.chat_id, DeliveryRow.attempted_at, DeliveryRow.settled_at).where(
                DeliveryRow.attempted_at.is_not(None),
                or_(DeliveryRow.attempted_at >= since, DeliveryRow.settled_at >= since),
            )
        )
        return [
            (chat, max(attempted, settled or attempted))
            for chat, attempted, settled in rows
            if chat is not None and attempted is not None
        ]

    async def open_of_kind(self, kind: DeliveryKind) -> int:
        return (
            await self._session.scalar(
                select(func.count()).where(DeliveryRow.kind == kind, DeliveryRow.state.in_(_OPEN))
            )
            or 0
        )

    async def _settle(
        self,
        delivery: DeliveryId,
        state: DeliveryState,
        now: datetime,
        *,
        message_id: int | None = None,
        failure: str | None = None,
        due_at: datetime | None = None,
    ) -> None:
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery, DeliveryRow.chat_id.is_not(None))
            .values(
                state=state,
                settled_at=now,
                message_id=message_id,
                failure=failure,
                due_at=due_at,
            )
            .execution_options(synchronize_session=False)
        )


def _to_delivery(row: DeliveryRow) -> Delivery:
    if row.chat_id is None or row.draft is None or row.planned_at is None:
        raise LookupError("a destroyed delivery cannot be read")
    return Delivery(
        id=row.id,
        dedup=row.dedup,
        kind=row.kind,
        state=row.state,
        chat=row.chat_id,
        person=row.person_id,
        language=row.language,
        draft=draft_from_json(row.draft),
        planned_at=row.planned_at,
        due_at=row.due_at or row.planned_at,
        attempts=row.attempts,
        resend=row.resend,
    )
