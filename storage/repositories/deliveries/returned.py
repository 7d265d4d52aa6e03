"""Deliveries that a restored backup brings back: what became of them in the meantime is not known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, or_, select, update

from bot.domain.delivery import DeliveryState
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import RESEND_WAITS, Part


class Returned(Part):
    """Ends what must not be sent a second time."""

    async def expire_due(self, now: datetime) -> int:
        """Ends what was planned for `now` or before; how many there were."""
        fell_due = (DeliveryRow.state == DeliveryState.PLANNED, DeliveryRow.due_at <= now)
        return len(await self._close(DeliveryState.EXPIRED, now, *fell_due))

    async def leave_unknown(self, now: datetime) -> int:
        """Whatever was being sent, or waited for its resend, is of unknown fate for good; how many there were."""
        doubtful = or_(DeliveryRow.state == DeliveryState.SENDING, RESEND_WAITS)
        return len(await self._close(DeliveryState.UNKNOWN, now, doubtful))

    async def waiting(self) -> int:
        """How many still wait for their time."""
        waiting = select(func.count()).where(DeliveryRow.state == DeliveryState.PLANNED)
        return (await self._session.scalar(waiting)) or 0

    async def _close(self, state: DeliveryState, now: datetime, *conditions: Any) -> Sequence[int]:
        ended = await self._session.scalars(
            update(DeliveryRow)
            .where(*conditions)
            .values(state=state, settled_at=now, due_at=None, draft=null())
            .returning(DeliveryRow.seq)
            .execution_options(synchronize_session=False)
        )
        return ended.all()
