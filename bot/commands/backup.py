"""`backup`: everything at one moment in one file, while the bot goes on."""

import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bot.commands.auditing import head_line
from bot.commands.opening import Failed, clock_for, database_of
from bot.domain.access_log import EVERYBODY, Why
from bot.services.ports import Clock
from bot.services.purge import Purge
from bot.services.restored import TAKEN, cut_ties, taken_details
from bot.settings import Settings
from storage.access_log import head_in
from storage.backups import Damaged, Interrupted, as_newest, finish, put_in_place, sqlite_url, take_copy
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
    file = out or new_name(settings.data_dir / "backups", now.astimezone(settings.timezone), "hyeonjang")
    try:
        await _require_current(database)
        rows = await keep_copy(settings, database, file, clock, now)
        await _written_down(file, database, now, rows)
    finally:
        await database.close()
    removed = _remove_old(file.parent, keep) if keep is not None and out is None else ()
    return [
        *_report(file, rows, settings.retention_days),
        *(f"오래된 백업을 지웠습니다: {old}" for old in removed),
    ]


async def keep_copy(
    settings: Settings,
    database: Database,
    file: Path,
    clock: Clock,
    now: datetime,
    *,
    revision: str | None = None,
) -> Counts:
    """Writes a backup; the rows by table. `now` is its stamp, by which `write_down` names it afterwards.

    `revision`: of a database that is not today's yet. Raises Failed; then no file is left.
    """
    part, copy = (file.with_name(f".{file.name}.{end}") for end in ("part", "copy"))
    purge = Purge(clock, settings.timezone, settings.retention_days)
    try:
        with _folder_held(file, now):
            try:
                await take_copy(database, copy)
                rows = await _finish(copy, part, purge, now, revision)
                put_in_place(part, file)
            finally:
                clear(part, copy)
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
    return rows


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
            "데이터베이스가 이 판보다 오래된 구조입니다. `python -m bot run`으로 실행하면 먼저 백업한 뒤 구조를 올립니다."
        )


@contextmanager
def _folder_held(file: Path, now: datetime) -> Iterator[None]:
    """One backup at a time in a folder: what lies unfinished there is then left from one that was killed, and goes.

    It holds what no backup may. A folder that cannot be locked (some network disks): only what nobody has touched for long.
    """
    if file.exists():
        raise Failed(f"같은 이름의 파일이 이미 있습니다. 다른 이름을 정해 주십시오: {file}")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        alone = _lock(folder)
        for left in file.parent.glob(".*.db.*"):
            still = now.timestamp() - left.stat().st_mtime > _KILLED_AFTER
            if _UNFINISHED.search(left.name) and (alone or still):
                left.unlink()
        yield
    finally:
        os.close(folder)


def _lock(folder: int) -> bool:
    """Ends with the process. Raises Failed when another backup is being written there."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failed("같은 폴더에 다른 백업을 쓰는 중입니다. 끝난 뒤 다시 실행해 주십시오.") from None
    except OSError:
        return False
    return True


def clear(*files: Path) -> None:
    """What an earlier or this attempt left unfinished, logs included: it holds personal data."""
    for file in files:
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
            with suppress(OSError):
                file.with_name(name).unlink(missing_ok=True)


async def _finish(copy: Path, part: Path, purge: Purge, now: datetime, revision: str | None) -> Counts:
    """Takes out of the copy what must not outlive minutes, and writes the rest anew: no freed page keeps a word."""
    copied = Database(sqlite_url(copy))
    try:
        async with as_newest(copied, revision):
            await cut_ties(copied.open_unit, purge, now=now)
        return await finish(copied, part, now)
    finally:
        await copied.close()


async def _written_down(file: Path, database: Database, now: datetime, rows: Counts) -> None:
    """A file of which the access log knows nothing is not left."""
    try:
        await write_down(database, now, sum(rows.values()))
    except BaseException:
        clear(file)
        raise


async def write_down(database: Database, now: datetime, rows: int) -> None:
    """That it was taken, in the audit: a restore knows by it that what stands then went on from this backup.

    `now`: the stamp of the file, no later reading of the clock.
    """
    async with database.open_unit() as unit:
        entry = AuditEntry(now, None, TAKEN, "backup", taken_details(now, rows), EVERYBODY, Why.BACKUP)
        await unit.audit.record(entry)
        await unit.commit()


def new_name(folder: Path, local: datetime, what: str) -> Path:
    """`hyeonjang-20260122-2130.db`; a second one within the minute gets a number."""
    stem = f"{what}-{local:%Y%m%d-%H%M}"
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
    held = {"people": "사람", "meetings": "일정", "notes": "의견", "digests": "보고", "audit": "접속기록"}
    inside = ", ".join(f"{word} {rows.get(table, 0):,}" for table, word in held.items())
    return [
        f"백업했습니다: {file}",
        f"  크기 {size}, 표 {len(rows)}개, {sum(rows.values()):,}행 ({inside}). 손상이 없음을 확인했습니다.",
        "  대화 중이던 사람과 의견을 잇는 자료는 넣지 않았습니다. 토큰과 .env도 들어 있지 않으니 따로 보관해 주십시오.",
        f"※ 개인정보와 의견 원문이 들어 있습니다. 암호화한 곳에 두고, 보존 기간({retention_days}일)이 지나기 전에 파기해 주십시오. "
        "이 뒤에 철회하거나 파기한 의견이 이 파일에는 남아 있습니다.",
        head_line(head_in(file)),
    ]
