"""Foreign keys held back while SQLite builds tables anew, as its manual asks for (ALTER TABLE, "other kinds of changes").

Dropping the old table of a rebuild would otherwise delete what refers to it (ON DELETE CASCADE).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection


class BrokenReferences(Exception):
    """After a migration, rows of this table refer to rows that are not there."""


@asynccontextmanager
async def held_back(connection: AsyncConnection, without_begin: str) -> AsyncIterator[None]:
    """SQLite's connection without foreign keys while the block runs. Raises BrokenReferences after it.

    `without_begin` is the execution option that keeps a transaction from being begun: in one, the switch does nothing.
    """
    await _switch(connection, without_begin, "OFF")
    try:
        yield
        broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise BrokenReferences(broken[0])
        await connection.commit()
    finally:
        await connection.rollback()
        await _switch(connection, without_begin, "ON")


async def _switch(connection: AsyncConnection, without_begin: str, to: str) -> None:
    await connection.execution_options(**{without_begin: True})
    await connection.exec_driver_sql(f"PRAGMA foreign_keys={to}")
    await connection.commit()
    await connection.execution_options(**{without_begin: False})
