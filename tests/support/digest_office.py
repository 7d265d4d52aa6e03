"""A day whose digests really leave: a sender under the day's clock, and what stands in the chats."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.domain.limits import Limits
from bot.services.activity import Activity
from bot.services.sending import Sender
from bot.services.triage_cards import CardWords
from bot.services.wording import Wording
from tests.support.chat import MANAGER, MESSAGES
from tests.support.fake_messenger import FakeMessenger
from tests.support.report_day import ReportDay
from tests.support.stepping import run_until


class Office:
    """`sends` lets everything leave that is due; each time it is another process that does it."""

    def __init__(self, day: ReportDay) -> None:
        self.day = day
        self.messenger = FakeMessenger(day.clock)

    async def sends(self, seconds: float = 6) -> None:
        sender, activity = self._sender()
        await sender.recover()
        running = asyncio.create_task(sender.run())
        horizon = self.day.clock.now() + timedelta(seconds=seconds)
        await run_until(self.day.clock, horizon, activity, sender.open_work)
        sender.stop()
        await running

    @asynccontextmanager
    async def answers_late(self) -> AsyncIterator[None]:
        """What is due has left, and its answer comes when the block ends."""
        self.messenger.held = asyncio.Event()
        sender, running = await self._under_way()
        yield
        self.messenger.held.set()
        self.messenger.held = None
        sender.stop()
        await running

    async def is_killed_sending(self) -> None:
        """The process ends while its requests wait for their answers."""
        self.messenger.held = asyncio.Event()
        _, running = await self._under_way()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self.messenger.held = None

    async def _under_way(self) -> tuple[Sender, "asyncio.Task[None]"]:
        sender, _ = self._sender()
        await sender.recover()
        running = asyncio.create_task(sender.run())
        self.day.clock.advance_to(self.day.clock.now() + timedelta(seconds=2))
        sender.wake()
        await asyncio.wait_for(self.messenger.arrivals(1), 5)
        return sender, running

    def _sender(self) -> tuple[Sender, Activity]:
        words = Wording(MESSAGES, lambda _: b"", CardWords(MESSAGES, self.day.tour_view))
        activity = Activity()
        open_unit, clock = self.day.database.open_unit, self.day.clock
        return Sender(open_unit, self.messenger, words, clock, Limits(), activity), activity

    def stands(self, chat: int = MANAGER.id) -> list[str]:
        """The messages of a chat, in order, as they read now."""
        texts: dict[int, str] = {}
        for place, call in enumerate(self.messenger.calls, start=1):
            if call.accepted and call.message.chat == chat:
                texts[call.message.edits or place] = call.message.text
        return list(texts.values())
