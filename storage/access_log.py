"""The end of the access log in a backup's file, read without changing the file (a Database would set its journal mode)."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.domain.access_log import BEGINNING, Head


def head_in(file: Path) -> Head:
    """BEGINNING for a file of before there was a chain, or without a line in it."""
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        row = connection.execute("SELECT last, last_seal FROM audit_chain").fetchone()
        if row is not None:
            return Head(int(row[0]), str(row[1]))
    return BEGINNING
