"""A wall clock that was ahead and is set back: what it planned, put off or called for would wait until time catches up.

Only times that cannot be are touched: later than the longest pause that anything here makes. What is said at a time of
its own stays where it is (reminders, the digest of a day that is not over), and nothing becomes pointless sooner or later
than before. A clock that is ahead is another matter (clock_leap.py).
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain import approval
from bot.domain.delivery import RESEND_AFTER, DeliveryKind, digest_day
from bot.domain.feedback import REISSUE_EVERY
from bot.domain.request import due_day
from bot.services import inbox, media_work
from bot.services.files import work as files
from bot.services.unit import Unit
from storage.repositories.ahead import SLACK
from storage.repositories.deliveries.ahead import PutOff


async def set_right(unit: Unit, *, now: datetime, zone: ZoneInfo) -> None:
    """Brings every time that lies too far ahead to where it would be if the clock had been right; twice does no harm."""
    today = now.astimezone(zone).date()
    # Planned ahead on purpose is one thing alone: what an asker pressed, told on the half hour (requests.telling). What
    # Telegram itself put off longer (429) is held by the sender in any case, as long as its process lives.
    late = await unit.deliveries.put_off(now, REISSUE_EVERY, RESEND_AFTER)
    if due := [one.id for one in late if not has_its_time(one, today)]:
        await unit.deliveries.bring_forward(due, now)
    await unit.deliveries.not_after(now)
    await unit.dialogues.not_after(now)
    await unit.inbox.not_after(now, max(inbox.PAUSES))
    await unit.media.not_after(now, media_work.LONGEST_PAUSE, media_work.LEASE)
    await unit.incoming.not_after(now, max(*files.PAUSES, files.LEASE))
    await unit.digests.not_after(now, REISSUE_EVERY)
    await unit.approvals.not_after(now, approval.WAITS)
    await unit.reminders.not_after(now)
    await _requests(unit, (now + SLACK).astimezone(zone).date())


def has_its_time(one: PutOff, today: date) -> bool:
    """Whether the clock that was ahead planned it when it was its time, and this is still to come.

    A reminder of tomorrow falls due tomorrow, by whatever clock; so does the digest of a day that is not over. A day that
    is over waits for nothing.
    """
    if not one.planned_ahead:
        return False
    if one.kind is DeliveryKind.DIGEST:
        day = digest_day(one.dedup)
        return day is not None and day >= today
    return one.kind is DeliveryKind.REMINDER


async def _requests(unit: Unit, today: date) -> None:
    """What is said to have come on a day that is still to come came today, and its ten days run from today."""
    for one in await unit.requests.received_after(today):
        await unit.requests.keep(
            replace(one, received_on=today, counted_from=today, due_on=due_day(today), told_on=today)
        )
    await unit.requests.not_after(today)
