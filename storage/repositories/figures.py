"""Figures for monitoring: what waits, what ended how, how large it is. Of nobody, and of no note."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.delivery import DeliveryState
from storage.models import DeliveryRow, DigestRow, InboxRow, SeenUpdateRow
from storage.models.traffic import InboxState

_OPEN = (DeliveryState.PLANNED, DeliveryState.SENDING)
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True, slots=True)
class InboxFigures:
    """`waiting`: kept for a while, and not settled yet, the longest since `oldest`. `kept`: how many came on a day (UTC)."""

    waiting: int
    oldest: datetime | None
    kept: int


class Figures:
    """Counts only."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def inbox(self, day: date, before: datetime) -> InboxFigures:
        """What came before `before` and waits, and what came on a day."""
        waiting = (InboxRow.state == InboxState.WAITING, InboxRow.received_at <= before)
        asked = select(func.count(), func.min(InboxRow.received_at)).where(*waiting)
        count, oldest = (await self._session.execute(asked)).one()
        kept = select(func.count()).select_from(SeenUpdateRow).where(SeenUpdateRow.day == day)
        return InboxFigures(count, oldest, await self._session.scalar(kept) or 0)

    async def deliveries(self, since: datetime) -> dict[DeliveryState, int]:
        """Those that are open, and those that ended since; without participants', which would tell when somebody wrote."""
        rows = await self._session.execute(
            select(DeliveryRow.state, func.count())
            .where(
                DeliveryRow.private.is_(False),
                or_(DeliveryRow.state.in_(_OPEN), DeliveryRow.settled_at >= since),
            )
            .group_by(DeliveryRow.state)
        )
        return dict(rows.all())

    async def longest_due(self, now: datetime) -> datetime | None:
        """Since when the delivery that is longest due has been due; None when nothing is."""
        moment: datetime | None = await self._session.scalar(
            select(func.min(DeliveryRow.due_at)).where(DeliveryRow.due_at <= now)
        )
        return moment

    async def digests(self, since: datetime) -> dict[str, int]:
        """Revisions that went to managers since, by the kind of their engine."""
        kind = DigestRow.body["engine"]["kind"].as_string()
        rows = await self._session.execute(
            select(kind, func.count()).where(DigestRow.published_at >= since).group_by(kind)
        )
        return dict(rows.all())

    async def database_bytes(self) -> int:
        """All of it on disk, without the log beside it."""
        asked = text(_SIZE[self._session.get_bind().dialect.name])
        return int(await self._session.scalar(asked) or 0)
