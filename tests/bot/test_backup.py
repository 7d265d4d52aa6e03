"""`backup`: of one moment, whole, closed to others, without what must not outlive minutes; on both databases."""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.commands.restoring import restore
from bot.gateways.clock import SteppedClock
from bot.services.restored import TAKEN
from bot.settings import Settings, read_settings
from storage import backups
from storage.backups import sqlite_url
from storage.database import Database
from tests.support.console import Console
from tests.support.feedback import notes_of
from tests.support.lived import GUESTS, NOON, lived, rows_of


@pytest.fixture
def settings(console: Console, database: Database) -> Settings:
    """Settings that lead to `database`."""
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


async def taken(settings: Settings) -> Path:
    lines = await commands.backup(settings, None, None, clock=SteppedClock(NOON))
    return Path(lines[0].removeprefix("백업했습니다: "))


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    """A copy is opened: to look is to leave a log beside it."""
    copy = file.with_name("looked-at.db")
    copy.write_bytes(file.read_bytes())
    database = Database(sqlite_url(copy))
    yield database
    await database.close()
    copy.unlink()


async def test_everything_is_in_one_file_that_its_owner_alone_can_read(
    settings: Settings, database: Database
) -> None:
    await lived(database)
    there = await rows_of(database)
    file = await taken(settings)
    assert file.name == "hyeonjang-20260122-1200.db"
    assert names(file.parent) == {file.name}
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    async with opened(file) as backup:
        kept = await rows_of(backup)
    same = {"people", "grants", "tours", "meetings", "notes", "voices", "consents", "digests", "reminders"}
    assert {name: kept[name] for name in same} == {name: there[name] for name in same}
    assert all(there[name] for name in same)
    assert set(there["facts"]) < set(kept["facts"])
    assert kept["seen_updates"] == there["seen_updates"]


async def test_no_file_is_left_open_to_the_chats_of_participants(
    settings: Settings, database: Database
) -> None:
    """Byte by byte: neither as text nor as SQLite keeps integers, and no word that was taken back."""
    await lived(database)
    async with database.open_unit() as unit:
        [first, *_] = [one.note for one in await notes_of(database) if one.note.words.startswith("가상 의견")]
        await unit.notes.keep(first.taken_back())
        await unit.commit()
    content = (await taken(settings)).read_bytes()
    needles = [form for chat in GUESTS for form in (str(chat).encode(), chat.to_bytes(6, "big"))]
    assert [needle for needle in [*needles, first.words.encode()] if needle in content] == []
    assert "가상 메모".encode() in content, "the search finds what is there"


async def test_it_is_of_one_moment_while_others_write(settings: Settings, database: Database) -> None:
    """Two facts that always change together, written as fast as it goes."""
    await lived(database)
    rounds, begun, done = 0, asyncio.Event(), asyncio.Event()

    async def write() -> None:
        nonlocal rounds
        while not done.is_set():
            async with database.open_unit() as unit:
                await unit.facts.put("one", str(rounds))
                await unit.facts.put("other", str(rounds))
                await unit.commit()
            rounds += 1
            begun.set()

    writing = asyncio.create_task(write())
    await begun.wait()
    before = rounds
    file = await taken(settings)
    done.set()
    await writing
    assert rounds > before, "nobody waited for the backup"
    async with opened(file) as backup, backup.open_unit(read_only=True) as unit:
        assert await unit.facts.get("one") == await unit.facts.get("other") is not None


async def test_it_is_written_down_and_the_words_say_what_is_inside(
    settings: Settings, database: Database
) -> None:
    await lived(database)
    said = "\n".join(await commands.backup(settings, None, None, clock=SteppedClock(NOON)))
    assert "사람 3, 일정 3, 의견 4" in said
    assert "개인정보와 의견 원문이 들어 있습니다" in said
    assert "보존 기간(90일)" in said
    async with database.open_unit(read_only=True) as unit:
        assert len(await unit.audit.since(NOON, TAKEN)) == 1


@pytest.fixture
def on_sqlite(console: Console, sqlite: Database) -> Settings:
    url = SecretStr(str(sqlite.url))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


async def test_the_newest_few_are_kept_and_other_files_are_left_alone(
    on_sqlite: Settings,
) -> None:
    files = [await taken(on_sqlite) for _ in range(3)]
    assert [file.name for file in files] == [f"hyeonjang-20260122-1200{end}.db" for end in ("", "-2", "-3")]
    other = files[0].with_name("mine.db")
    other.touch()
    lines = await commands.backup(on_sqlite, None, 2, clock=SteppedClock(NOON))
    assert [line for line in lines if "지웠습니다" in line] == [
        f"오래된 백업을 지웠습니다: {file}" for file in files[:2]
    ]
    left = {"hyeonjang-20260122-1200-3.db", "hyeonjang-20260122-1200-4.db", "mine.db"}
    assert names(other.parent) == left


async def test_a_file_is_never_overwritten(on_sqlite: Settings, tmp_path: Path) -> None:
    out = tmp_path / "mine.db"
    out.write_text("mine")
    with pytest.raises(Failed, match="같은 이름의 파일이 이미 있습니다"):
        await commands.backup(on_sqlite, out, None)
    assert out.read_text() == "mine"
    assert not [name for name in names(tmp_path) if name.startswith(".mine")]


async def test_a_folder_that_cannot_be_written_ends_in_words(on_sqlite: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="백업 파일을 쓰지 못했습니다"):
        await commands.backup(on_sqlite, tmp_path / "file" / "backup.db", None)


async def test_a_broken_database_gives_no_backup(
    on_sqlite: Settings, sqlite: Database, console: Console
) -> None:
    """A reference that leads nowhere: SQLite itself would go on with it."""
    await lived(sqlite)
    await sqlite.truncate_log()
    with closing(sqlite3.connect(str(sqlite.url.database))) as connection, connection:
        connection.execute("DELETE FROM tours")
    with pytest.raises(Failed, match="손상을 발견했습니다"):
        await commands.backup(on_sqlite, None, None)
    assert names(console.data / "backups") == set()


async def test_what_a_killed_backup_left_goes_with_the_next_one(
    on_sqlite: Settings, console: Console
) -> None:
    """Nothing that is not ours; and while another one writes there, this one does not begin."""
    folder = console.data / "backups"
    folder.mkdir()
    for name in (".a.db.copy", ".a.db.copy-wal", ".hyeonjang-20260122-1200.db.part", ".mine.db.txt"):
        (folder / name).touch()
    other = os.open(folder, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(Failed, match="다른 백업을 쓰는 중입니다"):
        await taken(on_sqlite)
    assert len(names(folder)) == 4
    os.close(other)
    file = await taken(on_sqlite)
    assert names(folder) == {file.name, ".mine.db.txt"}


async def test_a_full_disk_gives_no_backup(
    on_sqlite: Settings, sqlite: Database, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite is told that its files may not grow."""
    await lived(sqlite)

    async def cramped(source: Database, file: Path) -> None:
        async with source.outside_transactions() as connection:
            await connection.exec_driver_sql("PRAGMA max_page_count = 10")
            await connection.exec_driver_sql("CREATE TABLE t AS SELECT zeroblob(1000000) AS content")

    monkeypatch.setattr(backups, "_vacuum_into", cramped)
    with pytest.raises(Failed, match=r"디스크에 문제가 생겨 백업을 남기지 않았습니다\(OperationalError\)"):
        await commands.backup(on_sqlite, None, None)
    assert names(console.data / "backups") == set()


async def test_the_backup_of_one_kind_is_restored_on_the_other(
    settings: Settings, database: Database, sqlite: Database, console: Console
) -> None:
    """Form and schema are the same wherever it was taken."""
    await lived(database)
    file = await taken(settings)
    elsewhere = settings.model_copy(update={"database_url": None})
    await restore(elsewhere, file, replace=False, clock=SteppedClock(NOON))
    restored = Database(elsewhere.database)
    there, here = await rows_of(database), await rows_of(restored)
    await restored.close()
    assert len(here["notes"]) == len(there["notes"]) == 4
    for table in ("people", "voices", "consents", "meetings", "tours", "grants"):
        assert here[table] == there[table]


def test_there_is_nothing_to_back_up_before_the_first_run(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    (console.data / "hyeonjang.db").unlink()
    assert "아직 데이터베이스가 만들어지지 않았습니다" in console.runs("backup", exits=1).stderr
    assert not (console.data / "hyeonjang.db").exists()


def test_the_console_prints_where_it_is(console: Console) -> None:
    said = console.runs("backup", "--keep", "1").stdout
    assert said.startswith(f"백업했습니다: {console.data}/backups/hyeonjang-")
    out = str(console.folder / "mine.db")
    assert console.runs("backup", "--out", out).stdout.startswith(f"백업했습니다: {out}\n")
    assert console.runs("backup", "--out", out, "--keep", "1", exits=2).stdout == ""
    assert console.runs("backup", "--keep", "0", exits=2).stdout == ""
