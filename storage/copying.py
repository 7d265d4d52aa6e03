"""All data of one database carried to another, table by table: for `move`, and for backups of PostgreSQL.

Both sides are at the same revision: the newest, or an older one before it is brought up. Rows travel through the column types,
which know how each database keeps moments, JSON and truth values; in the order of their keys, so that the order in
which anonymous notes came is not in the copy; in batches, so that memory stays small.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Column, Connection, LargeBinary, MetaData, Table, func, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.machine import is_the_machines
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
    """A table could not be carried over whole. The copy was not kept. `machine`: the disk or another process stood in the way."""

    def __init__(self, table: str, why: str, *, machine: bool = False) -> None:
        super().__init__(f"{table}: {why}")
        self.machine = machine


async def copy_all(source: Database, target: Database, *, replace: bool = False) -> Counts:
    """Carries everything over in one transaction of the target and one snapshot of the source; the rows by table.

    `replace` first deletes what the target holds; otherwise it must be empty. Raises NotEmpty and NotCopied;
    then the target is as it was.
    """
    async with source.snapshot() as reading, target.writing() as writing:
        tables = await tables_of(reading)
        if replace:
            for table in reversed(tables):
                with _told(table):
                    await writing.execute(table.delete())
        elif any((await counted(writing, tables)).values()):
            raise NotEmpty
        copied = {table.name: await _copy(table, reading, writing) for table in tables}
        for name, there in (await counted(writing, tables)).items():
            if copied[name] != there:
                raise NotCopied(name, "count")
        if not target.is_sqlite:
            await _count_on(writing, tables)
    return copied


async def require_empty(database: Database) -> None:
    """Raises NotEmpty when one of our tables holds something, whatever the schema's revision; changes nothing."""
    async with database.snapshot() as connection:
        there = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        ours = [table for table in Base.metadata.sorted_tables if table.name in there]
        if any((await counted(connection, ours)).values()):
            raise NotEmpty


async def tables_of(connection: AsyncConnection) -> Sequence[Table]:
    """The tables of a database whose schema may be an older one, with the columns that are there, in dependency order.

    Raises NotCopied for a table or a column that this version does not know: nothing is left out in silence.
    """
    return await connection.run_sync(_known_part)


def _known_part(connection: Connection) -> list[Table]:
    found = inspect(connection)
    there = {name: {column["name"] for column in found.get_columns(name)} for name in found.get_table_names()}
    there.pop("alembic_version", None)
    for name, columns in there.items():
        if name not in Base.metadata.tables or not columns <= set(Base.metadata.tables[name].columns.keys()):
            raise NotCopied(name, "unknown")
    part = MetaData()
    return [
        Table(
            table.name,
            part,
            *(_plain(column) for column in table.columns if column.name in there[table.name]),
        )
        for table in Base.metadata.sorted_tables
        if table.name in there
    ]


def _plain(column: Column[Any]) -> Column[Any]:
    """What copying needs to know of a column."""
    return Column(
        column.name, column.type, primary_key=column.primary_key, autoincrement=column.autoincrement
    )


async def counted(connection: AsyncConnection, tables: Sequence[Table] | None = None) -> Counts:
    """How many rows each table holds."""
    return {
        table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        for table in (Base.metadata.sorted_tables if tables is None else tables)
    }


async def _copy(table: Table, reading: AsyncConnection, writing: AsyncConnection) -> int:
    """How many rows it had. Raises NotCopied."""
    with _told(table):
        return await _batches(table, reading, writing)


@contextmanager
def _told(table: Table) -> Iterator[None]:
    """A row that cannot be read or that the target does not take (too long, a character it has not) is NotCopied."""
    try:
        yield
    except (SQLAlchemyError, ValueError, TypeError, LookupError, OverflowError) as error:
        raise NotCopied(table.name, type(error).__name__, machine=is_the_machines(error)) from None


async def _batches(table: Table, reading: AsyncConnection, writing: AsyncConnection) -> int:
    rows = 0
    batch_size = LARGE if any(isinstance(column.type, LargeBinary) for column in table.columns) else BATCH
    query = select(table).order_by(*table.primary_key)
    async with reading.stream(query, execution_options={"yield_per": batch_size}) as result:
        async for batch in result.mappings().partitions(batch_size):
            found = [dict(row) for row in batch]
            _require_kinds(table, found)
            await writing.execute(insert(table), found)
            rows += len(batch)
    return rows


def _require_kinds(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """SQLite keeps any value in any column: one of another kind would be found out by whoever reads it, days later.

    Raises ValueError.
    """
    for column in table.columns:
        if isinstance(column.type, JSON):
            continue
        kind = column.type.python_type
        for row in rows:
            value = row[column.name]
            if value is not None and (type(value) is bool) is not (kind is bool):
                raise ValueError(column.name)
            if value is not None and not isinstance(value, kind):
                raise ValueError(column.name)


async def _count_on(connection: AsyncConnection, tables: Sequence[Table]) -> None:
    """Automatic numbers go on after the highest one: PostgreSQL's sequences know nothing of rows that brought their own."""
    for table in tables:
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
