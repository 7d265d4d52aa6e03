"""The machine's wall clock is wrong in a life: what the bot takes for now is not what the rehearsal's clock says."""

from datetime import datetime, timedelta

from bot.gateways.remote_clock import Living, RemoteClock


class Shifted:
    """The bot as the rehearsal's clock sees it, whose own wall clock is ahead by `by`. Both sides speak of the right time."""

    def __init__(self, living: Living, by: timedelta) -> None:
        self._living = living
        self._by = by

    async def run_ticks(self) -> None:
        await self._living.run_ticks()

    @property
    def moving(self) -> bool:
        return self._living.moving

    async def busy(self) -> bool:
        """The bot asks its own clock, which is wrong for it all the time."""
        return await self._living.busy()

    async def next_moment(self, now: datetime) -> datetime | None:
        moment = await self._living.next_moment(now + self._by)
        return None if moment is None else moment - self._by

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        event = await self._living.next_event(now + self._by)
        return None if event is None else (event[0] - self._by, event[1])


def shift_clock(seconds: float) -> None:
    """For good, in this process. Who sleeps does so by the monotonic clock, which is right: a `sleeper` needs no shift.

    What rows say is in the bot's time; it is asked, and answers, in that.
    """
    by = timedelta(seconds=seconds)
    now, on_stage = RemoteClock.now, RemoteClock.on_stage

    def shifted_now(clock: RemoteClock) -> datetime:
        return now(clock) + by

    def shifted_stage(clock: RemoteClock, living: Living | None) -> None:
        on_stage(clock, None if living is None else Shifted(living, by))

    setattr(RemoteClock, "now", shifted_now)  # noqa: B010 (put on from outside)
    setattr(RemoteClock, "on_stage", shifted_stage)  # noqa: B010
