"""Deliveries with times that lie ahead of the clock: it was ahead when they were written, and was set back since."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, not_, or_, select, update

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import DeliveryId
from storage.models import DeliveryRow
from storage.repositories.ahead import SLACK
from storage.repositories.deliveries.rows import HAS_WORDS, WAITS, Part


@dataclass(frozen=True, slots=True)
class PutOff:
    """A delivery that waits longer than it should. `planned_ahead`: it was planned by the clock that was ahead."""

    id: DeliveryId
    dedup: str
    kind: DeliveryKind
    planned_ahead: bool


class Ahead(Part):
    """What a clock that was ahead left, seen from a clock that is right."""

    async def put_off(self, now: datetime, pause: timedelta, resend: timedelta) -> Sequence[PutOff]:
        """What was planned later than now, or waits longer than `pause` (for its resend: than `resend`)."""
        planned_ahead = DeliveryRow.planned_at > now + SLACK
        longest = case(
            (DeliveryRow.state == DeliveryState.UNKNOWN, now + resend + SLACK), else_=now + pause + SLACK
        )
        too_long = or_(planned_ahead, DeliveryRow.due_at > longest)
        rows = await self._session.execute(
            select(DeliveryRow.id, DeliveryRow.dedup, DeliveryRow.kind, planned_ahead)
            .where(DeliveryRow.due_at > now + SLACK, too_long)
            .order_by(DeliveryRow.seq)
        )
        return [PutOff(*row) for row in rows]

    async def bring_forward(self, deliveries: Collection[DeliveryId], now: datetime) -> None:
        """These are due now. When they become pointless stays as it is."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(list(deliveries)), WAITS)
            .values(
                due_at=now,
                planned_at=case((DeliveryRow.planned_at > now, now), else_=DeliveryRow.planned_at),
                attempted_at=case((DeliveryRow.attempted_at > now, now), else_=DeliveryRow.attempted_at),
            )
            .execution_options(synchronize_session=False)
        )

    async def not_after(self, now: datetime) -> None:
        """Private ones that were planned later than now were planned now, whatever ended later than now ended now.

        Reminders that wait are left: the clock that was ahead planned them at their own time, which is to come.
        """
        waiting_reminder = and_(DeliveryRow.kind == DeliveryKind.REMINDER, HAS_WORDS)
        await self._session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.private.is_(True), DeliveryRow.planned_at > now + SLACK, not_(waiting_reminder)
            )
            .values(planned_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.settled_at > now + SLACK, not_(WAITS))
            .values(
                settled_at=now,
                attempted_at=case((DeliveryRow.attempted_at > now, now), else_=DeliveryRow.attempted_at),
            )
            .execution_options(synchronize_session=False)
        )
