"""Backups and what they bring back: no tie between chat and note goes in, and nothing that was due is sent when it returns.

What happened between the backup and the restore is not in the file: a message that is planned there may have been sent
long ago. Telegram cannot be asked. So whatever fell due until now is closed and said, never sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.access_log import EVERYBODY, Details, Why
from bot.domain.dialogue import DIALOGUE_LIFE
from bot.domain.incoming import LIFE as INCOMING_LIFE
from bot.domain.reminder import Reminder, ReminderState
from bot.services.purge import Purge
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry

RESTORED = "restored"
TAKEN = "backup_taken"
_AT_ONCE = 200
_EARLIER = timedelta(seconds=5)
"""Between the two readings lay a look at the database."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of messages that came back: closed as pointless, of unknown fate, waiting for a time to come.

    `missed`: reminders and briefings that fell due since the backup and are not sent (again).
    """

    expired: int
    unknown: int
    waiting: int
    missed: Sequence[Reminder]


def taken_details(stamp: datetime, rows: int) -> Details:
    """What the audit says about a backup. `stamp`: the moment that the file itself bears, by which a restore knows it."""
    return {"rows": rows, "stamp": _written(stamp)}


async def knows_of(unit: Unit, stamp: datetime) -> bool:
    """Whether the audit has the taking of the backup that bears `stamp`.

    Older programs wrote no stamp down, and read the clock for the file a little later than for the audit.
    """
    acts = await unit.audit.since(stamp - _EARLIER, TAKEN)
    return any(
        act.details["stamp"] == _written(stamp) if "stamp" in act.details else act.at <= stamp for act in acts
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


async def cut_ties(open_unit: OpenUnit, purge: Purge, *, now: datetime) -> None:
    """Destroys in a copy what the running service would destroy within fifteen minutes if everybody stood still.

    A backup lives for weeks; what ties a chat to its notes must not.
    """
    more = True
    while more:
        async with open_unit() as unit:
            more = (await purge.anonymous(unit, now=now + DIALOGUE_LIFE)).chats > 0
            await unit.incoming.expire(now + INCOMING_LIFE)
            await unit.commit()


async def settle_returned(unit: Unit, *, now: datetime) -> Returned:
    """Decides about everything that waits in a restored database, and writes down that it was restored."""
    unknown = await unit.deliveries.leave_unknown(now)
    expired = await unit.deliveries.expire_due(now)
    missed: list[Reminder] = []
    while due := await unit.reminders.due(now, _AT_ONCE):
        for reminder in due:
            await unit.reminders.decide(reminder, ReminderState.MISSED, now)
        missed += due
    counts = {"expired": expired, "unknown": unknown, "missed": len(missed)}
    await unit.audit.record(AuditEntry(now, None, RESTORED, "backup", counts, EVERYBODY, Why.BACKUP))
    return Returned(expired, unknown, await unit.deliveries.waiting(), missed)
