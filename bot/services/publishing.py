"""Publishing digests: at their time to the region's managers, and again when notes have changed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.digest.ledger import Unbalanced
from bot.domain.access_log import Why, region_day
from bot.domain.delivery import DeliveryKind, Draft, Need, digest_key
from bot.domain.person import Action, Role
from bot.services.ai_writing import GivenUp
from bot.services.digest_subject import EDITION
from bot.services.digest_view import section_keyboard
from bot.services.digests import TRIES, UNHURRIED, Digests, NotAtOnce, Overtaken, RegionDay, digest_of
from bot.services.ports import Clock
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import OpenUnit, Unit
from storage.repositories.audit import AuditEntry
from storage.repositories.digests import StoredDigest

log = structlog.get_logger(__name__)

FAILED = "digest_failed"
UNBALANCED_RESTS = timedelta(minutes=5)
TROUBLE_RESTS = timedelta(seconds=10)
"""How long a region's day is left alone after its digest failed: it is asked about every second."""
WORTH_AN_ALERT = 3
"""Failures of a region's day, one after the other, that are no passing trouble of the database."""
SIDE_BY_SIDE = 8
"""Digests made at a time: one that waits for a language model does not hold up other regions'."""


class Publishing:
    """What the clock does about digests. Safe to run twice: the stored row says what was published.

    `alert` hears of `digest_failed`, each time that one does not balance, and once when one goes on failing.
    """

    def __init__(
        self,
        open_unit: OpenUnit,
        digests: Digests,
        clock: Clock,
        *,
        alert: Callable[[str], None] | None = None,
    ) -> None:
        self._open_unit = open_unit
        self._digests = digests
        self._clock = clock
        self._alert = alert or (lambda _event: None)
        self._resting: dict[RegionDay, datetime] = {}
        self._failures: dict[RegionDay, int] = {}
        self._under_way: set[RegionDay] = set()

    async def publish_due(self) -> int:
        """Publishes the digests of all region-days whose time has come, and revisions that were called for.

        How many were. One that fails does not stand in the way of the others and is tried again later; one that does
        not balance is never sent. May be called again while it waits for a language model: what is under way is left alone.
        """
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            due = await self._digests.unpublished(unit, now=now)
            called = [RegionDay(*subject) for subject in await unit.digests.due_revisions(now)]
        self._resting = {subject: until for subject, until in self._resting.items() if until > now}
        left_alone = self._resting.keys() | self._under_way
        subjects = [one for one in dict.fromkeys([*due, *called]) if one not in left_alone]
        self._under_way.update(subjects)
        places = asyncio.Semaphore(SIDE_BY_SIDE)

        async def in_turn(subject: RegionDay) -> bool:
            try:
                async with places:
                    return await self._try(subject)
            finally:
                self._under_way.discard(subject)

        return sum(await asyncio.gather(*map(in_turn, subjects)))

    async def _try(self, subject: RegionDay) -> bool:
        """Whether it was published (or had been)."""
        try:
            await self.publish(subject)
        except GivenUp:
            return False
        except Exception as error:
            unbalanced = isinstance(error, Unbalanced)
            rests = UNBALANCED_RESTS if unbalanced else TROUBLE_RESTS
            self._resting[subject] = self._clock.now() + rests
            log.exception("digest not published", day=subject.day.isoformat())
            self._failures[subject] = self._failures.get(subject, 0) + 1
            if unbalanced or self._failures[subject] == WORTH_AN_ALERT:
                self._alert(FAILED)
            return False
        self._failures.pop(subject, None)
        return True

    async def publish(self, subject: RegionDay) -> StoredDigest:
        """Makes the digest and plans it to the region's managers, unless just this was published already.

        What is published is what the notes say in that very transaction: a note that comes a moment later calls the
        next revision, and words that were withdrawn a moment ago are not in it. Raises Unbalanced, Overtaken.
        """
        until = self._digests.writing_until()
        for times in range(TRIES):
            await self._digests.make(self._open_unit, subject, round_=times, anew=times == 0, until=until)
            try:
                return await self._publish_made(subject, self._clock.now(), hurried=times >= UNHURRIED)
            except NotAtOnce:  # a note came in between, to a day that is not made while others wait
                continue
        raise Overtaken

    async def _publish_made(self, subject: RegionDay, now: datetime, *, hurried: bool) -> StoredDigest:
        async with self._open_unit() as unit:
            stored = await self._digests.current(unit, subject, hurried=hurried)
            await unit.digests.answer_call(subject.tour, subject.region, subject.day)
            if stored.published_at is None:
                body = {name: told for name, told in stored.body.items() if name != EDITION}
                stored = replace(stored, body=body, published_at=now)
                await unit.digests.keep(stored)
                await unit.digests.scrub_earlier(subject.tour, subject.region, subject.day, stored.revision)
                readers = await self._plan(unit, stored, now)
                entry = AuditEntry(
                    now,
                    None,
                    "digest_published",
                    stored.id,
                    {"revision": stored.revision, "day": subject.day.isoformat(), "readers": readers},
                    region_day(subject.region, subject.day),
                    Why.PUBLISHING,
                )
                await unit.audit.record(entry)
            await unit.commit()
        return stored

    async def _plan(self, unit: Unit, stored: StoredDigest, now: datetime) -> int:
        """To how many managers."""
        draft = Draft(
            key="digest.section",
            values={"digest": stored.id, "section": "sum", "part": 0},
            keyboard=section_keyboard(stored.id, digest_of(stored)),
            needs=(Need(Action.READ_DIGEST, stored.region),),
        )
        messages = [
            Planned(
                digest_key(stored.tour, stored.region, stored.day, stored.revision, manager.id),
                Recipient(manager.chat, manager.language, manager.id),
                draft,
            )
            for manager in await unit.people.reachable_with(Role.MANAGER, stored.region)
        ]
        await plan_all(unit, DeliveryKind.DIGEST, messages, now=now)
        return len(messages)
