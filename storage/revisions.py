"""Where a schema stands in the tree of migrations."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database, alembic_config
from storage.foreign_keys import BrokenReferences
from storage.machine import is_the_machines


class CannotChange(Exception):
    """The schema could not be brought to another revision, and is as it was. The text is a type.

    `machine`: the disk or another process stood in the way.
    """

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)
        self.machine = is_the_machines(error)


async def brought_up(database: Database) -> None:
    """Brings the schema to the newest revision. Raises CannotChange."""
    try:
        await database.migrate()
    except (SQLAlchemyError, BrokenReferences) as error:
        raise CannotChange(error) from None


async def stepped_back(database: Database, to: str) -> None:
    """Takes the schema down to an older revision. Raises CannotChange."""
    try:
        await database.step_back(to)
    except (SQLAlchemyError, BrokenReferences) as error:
        raise CannotChange(error) from None


def _tree() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def is_known(revision: str) -> bool:
    """Whether this version of the service knows a revision; a later version's is not known."""
    try:
        return _tree().get_revision(revision) is not None
    except CommandError:
        return False


def revision_of(connection: Connection) -> str | None:
    """The revision of a schema; None for a database that holds none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this version of the service works with."""
    return str(_tree().get_current_head())


def revisions_behind(connection: Connection) -> int | None:
    """How many migrations are still to come; None for a schema of a later version."""
    current = revision_of(connection)
    if current is not None and not is_known(current):
        return None
    return sum(1 for _ in _tree().iterate_revisions("head", current or "base"))
