"""What keeps updates from coming in, noticed and said in words: once when it begins, not at every attempt."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.services.ports import Clock
from bot.services.unit import OpenUnit, Unit

log = structlog.get_logger(__name__)

FACT = "intake_troubles"
"""Where they are kept for `/status`: JSON, trouble → since when."""
CALM = timedelta(minutes=10)
"""So long a trouble must not have been seen to count as over: two pollers take turns, and each succeeds at times."""


class Trouble(StrEnum):
    """The words are `alert.<value>`; every one needs a person, except the one that was mended."""

    SECOND_POLLER = "second_poller"
    WEBHOOK_IN_THE_WAY = "webhook_in_the_way"
    WEBHOOK_TAKEN = "webhook_taken"
    WEBHOOK_REFUSED = "webhook_refused"
    WEBHOOK_FAILING = "webhook_failing"
    WEBHOOK_BEHIND = "webhook_behind"
    WEBHOOK_RESTORED = "webhook_restored"


@dataclass(slots=True)
class _Seen:
    since: datetime
    last: float
    """Monotonic seconds: a wall clock may be set back."""


class Troubles:
    """Tells of each trouble once, through `tell`, and remembers what goes on now. One a process.

    What was going on when the last process ended is forgotten at the start: the new one sees for itself.
    """

    def __init__(self, open_unit: OpenUnit, clock: Clock, tell: Callable[[Trouble], None]) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._tell = tell
        self._seen: dict[Trouble, _Seen] = {}

    async def begin(self) -> None:
        """Forgets the last process's troubles."""
        self._seen.clear()
        await self._keep()

    async def noticed(self, trouble: Trouble) -> None:
        """It is so now. Told when it was not so before."""
        last = self._clock.monotonic()
        if (seen := self._seen.get(trouble)) is not None:
            seen.last = last
            return
        self._seen[trouble] = _Seen(self._clock.now(), last)
        log.error("updates do not come in as they should", trouble=trouble.value)
        self._tell(trouble)
        await self._keep()

    async def calm(self) -> None:
        """Nothing is wrong at this moment: what was not seen for CALM is over."""
        before = self._clock.monotonic() - CALM.total_seconds()
        over = [trouble for trouble, seen in self._seen.items() if seen.last <= before]
        for trouble in over:
            del self._seen[trouble]
            log.info("trouble over", trouble=trouble.value)
        if over:
            await self._keep()

    async def over(self, trouble: Trouble) -> None:
        """It surely is not so any more."""
        if self._seen.pop(trouble, None) is not None:
            log.info("trouble over", trouble=trouble.value)
            await self._keep()

    async def _keep(self) -> None:
        """For `/status`, best effort: what brings updates in must not end because this could not be written."""
        value = json.dumps({trouble.value: seen.since.isoformat() for trouble, seen in self._seen.items()})
        try:
            async with self._open_unit() as unit:
                if (await unit.facts.get(FACT) or "{}") != value:
                    await unit.facts.put(FACT, value)
                    await unit.commit()
        except Exception as error:  # noqa: BLE001 (see above)
            log.warning("troubles not kept", failure=type(error).__name__)


async def troubles_now(unit: Unit) -> Mapping[Trouble, datetime]:
    """What goes on, and since when."""
    kept: dict[str, str] = json.loads(await unit.facts.get(FACT) or "{}")
    return {
        trouble: datetime.fromisoformat(kept[trouble.value]) for trouble in Trouble if trouble.value in kept
    }
