"""Destruction that the consent text promises, and retention. Rows here; pages and log of the file by the caller's hand.

Fifteen minutes after a person's last step nothing ties their notes to their chat any more: dialogue row, raw updates
(settled, parked or not) and payload, chat and times of private deliveries are destroyed. These purges leave no trace
in log or audit: a line at a time would tell when somebody wrote.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.domain.access_log import AUDIT_LIFE, EVERYBODY, Why
from bot.domain.dialogue import DIALOGUE_LIFE
from bot.domain.ids import ChatId
from bot.services import media_jobs
from bot.services.alerts import alert_admins
from bot.services.clock_leap import CLOCK_LEAPT, RETENTION_DAY, retention_waits
from bot.services.clock_set_back import set_right
from bot.services.digest_input import deal
from bot.services.ports import Clock
from bot.services.requests.minding import forget_over
from bot.services.revisions import alone_with_notes
from bot.services.unit import OpenUnit, Unit
from storage.database import LogBusy
from storage.repositories.audit import AuditEntry

log = structlog.get_logger(__name__)

PARKED_LIFE = timedelta(days=1)
"""A parked update of a person with a grant may be looked into for a day, by its type only (design, Retention)."""
SEEN_LIFE = timedelta(days=7)
"""Telegram keeps updates for 24 hours: an id that came a week ago does not come again."""
NUMBERED_WITHIN = timedelta(days=3)
"""Notes come until a day after their meeting."""
AT_ONCE = 200
"""Chats in one transaction: it must stay short."""
REWRITE_AT_MOST_EVERY = 60.0
REWRITE_RESTS = 50
"""Seconds between rewrites of the file, and how many times as long as one takes: at most 2 % of the time goes there."""
TRIES = 3
"""How often the log is tried; SQLite waits up to ten seconds for its readers each time (busy_timeout)."""


class Truncate(Protocol):
    """Empties the write-ahead log; with `rewrite` the file is written anew before. Raises LogBusy.

    Whether anything was written since the last time.
    """

    async def __call__(self, *, rewrite: bool = False) -> bool: ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round destroyed: chats forgotten, and updates that nothing needed any more."""

    chats: int
    updates: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What a retention run destroyed, by kind."""

    notes: int
    digests: int
    deliveries: int
    updates: int
    requests: int

    @property
    def anything(self) -> bool:
        return any(asdict(self).values())


class Purge:
    """Destroys what is due. `zone` tells the day of notes; notes live `retention_days` after their meeting's day."""

    def __init__(self, clock: Clock, zone: ZoneInfo, retention_days: int) -> None:
        self._clock = clock
        self._zone = zone
        self._keeps = timedelta(days=retention_days)
        self._unwritten = True
        """Something was destroyed since the file was last written anew; what an earlier process left is not known."""
        self._may_rewrite_at = float("-inf")

    async def run(self, open_unit: OpenUnit, truncate: Truncate, *, retention: bool = False) -> None:
        """Everything that is due, in short transactions, and then pages and log of the file, until the log is empty.

        Retention runs once a day, or now with `retention`. `truncate` waits for readers by itself and raises LogBusy
        when they do not let go; after TRIES times that is raised here, and the next run tries again.
        """
        await self._set_right(open_unit)
        more = True
        while more:
            async with open_unit() as unit:
                swept = await self.anonymous(unit, now=self._clock.now())
                await unit.commit()
            more = swept.chats > 0
            self._unwritten |= more or swept.updates > 0
        async with open_unit() as unit:
            self._unwritten |= await unit.incoming.expire(self._clock.now()) > 0
            self._unwritten |= await self._retention_of_the_day(
                unit, at_once=retention, now=self._clock.now()
            )
            await unit.commit()
        await self._clean_file(truncate)

    async def _set_right(self, open_unit: OpenUnit) -> None:
        """Times of a clock that was set back would keep traces as long as it was ahead; notes without a number would
        tell that they came after the day's last digest. Neither is destroyed, both are brought to where they tell nothing.
        """
        now = self._clock.now()
        async with open_unit() as unit:
            await set_right(unit, now=now, zone=self._zone)
            await unit.commit()
        async with open_unit() as unit:
            since = now.astimezone(self._zone).date() - NUMBERED_WITHIN
            if days := await unit.notes.days_to_number(since):
                await alone_with_notes(unit)
                for region, day in days:
                    await deal(unit, region, day)
                await unit.commit()

    async def _clean_file(self, truncate: Truncate) -> None:
        """Rewrites the file when something was destroyed, not too often, and empties the log in any case.

        Words are taken back and put right without the purge's doing (by the page, by /privacy), and new notes lie in a
        page in the order in which they came: whatever was written calls for the next round's rewrite.
        """
        began = self._clock.monotonic()
        rewrite = self._unwritten and began >= self._may_rewrite_at
        wrote = await _until_empty(truncate, rewrite=rewrite)
        if not rewrite:
            self._unwritten |= wrote
        else:
            ended = self._clock.monotonic()
            self._unwritten = False
            self._may_rewrite_at = ended + max(REWRITE_AT_MOST_EVERY, REWRITE_RESTS * (ended - began))

    async def anonymous(self, unit: Unit, *, now: datetime) -> Swept:
        """What could tie a participant to a note, of up to AT_ONCE chats whose last step is fifteen minutes ago.

        Repeat until no chat was left. A person with a grant who took part in a dialogue as well is treated
        like anybody for it; their other updates are kept until they are settled, and parked ones for a day.
        """
        before = now - DIALOGUE_LIFE
        idle = await unit.dialogues.idle_since(before, AT_ONCE)
        named = {person.chat for person in await unit.people.all()}
        found = {
            *await unit.deliveries.private_chats(before, AT_ONCE),
            *await unit.inbox.chats_with_old(before, AT_ONCE, but=named),
            *await unit.media.chats_asking(before, AT_ONCE),
        }
        chats = idle.keys() | (found - await unit.dialogues.alive_of(found, before))
        await unit.dialogues.drop_all(idle.keys())
        await unit.deliveries.destroy_private(chats, before)
        await media_jobs.forget(unit, chats, before, now=now)
        updates = await unit.inbox.destroy_of_chats(_participants(chats, named, idle), before)
        updates += await unit.inbox.destroy_done(before, named, now - PARKED_LIFE)
        updates += await unit.subscriptions.destroy_past(now)
        updates += await unit.questions.drop_until(before)
        return Swept(len(chats), updates)

    async def retention(self, unit: Unit, *, now: datetime) -> Destroyed:
        """Everything whose period is over. Written down by counts, which outlive what they count.

        Digests quote notes and go with them.
        """
        today = now.astimezone(self._zone).date()
        await alone_with_notes(unit)  # who would change one reads it when it is gone
        destroyed = Destroyed(
            notes=await unit.notes.destroy_before(today - self._keeps),
            digests=await unit.digests.destroy_before(today - self._keeps),
            deliveries=await unit.deliveries.destroy_settled(now - self._keeps)
            + await unit.deliveries.forget_destroyed(),
            updates=await unit.inbox.forget_seen((now - SEEN_LIFE).date()),
            requests=await forget_over(unit, today, now=now),
        )
        await unit.invitations.destroy_expired(now)
        await unit.audit.destroy_before(now - AUDIT_LIFE)
        await unit.ai_usage.forget((now - AUDIT_LIFE).date())
        if destroyed.anything:
            counts = asdict(destroyed)
            entry = AuditEntry(now, None, "destroyed", "retention", counts, EVERYBODY, Why.RETENTION)
            await unit.audit.record(entry)
            log.info("destroyed", **counts)
        return destroyed

    async def _retention_of_the_day(self, unit: Unit, *, at_once: bool, now: datetime) -> bool:
        """In the first run after midnight of `zone`, unless the clock leapt. Whether anything was destroyed.

        `at_once`: somebody says so, and answers for the clock.
        """
        today = now.astimezone(self._zone).date()
        leap = await retention_waits(unit, now=now, zone=self._zone, keeps=self._keeps)
        if not at_once:
            if leap is not None and leap.new:
                await alert_admins(unit, CLOCK_LEAPT, now=now)
                log.warning("clock leapt, retention waits", ran_on=leap.ran_on.isoformat())
            if leap is not None or await unit.facts.get(RETENTION_DAY) == today.isoformat():
                return False
        await unit.facts.put(RETENTION_DAY, today.isoformat())
        return (await self.retention(unit, now=now)).anything


def _participants(
    chats: Collection[ChatId], named: Collection[ChatId], idle: dict[ChatId, bool]
) -> set[ChatId]:
    """Those whose raw updates go whatever became of them: without a grant, or out of a participant's dialogue."""
    return {chat for chat in chats if chat not in named or idle.get(chat, False)}


async def _until_empty(truncate: Truncate, *, rewrite: bool) -> bool:
    for attempt in range(1, TRIES):
        with suppress(LogBusy):
            return await truncate(rewrite=rewrite and attempt == 1)
    return await truncate()
