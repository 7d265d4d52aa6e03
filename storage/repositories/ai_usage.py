"""Tokens that the language model took, by day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import AiUsageRow
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Usage:
    """A day's tokens; `estimated` are part of `used`."""

    used: int = 0
    reserved: int = 0
    estimated: int = 0
    calls: int = 0


class AiUsage:
    """Each change is one conditional statement: right for several processes at once."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_day(self, day: date) -> Usage:
        row = await self._session.get(AiUsageRow, day, populate_existing=True)
        return Usage() if row is None else Usage(row.used, row.reserved, row.estimated, row.calls)

    async def reserve(self, day: date, tokens: int, budget: int) -> bool:
        """Sets `tokens` aside for a call if they still fit under `budget`; whether they did."""
        first = insert_into(self._session, AiUsageRow).values(
            day=day, used=0, reserved=0, estimated=0, calls=0
        )
        await self._session.execute(first.on_conflict_do_nothing())
        reserved = await self._session.scalar(
            update(AiUsageRow)
            .where(AiUsageRow.day == day, AiUsageRow.used + AiUsageRow.reserved + tokens <= budget)
            .values(reserved=AiUsageRow.reserved + tokens, calls=AiUsageRow.calls + 1)
            .returning(AiUsageRow.day)
        )
        return reserved is not None

    async def settle(self, day: date, reserved: int, used: int, *, estimated: bool) -> None:
        """A call is over: what was set aside is free again, what it took is counted."""
        await self._session.execute(
            update(AiUsageRow)
            .where(AiUsageRow.day == day)
            .values(
                reserved=AiUsageRow.reserved - reserved,
                used=AiUsageRow.used + used,
                estimated=AiUsageRow.estimated + (used if estimated else 0),
            )
        )

    async def forget(self, before: date) -> None:
        """Destroys the counts of days before `before`."""
        await self._session.execute(delete(AiUsageRow).where(AiUsageRow.day < before))
