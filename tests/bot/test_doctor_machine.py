"""`doctor` about the machine: disk, folder, token file, packages."""

import shutil
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from bot.commands.doctor import machine
from bot.settings import Settings
from tests.support.console import Console
from tests.support.doctor import diagnosed, found, fresh

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(console: Console) -> Settings:
    return fresh(console)


@pytest.mark.parametrize(
    ("free", "said"),
    [
        (199_999_999, "✗ 디스크: 남은 공간 0.2GB → 지금 공간을 비우십시오"),
        (999_999_999, "– 디스크: 남은 공간 1.0GB → 공간을 비우거나"),
        (1_000_000_000, "✓ 디스크: 남은 공간 1.0GB"),
    ],
)
async def test_room_on_the_disk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(2 * free, free, free))
    assert (await found(settings, "disk")).line.startswith(said)


async def test_a_folder_that_others_may_read(settings: Settings, console: Console) -> None:
    assert (await found(settings, "data_dir")).line.startswith("✓ 자료 폴더: ")
    console.data.chmod(0o755)
    assert (await found(settings, "data_dir")).line.endswith(f"→ chmod 700 {console.data}")


async def test_a_folder_that_cannot_be_written(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refused)
    assert (await found(settings, "data_dir")).line.startswith("✗ 자료 폴더: 쓸 수 없습니다(")


async def test_a_token_file_that_others_may_read(settings: Settings, console: Console) -> None:
    env = Path(console.file(".env", "PORT=8080\n"))
    env.chmod(0o644)
    assert (await found(settings, "env_file")).line.endswith("→ chmod 600 .env")
    env.chmod(0o600)
    assert not [one for one in (await diagnosed(settings)).findings if one.check == "env_file"]


async def test_packages_are_held_against_the_lock(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "requirements.lock"
    monkeypatch.setattr(machine, "LOCK_FILE", lock)
    assert "잠금 파일이 없어" in (await found(settings, "program")).line
    lock.write_text("aiohttp==0.0.1 ; python_version > '3'\nnot-installed==1\n")
    assert (await found(settings, "program")).line.endswith("판이 다른 꾸러미 1개 (aiohttp) → make setup")
    lock.write_text(f"aiohttp==0.0.1\naiohttp=={metadata.version('aiohttp')} ; python_version > '3'\n")
    assert (await found(settings, "program")).line.startswith("✓ 프로그램: Python 3.")
