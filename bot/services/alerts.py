"""Alerts to administrators: something needs a person. One word an event and hour, however often it happens."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.delivery import DeliveryKind, Draft, notice_key
from bot.domain.person import Role
from bot.services.activity import Activity
from bot.services.intake_troubles import Trouble
from bot.services.ports import Clock
from bot.services.saying import Recipient, plan
from bot.services.unit import OpenUnit, Unit

log = structlog.get_logger(__name__)

EVENTS = (
    "update_parked",
    "update_lost",
    "delivery_unknown",
    "sending_stopped",
    "sending_resumed",
    "digest_failed",
    "voices_wait",
    "notes_unread",
    "approval_nobody",
    "clock_leapt",
    *Trouble,
)


async def alert_admins(unit: Unit, event: str, *, now: datetime) -> None:
    """Plans the notice `alert.<event>` to every administrator whom messages reach. Raises ValueError for others."""
    if event not in EVENTS:
        raise ValueError(f"no such alert: {event}")
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    for admin in await unit.people.with_role(Role.ADMIN):
        if admin.reachable:
            key = notice_key(f"alert:{event}:{hour}", admin.id)
            to = Recipient(admin.chat, admin.language, admin.id)
            await plan(unit, DeliveryKind.NOTICE, key, to, Draft(f"alert.{event}"), now=now)


class Alarm:
    """Tells administrators from anywhere, in a transaction of its own. `planned` is called after the commit."""

    def __init__(
        self, open_unit: OpenUnit, clock: Clock, activity: Activity, planned: Callable[[], None]
    ) -> None:
        self._open_unit = open_unit
        self._clock = clock
        self._activity = activity
        self._planned = planned
        self._tasks: set[asyncio.Task[None]] = set()

    def ring(self, event: str) -> None:
        """Something needs a person. Returns at once."""
        task = asyncio.create_task(self._tell(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def told(self) -> None:
        """Waits until every alert is planned, or could not be."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _tell(self, event: str) -> None:
        async with self._activity.working():
            try:
                async with self._open_unit() as unit:
                    await alert_admins(unit, event, now=self._clock.now())
                    await unit.commit()
            except Exception as error:  # noqa: BLE001 (the log has the event already; the database may be the trouble)
                log.warning("alert not planned", alert=event, failure=type(error).__name__)
        self._planned()
