"""Long polling: what was fetched is committed before the offset moves on."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.services.inbox import InboxService
from bot.services.intake_troubles import CALM, Trouble, Troubles
from bot.services.ports import Clock, SecondPoller, SendError, Updates, WebhookInTheWay

log = structlog.get_logger(__name__)

LONG_POLL = timedelta(seconds=25)
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between attempts while the messenger cannot be reached."""


class Poller:
    """Fetches updates until it is cancelled. `received` is called after each commit that brought something new.

    `troubles` hears of a webhook that was set meanwhile, and of somebody else who polls.
    """

    def __init__(
        self,
        updates: Updates,
        inbox: InboxService,
        clock: Clock,
        received: Callable[[], None],
        troubles: Troubles,
    ) -> None:
        self._updates = updates
        self._inbox = inbox
        self._clock = clock
        self._received = received
        self._troubles = troubles
        self._offset = 0
        self._disturbed: float | None = None

    async def run(self) -> None:
        """Polls for ever. A failure is logged by type and tried again later; nothing is skipped."""
        failures = 0
        while True:
            try:
                await self.poll_once()
                failures = 0
                await self._troubles.calm()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 (polling goes on whatever happens; the type is logged)
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                level = log.warning if isinstance(error, SendError) else log.error
                level("polling failed", failure=type(error).__name__, again_in=pause)
                await self._judge(error)
                await self._clock.sleep(pause)

    async def _judge(self, error: Exception) -> None:
        """A second poller is believed when it disturbs twice: at a change of processes the old one may do it once."""
        match error:
            case WebhookInTheWay():
                await self._troubles.noticed(Trouble.WEBHOOK_IN_THE_WAY)
            case SecondPoller():
                before, self._disturbed = self._disturbed, self._clock.monotonic()
                if before is not None and self._disturbed - before < CALM.total_seconds():
                    await self._troubles.noticed(Trouble.SECOND_POLLER)

    async def poll_once(self) -> None:
        """One fetch. Asking with an offset confirms everything below it, so it moves only after the commit."""
        updates = await self._updates.fetch(self._offset, LONG_POLL)
        if not updates:
            return
        if await self._inbox.receive(updates):
            self._received()
        self._offset = max(update.update_id for update in updates) + 1
