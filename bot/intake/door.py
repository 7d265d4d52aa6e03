"""The one way by which updates come in: fetched by polling, or brought by a webhook."""

import asyncio
from collections.abc import Callable

from bot.intake.mailbox import Mailbox
from bot.intake.poller import Poller
from bot.intake.webhook_watch import WebhookAddress, WebhookWatch
from bot.services.activity import Activity
from bot.services.inbox import InboxService
from bot.services.intake_troubles import Troubles
from bot.services.ports import Clock, RawUpdate, Updates, Webhooks

STOPPING_TAKES = 20.0
"""Seconds that what was brought and waits for its commit gets to be acknowledged when the door is shut."""


class Door:
    """Lets updates in while `run` runs. `received` is called after each commit that brought something new.

    `brought_to`: they are brought there, by `webhooks`; without it they are polled.
    """

    def __init__(
        self,
        inbox: InboxService,
        clock: Clock,
        activity: Activity,
        troubles: Troubles,
        received: Callable[[], None],
        *,
        updates: Updates,
        webhooks: Webhooks | None,
        brought_to: WebhookAddress | None,
    ) -> None:
        if brought_to is not None and webhooks is None:
            raise ValueError("nobody to bring updates")
        self.brought_to = brought_to
        self._mailbox = Mailbox(inbox, activity, received)
        self._poller = Poller(updates, inbox, clock, received, troubles)
        self._watch = (
            None if brought_to is None or webhooks is None else WebhookWatch(webhooks, brought_to, troubles)
        )

    async def run(self) -> None:
        """For ever, or until it was shut and all that waited is committed."""
        await (self._poller.run() if self._watch is None else self._mailbox.run())

    async def take(self, update: RawUpdate) -> bool:
        """Whether an update that was brought was committed."""
        return await self._mailbox.take(update)

    async def take_up(self) -> None:
        """Has updates brought from now on. Raises SendError when the messenger is not reached."""
        if self._watch is not None:
            await self._watch.take_up()

    async def look(self) -> None:
        """Looks after the webhook; to be called now and then."""
        if self._watch is not None:
            await self._watch.look()

    async def shut(self, running: asyncio.Task[None]) -> None:
        """Ends `run`, which is `running`: what was brought and waits is still committed."""
        self._mailbox.close()
        if self._watch is not None:
            await asyncio.wait({running}, timeout=STOPPING_TAKES)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
