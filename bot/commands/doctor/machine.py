"""The machine: settings file, Python and packages, the data folder, the disk."""

import re
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from bot.commands.doctor.finding import Finding, bad, good, note
from bot.commands.leftovers import left_by_restores
from bot.settings import Settings
from prompts.korean import with_particle
from storage.database import Database

ENV_FILE = Path(".env")
LOCK_FILE = Path(__file__).parents[3] / "requirements.lock"
_LITTLE, _TOO_LITTLE = 1_000_000_000, 200_000_000
"""Bytes: a week of voice notes fits into the first; the second is filled by a day of logs."""
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def check_settings(settings: Settings) -> list[Finding]:
    """Readable, by nobody else, and all of them in use."""
    return [
        good(
            "settings",
            "설정",
            f"읽었습니다 (시간대 {settings.timezone.key}, 하루 전 안내 {settings.briefing_time:%H:%M}, "
            f"보고 {settings.digest_time:%H:%M}, 보존 {settings.retention_days}일)",
        ),
        *_env_file(),
        *(
            note(
                "unused", "설정", f"{with_particle(name, '은는')} 이번 판에서 쓰지 않습니다", "지워도 됩니다"
            )
            for name in settings.set_but_not_used
        ),
    ]


def _env_file() -> Iterator[Finding]:
    if ENV_FILE.is_file() and ENV_FILE.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield note(
            "env_file", ".env", "토큰이 든 파일을 다른 사용자도 읽을 수 있습니다", f"chmod 600 {ENV_FILE}"
        )


def check_program() -> list[Finding]:
    """Python, and whether the packages are those that were tested."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    if not LOCK_FILE.is_file():
        return [note("program", "프로그램", f"Python {python}, 잠금 파일이 없어 꾸러미를 견주지 못했습니다")]
    other = _other_than(LOCK_FILE.read_text("utf-8"))
    if other:
        some = ", ".join(other[:5]) + (" …" if len(other) > 5 else "")
        text = f"Python {python}, 시험한 것과 판이 다른 꾸러미 {len(other)}개 ({some})"
        return [note("program", "프로그램", text, "make setup")]
    return [good("program", "프로그램", f"Python {python}, 꾸러미가 잠금 파일과 같습니다")]


def _other_than(lock: str) -> list[str]:
    """Packages of another version than the lock names (it may name one for each Python). What is missing is for another platform."""
    pinned: dict[str, set[str]] = {}
    for name, version in _PINNED.findall(lock):
        pinned.setdefault(name, set()).add(version)
    return [name for name, versions in pinned.items() if _installed(name) not in {None, *versions}]


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def check_folder(settings: Settings) -> list[Finding]:
    """DATA_DIR: there, writable, closed to others; and room on its disk."""
    folder = settings.data_dir
    if not folder.is_dir():
        return [note("data_dir", "자료 폴더", f"아직 없습니다({folder}). 처음 실행할 때 만들어집니다")]
    return [_access(folder), *_left(settings), _room(folder)]


def _access(folder: Path) -> Finding:
    probe = folder / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return bad(
            "data_dir",
            "자료 폴더",
            f"쓸 수 없습니다({folder}, {error.strerror})",
            "봇을 실행하는 사용자에게 쓰기 권한을 주십시오",
        )
    if folder.stat().st_mode & stat.S_IRWXO:
        return note(
            "data_dir", "자료 폴더", f"다른 사용자도 들여다볼 수 있습니다({folder})", f"chmod 700 {folder}"
        )
    return good("data_dir", "자료 폴더", f"쓸 수 있고 다른 사용자에게 닫혀 있습니다({folder})")


def _left(settings: Settings) -> Iterator[Finding]:
    if left := left_by_restores(settings, Database(settings.database)):
        names = ", ".join(str(one) for one in left)
        text = f"끝나지 못한 restore가 남긴 자료의 사본이 있습니다({names})"
        yield note(
            "leftovers",
            "자료 폴더",
            text,
            "`python -m bot purge` 또는 `python -m bot run`을 실행하면 지워집니다",
        )


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    text = f"남은 공간 {free / 1_000_000_000:.1f}GB"
    if free < _TOO_LITTLE:
        return bad("disk", "디스크", text, "지금 공간을 비우십시오. 다 차면 받은 말을 저장하지 못합니다")
    if free < _LITTLE:
        return note("disk", "디스크", text, "공간을 비우거나 오래된 백업을 치우십시오")
    return good("disk", "디스크", text)
