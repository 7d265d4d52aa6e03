"""Publishing digests: at their time to the region's managers, and again when notes have changed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.digest.editing import numbers_in
from bot.digest.ledger import Unbalanced
from bot.domain.access_log import Why, region_day
from bot.domain.approval import Approval
from bot.domain.digest import DayInput
from bot.domain.feedback import reissue_due
from bot.services.ai_writing import GivenUp
from bot.services.approval.asking import Approving, approval_given, left_undecided, sent_out
from bot.services.approval.carrying_on import APPROVAL, approval_told
from bot.services.digest_subject import EDITION
from bot.services.digests import TRIES, UNHURRIED, Digests, NotAtOnce, Overtaken, RegionDay, digest_of
from bot.services.erasing import Erasing, erase_earlier
from bot.services.errata import SENT, first_sent, sent_after
from bot.services.fingerprints import still_holds
from bot.services.ports import Clock
from bot.services.reissuing import send_again, send_first
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
        self._approving = Approving() if digests.approval else None
        self._erasing = Erasing(open_unit, clock)

    async def publish_due(self) -> int:
        """Publishes the digests of all region-days whose time has come, and revisions that were called for.

        How many were. One that fails does not stand in the way of the others and is tried again later; one that does
        not balance is never sent. May be called again while it waits for a language model: what is under way is left alone.
        """
        await self._erase()
        now = self._clock.now()
        async with self._open_unit(read_only=True) as unit:
            due = await self._digests.unpublished(unit, now=now)
            due = await self._without_waiting(unit, due, now)
            called = [RegionDay(*subject) for subject in await unit.digests.due_revisions(now)]
        self._resting = {  # one that ends later than it can was begun by a clock that was ahead
            subject: until
            for subject, until in self._resting.items()
            if now < until <= now + UNBALANCED_RESTS
        }
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

    async def _without_waiting(self, unit: Unit, due: list[RegionDay], now: datetime) -> list[RegionDay]:
        """Without the days whose drafts wait for an approval, unless something is to be done about them."""
        if self._approving is None:
            return due
        waits = {
            RegionDay(held.tour, held.region, held.day)
            for held in await unit.approvals.held()
            if not await self._approving.is_due(unit, held, now=now)
        }
        return [one for one in due if one not in waits]

    async def _erase(self) -> None:
        """Empties what was sent meanwhile; what fails is tried again in a second, and keeps no digest from going out."""
        try:
            await self._erasing.look()
        except Exception:
            log.exception("messages not emptied")

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

        Where an approval is wanted, a day's first one is shown to who gives it, and goes out when it was given or its time
        is over; what is given back is not published then. What is published is what the notes say in that very transaction: a note that comes a moment later calls the
        next revision, and words that were withdrawn a moment ago are not in it. Raises Unbalanced, Overtaken.
        """
        until = self._digests.writing_until()
        if (approved := await self._publish_approved(subject)) is not None:
            return approved
        for times in range(TRIES):
            await self._digests.make(self._open_unit, subject, round_=times, anew=times == 0, until=until)
            if (approved := await self._publish_approved(subject)) is not None:
                return approved
            try:
                return await self._publish_made(subject, self._clock.now(), hurried=times >= UNHURRIED)
            except NotAtOnce:  # a note came in between, to a day that is not made while others wait
                continue
        raise Overtaken

    async def _publish_made(self, subject: RegionDay, now: datetime, *, hurried: bool) -> StoredDigest:
        async with self._open_unit() as unit:
            prepared = await self._digests.prepare(unit, subject)
            stored = await self._digests.settled(unit, prepared, hurried=hurried)
            await unit.digests.answer_call(subject.tour, subject.region, subject.day)
            if stored.published_at is None:
                stored = await self._issue_or_ask(unit, stored, prepared.input, now)
            await unit.commit()
        return stored

    async def _publish_approved(self, subject: RegionDay) -> StoredDigest | None:
        """The draft that somebody approved goes out as it is: what came since is for the first revision."""
        if self._approving is None:
            return None
        async with self._open_unit(read_only=True) as unit:
            stored = await unit.digests.newest(subject.tour, subject.region, subject.day)
            if stored is None or approval_given(await unit.approvals.of(stored.id), stored) is None:
                return None
        async with self._open_unit() as unit:
            now = self._clock.now()
            prepared = await self._digests.prepare(unit, subject)
            stored = prepared.stored
            if stored is None or stored.published_at is not None:
                return None
            approval = approval_given(await unit.approvals.of(stored.id), stored)
            if approval is None:
                return None
            counted = numbers_in(digest_of(stored))
            day = replace(
                prepared.input, notes=tuple(one for one in prepared.input.notes if one.number in counted)
            )
            stored = await self._issue(unit, stored, day, now, approval)
            if not still_holds(stored, prepared.fingerprint):
                await unit.digests.call_revision(subject.tour, subject.region, subject.day, reissue_due(now))
            await unit.commit()
        return stored

    async def _issue_or_ask(
        self, unit: Unit, stored: StoredDigest, day: DayInput, now: datetime
    ) -> StoredDigest:
        if stored.revision > 1:
            return await self._issue(unit, stored, day, now)
        if self._approving is None:
            return await self._issue(unit, stored, day, now, await left_undecided(unit, stored, now=now))
        approval = await self._approving.verdict(unit, stored, now=now)
        return stored if approval is None else await self._issue(unit, stored, day, now, approval)

    async def _issue(
        self,
        unit: Unit,
        stored: StoredDigest,
        day: DayInput,
        now: datetime,
        approval: Approval | None = None,
    ) -> StoredDigest:
        """A draft goes out: as the day's first digest, or as a revision that says what it changes."""
        before = await unit.digests.newest_published(stored.tour, stored.region, stored.day)
        # Here, with the notes held: what was worded until now may hold words that are gone.
        worded = self._clock.now()
        if before is None:
            sent, changes = first_sent(day), None
        else:
            sent, changes = sent_after(before, day, revision=stored.revision, now=worded)
        body = {name: told for name, told in stored.body.items() if name not in (EDITION, APPROVAL)}
        body |= await approval_told(unit, stored, before, day, approval)
        stored = replace(stored, body=body | {SENT: sent.to_json()}, published_at=now)
        await unit.digests.keep(stored)
        await unit.digests.scrub_earlier(stored.tour, stored.region, stored.day, stored.revision)
        digest = digest_of(stored)
        if before is None:
            readers = await send_first(unit, stored, digest, now=now)
        else:
            readers = await send_again(unit, stored, digest, changes, now=now)
        details: dict[str, str | int | bool | None] = {
            "revision": stored.revision,
            "day": stored.day.isoformat(),
            "readers": readers,
        }
        if approval is not None:
            details["approval"] = approval.state.value
            await sent_out(unit, stored, approval, now=now)
        if erased := await erase_earlier(unit, stored, now=now):
            details["erased"] = erased
        whose = region_day(stored.region, stored.day)
        entry = AuditEntry(now, None, "digest_published", stored.id, details, whose, Why.PUBLISHING)
        await unit.audit.record(entry)
        return stored
