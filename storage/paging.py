"""Many rows without holding up the event loop: they come in pages, and between two pages everybody else has a turn."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncSession

PAGE = 500
"""Rows of a page: some milliseconds of the loop's time."""


async def paged(session: AsyncSession, rows: Select[*tuple[Any, ...]]) -> AsyncIterator[Sequence[Row[Any]]]:
    """The rows of a SELECT of columns (of entities the session would keep every one). To be read to its end."""
    result = await session.stream(rows.execution_options(yield_per=PAGE))
    async for page in result.partitions(PAGE):
        yield page
