"""Alerts to administrators: something needs a person. One word an event and hour, however often it happens."""

from datetime import datetime

from bot.domain.delivery import DeliveryKind, Draft, notice_key
from bot.domain.person import Role
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit

EVENTS = ("update_parked", "delivery_unknown", "sending_stopped", "sending_resumed", "digest_failed")


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
