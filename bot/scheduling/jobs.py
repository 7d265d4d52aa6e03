"""The ticks' jobs: each asks the rows what is due and lets a service do it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.scheduling.ticks import Tick
from bot.services.bundle import Services
from bot.services.digest_wishes import DigestWishes
from bot.services.interim_clock import InterimClock
from bot.services.ports import Clock, Messenger, Rejected, SendError, Unreachable
from bot.services.publishing import SIDE_BY_SIDE, Publishing
from bot.services.purge import Purge, Truncate
from bot.services.unit import OpenUnit

SETTLING_FIRST = timedelta(minutes=5)
"""For so long after the start, destruction waits for updates that came while the bot was away."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the jobs need. `planned` is called when a job may have planned deliveries."""

    open_unit: OpenUnit
    truncate_log: Truncate
    clock: Clock
    services: Services
    publishing: Publishing
    interim: InterimClock
    wishes: DigestWishes
    purge: Purge
    messenger: Messenger
    planned: Callable[[], None]
    started: float
    """The clock's monotonic seconds when the bot started."""

    def table(self) -> tuple[Tick, ...]:
        return (
            Tick("reminders", 1, self.remind),
            Tick("digests", 1, self.publish, beside=SIDE_BY_SIDE),
            Tick("interim", 1, self.interim.look),
            Tick("wishes", 1, self.answer_wishes),
            Tick("sending", 5, self.look),
            Tick("menus", 5, self.set_menus),
            Tick("purge", 30, self.destroy),
        )

    async def remind(self) -> None:
        """Turns reminders that fell due into deliveries."""
        async with self.open_unit(read_only=True) as unit:
            if not await unit.reminders.due(self.clock.now(), 1):
                return
        while await self._plan_some():
            self.planned()

    async def _plan_some(self) -> int:
        async with self.open_unit() as unit:
            decided = await self.services.reminders.plan_due(unit, now=self.clock.now())
            await unit.commit()
        return decided

    async def look(self) -> None:
        """Commands at the console plan deliveries too, and nobody tells the sender."""
        self.planned()

    async def publish(self) -> None:
        """Publishes digests whose time has come."""
        if await self.publishing.publish_due():
            self.planned()

    async def answer_wishes(self) -> None:
        """Sends the digests that somebody waits for: a tick of its own, as publishing may wait for a language model."""
        if await self.wishes.answer():
            self.planned()

    async def set_menus(self) -> None:
        """Sets command menus that are out of date: best effort, repeatable."""
        async with self.open_unit(read_only=True) as unit:
            pending = await self.services.menus.pending(unit, now=self.clock.now())
        for menu in pending:
            try:
                await self.messenger.set_menu(menu.chat, menu.commands)
            except (Rejected, Unreachable):
                pass  # it never will be taken: done as well
            except SendError:
                return
            async with self.open_unit() as unit:
                await self.services.menus.done(unit, menu)
                await unit.commit()

    async def destroy(self) -> None:
        """Destroys what the consent text promises to destroy, down to the write-ahead log.

        After a long absence old updates still wait to be settled: words that were acknowledged are kept first.
        """
        if self.clock.monotonic() - self.started < SETTLING_FIRST.total_seconds() and await self._behind():
            return
        await self.purge.run(self.open_unit, self.truncate_log)

    async def _behind(self) -> bool:
        """Whether updates wait, be it only behind one that is tried again."""
        async with self.open_unit(read_only=True) as unit:
            return await unit.inbox.waiting() > 0
