"""The tick table and its two pulses: APScheduler in real life, the driver of a stepped clock otherwise."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.services.activity import Activity
from bot.services.ports import Clock

log = structlog.get_logger(__name__)

STOPPING_TAKES = 20.0
"""Seconds that jobs get to finish when the bot is stopped."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A job that asks the rows what is due, every `seconds`. It may run late, twice or not at all without harm.

    `beside`: how many runs may be under way at once, for a job that waits long for what concerns nobody else.
    """

    name: str
    seconds: int
    job: Callable[[], Awaitable[None]]
    beside: int = 1


class Ticks:
    """Runs the table. A job that fails is logged by type and simply comes again."""

    def __init__(self, table: tuple[Tick, ...], activity: Activity, clock: Clock) -> None:
        self._table = table
        self._activity = activity
        self._clock = clock
        self._ran: dict[str, float] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Lets APScheduler pulse the table: in memory, coalesced, never counted as missed."""
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for tick in self._table:
            self._scheduler.add_job(
                self._pulse,
                "interval",
                args=[tick],
                seconds=tick.seconds,
                id=tick.name,
                max_instances=tick.beside,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begins nothing more and waits for the jobs that run: APScheduler would cancel them.

        One that takes longer than STOPPING_TAKES is cancelled: it waits for somebody else's server.
        """
        if self._scheduler is None:
            return
        scheduler, self._scheduler = self._scheduler, None
        scheduler.pause()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=STOPPING_TAKES)
            for job in late:
                job.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        scheduler.shutdown(wait=False)

    async def run_due(self) -> None:
        """Every tick whose interval has passed on the clock, in the order of the table: for a stepped clock's driver."""
        for tick in self._table:
            now = self._clock.monotonic()
            last = self._ran.get(tick.name)
            if last is None or now < last or now - last >= tick.seconds:
                self._ran[tick.name] = now
                await self._run(tick)

    async def _pulse(self, tick: Tick) -> None:
        if self._scheduler is None:
            return
        job = asyncio.create_task(self._run(tick))
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        await job

    async def _run(self, tick: Tick) -> None:
        async with self._activity.working():
            try:
                await tick.job()
            except Exception as error:  # noqa: BLE001 (the next tick asks the same rows again)
                log.error("tick failed", tick=tick.name, failure=type(error).__name__)  # noqa: TRY400 (no words of people in logs)
