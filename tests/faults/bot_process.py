"""Lives of the bot: forked from a process that has imported it (0.3 s instead of 2), or started anew.

`python -m tests.faults.bot_process FD` is a life that was started anew: it reads the Life as JSON from standard input.
"""

import gc
import importlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from tests.faults.breaks import BREAK, BREAKS
from tests.faults.forking import Child, fork
from tests.faults.points import install
from tests.faults.values import Deadly, Ending, Life

ROOT = Path(__file__).parents[2]
_LATER = (
    "aiosqlite",
    "anyio._backends._asyncio",
    "bot.__main__",
    "certifi",
    "concurrent.futures.thread",
    "encodings.idna",
    "h11",
    "httpcore",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
)
"""What a run of the bot imports when it comes to it: here it is done once."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a life ended. `code`: of the exit, or minus the signal's number. `at_point`: where it died, if that was its fate."""

    ending: Ending
    code: int
    at_point: str | None = None


@dataclass(slots=True)
class Running:
    """A life that goes on. `wait` is to be called until it gives the end: nobody else does away with the process."""

    life: Life
    _child: Child
    _killed: bool = field(default=False, init=False)
    _terminated: bool = field(default=False, init=False)

    @property
    def pid(self) -> int:
        return self._child.pid

    def wait(self, timeout: float) -> Ended | None:
        """The end, if it comes within so many real seconds."""
        if not self._child.wait(timeout) or self._child.status is None:
            return None
        code = os.waitstatus_to_exitcode(self._child.status)
        point = self._child.said.decode() or None
        return Ended(self._ending(code, point), code, point)

    def kill(self) -> None:
        """SIGKILL. What has ended already ended otherwise."""
        if not self._child.wait(0.0):
            self._killed = True
            self._child.kill(signal.SIGKILL)

    def terminate(self) -> None:
        """SIGTERM. What has ended already ended by itself."""
        if not self._child.wait(0.0):
            self._terminated = True
            self._child.kill(signal.SIGTERM)

    def _ending(self, code: int, point: str | None) -> Ending:
        if code == -signal.SIGKILL and point is not None:
            return Ending.AT_POINT
        if code == -signal.SIGKILL and self._killed:
            return Ending.AT_RANDOM
        return Ending.TERMINATED if self._terminated else Ending.BY_ITSELF


class Nursery:
    """Gives lives to the bot. To be made in a process without threads or event loop; it imports the whole bot."""

    def __init__(self) -> None:
        for name in _LATER:
            importlib.import_module(name)
        configure_mappers()
        gc.collect()
        gc.freeze()

    def begin(self, life: Life) -> Running:
        """A forked life: everything of this process's memory, nothing of its files."""
        life = _anywhere(life)
        return Running(life, fork(lambda words: _forked(life, words)))

    def begin_fresh(self, life: Life) -> Running:
        """A true new process of the same Python."""
        life = _anywhere(life)
        return Running(life, fork(lambda words: _begin_anew(life, words)))


def _anywhere(life: Life) -> Life:
    """With paths that mean the same in another folder."""
    return replace(life, log=life.log.absolute(), passed=life.passed.absolute())


def _forked(life: Life, words: int) -> int:
    _take_place(life)
    _replace_environment(life.environment)
    random.seed()
    return _live(life, words)


def _take_place(life: Life) -> None:
    """Streams and working directory; there is no .env where the life's log is."""
    os.chdir(life.log.parent)
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.close(nothing)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)


def _replace_environment(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # as bot.__main__ does when it is imported
    time.tzset()


def _live(life: Life, words: int) -> int:
    """The product's own entry, with the points on it; its exit code."""
    install(life, words)
    if BREAK in life.environment:
        BREAKS[life.environment[BREAK]]()
    main = importlib.import_module("bot.__main__")
    try:
        main.app(["run"], prog_name="bot")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _begin_anew(life: Life, words: int) -> int:
    _take_place(life)
    reading, writing = os.pipe()
    os.write(writing, _as_json(life).encode())  # less than a pipe holds
    os.close(writing)
    os.dup2(reading, 0)
    os.set_inheritable(words, True)
    environment = {"PYTHONPATH": str(ROOT), **life.environment}
    command = [sys.executable, "-m", "tests.faults.bot_process", str(words)]
    os.execve(sys.executable, command, environment)


def _as_json(life: Life) -> str:
    return json.dumps(
        asdict(life)
        | {"environment": dict(life.environment), "log": str(life.log), "passed": str(life.passed)}
    )


def _of_json(text: str) -> Life:
    given = json.loads(text)
    deadly = given["deadly"]
    known = {
        "log": Path(given["log"]),
        "passed": Path(given["passed"]),
        "deadly": None if deadly is None else Deadly(**deadly),
    }
    return Life(**(given | known))


if __name__ == "__main__":
    words_ = int(sys.argv[1])
    os.set_inheritable(words_, False)
    life_ = _of_json(sys.stdin.read())
    sys.exit(_live(life_, words_))
