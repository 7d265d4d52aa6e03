"""Settling what waits in the inbox: in order within a chat, chats side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.domain.ids import ChatId
from bot.services.activity import Activity
from bot.services.inbox import Answer, Handle, InboxService, Waiting
from bot.services.ports import Clock

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 16
"""Chats whose updates are handled at the same time."""
AFTER_TROUBLE = 1.0
"""Seconds until the next try when the database failed."""
LONGEST_REST = 30.0
"""Seconds after which the rows are asked anew: a clock that is set back meanwhile brings forward what was put off."""


class Dispatcher:
    """Settles waiting updates until it is cancelled.

    `settled` is called after each commit (there may be something to send); `answer` sends the toast of a
    button press, best effort, after the commit. A database that fails for a while ends nothing.
    """

    def __init__(
        self,
        inbox: InboxService,
        handle: Handle,
        clock: Clock,
        activity: Activity,
        *,
        settled: Callable[[], None],
        answer: Callable[[Answer], Awaitable[None]],
    ) -> None:
        self._inbox = inbox
        self._handle = handle
        self._clock = clock
        self._activity = activity
        self._settled = settled
        self._answer = answer
        self._woken = asyncio.Event()
        self._tasks: dict[ChatId, asyncio.Task[None]] = {}
        self._in_trouble = False

    @property
    def resting(self) -> bool:
        """Whether nothing is tried for now, although something may wait: the database failed."""
        return self._in_trouble

    def wake(self) -> None:
        """Something new waits."""
        self._woken.set()

    async def run(self) -> None:
        """Settles for ever; cancelling waits for what is under way."""
        try:
            while True:
                self._woken.clear()
                again = await self._round()
                if self._in_trouble:
                    await self._clock.sleep(AFTER_TROUBLE)
                    self._in_trouble = False
                elif again is None or again > self._clock.now():
                    await self._wait(again)
        finally:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _round(self) -> datetime | None:
        """Starts what may be tried now; when the next attempt is due besides what is under way."""
        async with self._activity.working():
            try:
                await self._start_ready()
                if len(self._tasks) == SIDE_BY_SIDE:
                    return None  # whoever gets ready wakes us
                return await self._inbox.next_try(frozenset(self._tasks))
            except Exception as error:  # noqa: BLE001 (the database is away: what waits is found again later)
                self._trouble(error)
                return None

    async def _start_ready(self) -> None:
        free = SIDE_BY_SIDE - len(self._tasks)
        if free == 0:
            return
        for waiting in await self._inbox.ready(frozenset(self._tasks), free):
            self._tasks[waiting.chat] = asyncio.create_task(self._settle(waiting))

    async def _settle(self, waiting: Waiting) -> None:
        async with self._activity.working():
            try:
                answer = await self._inbox.settle(waiting, self._handle)
                self._settled()
                if answer is not None:
                    await self._toast(answer)
            except Exception as error:  # noqa: BLE001 (the database is away: the row waits and is tried again)
                self._trouble(error)
            finally:
                self._tasks.pop(waiting.chat, None)
                self._woken.set()

    async def _toast(self, answer: Answer) -> None:
        try:
            await self._answer(answer)
        except Exception as error:  # noqa: BLE001 (no state depends on it)
            log.warning("press not answered", failure=type(error).__name__)

    def _trouble(self, error: Exception) -> None:
        self._in_trouble = True
        log.error("settling failed", failure=type(error).__name__)

    async def _wait(self, again: datetime | None) -> None:
        """Until woken, or until the next attempt of a chat that is not under way is due."""
        waits: set[asyncio.Task[object]] = {asyncio.create_task(self._until_woken())}
        if again is not None:
            pause = (again - self._clock.now()).total_seconds()
            waits.add(asyncio.create_task(self._rest(min(max(pause, 0.001), LONGEST_REST))))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waits:
                task.cancel()

    async def _until_woken(self) -> object:
        return await self._woken.wait()

    async def _rest(self, seconds: float) -> object:
        await self._clock.sleep(seconds)
        return None
