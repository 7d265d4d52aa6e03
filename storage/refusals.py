"""What the database says no to for ever, told from what it cannot do now."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

Refused = SQLAlchemyError
"""Whatever the database says no with, for those who must not know which library speaks."""
_OF_THE_VALUE = (DataError, IntegrityError, OverflowError, UnicodeError)


def why(error: Exception) -> str:
    """The database's own name of what is wrong, for a log: no words of ours are in it ("" when it has none)."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return str(name or "")


def never_stored(error: Exception) -> bool:
    """Whether the value itself is what is refused (too large, not writable, there already): trying again is no cure.

    Anything else (locked, full, away, slow) is trouble of the database's, and the same value may be taken later.
    """
    return isinstance(error, _OF_THE_VALUE)
