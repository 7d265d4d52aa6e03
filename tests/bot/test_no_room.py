"""The disk is full (files may not grow, RLIMIT_FSIZE): said in Korean, nothing half, and what stood stands."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import commands
from bot.commands import Failed
from bot.commands.upgrading import bring_up
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from storage.condition import schema_of
from storage.database import Database
from storage.revisions import newest
from tests.support.console import Console
from tests.support.lived import NOON
from tests.support.released import held, of_version

CLOCK = SteppedClock(NOON)


@pytest.fixture
def settings(console: Console, bare: Database) -> Settings:
    url = SecretStr(bare.url.render_as_string(hide_password=False))
    return read_settings(None).model_copy(update={"database_url": url, "data_dir": console.data})


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


@pytest.mark.parametrize("room", [40_000, 150_000])
async def test_no_room_for_a_backup_or_a_restore(
    settings: Settings, bare: Database, tmp_path: Path, room: int
) -> None:
    await of_version(bare, newest())
    await commands.backup(settings, tmp_path / "kept.db", None, clock=CLOCK)
    before, there = await held(bare), files(settings.data_dir)
    await bare.close()
    with files_end_at(room):
        with pytest.raises(Failed, match="백업을 남기지 않았습니다"):
            await commands.backup(settings, None, None, clock=CLOCK)
        with pytest.raises(Failed, match=r"아무것도 바꾸지 않았습니다|파일을 다루지 못했습니다"):
            await commands.restore(settings, tmp_path / "kept.db", replace=True, clock=CLOCK)
    assert await held(bare) == before
    assert files(settings.data_dir) - there <= {"run.lock"}


async def test_no_room_for_an_upgrade(settings: Settings, bare: Database) -> None:
    """Neither for the backup before it nor, without one, for the log that SQLite writes it to."""
    await of_version(bare, "0001")
    before = await held(bare)
    await bare.truncate_log()
    await bare.close()
    with files_end_at(40_000):
        with pytest.raises(Failed, match="백업을 만들지 못하여 데이터베이스를 올리지 않았습니다"):
            await bring_up(settings, bare, CLOCK)
        if bare.is_sqlite:
            with pytest.raises(Failed, match="올리지 못했습니다"):
                await bring_up(settings, bare, CLOCK, keeps=False)
        await bare.close()
    assert (await schema_of(bare)).revision == "0001"
    assert await held(bare) == before
