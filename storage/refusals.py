"""What the database says no to for ever, told from what it cannot do now."""

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

Refused = SQLAlchemyError
"""Whatever the database says no with, for those who must not know which library speaks."""
_OF_THE_VALUE = (DataError, IntegrityError, OverflowError, UnicodeError)


def never_stored(error: Exception) -> bool:
    """Whether the value itself is what is refused (too large, not writable, there already): trying again is no cure.

    Anything else (locked, full, away, slow) is trouble of the database's, and the same value may be taken later.
    """
    return isinstance(error, _OF_THE_VALUE)
