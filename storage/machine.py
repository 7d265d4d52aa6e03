"""Whether a failure is the disk's or another process's, rather than what is wrong with a file or its rows."""

_NAMES = ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_READONLY")


def is_the_machines(error: BaseException) -> bool:
    """By SQLite's own name of it, which SQLAlchemy's errors carry along."""
    name: str = getattr(getattr(error, "orig", error), "sqlite_errorname", "")
    return name.startswith(_NAMES)
