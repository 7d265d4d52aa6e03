"""Backup, restore and upgrade killed (SIGKILL) at many points, as processes: never half, and the next try ends well."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import commands
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from storage.database import Database
from storage.revisions import newest
from tests.support.console import Console
from tests.support.databases import Postgres
from tests.support.killing import MARK
from tests.support.lived import NOON
from tests.support.released import of_version

ROOT = Path(__file__).parents[2]
SHORT = 4
MOST = int(os.environ.get("KILLS", SHORT))
"""Deaths of a command (in the short form half as many on PostgreSQL, and none of its backup): spread over statements, commits, steps inside statements, and what it does with files. KILLS=40 for long."""


@dataclass(frozen=True, slots=True)
class Death:
    """`after` and `at_last`: what stands after the death, and after the command was given once more (`again`: its status).

    In the short form that is done for the last death only.
    """

    kind: str
    killed: bool
    after: dict[str, Any] | None
    again: int | None
    at_last: dict[str, Any] | None


def deaths(what: str, settings: Settings, file: Path) -> Sequence[Death]:
    url = None if settings.database_url is None else settings.database_url.get_secret_value()
    given: dict[str, object] = {
        "what": what,
        "data": str(settings.data_dir),
        "url": url,
        "file": str(file),
        "most": MOST if url is None or MOST > SHORT else MOST // 2,
    }
    given["always_again"] = MOST > SHORT
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killing"],
        cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [Death(**json.loads(line)) for line in done.stdout.splitlines() if line[0] == "{"]


@pytest.fixture
async def settings(console: Console, bare: Database) -> Settings:
    """An empty folder; on a server, a database that `tests.support.killing` makes anew from its `_base`."""
    (console.data / "hyeonjang.db").unlink()
    url = None if bare.is_sqlite else SecretStr(bare.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


async def begun(settings: Settings, bare: Database, revision: str, mark: str) -> None:
    """The database of the settings at a revision, with rows in every table."""
    database = bare if settings.database_url else Database(settings.database)
    await of_version(database, revision)
    async with database.writing() as connection:
        await connection.exec_driver_sql(f"INSERT INTO facts (name, value) VALUES ('{MARK}', '{mark}')")
    await database.truncate_log()
    await database.close()


def shifted(settings: Settings, postgres: Postgres | None) -> Settings:
    """On a server: what stands becomes the `_base`, and the command works on another one."""
    if settings.database_url is None:
        return settings
    assert postgres is not None
    return settings.model_copy(update={"database_url": SecretStr(postgres.base_of_bare())})


def fine(found: Sequence[Death]) -> None:
    assert [death for death in found if death.after is None or death.again] == []
    assert found[-1].at_last is not None
    assert len([death for death in found if death.killed]) >= MOST // 2, "most of them died"
    assert len({death.kind for death in found if death.killed}) >= 2


@pytest.mark.parametrize("bare", ["sqlite", "postgresql"] if MOST > SHORT else ["sqlite"], indirect=True)
async def test_a_backup_leaves_a_whole_file_or_none(
    settings: Settings, bare: Database, postgres: Postgres | None
) -> None:
    await begun(settings, bare, newest(), "stands")
    found = deaths("backup", shifted(settings, postgres), Path("-"))
    fine(found)
    for death in found:
        assert death.after is not None
        assert death.after["final"] in (0, 1), death
        assert death.at_last is None or death.at_last["final"] == death.after["final"] + 1
        assert death.after["mark"] == ["stands"]


async def test_a_restore_leaves_what_stood_or_what_comes_back(
    settings: Settings, bare: Database, postgres: Postgres | None, tmp_path: Path
) -> None:
    await begun(settings, bare, newest(), "comes back")
    await commands.backup(settings, tmp_path / "kept.db", None, clock=SteppedClock(NOON))
    database = bare if settings.database_url else Database(settings.database)
    async with database.writing() as connection:
        await connection.exec_driver_sql(f"UPDATE facts SET value = 'stood' WHERE name = '{MARK}'")
    await database.truncate_log()
    await database.close()
    found = deaths("restore", shifted(settings, postgres), tmp_path / "kept.db")
    fine(found)
    for death in found:
        assert death.after is not None
        assert death.after["mark"] in (["stood"], ["comes back"]), death
        assert death.after["mark"] == ["stood"] or settings.database_url or death.after["aside"] >= 1
        assert death.at_last is None or death.at_last["mark"] == ["comes back"]


async def test_an_upgrade_is_whole_or_has_not_begun(
    settings: Settings, bare: Database, postgres: Postgres | None
) -> None:
    await begun(settings, bare, "0001", "stands")
    found = deaths("upgrade", shifted(settings, postgres), Path("-"))
    fine(found)
    for death in found:
        assert death.after is not None
        assert death.after["revision"] in ("0001", newest()), death
        assert death.at_last is None or death.at_last["revision"] == newest()
        counts = death.after["counts"]
        assert {name: counts[name] for name in ("notes", "people", "digests")} == {
            "notes": 4, "people": 2, "digests": 2,
        }  # fmt: skip
