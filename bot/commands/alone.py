"""One `run` at a time: a lock file in DATA_DIR, and a lock of the server's on PostgreSQL."""

import contextlib
import fcntl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bot.commands.opening import Failed
from bot.settings import Settings
from storage.database import Database, InUse

RUN_LOCK = "run.lock"
_RUNS = "봇이 실행 중입니다. 먼저 봇을 끝낸 뒤 다시 실행해 주십시오."


@contextlib.contextmanager
def alone(data_dir: Path, name: str = RUN_LOCK) -> Iterator[None]:
    """Holds a lock file in DATA_DIR while the bot runs: two on one SQLite file would answer everybody twice."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Failed(
                f"이미 실행 중입니다({data_dir}). 먼저 실행한 것을 끝낸 뒤 다시 실행해 주십시오."
            ) from None
        yield


@contextlib.asynccontextmanager
async def while_nothing_runs(settings: Settings, *databases: Database) -> AsyncIterator[None]:
    """Keeps `run` away, from this folder and from these databases, while the block runs. Raises Failed if it runs now."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            stack.enter_context(alone(settings.data_dir))
            for database in databases:
                await stack.enter_async_context(database.sending_alone())
        except (Failed, InUse):
            raise Failed(_RUNS) from None
        yield


def is_running(data_dir: Path) -> bool:
    """Whether `run` holds the lock file now. Shares the lock for an instant, which makes no file and waits for nobody."""
    try:
        with (data_dir / RUN_LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
