"""`backup`: everything at one moment in one file, while the bot goes on."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.commands.desk import Failed, clock_for, database_of
from bot.services.ports import Clock
from bot.services.purge import Purge
from bot.services.restored import TAKEN, cut_ties
from bot.settings import Settings
from storage.backups import Damaged, Interrupted, finish, put_in_place, sqlite_url, take_copy
from storage.condition import CannotOpen, examine, is_there
from storage.copying import Counts
from storage.database import Database
from storage.repositories.audit import AuditEntry

_OURS = re.compile(r"hyeonjang-\d{8}-\d{4}(-\d+)?\.db")
_UNFINISHED = re.compile(r"\.db\.(part|copy)(-wal|-shm|-journal)?$")
_KILLED_AFTER = 3600.0
"""Seconds without a change; one that is still being written changes all the time."""
_MEGABYTE = 1_000_000


async def backup(
    settings: Settings, out: Path | None, keep: int | None, *, clock: Clock | None = None
) -> list[str]:
    """Writes a backup and gives the lines that say what it is. Raises Failed; then no file is left."""
    clock = clock or await clock_for(settings)
    database, now = database_of(settings), clock.now()
    file = out or _new_name(settings.data_dir / "backups", now.astimezone(settings.timezone))
    part, copy = (file.with_name(f".{file.name}.{end}") for end in ("part", "copy"))
    try:
        await _require_current(database)
        _make_room(file, now)
        await take_copy(database, copy)
        rows = await _finish(copy, part, Purge(clock, settings.timezone, settings.retention_days), now)
        put_in_place(part, file)
        await _write_down(database, now, sum(rows.values()))
    except Damaged:
        raise Failed(
            "백업을 확인하는 중에 데이터베이스의 손상을 발견했습니다. 백업을 남기지 않았습니다. "
            "`python -m bot doctor`로 상태를 확인해 주십시오."
        ) from None
    except Interrupted as error:
        raise Failed(
            f"백업하는 중에 데이터베이스나 디스크에 문제가 생겨 백업을 남기지 않았습니다({error}). "
            "디스크에 자료의 두 배만큼 남은 공간이 있는지 확인해 주십시오."
        ) from None
    except OSError as error:
        raise Failed(f"백업 파일을 쓰지 못했습니다({error.strerror}): {file}") from None
    finally:
        await database.close()
        clear(part, copy)
    removed = _remove_old(file.parent, keep) if keep is not None and out is None else ()
    return [
        *_report(file, rows, settings.retention_days),
        *(f"오래된 백업을 지웠습니다: {old}" for old in removed),
    ]


async def _require_current(database: Database) -> None:
    """A copy needs the tables of this version; a backup changes nothing in the database, the schema included."""
    if not is_there(database):
        raise Failed("백업할 것이 없습니다. 아직 데이터베이스가 만들어지지 않았습니다.")
    try:
        condition = await examine(database)
    except CannotOpen as error:
        raise Failed(
            f"데이터베이스를 열지 못했습니다({error}). `python -m bot doctor`로 확인해 주십시오."
        ) from None
    if condition.behind is None:
        raise Failed("이 데이터베이스는 더 새로운 판에서 쓰던 것입니다. 그 판의 `backup`을 쓰십시오.")
    if not condition.is_current:
        raise Failed(
            "데이터베이스가 이 판보다 오래된 구조입니다. 판을 올리기 전의 프로그램으로 백업하거나, 먼저 `python -m bot run`으로 구조를 올려 주십시오."
        )


def _make_room(file: Path, now: datetime) -> None:
    """Makes the folder, and removes what a backup that was killed left there: it holds what no backup may."""
    if file.exists():
        raise Failed(f"같은 이름의 파일이 이미 있습니다. 다른 이름을 정해 주십시오: {file}")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in file.parent.glob(".*.db.*"):
        if _UNFINISHED.search(left.name) and now.timestamp() - left.stat().st_mtime > _KILLED_AFTER:
            left.unlink()


def clear(*files: Path) -> None:
    """What an earlier or this attempt left unfinished, logs included: it holds personal data."""
    for file in files:
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
            with suppress(OSError):
                file.with_name(name).unlink(missing_ok=True)


async def _finish(copy: Path, part: Path, purge: Purge, now: datetime) -> Counts:
    """Takes out of the copy what must not outlive minutes, and writes the rest anew: no freed page keeps a word."""
    copied = Database(sqlite_url(copy))
    try:
        await cut_ties(copied.open_unit, purge, now=now)
        return await finish(copied, part, now)
    finally:
        await copied.close()


async def _write_down(database: Database, now: datetime, rows: int) -> None:
    async with database.open_unit() as unit:
        await unit.audit.record(AuditEntry(now, None, TAKEN, "backup", {"rows": rows}))
        await unit.commit()


def _new_name(folder: Path, local: datetime) -> Path:
    """`hyeonjang-20260122-2130.db`; a second one within the minute gets a number."""
    stem = f"hyeonjang-{local:%Y%m%d-%H%M}"
    names = [f"{stem}.db", *(f"{stem}-{number}.db" for number in range(2, 100))]
    return next((folder / name for name in names if not (folder / name).exists()), folder / names[-1])


def _remove_old(folder: Path, keep: int) -> Sequence[Path]:
    """All backups of the folder but the newest `keep`; other files are not touched."""
    ours = sorted(
        (one for one in folder.iterdir() if _OURS.fullmatch(one.name)), key=lambda one: one.stat().st_mtime_ns
    )
    old = ours[: max(0, len(ours) - keep)]
    for one in old:
        one.unlink()
    return old


def _report(file: Path, rows: Counts, retention_days: int) -> list[str]:
    size = f"{file.stat().st_size / _MEGABYTE:.1f}MB"
    held = {"people": "사람", "meetings": "일정", "notes": "의견", "digests": "보고", "audit": "감사 기록"}
    inside = ", ".join(f"{word} {rows.get(table, 0):,}" for table, word in held.items())
    return [
        f"백업했습니다: {file}",
        f"  크기 {size}, 표 {len(rows)}개, {sum(rows.values()):,}행 ({inside}). 손상이 없음을 확인했습니다.",
        "  대화 중이던 사람과 의견을 잇는 자료는 넣지 않았습니다. 토큰과 .env도 들어 있지 않으니 따로 보관해 주십시오.",
        f"※ 개인정보와 의견 원문이 들어 있습니다. 암호화한 곳에 두고, 보존 기간({retention_days}일)이 지나기 전에 파기해 주십시오. "
        "이 뒤에 철회하거나 파기한 의견이 이 파일에는 남아 있습니다.",
    ]
