"""Long polling: what was fetched is committed before the offset moves on."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.services.inbox import InboxService
from bot.services.ports import Clock, SendError, Updates

log = structlog.get_logger(__name__)

LONG_POLL = timedelta(seconds=25)
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts while the messenger cannot be reached."""


class Poller:
    """Fetches updates until it is cancelled. `received` is called after each commit that brought something new."""

    def __init__(
        self, updates: Updates, inbox: InboxService, clock: Clock, received: Callable[[], None]
    ) -> None:
        self._updates = updates
        self._inbox = inbox
        self._clock = clock
        self._received = received
        self._offset = 0

    async def run(self) -> None:
        """Polls for ever. A failure is logged by type and tried again later; nothing is skipped."""
        failures = 0
        while True:
            try:
                await self.poll_once()
                failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 (polling goes on whatever happens; the type is logged)
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                level = log.warning if isinstance(error, SendError) else log.error
                level("polling failed", failure=type(error).__name__, again_in=pause)
                await self._clock.sleep(pause)

    async def poll_once(self) -> None:
        """One fetch. Asking with an offset confirms everything below it, so it moves only after the commit."""
        updates = await self._updates.fetch(self._offset, LONG_POLL)
        if not updates:
            return
        if await self._inbox.receive(updates):
            self._received()
        self._offset = max(update.update_id for update in updates) + 1
