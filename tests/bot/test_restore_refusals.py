"""`restore` refuses what is no whole backup of ours, and then nothing has changed."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from storage.database import Database
from tests.support.console import Console
from tests.support.lived import NOON, lived, rows_of

CLOCK = SteppedClock(NOON)


@pytest.fixture
def settings(console: Console, sqlite: Database) -> Settings:
    url = SecretStr(str(sqlite.url))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


def changed(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql)


NOT_OURS, DAMAGED = "이 프로그램이 만든 백업 파일이 아닙니다", "백업 파일이 손상되어"
SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "text": (lambda file: file.write_text("안녕하세요"), NOT_OURS),
    "empty": (lambda file: file.write_bytes(b""), NOT_OURS),
    "no revision": (lambda file: changed(file, "DROP TABLE alembic_version"), NOT_OURS),
    "a table less": (lambda file: changed(file, "DROP TABLE menus"), NOT_OURS),
    "a view": (lambda file: changed(file, "CREATE VIEW v AS SELECT 1"), NOT_OURS),
    "a reference to nothing": (lambda file: changed(file, "DELETE FROM tours"), DAMAGED),
    "cut": (lambda file: file.write_bytes(file.read_bytes()[:-8192]), DAMAGED),
    "newer": (
        lambda file: changed(file, "UPDATE alembic_version SET version_num = '9999'"),
        "더 새로운 판에서 만든",
    ),
    "gone": (lambda file: file.unlink(), "파일을 읽지 못했습니다"),
}


async def test_what_is_no_whole_backup_changes_nothing(
    settings: Settings, sqlite: Database, tmp_path: Path
) -> None:
    await lived(sqlite)
    file = tmp_path / "backup.db"
    await commands.backup(settings, file, None, clock=CLOCK)
    before = await rows_of(sqlite)
    for how, (spoil, why) in SPOILED.items():
        spoiled = tmp_path / "spoiled.db"
        spoiled.write_bytes(file.read_bytes())
        spoil(spoiled)
        with pytest.raises(Failed, match=why):
            await commands.restore(settings, spoiled, replace=True, clock=CLOCK)
        assert await rows_of(sqlite) == before, how
        assert not list(tmp_path.glob("*before-restore*")) + list(tmp_path.glob(".restoring*")), how
