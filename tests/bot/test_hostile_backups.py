"""Files that somebody made to do harm, or that a disk has eaten at: refused in words or harmless, and nothing else."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot import commands
from bot.commands import Failed
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from storage.backups import Damaged
from storage.database import Database
from storage.foreign_files import NotABackup, TooNew, look_into
from storage.revisions import newest
from tests.support.console import Console
from tests.support.lived import NOON
from tests.support.released import held, of_version

CLOCK = SteppedClock(NOON)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup with rows in every table."""
    folder = tmp_path_factory.mktemp("whole")
    there = read_settings(None).model_copy(update={"data_dir": folder, "database_url": None})

    async def make() -> None:
        source = Database(there.database)
        await of_version(source, newest())
        await source.close()
        await commands.backup(there, folder / "backup.db", None, clock=CLOCK)

    asyncio.run(make())
    return (folder / "backup.db").read_bytes()


@pytest.fixture
def at(console: Console, tmp_path: Path, whole: bytes) -> Settings:
    """Nothing stands yet; `backup.db` beside it is whole."""
    (console.data / "hyeonjang.db").unlink()
    (tmp_path / "backup.db").write_bytes(whole)
    return read_settings(None).model_copy(update={"data_dir": console.data})


async def outcome(at: Settings, file: Path) -> str:
    """What is said of a file: that it came back, or why not; then nothing is left."""
    try:
        said = await commands.restore(at, file, replace=True, clock=CLOCK)
    except Failed as failed:
        assert [one.name for one in at.data_dir.iterdir()] == ["run.lock"]
        return str(failed)
    return said[0]


@contextmanager
def changed(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        yield connection


def sql(*statements: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        for statement in statements:
            with changed(file) as connection:
                connection.execute(statement)

    return change


def terabyte(file: Path) -> None:
    """That takes no room on the disk."""
    file.write_bytes(b"")
    os.truncate(file, 2**40)


def without_checks(table: str) -> str:
    """The table's constraints go out of the file's schema: what they forbid can be written then."""
    return f"UPDATE sqlite_master SET sql = replace(sql, 'CHECK (', 'CHECK (1 OR ') WHERE name = '{table}'"


NOT_OURS, DAMAGED = "이 프로그램이 만든 백업 파일이 아닙니다", "백업 파일이 손상되어"
HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "trigger": (sql("CREATE TRIGGER t AFTER INSERT ON facts BEGIN DELETE FROM notes; END"), NOT_OURS),
    "view": (sql("CREATE VIEW v AS SELECT * FROM notes"), NOT_OURS),
    "a view for a table": (
        sql("ALTER TABLE menus RENAME TO m", "CREATE VIEW menus AS SELECT * FROM m"), NOT_OURS,
    ),
    "virtual table": (sql("CREATE VIRTUAL TABLE f USING fts5(x)"), NOT_OURS),
    "another table": (sql("CREATE TABLE mine (x)"), DAMAGED),
    "another column": (sql("ALTER TABLE facts ADD COLUMN mine TEXT"), DAMAGED),
    "a generated column": (
        sql("ALTER TABLE facts ADD COLUMN mine TEXT AS (hex(zeroblob(1000000))) VIRTUAL"), DAMAGED,
    ),
    "no column": (sql("ALTER TABLE facts RENAME COLUMN value TO other"), DAMAGED),
    "a word for a number": (sql(without_checks("notes"), "UPDATE notes SET rating = 'five'"), DAMAGED),
    "bytes for words": (sql("UPDATE facts SET value = x'00ff' WHERE name = '가상 사실'"), DAMAGED),
    "half of a character": (sql("UPDATE facts SET value = CAST(x'eab0' AS TEXT) WHERE name = '가상 사실'"), DAMAGED),
    "no day": (sql("UPDATE notes SET day = 'someday'"), DAMAGED),
    "no moment": (sql("UPDATE deliveries SET planned_at = 'soon' WHERE planned_at IS NOT NULL"), DAMAGED),
    "no JSON": (sql("UPDATE tours SET topics = '{'"), DAMAGED),
    "JSON of another shape": (sql("UPDATE tours SET topics = '[1]'"), DAMAGED),
    "a role that is none": (sql(without_checks("grants"), "UPDATE grants SET role = 'emperor'"), DAMAGED),
    "a rule that is broken": (sql(without_checks("notes"), "UPDATE notes SET rating = 99"), DAMAGED),
    "two revisions": (sql("INSERT INTO alembic_version VALUES ('0001')"), NOT_OURS),
    "an older revision than it is": (sql("UPDATE alembic_version SET version_num = '0001'"), DAMAGED),
    "no time": (sql("UPDATE facts SET value = 'yesterday' WHERE name = 'backup_taken_at'"), NOT_OURS),
    "half of it": (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), DAMAGED),
    "a head and nothing": (lambda file: file.write_bytes(file.read_bytes()[:100]), DAMAGED),
    "a terabyte of nothing": (terabyte, NOT_OURS),
    "an archive": (lambda file: file.write_bytes(b"PK\x03\x04../../etc/passwd"), NOT_OURS),
}  # fmt: skip


@pytest.mark.parametrize("how", HOSTILE)
async def test_what_was_made_to_do_harm_is_refused(at: Settings, tmp_path: Path, how: str) -> None:
    spoil, why = HOSTILE[how]
    spoil(tmp_path / "backup.db")
    assert why in await outcome(at, tmp_path / "backup.db")


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
async def test_what_is_no_file_is_not_read(
    at: Settings, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "other")
    assert "파일을 읽지 못했습니다" in await outcome(at, tmp_path / "other")


async def test_a_log_beside_it_that_is_not_its_own_changes_nothing(at: Settings, tmp_path: Path) -> None:
    (tmp_path / "backup.db-wal").write_bytes(os.urandom(20_000))
    assert "되돌렸습니다" in await outcome(at, tmp_path / "backup.db")


async def test_flipped_bits_are_refused_or_harm_nothing(at: Settings, tmp_path: Path, whole: bytes) -> None:
    """Anywhere in the file: found when it is looked at, or built anew into what our own schema takes."""
    spoiled = tmp_path / "spoiled.db"
    survivors: list[bytes] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(st.integers(0, 8 * len(whole) - 1), min_size=1, max_size=4))
    def flip(bits: list[int]) -> None:
        content = bytearray(whole)
        for bit in bits:
            content[bit // 8] ^= 1 << bit % 8
        spoiled.write_bytes(content)
        try:
            look_into(spoiled)
        except (Damaged, NotABackup, TooNew):
            return
        survivors.append(bytes(content))

    flip()
    for number, content in enumerate(survivors[:: max(1, len(survivors) // 3)]):
        here = at.model_copy(update={"data_dir": tmp_path / f"data{number}"})
        here.data_dir.mkdir()
        spoiled.write_bytes(content)
        if "되돌렸습니다" in await outcome(here, spoiled):
            database = Database(here.database)
            assert (await held(database))["tours"]
            await database.close()
