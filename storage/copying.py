"""All data of one database carried to another, table by table: for `move`, and for backups of PostgreSQL.

Both sides are at the newest revision, so that tables and columns are the same. Rows travel through the column types,
which know how each database keeps moments, JSON and truth values; in the order of their keys, so that the order in
which anonymous notes came is not in the copy; in batches, so that memory stays small.
"""

from collections.abc import Mapping

from sqlalchemy import Column, LargeBinary, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.models import Base

BATCH = 500
"""Rows a statement: some 100 kB of notes, a few MB of digests."""
LARGE = 5
"""Rows a statement where a row may hold a file (20 MB at most, Telegram)."""

Counts = Mapping[str, int]
"""Rows by table, in the order in which tables depend on each other."""


class NotEmpty(Exception):
    """The database that was to be filled holds something already."""


class NotCopied(Exception):
    """A table could not be carried over whole. The copy was not kept."""

    def __init__(self, table: str, why: str) -> None:
        super().__init__(f"{table}: {why}")


async def copy_all(source: Database, target: Database, *, replace: bool = False) -> Counts:
    """Carries everything over in one transaction of the target and one snapshot of the source; the rows by table.

    `replace` first deletes what the target holds; otherwise it must be empty. Raises NotEmpty and NotCopied;
    then the target is as it was.
    """
    async with source.snapshot() as reading, target.writing() as writing:
        if replace:
            for table in reversed(Base.metadata.sorted_tables):
                await writing.execute(table.delete())
        elif any((await counted(writing)).values()):
            raise NotEmpty
        copied = {table.name: await _copy(table, reading, writing) for table in Base.metadata.sorted_tables}
        for name, there in (await counted(writing)).items():
            if copied[name] != there:
                raise NotCopied(name, "count")
        if not target.is_sqlite:
            await _count_on(writing)
    return copied


async def counted(connection: AsyncConnection) -> Counts:
    """How many rows each table holds."""
    return {
        table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in Base.metadata.sorted_tables
    }


async def _copy(table: Table, reading: AsyncConnection, writing: AsyncConnection) -> int:
    """How many rows it had. Raises NotCopied: a row that the target does not take (too long, a character it has not)."""
    try:
        return await _batches(table, reading, writing)
    except SQLAlchemyError as error:
        raise NotCopied(table.name, type(error).__name__) from None


async def _batches(table: Table, reading: AsyncConnection, writing: AsyncConnection) -> int:
    rows = 0
    batch_size = LARGE if any(isinstance(column.type, LargeBinary) for column in table.columns) else BATCH
    query = select(table).order_by(*table.primary_key)
    async with reading.stream(query, execution_options={"yield_per": batch_size}) as result:
        async for batch in result.mappings().partitions(batch_size):
            await writing.execute(insert(table), [dict(row) for row in batch])
            rows += len(batch)
    return rows


async def _count_on(connection: AsyncConnection) -> None:
    """Automatic numbers go on after the highest one: PostgreSQL's sequences know nothing of rows that brought their own."""
    for table in Base.metadata.sorted_tables:
        column = _numbered(table)
        if column is None:
            continue
        name = func.pg_get_serial_sequence(table.name, column.name)
        if (await connection.execute(select(name))).scalar_one() is None:
            continue
        highest = func.max(column)
        await connection.execute(
            select(func.setval(name, func.coalesce(highest, 1), highest.is_not(None))).select_from(table)
        )


def _numbered(table: Table) -> Column[int] | None:
    return table.autoincrement_column
