"""`move`: all of it, either way, and the old database as it was."""

import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.commands.alone import alone
from bot.services.access_log import verify
from bot.settings import Settings, read_settings
from storage.backups import sqlite_url
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.support.console import Console
from tests.support.databases import Postgres
from tests.support.lived import NOON, lived, rows_of


@pytest.fixture
def settings(console: Console, database: Database) -> Settings:
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


@pytest.fixture
def elsewhere(database: Database, postgres: Postgres | None, tmp_path: Path) -> str:
    """An empty database of the other kind (a file that is not there yet, for PostgreSQL)."""
    if not database.is_sqlite:
        return sqlite_url(tmp_path / "moved.db")
    if postgres is None:
        return sqlite_url(tmp_path / "moved.db")
    postgres.empty()
    return postgres.url


async def test_everything_is_there_and_here_is_as_it_was(
    settings: Settings, database: Database, elsewhere: str
) -> None:
    await lived(database)
    before = await rows_of(database)
    lines = await commands.move(settings, elsewhere)
    target = Database(elsewhere)
    after = await rows_of(database)
    assert await rows_of(target) == after
    assert {name for name in after if after[name] != before[name]} == {"audit", "audit_chain"}
    assert f"{sum(len(rows) for rows in after.values()):,}행" in lines[0]
    async with target.snapshot_unit() as unit:
        verdict = await verify(unit)
        assert verdict.broken is None
        assert [act.action async for act in unit.audit.lines()][-1] == "moved"
    assert str(verdict.chain.last) in lines[2]
    async with target.open_unit() as unit:  # automatic numbers go on where they were
        await unit.audit.record(AuditEntry(NOON, None, "가상", "가상", {}))
        await unit.commit()
    await target.close()


async def test_a_place_that_holds_data_is_refused_and_left_alone(
    settings: Settings, database: Database, elsewhere: str
) -> None:
    await lived(database)
    await commands.move(settings, elsewhere)
    target = Database(elsewhere)
    there = await rows_of(target)
    with pytest.raises(Failed, match="이미 자료가 있습니다"):
        await commands.move(settings, elsewhere)
    assert await rows_of(target) == there
    await target.close()


async def test_a_file_that_is_made_for_it_is_closed_to_others(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "moved.db"
    await commands.move(settings, sqlite_url(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.with_name("moved.db-wal").exists()


async def test_what_the_other_database_does_not_take_stops_it(
    settings: Settings, database: Database, elsewhere: str
) -> None:
    """SQLite does not mind a name that is longer than its column; PostgreSQL does."""
    if not database.is_sqlite or not elsewhere.startswith("postgresql"):
        return
    async with database.open_unit() as unit:
        await unit.facts.put("가" * 61, "값")
        await unit.commit()
    with pytest.raises(Failed, match=r"아무것도 옮기지 않았습니다\(facts: DataError\)"):
        await commands.move(settings, elsewhere)
    target = Database(elsewhere)
    assert not any((await rows_of(target)).values())
    await target.close()


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("mysql://x/y", "postgresql"),
        ("postgresql://nobody:hidden@127.0.0.1:1/nowhere", "데이터베이스를 열지 못했습니다"),
        ("sqlite:////no/such/folder/x.db", "폴더가 없습니다"),
    ],
)
def test_a_place_that_is_none_is_refused_without_its_password(console: Console, to: str, why: str) -> None:
    said = console.runs("move", "--to", to, exits=1)
    assert why in said.stderr
    assert "hidden" not in said.output


def test_the_same_place_and_a_running_bot_are_refused(console: Console) -> None:
    here = f"sqlite:///{console.data}/hyeonjang.db"
    assert "같은 곳" in console.runs("move", "--to", here, exits=1).stderr
    there = f"sqlite:///{console.folder}/there.db"
    with alone(console.data):
        assert "봇이 실행 중입니다" in console.runs("move", "--to", there, exits=1).stderr


def test_the_console_says_what_to_do_next(console: Console) -> None:
    said = console.runs("move", "--to", f"sqlite:///{console.folder}/there.db").stdout
    assert "양쪽의 행 수가 같음을 확인했습니다" in said
    assert "DATABASE_URL" in said
    with sqlite3.connect(console.folder / "there.db") as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)
    connection.close()
