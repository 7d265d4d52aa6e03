"""`restore`: a backup takes the place of what stands; nothing that may have been sent is sent again."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.commands.alone import while_nothing_runs
from bot.commands.backup import clear
from bot.commands.carrying import acts_report, carry_acts, last_act
from bot.commands.desk import Failed, clock_for, database_of
from bot.commands.restored_report import Restored, restored_report
from bot.commands.standing import as_of_today
from bot.domain.errors import Refusal
from bot.services.carried import Ended, call_again, ended_since, hold_to
from bot.services.digests import Digests, RegionDay
from bot.services.ports import Clock
from bot.services.purge import Purge
from bot.services.restored import settle_returned
from bot.services.unit import Unit
from bot.settings import Settings
from bot.use_cases import build_services
from prompts.messages import Messages
from storage.backups import Damaged, Interrupted, put_in_place, set_aside, sqlite_url
from storage.carrying import NotCarried, Since, carry
from storage.condition import CannotOpen, examine, file_of, is_there
from storage.copying import NotCopied, NotEmpty, copy_all, counted, require_empty
from storage.database import Database
from storage.foreign_files import Kept, NotABackup, TooNew, built_anew, copy_in, forget_stamp, look_into
from storage.refusals import Refused

_NOT_OURS = "이 프로그램이 만든 백업 파일이 아닙니다: {file}"
_DAMAGED = "백업 파일이 손상되어 되돌릴 수 없습니다: {file} 다른 백업을 써 주십시오."
_TOO_NEW = "더 새로운 판에서 만든 백업입니다: {file} 그 판의 프로그램으로 되돌려 주십시오."
_HOLDS_DATA = (
    "지금 데이터베이스에 자료가 있어 되돌리지 않았습니다. 먼저 `python -m bot backup`으로 지금 자료를 보관한 뒤, "
    "지금 자료를 지우고 되돌리려면 --replace를 붙여 주십시오."
)
_INTERRUPTED = (
    "되돌리는 중에 데이터베이스나 디스크에 문제가 생겨 아무것도 바꾸지 않았습니다({error}). "
    "디스크에 백업 파일의 세 배만큼 남은 공간이 있는지 확인해 주십시오."
)
_NOT_TOGETHER = (
    "백업과 지금 자료가 서로 맞지 않거나 데이터베이스에 문제가 생겨, 되돌리지 않았고 아무것도 바꾸지 않았습니다({error}). "
    "다른 백업을 써 주십시오. 이 백업만 그대로 되돌리려면 docs/operating.md의 Backup and restore를 따라 주십시오."
)
_NEWER_DATABASE = "지금 데이터베이스를 더 새로운 판이 쓰고 있습니다. 그 판의 프로그램으로 되돌려 주십시오."


async def restore(settings: Settings, file: Path, *, replace: bool, clock: Clock | None = None) -> list[str]:
    """Puts a backup in the place of the data that stands; the lines say what became of what. Raises Failed.

    `replace`: a server's data may be deleted for it. A file that stands is set aside in any case.
    """
    clock = clock or await clock_for(settings)
    database, now = database_of(settings), clock.now()
    target = file_of(database)
    work = (target or settings.data_dir / "hyeonjang.db").with_name(".restoring.db")
    aside = None
    try:
        if target is None:
            await _require_usable(database)
        async with while_nothing_runs(settings, database):
            kept = await _take_in(file, work)
            async with as_of_today(database, work) as standing:
                ended = await _ended(standing, kept)
                held = await last_act(work)
                acts = await carry_acts(standing, work)
                restored = await _made_ready(work, kept, ended, settings, clock, standing, held)
            if target is None:
                await _fill(database, work, replace=replace)
            else:
                await _let_go(database)
                aside = set_aside(target, f"before-restore-{now.astimezone(settings.timezone):%Y%m%d-%H%M%S}")
                put_in_place(work, target)
    except OSError as error:
        raise Failed(f"파일을 다루지 못했습니다({error.strerror}): {error.filename or file}") from None
    except Interrupted as error:
        raise Failed(_INTERRUPTED.format(error=error)) from None
    except Refused as error:
        raise Failed(_NOT_TOGETHER.format(error=type(error).__name__)) from None
    finally:
        await database.close()
        clear(work)
    first, lost, *rest = restored_report(restored, file, aside, settings.timezone, now)
    return [first, lost, *acts_report(acts), *rest]


async def _take_in(file: Path, work: Path) -> Kept:
    """What the file holds, in a file of our own making. Raises Failed, Interrupted."""
    _require_file(file)
    raw = work.with_name(".restoring-from.db")
    clear(work, raw)
    try:
        copy_in(file, raw)
        kept = look_into(raw)
        await built_anew(raw, work)
        await _look_through(work)
    except TooNew:
        raise Failed(_TOO_NEW.format(file=file)) from None
    except NotABackup:
        raise Failed(_NOT_OURS.format(file=file)) from None
    except (Damaged, ValueError, LookupError, TypeError, AttributeError):  # no sense together
        raise Failed(_DAMAGED.format(file=file)) from None
    finally:
        clear(raw)
    return kept


async def _look_through(work: Path) -> None:
    """Values of the right kinds may still have a shape that is none of ours: what is kept as JSON shows it here."""
    copy = Database(sqlite_url(work))
    try:
        async with copy.open_unit(read_only=True) as unit:
            await unit.tours.all()
    finally:
        await copy.close()


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise Failed(f"파일을 읽지 못했습니다: {file}")


async def _ended(database: Database, kept: Kept) -> Ended | None:
    """What people ended since the backup, as far as the data that stands can still be read."""
    if kept.taken_at is None or not is_there(database):
        return None
    with suppress(Exception):  # it is broken, perhaps: that is why somebody restores
        if (await examine(database)).is_current:
            async with database.open_unit(read_only=True) as unit:
                return await ended_since(unit, kept.taken_at)
    return None


async def _made_ready(
    work: Path,
    kept: Kept,
    ended: Ended | None,
    settings: Settings,
    clock: Clock,
    standing: Database,
    last: int,
) -> Restored:
    """Carries over what came since, ends what is over, and destroys what is due before it comes back."""
    copy, now = Database(sqlite_url(work)), clock.now()
    digests = build_services(settings, Messages(settings.timezone), "").digests
    try:
        since = await _carried(standing, copy, ended)
        async with copy.open_unit() as unit:
            if since is not None:
                await call_again(unit, since.days, now=now)
            returned = await settle_returned(unit, now=now, carried=since is not None, held=last)
            held = None if ended is None else await hold_to(unit, ended, now=now)
            again = await _to_come(unit, digests, now)
            await unit.commit()
        before = await _notes(copy)
        purge = Purge(clock, settings.timezone, settings.retention_days)
        await purge.run(copy.open_unit, copy.truncate_log, retention=True)
        destroyed = before - await _notes(copy)
    finally:
        await copy.close()
    forget_stamp(work)
    return Restored(kept.taken_at, returned, held, again, destroyed, since)


async def _carried(standing: Database, copy: Database, ended: Ended | None) -> Since | None:
    """What came since the backup, carried over; None where it is not known what came since, or where it does not fit."""
    if ended is None or not ended.went_on:
        return None
    with suppress(NotCarried):
        return await carry(standing, copy)
    return None


async def _to_come(unit: Unit, digests: Digests, now: datetime) -> list[RegionDay]:
    """The digests that go out at the start."""
    with suppress(Refusal):  # notes of a day that no tour has: nothing goes out
        return await digests.unpublished(unit, now=now)
    return []


async def _notes(database: Database) -> int:
    async with database.snapshot() as connection:
        return (await counted(connection))["notes"]


async def _require_usable(database: Database) -> None:
    try:
        found = await examine(database)
    except CannotOpen as error:
        raise Failed(f"데이터베이스를 열지 못했습니다({error}). DATABASE_URL을 확인해 주십시오.") from None
    if found.behind is None:
        raise Failed(_NEWER_DATABASE)


async def _fill(database: Database, work: Path, *, replace: bool) -> None:
    """A server that is refused is left as it is, its schema too: an older program may still be needed on it."""
    copy = Database(sqlite_url(work))
    try:
        if not replace:
            await require_empty(database)
        await database.migrate()
        await copy_all(copy, database, replace=replace)
    except NotEmpty:
        raise Failed(_HOLDS_DATA) from None
    except NotCopied as error:
        raise Failed(f"되돌리지 못한 자료가 있어 아무것도 바꾸지 않았습니다({error}).") from None
    finally:
        await copy.close()


async def _let_go(database: Database) -> None:
    """Empties the log of the file that stands, so that it is whole by itself, if it can be read at all."""
    if is_there(database):
        with suppress(Exception):  # a broken file is set aside with its log
            await database.truncate_log()
    await database.close()
