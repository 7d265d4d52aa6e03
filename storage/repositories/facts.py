"""Small facts that outlive the process."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import FactRow


class Facts:
    """Named values: the polling offset, when sending stopped."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, name: str) -> str | None:
        row = await self._session.get(FactRow, name)
        return None if row is None else row.value

    async def put(self, name: str, value: str) -> None:
        await self._session.merge(FactRow(name=name, value=value))
        await self._session.flush()
