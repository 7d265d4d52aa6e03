"""A file from elsewhere that is to be restored: looked at before anything of it is believed, and built anew from its rows.

What is refused is a form: no file of ours, damaged, newer, acting by itself. Whether what it says is true nobody can tell:
who restores a file trusts whoever kept it.
"""

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backups import TAKEN, Damaged, Interrupted, check, new_private_file, sqlite_url, tables
from storage.copying import NotCopied, copy_all
from storage.database import Database
from storage.models import Base
from storage.revisions import CannotChange, brought_up, is_known

_HEADER = b"SQLite format 3\x00"


class NotABackup(Exception):
    """Not a file of this service's."""


class TooNew(Exception):
    """Written by a later version of this service."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file says about itself. `taken_at` is None for a database file that `backup` did not write."""

    taken_at: datetime | None


def copy_in(file: Path, work: Path) -> None:
    """A private copy of a file and of the log beside it, if there is one: looking and mending leave the original alone.

    Raises NotABackup before anything is copied of what is no SQLite file at all.
    """
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) != _HEADER:
            raise NotABackup
    for end in ("", "-wal"):
        source, target = file.with_name(f"{file.name}{end}"), work.with_name(f"{work.name}{end}")
        if end and not source.is_file():
            continue
        new_private_file(target)
        shutil.copyfile(source, target)


def look_into(file: Path) -> Kept:
    """Checks that a file can be restored: ours, whole, not newer than this version.

    Opens it for reading and writing: hand it a copy. Raises NotABackup, Damaged, TooNew.
    """
    with closing(sqlite3.connect(file)) as connection:
        try:
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            _require_ours(connection)
            check(connection)
            row = connection.execute("SELECT value FROM facts WHERE name = ?", (TAKEN,)).fetchone()
        except sqlite3.DatabaseError:
            raise Damaged from None
    if row is None:
        return Kept(None)
    with suppress(ValueError, TypeError):
        return Kept(datetime.fromisoformat(row[0]))
    raise NotABackup


async def built_anew(raw: Path, file: Path) -> None:
    """What a file from elsewhere holds, in a new file of our own making: our tables, our constraints, values of their kinds.

    Whatever else the file was made of stays behind. Raises NotABackup, Damaged, Interrupted.
    """
    new_private_file(file)
    came, own = Database(sqlite_url(raw)), Database(sqlite_url(file))
    try:
        await brought_up(came)
        require_all_tables(raw)
        await own.migrate()
        await copy_all(came, own)
        await own.truncate_log()
    except (CannotChange, NotCopied) as error:
        if error.machine:
            raise Interrupted(str(error)) from None
        raise Damaged from None
    finally:
        await came.close()
        await own.close()


def require_all_tables(file: Path) -> None:
    """Raises NotABackup when a file that was brought up to date lacks a table of this version."""
    with closing(sqlite3.connect(file)) as connection:
        if not {table.name for table in Base.metadata.sorted_tables} <= set(tables(connection)):
            raise NotABackup


def forget_stamp(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM facts WHERE name = ?", (TAKEN,))


def _require_ours(connection: sqlite3.Connection) -> None:
    """Tables of ours, and nothing that acts by itself (triggers, views, virtual tables). Raises NotABackup, TooNew."""
    acting = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchone()
    if acting is not None or not {"alembic_version", "facts", "deliveries"} <= set(tables(connection)):
        raise NotABackup
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if len(rows) != 1:
        raise NotABackup
    if not is_known(str(rows[0][0])):
        raise TooNew
