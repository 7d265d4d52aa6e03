"""Passing a point: it is written down, and where it is deadly the process dies."""

import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from tests.faults.values import Deadly


class Passing:
    """`passed` is a file that gets a line for each point; `last_words`, a pipe, the name of the deadly one."""

    def __init__(self, passed: int, deadly: Deadly | None, last_words: int | None) -> None:
        self._passed = passed
        self._deadly = deadly
        self._last_words = last_words
        self._counts: Counter[str] = Counter()

    def come(self, point: str) -> None:
        """Returns only if this is not where the process dies."""
        os.write(self._passed, f"{point}\n".encode())
        if self._deadly is None or point != self._deadly.point:
            return
        self._counts[point] += 1
        if self._counts[point] == self._deadly.passing:
            if self._last_words is not None:
                os.write(self._last_words, point.encode())
            os.kill(os.getpid(), signal.SIGKILL)


def around(
    passing: Passing, owner: object, name: str, before: str | None = None, after: str | None = None
) -> None:
    """Puts points before and after a coroutine function of a class or module, for good. None comes after one that raised."""
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @wraps(inner)
    async def passed(*given: object, **named: object) -> object:
        if before is not None:
            passing.come(before)
        result = await inner(*given, **named)
        if after is not None:
            passing.come(after)
        return result

    setattr(owner, name, passed)
