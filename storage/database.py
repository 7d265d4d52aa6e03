"""Engines for both databases, and the schema brought up to date by the one migration tree.

SQLite: one writer connection whose every transaction starts with BEGIN IMMEDIATE (a snapshot that is later
upgraded to a write fails at once with "database is locked", whatever busy_timeout says), readers apart.
PostgreSQL: one pool serves both.
"""

import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Dialect, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.foreign_keys import held_back
from storage.unit import Unit

_WAITS = 10_000
"""Milliseconds that a writer waits for another one: commands may write beside `run`."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged word survives a power cut
    "foreign_keys=ON",
    f"busy_timeout={_WAITS}",
    "secure_delete=ON",  # what is destroyed is overwritten
)
_WITHOUT_BEGIN = "without_begin"
"""Execution option: a checkpoint cannot run inside a transaction."""
SENDER_LOCK = 7_270_126
"""The number of our advisory lock; any that nobody else in the database uses."""
_SCHEMA_LOCK = 7_270_127
"""PostgreSQL: held by whoever changes the schema, until their transaction ends."""
_MIGRATION_WAITS = 600_000
"""Milliseconds that a second process waits for one that changes the schema of the same SQLite file."""
_MIGRATIONS = Path(__file__).parent / "migrations"


class _LettingGo(sqlite3.Connection):
    """Closing takes back what is open. SQLite keeps a closed connection's lock while a cursor still holds a statement of it,
    and whoever was cancelled within a transaction leaves such a cursor: nobody could write until it was collected."""

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


def _sqlite_engine(url: str, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=60,
        hide_parameters=True,
        connect_args={"factory": _LettingGo},
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def _(
        _dialect: Dialect, _record: ConnectionPoolEntry, arguments: Sequence[str], _options: object
    ) -> None:
        _make_private(arguments[0])

    @event.listens_for(engine.sync_engine, "connect")
    def _(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _(connection: Connection) -> None:
        if not connection.get_execution_options().get(_WITHOUT_BEGIN):
            connection.exec_driver_sql(begin)

    return engine


def _make_private(file: str) -> None:
    """SQLite makes a missing file as the umask has it, and its log with the rights of the file."""
    if file and not file.startswith((":memory:", "file:")):
        with contextlib.suppress(OSError):  # it is there; or cannot be made, which SQLite says itself
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


class Database:
    """The open database. `url` is `sqlite+aiosqlite:///…` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite_engine(url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(url, begin="BEGIN", pool_size=4)
        else:
            self._writer = self._reader = create_async_engine(
                url, pool_size=10, pool_pre_ping=True, hide_parameters=True
            )

    @asynccontextmanager
    async def open_unit(self, *, read_only: bool = False) -> AsyncIterator[Unit]:
        """A unit of work that rolls back unless `commit` was called.

        `read_only` takes a reader connection on SQLite; writing through it fails or waits for the writer.
        """
        engine = self._reader if read_only else self._writer
        async with AsyncSession(engine, expire_on_commit=False, autoflush=True) as session:
            yield Unit(session)

    @asynccontextmanager
    async def sending_alone(self) -> AsyncIterator[None]:
        """PostgreSQL: holds a lock of the server's while the block runs, so that one process sends from a database.

        Raises InUse when another one does. Ends with the connection, also when the process is killed. SQLite is
        guarded by a lock file of its folder (bot.running).
        """
        if self.is_sqlite:
            yield
            return
        async with self._writer.connect() as connection:
            row = await connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({SENDER_LOCK})")
            if not row.scalar_one():
                raise InUse
            await connection.commit()
            try:
                yield
            finally:
                # The lock is the connection's, not the transaction's; one that was lost has let go of it already.
                with contextlib.suppress(SQLAlchemyError):
                    await connection.exec_driver_sql(f"SELECT pg_advisory_unlock({SENDER_LOCK})")
                    await connection.commit()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of everything while the block runs, whoever writes meanwhile."""
        async with self._reader.connect() as connection:
            if not self.is_sqlite:  # a transaction of SQLite's is a snapshot by itself
                await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @asynccontextmanager
    async def snapshot_unit(self) -> AsyncIterator[Unit]:
        """A unit that sees one state of everything while the block runs. For reading."""
        async with (
            self.snapshot() as connection,
            AsyncSession(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            yield Unit(session)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """The writer's connection in one transaction, committed when the block ends well."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def trying(self) -> AsyncIterator[AsyncConnection]:
        """The writer's connection in a transaction that is always taken back."""
        async with self._writer.connect() as connection:
            yield connection

    @asynccontextmanager
    async def outside_transactions(self) -> AsyncIterator[AsyncConnection]:
        """SQLite: a connection for what cannot run inside a transaction (VACUUM, checkpoints)."""
        async with self._reader.connect() as connection:
            await connection.execution_options(**{_WITHOUT_BEGIN: True})
            yield connection

    async def migrate(self, to: str = "head") -> None:
        """Brings the schema up to a revision, in one transaction: killed on the way, it is as it was.

        Safe to repeat. Whoever comes while somebody else does it waits, and finds it done.
        """
        await self._change_schema(lambda connection: command.upgrade(alembic_config(connection), to))

    async def step_back(self, to: str) -> None:
        """Takes the schema down to an older revision, in one transaction. What that one has no place for is destroyed."""
        await self._change_schema(lambda connection: command.downgrade(alembic_config(connection), to))

    async def _change_schema(self, change: Callable[[Connection], None]) -> None:
        async with self._writer.connect() as connection, contextlib.AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(_patient(connection))
                await stack.enter_async_context(held_back(connection, _WITHOUT_BEGIN))
            await connection.begin()  # all of it or nothing: Alembic would commit SQLite's steps one by one
            if not self.is_sqlite:
                await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
            await connection.run_sync(change)
            if not self.is_sqlite:
                await connection.commit()

    async def truncate_log(self, *, rewrite: bool = False) -> bool:
        """SQLite: move the write-ahead log into the file and empty it, so that what was destroyed is gone there too.

        `rewrite` first writes the file anew (VACUUM, about 0.2 s for 10 MB, writers wait). secure_delete overwrites the
        cells that are deleted, but not the copies that stay behind in the unused part of a page when its cells move
        to a neighbour. A reader may hold the log back: raises LogBusy after busy_timeout, and the caller repeats.
        Whether there was anything in the log: something was written since it was emptied last.
        """
        if not self.is_sqlite:
            return False
        async with self._writer.connect() as connection:
            await connection.execution_options(**{_WITHOUT_BEGIN: True})
            row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")).one()
            held: int = tuple(row)[1]  # frames of the log
            if rewrite:
                await connection.exec_driver_sql(self._copies_beside_the_file())
                await connection.exec_driver_sql("VACUUM")
            row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
            if row[0] != 0:
                raise LogBusy
            return held > 0

    def _copies_beside_the_file(self) -> str:
        """SQLite: else VACUUM writes its whole copy into /var/tmp, which may be on a disk that nobody encrypted."""
        folder = Path(self.url.database or "").absolute().parent
        return "PRAGMA temp_store_directory = '" + str(folder).replace("'", "''") + "'"

    async def close(self) -> None:
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


class InUse(Exception):
    """Another process sends from this database."""


class LogBusy(Exception):
    """The write-ahead log could not be emptied now."""


def alembic_config(connection: Connection | None = None) -> Config:
    """The migration tree's settings, without a file of their own."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@asynccontextmanager
async def _patient(connection: AsyncConnection) -> AsyncIterator[None]:
    """SQLite: waits for other writers much longer than usual while the block runs."""
    await _wait_for_writers(connection, _MIGRATION_WAITS)
    try:
        yield
    finally:
        await _wait_for_writers(connection, _WAITS)


async def _wait_for_writers(connection: AsyncConnection, milliseconds: int) -> None:
    await connection.execution_options(**{_WITHOUT_BEGIN: True})
    await connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
    await connection.commit()
    await connection.execution_options(**{_WITHOUT_BEGIN: False})
