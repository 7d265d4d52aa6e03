"""`move --to DATABASE_URL`: the data carried to another database. The old one is left as it was, but for a line that says so."""

from datetime import datetime

from pydantic import SecretStr

from bot.commands.alone import while_nothing_runs
from bot.commands.auditing import head_line, head_of
from bot.commands.desk import Failed, clock_for, database_of
from bot.domain.access_log import EVERYBODY, Why
from bot.settings import Settings
from storage.backups import new_private_file
from storage.condition import CannotOpen, examine, file_of, is_there
from storage.copying import NotCopied, NotEmpty, copy_all
from storage.database import Database
from storage.repositories.audit import AuditEntry

MOVED = "moved"
_KINDS = ("sqlite://", "sqlite+aiosqlite://", "postgresql://", "postgresql+psycopg://")


async def move(settings: Settings, to: str) -> list[str]:
    """Copies everything into an empty database and gives the lines that say what to do next. Raises Failed."""
    if not to.startswith(_KINDS):
        raise Failed("옮길 곳은 postgresql+psycopg://… 또는 sqlite:///… 로 적어 주십시오.")
    there = settings.model_copy(update={"database_url": SecretStr(to)})
    if there.database == settings.database:
        raise Failed("지금 쓰는 데이터베이스와 같은 곳입니다.")
    old = database_of(settings)
    new = database_of(there)
    try:
        if not is_there(old):
            raise Failed("옮길 자료가 없습니다. 아직 데이터베이스가 만들어지지 않았습니다.")
        _prepare(new)
        for database in (old, new):
            await _require_usable(database)
        await _require_current(old)
        async with while_nothing_runs(settings, old, new):
            return await _carry(old, new, (await clock_for(settings)).now())
    finally:
        await old.close()
        await new.close()


def _prepare(new: Database) -> None:
    """A file that is made for it is its owner's alone."""
    file = file_of(new)
    if file is not None and not file.exists():
        new_private_file(file)


async def _require_usable(database: Database) -> None:
    where = database.url.render_as_string(hide_password=True)
    try:
        found = await examine(database)
    except CannotOpen as error:
        raise Failed(f"데이터베이스를 열지 못했습니다({error}): {where}") from None
    if found.behind is None:
        raise Failed(f"더 새로운 판에서 쓰던 데이터베이스입니다. 그 판의 프로그램으로 옮겨 주십시오: {where}")


async def _write_down(old: Database, now: datetime) -> None:
    """Before anything is copied, and where the data stands: a copy of everything that is on no record is worse."""
    async with old.open_unit() as unit:
        await unit.audit.record(AuditEntry(now, None, MOVED, "database", {}, EVERYBODY, Why.BACKUP))
        await unit.commit()


async def _require_current(old: Database) -> None:
    """The old one is left as it was: it is not brought up on the way."""
    if not (await examine(old)).is_current:
        raise Failed(
            "지금 데이터베이스가 이 판보다 오래된 구조입니다. 먼저 `python -m bot run`으로 실행하여(백업한 뒤 구조를 올립니다) 옮겨 주십시오."
        )


async def _carry(old: Database, new: Database, now: datetime) -> list[str]:
    for database in (old, new):
        await database.migrate()
    await _write_down(old, now)
    try:
        rows = await copy_all(old, new)
    except NotEmpty:
        raise Failed("옮길 곳에 이미 자료가 있습니다. 비어 있는 데이터베이스를 정해 주십시오.") from None
    except NotCopied as error:
        raise Failed(f"옮기지 못한 자료가 있어 아무것도 옮기지 않았습니다({error}).") from None
    await new.truncate_log()
    return [
        f"옮겼습니다: 표 {len(rows)}개, {sum(rows.values()):,}행. 양쪽의 행 수가 같음을 확인했습니다.",
        f"  다음: .env의 DATABASE_URL을 옮긴 곳({new.url.render_as_string(hide_password=True)})으로 바꾸고, "
        "`python -m bot doctor`로 확인한 뒤 실행해 주십시오.",
        head_line(await head_of(new)),
        "※ 이전 데이터베이스는 그대로 있습니다. 바꾸기 전에는 실행하지 마시고(자료가 둘로 갈라집니다), 확인이 끝나면 파기해 주십시오.",
    ]
