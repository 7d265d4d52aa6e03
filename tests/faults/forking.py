"""Processes made from this one without starting Python anew. The parent must have no second thread and no event loop."""

import contextlib
import gc
import os
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn


@dataclass(slots=True)
class Child:
    """A forked process. `words` is the reading end of a pipe whose writing end only the child holds: it ends with it."""

    pid: int
    words: int
    said: bytes = b""
    status: int | None = None
    """As os.waitpid gives it, once it has ended."""

    def wait(self, timeout: float) -> bool:
        """Whether it has ended within so many seconds (real). What it said is in `said`."""
        while self.status is None and select.select([self.words], [], [], max(0.0, timeout))[0]:
            if said := os.read(self.words, 4096):
                self.said += said
                continue
            _, self.status = os.waitpid(self.pid, 0)
            os.close(self.words)
        return self.status is not None

    def kill(self, number: signal.Signals) -> None:
        """Nothing happens to one that is known to have ended."""
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def fork(work: Callable[[int], int], keep: Collection[int] = ()) -> Child:
    """Runs `work` in a child, in a session of its own; what it gives is the exit code. It gets the pipe's writing end.

    Of the parent's descriptors it has the standard three and those to `keep`. Whatever it raises is printed, and ends it with 70.
    """
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads is not forked")
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    gc.disable()
    pid = os.fork()
    if pid == 0:
        _be_the_child(work, writing, {writing, *keep})
    gc.enable()
    os.close(writing)
    return Child(pid, reading)


def _be_the_child(work: Callable[[int], int], writing: int, keep: Collection[int]) -> NoReturn:
    code = 70
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _let_go_of_files(keep)
        gc.enable()
        code = work(writing)
    except BaseException:  # noqa: BLE001 (nothing of it may reach the parent's stack, of which this is a copy)
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _let_go_of_files(keep: Collection[int]) -> None:
    """Descriptors of the parent become /dev/null: closed, their numbers would be given anew under objects that still hold them."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in [int(one.name) for one in Path("/dev/fd").iterdir()]:
        if number > 2 and number != nothing and number not in keep:
            with contextlib.suppress(OSError):
                os.fstat(number)
                os.dup2(nothing, number, inheritable=False)
