"""PostgreSQL as a home of lives: a server of its own that can crash."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.cluster import USER, Cluster, why_not
from tests.faults.forking import fork
from tests.faults.home import NOTHING, Hold, Rows
from tests.faults.plan import Trial
from tests.faults.soundness import unsound
from tests.faults.values import ReminderSeen, Seen

_DATABASE = "bot"
_COMES_WITHIN = 30.0
_ENDS_WITHIN = 5.0
_HELD_WITHIN = "10s"
_UNDER_WAY = (
    "SELECT pid, xact_start FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    " AND backend_type = 'client backend'"
)


class PostgresHome:
    """See Home. Ask `available` before making one."""

    kind = "postgresql"

    def __init__(self, folder: Path) -> None:
        self._cluster = Cluster(folder.absolute() / "postgres.log")
        self.fullness: str | None = None if self._cluster.disk is None else "tmpfs"
        self.cannot = frozenset({Trial.FULL}) if self.fullness is None else frozenset[Trial]()
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_DATABASE}")

    @staticmethod
    def available() -> str | None:
        """Why there can be none on this machine; None when there can."""
        return why_not()

    @property
    def url(self) -> str:
        return self._address(_DATABASE).replace("postgresql://", "postgresql+psycopg://")

    def _address(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self._cluster.port}/{database}"

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
        with self._connected() as connection:
            return unsound(connection)

    def hold(self, seconds: float, *, exclusive: bool = False) -> Hold:
        """Nobody reads or writes deliveries and inbox meanwhile; with `exclusive`, nobody reads or writes anything of ours."""
        address = self._address(_DATABASE)
        return Hold(fork(lambda words: _hold(address, seconds, exclusive, words)))

    def fill(self) -> None:
        if self._cluster.disk is not None:
            self._cluster.disk.fill()

    def free(self) -> None:
        """A server that fell for want of room is started again, as an operator would."""
        if self._cluster.disk is not None:
            self._cluster.disk.free()
            self._cluster.start()

    def stop(self, mode: str = "immediate") -> None:
        self._cluster.stop(mode)

    def start(self) -> None:
        self._cluster.start()

    def destroy(self) -> None:
        self._cluster.destroy()

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        """Once it answers: after a crash a server is not there at once."""
        patience = time.monotonic() + _COMES_WITHIN
        while True:
            try:
                connection = psycopg.connect(self._address(_DATABASE), autocommit=True)
                break
            except psycopg.OperationalError:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.05)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _looking(self) -> Iterator[Rows | None]:
        """One snapshot, taken after what was under way has ended: the last word of a bot that died may still be on its way."""
        with self._connected() as connection:
            _until_ended(connection)
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            there = connection.execute("SELECT to_regclass('deliveries')").fetchone()
            if there is None or there[0] is None:
                yield None
                return
            yield Rows(lambda query: connection.execute(query.encode()).fetchall())


def _until_ended(connection: psycopg.Connection) -> None:
    patience = time.monotonic() + _ENDS_WITHIN
    before = set(connection.execute(_UNDER_WAY).fetchall())
    while before & set(connection.execute(_UNDER_WAY).fetchall()) and time.monotonic() < patience:
        time.sleep(0.002)


def _hold(address: str, seconds: float, exclusive: bool, words: int) -> int:
    connection = psycopg.connect(address)
    connection.execute(f"SET lock_timeout = '{_HELD_WITHIN}'")
    connection.execute("LOCK TABLE deliveries, inbox IN ACCESS EXCLUSIVE MODE")
    if exclusive:
        connection.execute("LOCK TABLE people, notes, facts, audit IN ACCESS EXCLUSIVE MODE")
    os.write(words, b"held")
    time.sleep(seconds)
    with contextlib.suppress(psycopg.Error):
        connection.rollback()
    return 0
