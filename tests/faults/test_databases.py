"""Homes of lives are looked at without a trace, held, filled, stopped and given back; what is broken is found."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from tests.faults import database_sqlite
from tests.faults.database_sqlite import SqliteHome
from tests.faults.disk import CannotMount
from tests.faults.test_bot_process import KINDS, run


@pytest.mark.parametrize("kind", KINDS)
def test_mistreated(kind: str, tmp_path: Path) -> None:
    found = run("tests.faults.mistreatment", kind, tmp_path)
    refused = "OperationalError" if kind == "sqlite" else "LockNotAvailable"
    assert found["before"] == [True, []]
    assert found["looked at"] == [True, 2 if kind == "sqlite" else 0, [0, 0, 0, 0]]
    assert found["written"] == ""
    assert found["held"] == [True, refused]
    assert found["let go"] == ""
    assert found["over by itself"] == ""
    if found["fullness"] == "tmpfs":
        assert found["full"] == ("OperationalError" if kind == "sqlite" else "DiskFull")
        assert found["freed"] == ""
    if kind == "postgresql":
        assert found["stopped"] == "OperationalError"
        assert found["started"] == ""
    assert found["in the end"] == []


@pytest.fixture
def unmounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteHome:
    """A home where nothing may be mounted."""

    def refuse(*_: object) -> None:
        raise CannotMount

    monkeypatch.setattr(database_sqlite, "SmallDisk", refuse)
    return SqliteHome(tmp_path)


async def test_a_reference_to_nothing_is_found(unmounted: SqliteHome) -> None:
    database = Database(unmounted.url)
    await database.migrate()
    await database.close()
    assert unmounted.sound() == []
    with closing(sqlite3.connect(unmounted.url.partition(":///")[2])) as file, file:
        file.execute("INSERT INTO grants (person_id, role, region) VALUES ('nobody', 'staff', '')")
    assert unmounted.sound() == ["grants refers to a row of people that is not there"]


def test_without_a_disk_a_flag_says_full(unmounted: SqliteHome, tmp_path: Path) -> None:
    assert unmounted.fullness == "max_page_count"
    unmounted.fill()
    assert [one.name for one in tmp_path.glob("sqlite/*")] == ["bot.db.full"]
    unmounted.free()
    assert list(tmp_path.glob("sqlite/*")) == []
