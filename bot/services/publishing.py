"""Publishing digests: at their time to the region's managers, and again when notes have changed."""

from dataclasses import replace
from datetime import datetime

import structlog

from bot.digest.ledger import Unbalanced
from bot.domain.delivery import DeliveryKind, Draft, digest_key
from bot.domain.person import Role
from bot.services.digest_view import section_keyboard
from bot.services.digests import Digests, RegionDay, digest_of
from bot.services.ports import Clock
from bot.services.saying import Recipient, plan
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.digests import StoredDigest

log = structlog.get_logger(__name__)


class Publishing:
    """What the clock does about digests. Safe to run twice: the stored row says what was published."""

    def __init__(self, open_unit: OpenUnit, digests: Digests, clock: Clock) -> None:
        self._open_unit = open_unit
        self._digests = digests
        self._clock = clock

    async def publish_due(self) -> int:
        """Publishes the digests of all region-days whose time has come, and revisions that were called for.

        How many were looked at. One that does not balance is not sent; the next tick tries again.
        """
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            due = await self._digests.unpublished(unit, now=now)
            called = [RegionDay(*subject) for subject in await unit.digests.due_revisions(now)]
        subjects = list(dict.fromkeys([*due, *called]))
        for subject in subjects:
            try:
                await self.publish(subject)
            except Unbalanced:
                log.error("digest does not balance", day=subject.day.isoformat())  # noqa: TRY400 (no trace: it quotes notes)
        return len(subjects)

    async def publish(self, subject: RegionDay) -> StoredDigest:
        """Makes the digest and plans it to the region's managers, unless just this was published already."""
        stored = await self._digests.make(self._open_unit, subject)
        now = self._clock.now()
        async with self._open_unit() as unit:
            await unit.digests.answer_call(subject.tour, subject.region, subject.day)
            if stored.published_at is None:
                stored = replace(stored, published_at=now)
                await unit.digests.keep(stored)
                await unit.digests.scrub_earlier(subject.tour, subject.region, subject.day, stored.revision)
                await self._plan(unit, stored, now)
                entry = AuditEntry(
                    now,
                    None,
                    "digest_published",
                    stored.id,
                    {"revision": stored.revision, "day": subject.day.isoformat()},
                )
                await unit.audit.record(entry)
            await unit.commit()
        return stored

    async def _plan(self, unit: Unit, stored: StoredDigest, now: datetime) -> None:
        draft = Draft(
            key="digest.section",
            values={"digest": stored.id, "section": "sum", "part": 0},
            keyboard=section_keyboard(stored.id, digest_of(stored)),
        )
        for manager in await unit.people.reachable_with(Role.MANAGER, stored.region):
            key = digest_key(stored.tour, stored.region, stored.day, stored.revision, manager.id)
            to = Recipient(manager.chat, manager.language, manager.id)
            await plan(unit, DeliveryKind.DIGEST, key, to, draft, now=now)
