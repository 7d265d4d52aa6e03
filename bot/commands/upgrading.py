"""A database of an older version is brought up: by one process alone, and after a backup that the older program restores.

Where that backup cannot be made nothing is brought up. The steps are tried on the copy first, so that a step that fails
leaves the database as it was.
"""

import asyncio
import contextlib
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

from bot.commands.alone import while_nothing_runs
from bot.commands.backup import keep_copy, new_name, write_down
from bot.commands.opening import Failed, say
from bot.services.ports import Clock
from bot.settings import Settings
from storage.condition import CannotOpen, schema_of
from storage.database import Database
from storage.revisions import CannotChange, brought_up

UPGRADE_LOCK = "upgrade.lock"
NEWER = (
    "데이터베이스를 더 새로운 판이 쓰고 있어 이 판으로는 열지 않습니다. 새로운 판의 프로그램으로 실행해 주십시오. "
    "이전 판으로 돌아가려면 docs/operating.md의 Downgrade를 따라 주십시오."
)
_NOT_KEPT = (
    "{failed}\n판을 올리기 전의 백업을 만들지 못하여 데이터베이스를 올리지 않았습니다. 고친 뒤 다시 실행하거나, "
    "따로 보관한 백업이 있으면 `python -m bot run --no-backup`으로 실행해 주십시오."
)
_KEPT = (
    "데이터베이스를 새 판의 구조로 올리기 전에 백업했습니다: {file} (이전 판의 프로그램으로 되돌릴 수 있습니다. "
    "개인정보가 들어 있으니 확인이 끝나면 파기해 주십시오)"
)
_NOT_BROUGHT_UP = (
    "데이터베이스를 새 판의 구조로 올리지 못했습니다({error}). 자료는 그대로 있습니다. "
    "디스크에 남은 공간을 확인해 주십시오. 이전 판의 프로그램으로는 계속 쓸 수 있습니다."
)


async def bring_up(
    settings: Settings, database: Database, clock: Clock, *, runs: bool = False, keeps: bool = True
) -> None:
    """Brings the schema to this version's, if it is older. Raises Failed; InUse when another `run` works on it.

    `runs`: the caller is `run` and has the database for itself. `keeps`: a backup is made first.
    """
    if not await _is_older(database):
        return
    async with upgrading_alone(settings.data_dir):
        if not await _is_older(database):  # whoever was waited for has done it
            return
        async with contextlib.AsyncExitStack() as stack:
            nobody_else = database.sending_alone() if runs else while_nothing_runs(settings, database)
            await stack.enter_async_context(nobody_else)
            await _bring_up(settings, database, clock, keeps=keeps)


@contextlib.asynccontextmanager
async def upgrading_alone(data_dir: Path) -> AsyncIterator[None]:
    """Waits for whoever brings this folder's database up, and keeps others waiting while the block runs."""
    with _lock_file(data_dir) as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        yield


def _lock_file(data_dir: Path) -> TextIO:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (data_dir / UPGRADE_LOCK).open("w")


async def _is_older(database: Database) -> bool:
    try:
        schema = await schema_of(database)
    except CannotOpen as error:
        raise Failed(
            f"데이터베이스를 열지 못했습니다({error}). `python -m bot doctor`로 확인해 주십시오."
        ) from None
    if schema.behind is None:
        raise Failed(NEWER)
    return schema.behind > 0


async def _bring_up(settings: Settings, database: Database, clock: Clock, *, keeps: bool) -> None:
    revision, now, rows = (await schema_of(database)).revision, clock.now(), None
    if keeps and revision is not None:
        local = now.astimezone(settings.timezone)
        file = new_name(settings.data_dir / "backups", local, f"before-upgrade-from-{revision}")
        try:
            rows = await keep_copy(settings, database, file, clock, now, revision=revision)
        except Failed as failed:
            raise Failed(_NOT_KEPT.format(failed=failed)) from None
        say(_KEPT.format(file=file))
    try:
        await brought_up(database)
    except CannotChange as error:
        raise Failed(_NOT_BROUGHT_UP.format(error=error)) from None
    if rows is not None:
        await write_down(database, now, sum(rows.values()))
