"""SQLite as a home of lives: a file on a small disk of its own."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.faults.disk import CannotMount, SmallDisk
from tests.faults.forking import fork
from tests.faults.home import NOTHING, Hold, Rows
from tests.faults.no_room import flag_of
from tests.faults.plan import Trial
from tests.faults.values import ReminderSeen, Seen

_MEGABYTES = 2048
"""What it may hold; memory is taken for what it does hold."""
_HELD_WITHIN = 10.0


class SqliteHome:
    """See Home. `cannot`: a file has no server that could be stopped."""

    kind = "sqlite"
    cannot = frozenset({Trial.STOP})

    def __init__(self, folder: Path) -> None:
        at = folder.absolute() / "sqlite"
        self._disk: SmallDisk | None = None
        try:
            self._disk = SmallDisk(at, _MEGABYTES)
        except CannotMount:
            at.mkdir(parents=True, exist_ok=True)
        self.fullness: str | None = "max_page_count" if self._disk is None else "tmpfs"
        self._file = at / "bot.db"

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self._file}"

    def seen(self) -> Seen:
        with self._looking() as rows:
            return NOTHING if rows is None else rows.seen()

    def reminders(self) -> Sequence[ReminderSeen]:
        with self._looking() as rows:
            return () if rows is None else rows.reminders()

    def people(self) -> Mapping[int, str]:
        with self._looking() as rows:
            return {} if rows is None else rows.people()

    def sound(self) -> Sequence[str]:
        with self._looking() as rows:
            if rows is None:
                return []
            checked = [str(words) for (words,) in rows.ask("PRAGMA integrity_check")]
            broken = [
                f"{row[0]} refers to a row of {row[2]} that is not there"
                for row in rows.ask("PRAGMA foreign_key_check")
            ]
        return [words for words in checked if words != "ok"] + broken

    def hold(self, seconds: float, *, exclusive: bool = False) -> Hold:
        """In a write-ahead log EXCLUSIVE keeps no reader out either: it differs only while there is none."""
        begin = "BEGIN EXCLUSIVE" if exclusive else "BEGIN IMMEDIATE"
        return Hold(fork(lambda words: _hold(self._file, begin, seconds, words)))

    def fill(self) -> None:
        if self._disk is None:
            flag_of(self._file).touch()
        else:
            self._disk.fill()

    def free(self) -> None:
        if self._disk is None:
            flag_of(self._file).unlink(missing_ok=True)
        else:
            self._disk.free()

    def stop(self, mode: str = "immediate") -> None:
        """There is no server."""

    def start(self) -> None:
        """There is no server."""

    def destroy(self) -> None:
        if self._disk is not None:
            self._disk.destroy()

    @contextmanager
    def _looking(self) -> Iterator[Rows | None]:
        """Read-only: it cannot move the log into the file, not even as the last to leave. None before the first migration."""
        if not self._file.exists():
            yield None
            return
        connection = sqlite3.connect(
            f"file:{self._file}?mode=ro", uri=True, timeout=60.0, isolation_level=None
        )
        try:
            connection.execute("BEGIN")
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'deliveries'").fetchone()
            yield None if there is None else Rows(lambda query: connection.execute(query).fetchall())
        finally:
            with contextlib.suppress(sqlite3.Error):
                connection.rollback()
            connection.close()


def _hold(file: Path, begin: str, seconds: float, words: int) -> int:
    """Ends without closing: the last to close would move the log into the file, which is for the next life to do."""
    connection = sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=_HELD_WITHIN, isolation_level=None)
    connection.execute(begin)
    os.write(words, b"held")
    time.sleep(seconds)
    connection.rollback()
    return 0
