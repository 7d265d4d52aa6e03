"""The clock's look at interim digests: on each half hour, and at no other time (decision 23).

Whoever reads decides nothing: what an edition shows would otherwise tell when somebody spoke, to the reader's second.
"""

from datetime import datetime

import structlog

from bot.domain.feedback import REISSUE_EVERY, reissue_due
from bot.services.digests import Digests
from bot.services.erasing import erase
from bot.services.ports import Clock
from bot.services.unit import OpenUnit

log = structlog.get_logger(__name__)


class InterimClock:
    """Safe to run twice: the row says for which half hour it was decided. What a stop of the bot missed waits for the next."""

    def __init__(self, open_unit: OpenUnit, digests: Digests, clock: Clock) -> None:
        self._open_unit = open_unit
        self._digests = digests
        self._clock = clock
        self._next: datetime = reissue_due(clock.now())

    async def look(self) -> None:
        """A day that fails does not stand in the way of the others; it is shown as it was until the next half hour."""
        now = self._clock.now()
        if now < self._next <= now + REISSUE_EVERY:  # later than that: by a clock that was ahead
            return
        self._next = reissue_due(now)
        async with self._open_unit(read_only=True) as unit:
            subjects = await self._digests.unsent(unit, now=now)
        for subject in subjects:
            try:
                await self._digests.read(self._open_unit, subject)
                async with self._open_unit() as unit:
                    emptied = await unit.digests.newest(subject.tour, subject.region, subject.day)
                    await self._digests.take_in(unit, subject, now=now)
                    if (
                        emptied is not None and not emptied.readable
                    ):  # before it is made anew, what it showed goes
                        await erase(unit, emptied, [emptied.id], now=now)
                    await unit.commit()
            except Exception:
                log.exception("interim digest not decided", day=subject.day.isoformat())
