"""Waiting for a change without polling."""

import asyncio
from collections.abc import Callable


class Changes:
    """Wakes everybody who waits whenever something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self.revision = 0

    def notify(self) -> None:
        """Something changed: whoever waits looks again."""
        self.revision += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], *, within: float | None) -> None:
        """Return once `condition` holds; it is asked again after each change.

        `within` is in real seconds, because it guards against a counterpart that hangs; None: for ever.
        Raises TimeoutError after it.
        """
        async with asyncio.timeout(within):
            while not condition():
                future = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    await future
                finally:
                    self._waiting.discard(future)
