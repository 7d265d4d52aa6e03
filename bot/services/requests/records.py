"""Lines of the access log about requests: number, kind, days and result; no chat, no name, no word."""

from datetime import datetime

from bot.domain.access_log import Details, Why
from bot.domain.ids import PersonId
from bot.domain.request import Request
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

RECEIVED, READ = "request_received", "request_read"
ANSWERED, TAKEN_BACK = "request_answered", "request_withdrawn"
DESTROYED = "request_destroyed"


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
