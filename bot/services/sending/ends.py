"""Ends of requests until they are written down. None is lost while the database fails, and none holds up the others."""

from collections.abc import Sequence

import structlog

from bot.domain.delivery import DeliveryState
from bot.services.sending.results import End, record
from bot.services.unit import OpenUnit
from storage.refusals import why

log = structlog.get_logger(__name__)

AGAIN_AFTER = 1.0
"""Seconds until an end that could not be written down is tried again."""


class Ends:
    """What was answered and is not in the rows yet. Moments are seconds of the clock's monotonic time."""

    def __init__(self, open_unit: OpenUnit) -> None:
        self._open_unit = open_unit
        self._fresh: list[End] = []
        self._refused: list[End] = []
        self._again_at = float("inf")

    def add(self, end: End) -> None:
        self._fresh.append(end)

    def __len__(self) -> int:
        return len(self._fresh) + len(self._refused)

    @property
    def again_at(self) -> float | None:
        """When to write down again what could not be; None when there is no such thing."""
        return self._again_at if self._refused else None

    async def write_down(self, monotonic: float) -> Sequence[tuple[End, DeliveryState]]:
        """All ends in one transaction; if one of them cannot be recorded, the others without it.

        Raises what the database raises when nothing at all can be written: then everything is kept for later.
        """
        if self._again_at <= monotonic:
            self._fresh, self._refused = [*self._fresh, *self._refused], []
            self._again_at = float("inf")
        ends = tuple(self._fresh)
        if not ends:
            return ()
        try:
            written = await self._together(ends)
        except Exception as error:
            log.exception("ends cannot be written down together", reason=why(error))
            written = await self._one_by_one(ends)
        done = {id(end) for end, _ in written}
        del self._fresh[: len(ends)]
        refused = [end for end in ends if id(end) not in done]
        if refused:
            self._refused += refused
            self._again_at = monotonic + AGAIN_AFTER
        return written

    async def _together(self, ends: Sequence[End]) -> list[tuple[End, DeliveryState]]:
        async with self._open_unit() as unit:
            written = [(end, await record(unit, end)) for end in ends]
            await unit.commit()
        return written

    async def _one_by_one(self, ends: Sequence[End]) -> list[tuple[End, DeliveryState]]:
        """Each in a savepoint of its own: what fails in one takes back nothing of the others."""
        written: list[tuple[End, DeliveryState]] = []
        async with self._open_unit() as unit:
            for end in ends:
                try:
                    async with unit.savepoint():
                        state = await record(unit, end)
                except Exception:
                    log.exception("an end cannot be written down", delivery=end.delivery.id)
                else:
                    written.append((end, state))
            await unit.commit()
        return written
