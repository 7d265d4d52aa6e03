"""What past deliveries tell: what got lost, and how fast was written to whom."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import ChatId
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import AFTER_ALL, Part


class Past(Part):
    """Looks back."""

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

    async def expired_since(self, since: datetime) -> dict[DeliveryKind, int]:
        """How many deliveries became pointless since `since` before anything of them had left.

        Those alone that were too late (their time was over): not what was withdrawn or is not the reader's any more.
        Participants' are not among them: their times are destroyed.
        """
        rows = await self._session.execute(
            select(DeliveryRow.kind, func.count())
            .where(
                DeliveryRow.settled_at >= since,
                DeliveryRow.state == DeliveryState.EXPIRED,
                DeliveryRow.attempts == 0,
                DeliveryRow.expires_at <= DeliveryRow.settled_at,
                DeliveryRow.private.is_(False),
            )
            .group_by(DeliveryRow.kind)
        )
        return dict(rows.all())

    async def arrived_of(self, key_prefix: str) -> dict[str, bool]:
        """Deliveries whose key starts so, and whether each may still arrive or surely did: not one that failed or that
        is of unknown fate for good.
        """
        rows = await self._session.execute(
            select(DeliveryRow.dedup, DeliveryRow.state, DeliveryRow.due_at).where(
                DeliveryRow.dedup >= key_prefix, DeliveryRow.dedup < key_prefix + AFTER_ALL
            )
        )
        lost = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
        return {dedup: state not in lost or due is not None for dedup, state, due in rows}

    async def sent_since(self, since: datetime) -> Sequence[tuple[ChatId, datetime]]:
        """When chats were last written to, for limits that outlive the process.

        A message may have arrived as late as the answer to it: the later of both times counts. One without an answer
        is not settled, so that both halves of the question are read from the index of settled times.
        """
        rows = await self._session.execute(
            select(DeliveryRow.chat_id, DeliveryRow.attempted_at, DeliveryRow.settled_at).where(
                DeliveryRow.attempted_at.is_not(None),
                or_(
                    DeliveryRow.settled_at >= since,
                    and_(DeliveryRow.settled_at.is_(None), DeliveryRow.attempted_at >= since),
                ),
            )
        )
        return [
            (chat, max(attempted, settled or attempted))
            for chat, attempted, settled in rows
            if chat is not None and attempted is not None
        ]
