"""How a database is, for `doctor`: looked at without changing anything, the schema included."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import SENDER_LOCK, Database
from storage.models import FactRow
from storage.revisions import revision_of, revisions_behind

_LOCKS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0 AND objsubid = 1"
    " AND objid = :number AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """`behind`: migrations to come, None for a schema of a later version. `sound`: SQLite's own quick check.

    `log`: SQLite's journal mode. `encoding`: PostgreSQL's. `sent_from`: PostgreSQL, another process sends from it.
    """

    engine: str
    behind: int | None
    sound: bool
    writable: bool
    log: str | None = None
    encoding: str | None = None
    sent_from: bool = False

    @property
    def is_current(self) -> bool:
        return self.behind == 0


def file_of(database: Database) -> Path | None:
    """The file of a SQLite database; None on a server."""
    return Path(database.url.database or "") if database.is_sqlite else None


def is_there(database: Database) -> bool:
    """Whether there is something to open: a file that is missing would be made by looking at it."""
    file = file_of(database)
    return file is None or file.is_file()


class CannotOpen(Exception):
    """The database does not let us in, or is none. The text is a type: addresses and passwords are not told."""


@dataclass(frozen=True, slots=True)
class Schema:
    """`revision`: None for a database that holds nothing of ours yet. `behind`: as in Condition."""

    revision: str | None
    behind: int | None


async def schema_of(database: Database) -> Schema:
    """Raises CannotOpen."""
    try:
        async with database.snapshot() as connection:
            revision = await connection.run_sync(revision_of)
            return Schema(revision, await connection.run_sync(revisions_behind))
    except (SQLAlchemyError, OSError) as error:
        raise CannotOpen(type(error).__name__) from None


async def examine(database: Database) -> Condition:
    """Raises CannotOpen."""
    try:
        return await _examine(database)
    except (SQLAlchemyError, OSError) as error:
        raise CannotOpen(type(error).__name__) from None


async def _examine(database: Database) -> Condition:
    async with database.snapshot() as connection:
        behind = await connection.run_sync(revisions_behind)
        if database.is_sqlite:
            found = await _sqlite(connection, behind)
        else:
            found = await _postgres(connection, behind)
    return found if not found.is_current else replace(found, writable=await _can_write(database))


async def _sqlite(connection: AsyncConnection, behind: int | None) -> Condition:
    version = await _ask(connection, "SELECT sqlite_version()")
    sound = await _ask(connection, "PRAGMA quick_check(1)") == "ok"
    log = await _ask(connection, "PRAGMA journal_mode")
    return Condition(f"SQLite {version}", behind, sound, writable=True, log=log)


async def _postgres(connection: AsyncConnection, behind: int | None) -> Condition:
    version = await _ask(connection, "SHOW server_version")
    encoding = await _ask(connection, "SHOW server_encoding")
    held = (await connection.execute(_LOCKS, {"number": SENDER_LOCK})).scalar_one()
    return Condition(
        f"PostgreSQL {version.split()[0]}",
        behind,
        sound=True,
        writable=True,
        encoding=encoding,
        sent_from=held > 0,
    )


async def _ask(connection: AsyncConnection, sql: str) -> str:
    return str((await connection.exec_driver_sql(sql)).scalar_one())


async def _can_write(database: Database) -> bool:
    """Writes a fact and takes it back."""
    try:
        async with database.trying() as connection:
            await connection.execute(insert(FactRow).values(name="doctor", value=""))
    except SQLAlchemyError:
        return False
    return True
