"""What all tests share: databases built by the migrations, and sockets closed to elsewhere."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests.support.databases import Postgres, sqlite_template

os.environ.setdefault("PTB_TIMEDELTA", "1")
os.environ.setdefault("ANALYSIS", "off")  # its child process takes seconds to begin: tests of it turn it on
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def closed_to_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave this machine in no test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in _LOOPBACK:
            raise RuntimeError(f"a test reached for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file."""
    return sqlite_template(tmp_path_factory.mktemp("template") / "empty.db")


@pytest.fixture(scope="session")
def postgres(worker_id: str) -> Iterator[Postgres | None]:
    """This worker's own migrated PostgreSQL database; None where there is no server."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if server is None:
        yield None
        return
    database = Postgres(server, f"hyeonjang_test_{worker_id}_{os.getpid()}")
    database.create()
    yield database
    database.drop()


@pytest.fixture
async def sqlite(template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database."""
    file = tmp_path / "hyeonjang.db"
    file.write_bytes(template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest, template: Path, tmp_path: Path, postgres: Postgres | None
) -> AsyncIterator[Database]:
    """A fresh database, once of each kind."""
    if request.param == "sqlite":
        file = tmp_path / "hyeonjang.db"
        file.write_bytes(template.read_bytes())
        opened = Database(f"sqlite+aiosqlite:///{file}")
    elif postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    else:
        postgres.empty()
        opened = Database(postgres.url)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def bare(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres | None
) -> AsyncIterator[Database]:
    """A database with nothing in it, not even a schema; once of each kind."""
    if request.param == "sqlite":
        opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    elif postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    else:
        opened = Database(postgres.bare())
    yield opened
    await opened.close()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With NOTHING_SKIPPED set (.ci/run), a skipped test is a failure: it proved nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
