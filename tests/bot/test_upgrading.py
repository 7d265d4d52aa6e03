"""A database of an older version: brought up once, alone, after a backup that the older program could restore."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.commands.alone import alone
from bot.commands.desk import desk
from bot.commands.upgrading import bring_up, upgrading_alone
from bot.gateways.clock import SteppedClock
from bot.running import run
from bot.services.restored import TAKEN
from bot.settings import Settings, read_settings
from storage.backups import sqlite_url
from storage.condition import schema_of
from storage.database import Database
from storage.revisions import newest
from tests.support.console import Console
from tests.support.lived import NOON
from tests.support.released import GUEST, RELEASED, held, of_version

CLOCK = SteppedClock(NOON + timedelta(seconds=1))
PRIVATE = {"dialogues", "inbox", "media_jobs", "incoming_files", "deliveries", "facts", "media"}
"""Where a backup holds less or more than the database."""


@pytest.fixture
def settings(console: Console, bare: Database) -> Settings:
    url = SecretStr(bare.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def backups(settings: Settings) -> list[Path]:
    return sorted((settings.data_dir / "backups").glob("*"))


async def revision_of(database: Database) -> str | None:
    return (await schema_of(database)).revision


@pytest.mark.parametrize("revision", [RELEASED[0], RELEASED[-2]])
async def test_a_backup_of_the_older_version_is_made_before_it_is_brought_up(
    settings: Settings, bare: Database, revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await of_version(bare, revision)
    before = await held(bare)
    await bring_up(settings, bare, CLOCK)
    assert await revision_of(bare) == newest()
    [file] = backups(settings)
    assert file.name == f"before-upgrade-from-{revision}-20260122-1200.db"
    assert str(file) in capsys.readouterr().err
    content = file.read_bytes()
    assert [form for form in (str(GUEST).encode(), GUEST.to_bytes(6, "big")) if form in content] == []
    copy = Database(sqlite_url(file))
    assert await revision_of(copy) == revision
    there = await held(copy)
    await copy.close()
    same = before.keys() - PRIVATE - {"invitations", "subscriptions", "requests", "note_readings"}
    assert {name: len(there[name]) for name in same} == {name: len(before[name]) for name in same}
    assert there["notes"] == before["notes"]
    async with bare.open_unit(read_only=True) as unit:
        assert len(await unit.audit.since(NOON, TAKEN)) == 1


async def test_what_was_kept_before_an_upgrade_is_restored_by_todays_program(
    settings: Settings, bare: Database
) -> None:
    await of_version(bare, "0005")
    await bring_up(settings, bare, CLOCK)
    [file] = backups(settings)
    await commands.restore(settings, file, replace=True, clock=CLOCK)
    assert await revision_of(bare) == newest()
    assert {row["id"] for row in (await held(bare))["notes"]} >= {"note", "by-page", "heard"}


async def test_a_new_or_current_database_needs_no_backup(settings: Settings, bare: Database) -> None:
    await bring_up(settings, bare, CLOCK)
    await bring_up(settings, bare, CLOCK)
    assert await revision_of(bare) == newest()
    assert backups(settings) == []


async def test_without_a_backup_nothing_is_brought_up_unless_told_so(
    settings: Settings, bare: Database
) -> None:
    await of_version(bare, "0005")
    (settings.data_dir / "backups").touch()
    with pytest.raises(
        Failed, match=r"백업 파일을 쓰지 못했습니다[\s\S]*올리지 않았습니다[\s\S]*--no-backup"
    ):
        await bring_up(settings, bare, CLOCK)
    assert await revision_of(bare) == "0005"
    await bring_up(settings, bare, CLOCK, keeps=False)
    assert await revision_of(bare) == newest()


async def test_an_upgrade_that_would_fail_fails_on_the_copy(console: Console, tmp_path: Path) -> None:
    """A note whose voice is not there: SQLite would go on with it, the checks of a migration do not."""
    settings = read_settings(None)
    database = Database(settings.database)
    (console.data / "hyeonjang.db").unlink()
    await of_version(database, "0005")
    await database.truncate_log()
    with closing(sqlite3.connect(console.data / "hyeonjang.db")) as broken, broken:
        broken.execute("DELETE FROM voices")
    with pytest.raises(Failed, match="손상을 발견했습니다"):
        await bring_up(settings, database, CLOCK)
    assert await revision_of(database) == "0005"
    assert backups(settings) == []
    await database.close()


async def test_under_a_running_bot_nothing_is_brought_up(settings: Settings, bare: Database) -> None:
    await of_version(bare, "0005")
    with alone(settings.data_dir), pytest.raises(Failed, match="봇이 실행 중입니다"):
        await bring_up(settings, bare, CLOCK)
    if not bare.is_sqlite:
        other = Database(settings.database)
        async with other.sending_alone():
            with pytest.raises(Failed, match="봇이 실행 중입니다"):
                await bring_up(settings, bare, CLOCK)
        await other.close()
    assert await revision_of(bare) == "0005"


async def test_whoever_comes_meanwhile_waits_and_finds_it_done(settings: Settings, bare: Database) -> None:
    await of_version(bare, "0005")
    other = Database(settings.database)
    async with upgrading_alone(settings.data_dir):
        second = asyncio.create_task(bring_up(settings, other, CLOCK))
        await asyncio.wait({second}, timeout=0.05)
        assert not second.done()
        await bare.migrate()
    await second
    assert backups(settings) == []
    await other.close()


async def test_two_that_bring_the_same_database_up_do_not_collide(settings: Settings, bare: Database) -> None:
    """From two folders, so that no lock file stands between them."""
    await of_version(bare, "0001")
    other = Database(settings.database)
    await asyncio.gather(bare.migrate(), other.migrate())
    assert await revision_of(bare) == await revision_of(other) == newest()
    await other.close()


async def test_a_database_of_a_newer_version_is_refused_in_words(settings: Settings, bare: Database) -> None:
    await bare.migrate()
    async with bare.writing() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = await held(bare)
    with pytest.raises(Failed, match="더 새로운 판이 쓰고 있어"):
        async with desk(settings):
            pass
    with pytest.raises(Failed, match="더 새로운 판이 쓰고 있어"):
        await run(settings)
    assert await held(bare) == before
