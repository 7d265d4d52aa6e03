"""Moving a stepped clock from event to event, letting the work of each moment finish before the next."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.gateways.clock import SteppedClock
from bot.services.activity import Activity

OpenWork = Callable[[datetime], Awaitable[bool]]


async def drained(clock: SteppedClock, activity: Activity, *open_work: OpenWork) -> None:
    """Wait until nothing can go on without the clock."""
    while True:
        await asyncio.sleep(0)
        await activity.idle()
        if not any([await source(clock.now()) for source in open_work]) and not activity.busy:
            return


async def run_until(clock: SteppedClock, horizon: datetime, activity: Activity, *open_work: OpenWork) -> None:
    """Step through everything that sleeps until `horizon`, and stop there."""
    await drained(clock, activity, *open_work)
    while (event := clock.next_waiter()) is not None and event <= horizon:
        clock.advance_to(event)
        await drained(clock, activity, *open_work)
    clock.advance_to(horizon)
    await drained(clock, activity, *open_work)
