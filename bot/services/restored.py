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
from bot.domain.reminder import Reminder
from bot.services.purge import Purge
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry

RESTORED = "restored"
TAKEN = "backup_taken"
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
    """Whether what stands is the backup that bears `stamp`, and what came after it: the audit has its taking.

    Not if an earlier backup was restored since and what had come after that was not carried over: its acts were, this
    taking among them, and the data was not. Older programs wrote no stamp down, and read the clock for the file a little
    later than for the audit; and they wrote nothing of the kind about a restore.
    """
    takings = [
        number
        for number, act in await unit.audit.numbered(TAKEN, stamp - _EARLIER)
        if (act.details["stamp"] == _written(stamp) if "stamp" in act.details else act.at <= stamp)
    ]
    if not takings:
        return False
    lost = [
        (number, held)
        for number, act in await unit.audit.numbered(RESTORED)
        if act.details.get("carried") is False and isinstance(held := act.details.get("held"), int)
    ]
    return not any(held < takings[-1] < number for number, held in lost)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


async def cut_ties(open_unit: OpenUnit, purge: Purge, *, now: datetime) -> None:
    """Destroys in a copy what the running service would destroy within fifteen minutes if everybody stood still.

    A backup lives for weeks; what ties a chat to its notes must not. What was read in notes can be read again.
    """
    async with open_unit() as unit:
        await unit.readings.destroy_all()
        await unit.commit()
    more = True
    while more:
        async with open_unit() as unit:
            more = (await purge.anonymous(unit, now=now + DIALOGUE_LIFE)).chats > 0
            await unit.incoming.expire(now + INCOMING_LIFE)
            await unit.commit()


async def settle_returned(unit: Unit, *, now: datetime, carried: bool = True, held: int = 0) -> Returned:
    """Decides about everything that waits in a restored database, and writes down that it was restored.

    `carried`: what came since the backup was carried over. `held`: the number of the last act that the backup itself had.
    What a machine read in notes is not believed: it may be of other words, or of somebody else's making.
    """
    await unit.readings.destroy_all()
    unknown = await unit.deliveries.leave_unknown(now)
    expired = await unit.deliveries.expire_due(now)
    missed = await unit.reminders.miss_due(now)
    details: Details = {"expired": expired, "unknown": unknown, "missed": len(missed)}
    details = {**details, "carried": carried, "held": held}
    await unit.audit.record(AuditEntry(now, None, RESTORED, "backup", details, EVERYBODY, Why.BACKUP))
    return Returned(expired, unknown, await unit.deliveries.waiting(), missed)
