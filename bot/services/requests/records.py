"""Lines of the access log about requests: number, kind, days and result; no chat, no name, no word."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.access_log import Details, Why
from bot.domain.ids import PersonId
from bot.domain.request import Request
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

RECEIVED, READ = "request_received", "request_read"
ANSWERED, TAKEN_BACK = "request_answered", "request_withdrawn"
DESTROYED = "request_destroyed"


def day_began(now: datetime, zone: ZoneInfo) -> datetime:
    """The moment under which acts of askers are written down, never after `now`.

    The number leads to the request and its chat: a time would tell when that chat was busy. Lines are in the order of
    their numbers; one that bears an earlier time is destroyed up to a day before its two years are over, never later.
    """
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return min(now, midnight.astimezone(now.tzinfo))


async def record(
    unit: Unit,
    action: str,
    request: Request,
    details: Details | None = None,
    *,
    by: PersonId | None = None,
    now: datetime,
) -> None:
    """One act about one request. `by` None is the asker, the console or the clock."""
    entry = AuditEntry(now, by, action, request.number, details or {}, request.number, Why.RIGHTS)
    await unit.audit.record(entry)


def skeleton(request: Request) -> Details:
    """What is kept of a request for as long as the log is: proof that it was answered, and when."""
    return {
        "kind": request.kind.value,
        "door": request.door.value,
        "received": request.received_on.isoformat(),
        "due": request.due_on.isoformat(),
        "postponed": request.is_postponed,
        "result": request.state.value,
        "closed": None if request.closed_on is None else request.closed_on.isoformat(),
        "late": request.was_late,
    }
