"""Small facts that outlive the process."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import FactRow
from storage.upsert import insert_into


class Facts:
    """Named values: when sending stopped, a secret made at first start."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        row = await self._session.get(FactRow, name)
        return None if row is None else row.value

    async def put(self, name: str, value: str) -> None:
        await self._session.merge(FactRow(name=name, value=value))
        await self._session.flush()

    async def put_first(self, name: str, value: str) -> str:
        """Puts it unless somebody did before; the value that is kept. Two processes at once agree on one."""
        await self._session.execute(
            insert_into(self._session, FactRow).values(name=name, value=value).on_conflict_do_nothing()
        )
        return await self._session.scalar(select(FactRow.value).where(FactRow.name == name)) or value
