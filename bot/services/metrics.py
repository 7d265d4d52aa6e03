"""What monitoring may know, continuously and for ever: how the service does, never who wrote, and not when.

Whoever scrapes keeps every change with its time. A counter that ticks with each note, update or participant's reply would
be a record of when people wrote, which we destroy (docs/privacy.md): so nothing here counts notes, voices or participants'
deliveries, and how many updates came is told in steps of STEP. Steps alone do not hide one: who writes to the bot until the
next update makes one sees it made. And administrators' notices follow requests. So these two figures are counted once in
COUNTED_EVERY and stay meanwhile. Labels have fixed values; no region, person or chat is one.
"""

from asyncio import Lock
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryState
from bot.domain.digest import EngineKind
from bot.services.clock_leap import RETENTION_DAY
from bot.services.sending.results import STOPPED
from bot.services.unit import Unit

STEP = 50
"""Updates: few enough to see that some come, too many to see one."""
COUNTED_EVERY = timedelta(minutes=30)
"""How long what follows people's doings is told as it was: from one counting to the next, not by the clock, so that
nobody looks right before and right after a boundary."""
COARSE = 10
"""Seconds: how exactly the age of what waits is told; what waits for less is under way, and not told at all."""
_PART = 1 << 20
"""Bytes: how exactly the size is told; a note is far less."""
_NAME = "hyeonjang"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure by the values of its one label; `""` for a figure without a label. Names as Prometheus wants them."""

    name: str
    about: str
    values: Mapping[str, float]
    label: str = ""
    kind: str = field(default="gauge")


@dataclass(frozen=True, slots=True)
class _Counted:
    """What follows people's doings, as it was when last counted. `deliveries`: open ones, and those that ended that day."""

    at: datetime
    updates: int
    deliveries: Mapping[DeliveryState, int]


class Metrics:
    """`zone` says when today began."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._counted: _Counted | None = None
        self._counting = Lock()

    async def measure(self, unit: Unit, *, now: datetime) -> tuple[Metric, ...]:
        midnight = datetime.combine(now.astimezone(self._zone).date(), time.min, tzinfo=self._zone)
        inbox = await unit.figures.inbox(now.date(), now - timedelta(seconds=COARSE))
        counted = await self._lately(unit, inbox.kept, midnight, now)
        engines = await unit.figures.digests(midnight)
        due, stopped = await unit.figures.longest_due(now), await unit.facts.get(STOPPED)
        size = await unit.figures.database_bytes()
        parked = await unit.audit.count_since(midnight, "update_parked")
        return (
            _one(
                "updates_kept_today",
                f"Updates kept since midnight UTC, in steps of {STEP}, as of up to half an hour ago",
                counted.updates,
            ),
            _one("updates_waiting", f"Updates kept and not settled within {COARSE} seconds", inbox.waiting),
            _one("updates_oldest_waiting_seconds", "Age of the oldest of them", _age(inbox.oldest, now)),
            _one("updates_parked_today", "Updates given up today", parked),
            Metric(
                f"{_NAME}_deliveries_today",
                "Deliveries that are open or ended today, without participants', as of up to half an hour ago",
                {state.value: counted.deliveries.get(state, 0) for state in DeliveryState},
                "state",
            ),
            _one(
                "deliveries_longest_due_seconds",
                "How long the longest due delivery has been due",
                _age(due, now),
            ),
            _one("sending_stopped", "1 while the messenger refuses the bot's token", 1 if stopped else 0),
            Metric(
                f"{_NAME}_digests_today",
                "Revisions of digests that went to managers today",
                {kind.value: engines.get(kind.value, 0) for kind in EngineKind},
                "engine",
            ),
            _one(
                "retention_day_seconds",
                "Begin of the day on which retention last ran",
                await _retention(unit, self._zone),
            ),
            _one("database_bytes", "Size of the database, in MiB begun", -(-size // _PART) * _PART),
        )

    async def _lately(self, unit: Unit, kept: int, midnight: datetime, now: datetime) -> _Counted:
        """One at a time: two that look at once see one counting. A clock that was set back begins anew."""
        async with self._counting:
            last = self._counted
            if last is None or not timedelta() <= now - last.at < COUNTED_EVERY:
                states = await unit.figures.deliveries(midnight)
                last = self._counted = _Counted(now, kept // STEP * STEP, states)
            return last


def _one(name: str, about: str, value: float) -> Metric:
    return Metric(f"{_NAME}_{name}", about, {"": value})


def _age(since: datetime | None, now: datetime) -> float:
    return 0 if since is None else max(0.0, (now - since).total_seconds()) // COARSE * COARSE


async def _retention(unit: Unit, zone: ZoneInfo) -> float:
    """As a Unix time; 0 before the first run."""
    day = await unit.facts.get(RETENTION_DAY)
    if not day:
        return 0
    return (
        datetime.combine(datetime.fromisoformat(day).date(), time.min, tzinfo=zone)
        .astimezone(UTC)
        .timestamp()
    )
