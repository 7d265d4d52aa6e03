"""Where a schema stands in the tree of migrations."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from storage.database import alembic_config


def _tree() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def is_known(revision: str) -> bool:
    """Whether this version of the service knows a revision; a later version's is not known."""
    try:
        return _tree().get_revision(revision) is not None
    except CommandError:
        return False


def revisions_behind(connection: Connection) -> int | None:
    """How many migrations are still to come; None for a schema of a later version."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not is_known(current):
        return None
    return sum(1 for _ in _tree().iterate_revisions("head", current or "base"))
