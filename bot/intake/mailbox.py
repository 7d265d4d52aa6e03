"""Updates that come one by one, committed together: those that wait while a commit is under way share the next."""

import asyncio
from collections.abc import Callable

import structlog

from bot.services.activity import Activity
from bot.services.inbox import InboxService
from bot.services.ports import RawUpdate

log = structlog.get_logger(__name__)

ROOM = 200
"""Updates that may wait: twice what Telegram brings side by side at most. More are refused, and it keeps them."""
TOGETHER = 100
"""Updates in one commit at most."""
PATIENCE = 20.0
"""Seconds until an update that is not committed yet is refused: longer than SQLite waits for its lock (10 s),
shorter than Telegram waits for an answer."""


class Mailbox:
    """Takes updates while `run` runs. `received` is called after each commit that brought something new. `room` and `patience` (seconds) bound what a slow database may cost.

    An update whose sender did not wait for the end is committed all the same: it comes again, and that is absorbed.
    """

    def __init__(
        self,
        inbox: InboxService,
        activity: Activity,
        received: Callable[[], None],
        *,
        room: int = ROOM,
        patience: float = PATIENCE,
    ) -> None:
        self._inbox = inbox
        self._activity = activity
        self._received = received
        self._room = room
        self._patience = patience
        self._waiting: list[tuple[RawUpdate, asyncio.Future[bool]]] = []
        self._under_way = 0
        self._came = asyncio.Event()
        self._closed = False

    async def take(self, update: RawUpdate) -> bool:
        """Whether it was committed, and so may be acknowledged. False: it must come again."""
        if self._closed or len(self._waiting) + self._under_way >= self._room:
            return False
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, kept))
        self._came.set()
        try:
            async with asyncio.timeout(self._patience):
                return await kept
        except TimeoutError:
            log.warning("update not committed in time", waiting=len(self._waiting))
            return False

    async def run(self) -> None:
        """Commits for ever, or until it was closed and nothing waits. Cancelled, it refuses what waits."""
        try:
            while not self._closed or self._waiting:
                await self._came.wait()
                self._came.clear()
                while self._waiting:
                    await self._commit_some()
        finally:
            self._closed = True
            for _, kept in self._waiting:
                _answer(kept, committed=False)
            self._waiting.clear()

    def close(self) -> None:
        """Nothing new from now on; `run` ends when what waits was committed."""
        self._closed = True
        self._came.set()

    async def _commit_some(self) -> None:
        """One transaction. When it fails, all that are in it come again: the database is away, whoever asks."""
        batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        self._under_way, committed = len(batch), False
        try:
            async with self._activity.working():
                new = await self._inbox.receive([update for update, _ in batch])
                committed = True
                if new:
                    self._received()
        except Exception as error:  # noqa: BLE001 (whatever it is, the messenger keeps them and brings them again)
            log.error("updates not committed", count=len(batch), failure=type(error).__name__)  # noqa: TRY400 (no words of people in logs)
        finally:
            self._under_way = 0
            for _, kept in batch:
                _answer(kept, committed=committed)


def _answer(kept: asyncio.Future[bool], *, committed: bool) -> None:
    if not kept.done():
        kept.set_result(committed)
