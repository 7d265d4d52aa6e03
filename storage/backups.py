"""Backups: one SQLite file, whichever database the service runs on. What comes back is looked at in storage.foreign_files.

A backup is a file in its final form: rollback journal (so that it is one file, without a log beside it), no freed
pages (VACUUM INTO writes only what lives), readable by its owner alone.
"""

import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError, OperationalError

from storage.copying import Counts, NotCopied, copy_all
from storage.database import Database
from storage.foreign_keys import BrokenReferences
from storage.models import Base
from storage.revisions import revision_of

TAKEN = "backup_taken_at"
"""The fact in a backup that says when it was taken (ISO); removed when it is restored."""


class Damaged(Exception):
    """SQLite finds the file broken."""


class Interrupted(Exception):
    """The database or the disk failed on the way. The text is a type, and a table's name."""


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file.absolute()}"


def new_private_file(file: Path) -> None:
    """An empty file that its owner alone can read. Raises OSError, FileExistsError among them."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


async def take_copy(source: Database, file: Path) -> None:
    """Everything that `source` holds at one moment, into a new file, while others write on.

    Raises Damaged, Interrupted.
    """
    new_private_file(file)
    with _failures_told():
        if source.is_sqlite:
            await _vacuum_into(source, file)
        else:
            await _copy_into(source, file)


async def finish(copy: Database, file: Path, taken_at: datetime) -> Counts:
    """Writes the backup from a finished copy into a new file, checks it, and gives its rows by table.

    Raises Damaged, Interrupted.
    """
    new_private_file(file)
    with _failures_told():
        await _vacuum_into(copy, file)
        return _stamp(file, taken_at)


@asynccontextmanager
async def as_newest(copy: Database, revision: str | None) -> AsyncIterator[None]:
    """A copy of an older schema as one of today's while the block runs; then it is at its own revision again.

    What comes for the real database is tried on the copy first. None: it is today's already. Raises Damaged, Interrupted.
    """
    with _failures_told():
        if revision is not None:
            await copy.migrate()
        yield
        if revision is not None:
            await copy.step_back(revision)


@contextmanager
def _failures_told() -> Iterator[None]:
    """SQLite calls a broken file a DatabaseError; what merely did not work (disk full, server away) is Operational."""
    try:
        yield
    except NotCopied as error:
        raise Interrupted(str(error)) from None
    except (OperationalError, sqlite3.OperationalError) as error:
        raise Interrupted(type(error).__name__) from None
    except (DatabaseError, sqlite3.DatabaseError, BrokenReferences):
        raise Damaged from None


async def _copy_into(source: Database, file: Path) -> None:
    copy = Database(sqlite_url(file))
    try:
        async with source.snapshot() as connection:
            revision = await connection.run_sync(revision_of)
        await copy.migrate(revision or "head")
        await copy_all(source, copy)
        await copy.truncate_log()
    finally:
        await copy.close()


async def _vacuum_into(source: Database, file: Path) -> None:
    async with source.outside_transactions() as connection:
        await connection.exec_driver_sql("VACUUM INTO ?", (str(file),))


def _stamp(file: Path, taken_at: datetime) -> Counts:
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
            raise Damaged
        with connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (TAKEN, taken_at.isoformat())
            )
        check(connection)
        held = set(tables(connection))  # of an older schema: not all of them
        return {
            table.name: _count(connection, table.name)
            for table in Base.metadata.sorted_tables
            if table.name in held
        }


def put_in_place(part: Path, file: Path) -> None:
    """Gives a finished file its name, in one step and for good: its bytes are on the disk before, its name after."""
    _on_disk(part)
    part.replace(file)
    _on_disk(file.parent)


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside(file: Path, name: str) -> Path | None:
    """Keeps a database file under another name beside its own, with a log that could not be emptied; None without one.

    The file stays in its place as well where the disk can do that (a hard link), so that there is no moment without one.
    Its log follows it, never the other way round: what is aside is whole, and no log stands beside a file that is not its own.
    """
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.{name}")
    try:
        os.link(file, aside)
    except OSError:
        file.rename(aside)
    for end in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(f"{file.name}{end}").rename(aside.with_name(f"{aside.name}{end}"))
    aside.chmod(0o600)
    return aside


def check(connection: sqlite3.Connection) -> None:
    """Raises Damaged. Looks at every page, every index entry and every reference."""
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise Damaged
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Damaged


def tables(connection: sqlite3.Connection) -> Sequence[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [str(name) for (name,) in rows]


def _count(connection: sqlite3.Connection, table: str) -> int:
    rows: int = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (a name from the schema)
    return rows
