"""A command killed (SIGKILL) at one point after the other, in processes of their own: `python -m tests.support.killing`.

Reads {"what", "data", "file", "url", "most", "always_again"} as JSON from standard input. The command runs once to tell its points:
statements, commits, steps inside a long statement (VACUUM INTO), and what it does with files. Then it runs again for a
choice of them, on a fresh copy of `data` each time, and dies there. Prints a line of JSON a death: what stands after it.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.util.concurrency import await_only

from bot import commands
from bot.commands.upgrading import bring_up
from bot.gateways.clock import SteppedClock
from bot.settings import Settings, read_settings
from storage.condition import schema_of
from storage.database import Database
from storage.foreign_files import look_into
from tests.support.lived import NOON
from tests.support.released import held

FILES = {"os.rename", "os.link", "os.remove", "shutil.copyfile", "sqlite3.connect"}
STEPS = 2000
"""SQLite's own steps between two points inside a statement."""
MARK = "가상 표지"
"""The fact by which the data that stood and the data that came back are told apart."""


class Points:
    """Passed by the command, in order, by kind. Dies at the one with the number `dies_at`."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.passed: list[str] = []
        self._dies_at = dies_at

    def watch(self) -> None:
        """From now on, in this process."""
        event.listen(Engine, "before_cursor_execute", lambda *_: self.passes("statement"))
        event.listen(Engine, "commit", lambda _: self.passes("commit"))
        event.listen(Engine, "connect", self._look_inside)
        sys.addaudithook(lambda name, _: self.passes("file") if name in FILES else None)

    def passes(self, kind: str) -> int:
        if len(self.passed) == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed.append(kind)
        return 0

    def _look_inside(self, connection: Any, _record: object) -> None:
        driver = connection.driver_connection
        if hasattr(driver, "set_progress_handler"):
            await_only(driver.set_progress_handler(lambda: self.passes("step"), STEPS))


def settings_of(data: Path, url: str | None) -> Settings:
    changes = {"data_dir": data, "database_url": None if url is None else SecretStr(url)}
    return read_settings(None).model_copy(update=changes)


async def command(what: str, settings: Settings, file: Path) -> None:
    clock = SteppedClock(NOON)
    if what == "backup":
        await commands.backup(settings, None, None, clock=clock)
    elif what == "restore":
        await commands.restore(settings, file, replace=True, clock=clock)
    else:
        database = Database(settings.database)
        await bring_up(settings, database, clock)
        await database.close()


async def stands(settings: Settings) -> dict[str, object]:
    """What somebody finds after the death: the database, whole and of which kind; the files with a final name."""
    database = Database(settings.database)
    revision = (await schema_of(database)).revision
    rows = await held(database)
    await database.close()
    mark = [row["value"] for row in rows["facts"] if row["name"] == MARK]
    folder = settings.data_dir / "backups"
    final = [one for one in folder.glob("*.db") if not one.name.startswith(".")] if folder.exists() else []
    for one in final:
        look_into(one)
    return {
        "revision": revision,
        "mark": mark,
        "counts": {name: len(found) for name, found in rows.items()},
        "final": len(final),
        "aside": len(list(settings.data_dir.glob("*.before-restore-*[0-9]"))),
    }


def in_a_process(work: Coroutine[object, object, object], points: Points | None, answer: Path) -> int:
    """Runs it to its end or death; the raw status that the system tells of it. What it gives is written to `answer`."""
    child = os.fork()
    if child:
        work.close()
        return os.waitpid(child, 0)[1]
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if points is not None:
            points.watch()
        given = asyncio.run(work)
        answer.write_text(json.dumps(given if points is None else points.passed))
        code = 0
    finally:
        os._exit(code)


def chosen(kinds: Sequence[str], most: int) -> list[int]:
    """Of each kind about as many, evenly over the whole way."""
    by_kind: dict[str, list[int]] = {}
    for number, kind in enumerate(kinds):
        by_kind.setdefault(kind, []).append(number)
    share = max(1, most // len(by_kind))
    found = []
    for numbers in by_kind.values():
        few = min(share, len(numbers))
        found += [numbers[(2 * place + 1) * len(numbers) // (2 * few)] for place in range(few)]
    found.sort()
    return found if len(found) <= most else found[1 :: len(found) // most][:most]


def fresh(data: Path, url: str | None) -> Settings:
    """Settings for a copy of the folder; on PostgreSQL, with the database made anew from its `…_base`."""
    copy = data.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    if url is not None:
        at = make_url(url)
        engine = create_engine(at.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as server:
            server.execute(text(f"DROP DATABASE IF EXISTS {at.database} WITH (FORCE)"))
            server.execute(text(f"CREATE DATABASE {at.database} TEMPLATE {at.database}_base"))
        engine.dispose()
    return settings_of(copy, url)


def main() -> None:
    given = json.loads(sys.stdin.read())
    what, data, url, file = given["what"], Path(given["data"]), given["url"], Path(given["file"])
    answer = data.with_name("answer.json")

    def goes(settings: Settings, points: Points) -> int:
        return in_a_process(command(what, settings, file), points, answer)

    def looks(settings: Settings) -> Any:
        status = in_a_process(stands(settings), None, answer)
        return json.loads(answer.read_text()) if status == 0 else None

    # Here first, so that no process after this one has to learn it all anew.
    asyncio.run(command(what, fresh(data, url), file))
    if goes(fresh(data, url), Points()) != 0:
        sys.exit("the command fails by itself")
    kinds = json.loads(answer.read_text())
    numbers = chosen(kinds, given["most"])
    for number in numbers:
        settings = fresh(data, url)
        status = goes(settings, Points(number))
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        after = looks(settings)
        death = {"kind": kinds[number], "killed": killed, "after": after, "again": None, "at_last": None}
        if number == numbers[-1] or given["always_again"]:
            death["again"], death["at_last"] = goes(settings, Points()), looks(settings)
        print(json.dumps(death), flush=True)


if __name__ == "__main__":
    main()
