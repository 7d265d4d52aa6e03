"""How deliveries end. Once an end is final the words are gone: nothing reads them any more, and they may name people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, null, or_, select, update

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState
from bot.domain.ids import ChatId, DeliveryId
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import HAS_WORDS, RESEND_WAITS, Part, to_delivery


class Ends(Part):
    """What became of deliveries that were claimed."""

    async def sent(self, delivery: DeliveryId, message_id: int, now: datetime) -> None:
        await self._end(delivery, now, state=DeliveryState.SENT, message_id=message_id)

    async def failed(self, delivery: DeliveryId, reason: str, now: datetime) -> None:
        await self._end(delivery, now, state=DeliveryState.FAILED, failure=reason[:120])

    async def expired(self, delivery: DeliveryId, now: datetime) -> None:
        await self._end(delivery, now, state=DeliveryState.EXPIRED)

    async def unknown(self, delivery: DeliveryId, now: datetime, resend_at: datetime | None) -> None:
        """Its fate is not known. `resend_at` None: final, and listed in /status."""
        if resend_at is None:
            await self._end(delivery, now, state=DeliveryState.UNKNOWN)
            return
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery, HAS_WORDS)
            .values(state=DeliveryState.UNKNOWN, settled_at=now, due_at=resend_at)
            .execution_options(synchronize_session=False)
        )

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

    async def expire_resends_of(self, chat: ChatId, since: datetime, now: datetime) -> None:
        """Ends replies to a chat that may have arrived before `since`, when something came from it: it has moved on."""
        await self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.chat_id == chat,
                DeliveryRow.kind == DeliveryKind.REPLY,
                DeliveryRow.attempted_at < since,
                or_(
                    RESEND_WAITS,
                    and_(DeliveryRow.state == DeliveryState.PLANNED, DeliveryRow.attempts > 0),
                ),
            )
            .values(state=DeliveryState.EXPIRED, settled_at=now, due_at=None, draft=null())
            .execution_options(synchronize_session=False)
        )

    async def left_sending(self) -> Sequence[Delivery]:
        """Deliveries that a crash left half-way."""
        rows = await self._session.scalars(
            select(DeliveryRow).where(DeliveryRow.state == DeliveryState.SENDING).order_by(DeliveryRow.seq)
        )
        return [to_delivery(row) for row in rows]

    async def resends_wait(self) -> bool:
        """Whether a delivery of unknown fate waits for its resend."""
        return (await self._session.scalar(select(DeliveryRow.seq).where(RESEND_WAITS).limit(1))) is not None

    async def attempted_at(self, delivery: DeliveryId) -> datetime | None:
        """When the last request that may have reached Telegram left."""
        return await self._session.scalar(select(DeliveryRow.attempted_at).where(DeliveryRow.id == delivery))

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

    async def _end(self, delivery: DeliveryId, now: datetime, **values: Any) -> None:
        """For good: one that has ended stays as it is, and a destroyed one is left alone."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery, HAS_WORDS)
            .values(settled_at=now, due_at=None, draft=null(), **values)
            .execution_options(synchronize_session=False)
        )
