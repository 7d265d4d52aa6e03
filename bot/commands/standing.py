"""The data that stands, as today's program reads it: what was ended there is not to come back because a newer one restores."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.commands.backup import clear
from storage.backups import Damaged, Interrupted, sqlite_url, take_copy
from storage.condition import is_there, schema_of
from storage.database import Database
from storage.revisions import CannotChange, brought_up


@asynccontextmanager
async def as_of_today(database: Database, work: Path) -> AsyncIterator[Database]:
    """The database itself; one of an older schema as a copy beside `work` that is brought up, and gone after the block.

    The database stays as it is: the older program may still be needed on it. One that cannot be brought up is given as
    it is, like one that cannot be read. Raises Interrupted when there is no room for the copy.
    """
    file = work.with_name(".restoring-standing.db")
    clear(file)
    copy = Database(sqlite_url(file))
    try:
        older = await _is_older(database)
        yield copy if older and await _copied(database, file, copy) else database
    finally:
        await copy.close()
        clear(file)


async def _is_older(database: Database) -> bool:
    if is_there(database):
        with suppress(Exception):  # it is broken, perhaps: that is why somebody restores
            schema = await schema_of(database)
            return schema.revision is not None and bool(schema.behind)
    return False


async def _copied(database: Database, file: Path, copy: Database) -> bool:
    """Whether it could be brought up. Raises Interrupted."""
    try:
        await take_copy(database, file)
        await brought_up(copy)
    except Damaged:
        return False
    except CannotChange as error:
        if error.machine:
            raise Interrupted(str(error)) from None
        return False
    return True
