"""A full disk without a disk: while a flag file stands beside a SQLite database, none of its connections takes one page more."""

from pathlib import Path

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import Engine

ENDING = ".full"
_PLENTY = 1_073_741_823
"""SQLite's own bound of pages."""


def flag_of(file: Path) -> Path:
    """Where the flag of a database stands while it is full."""
    return file.with_name(file.name + ENDING)


def heed_flag(url: str) -> None:
    """For good, in this process. Looks before each transaction. Nothing to do for a server."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    flag = flag_of(Path(address.database))

    @event.listens_for(Engine, "begin")
    def _(connection: Connection) -> None:
        full = flag.exists()
        if full == connection.info.get(ENDING, False):
            return
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full else _PLENTY
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        connection.info[ENDING] = full
