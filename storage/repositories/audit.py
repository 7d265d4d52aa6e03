"""Who did what. No note text, no names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import PersonId
from storage.models import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: `actor` None is the console or the clock."""

    at: datetime
    actor: PersonId | None
    action: str
    subject: str
    details: Mapping[str, str | int | bool | None]


class Audit:
    """Appends and reads acts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, entry: AuditEntry) -> None:
        self._session.add(
            AuditRow(
                at=entry.at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                details=dict(entry.details),
            )
        )
        await self._session.flush()

    async def since(self, since: datetime, action: str | None = None) -> Sequence[AuditEntry]:
        query = select(AuditRow).where(AuditRow.at >= since).order_by(AuditRow.seq)
        if action is not None:
            query = query.where(AuditRow.action == action)
        return [
            AuditEntry(
                at=row.at, actor=row.actor, action=row.action, subject=row.subject, details=row.details
            )
            for row in await self._session.scalars(query)
        ]

    async def count_since(self, since: datetime, action: str) -> int:
        return (
            await self._session.scalar(
                select(func.count()).where(AuditRow.at >= since, AuditRow.action == action)
            )
            or 0
        )

    async def destroy_before(self, before: datetime) -> None:
        await self._session.execute(delete(AuditRow).where(AuditRow.at < before))
