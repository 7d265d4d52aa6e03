"""Digests: made from the notes as they stand, published at their time, revised when notes change.

Making one is pure computing on values (bot.digest). A day of at most AT_ONCE notes is made in the transaction of whoever
asks; a larger one outside any, so that nobody who writes waits for it: a person is answered by a wish (digest_wishes.py).
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digest.as_json import from_json, to_json
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, DayMeeting, Digest
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import MeetingId, Region, TourId, new_id
from bot.domain.meeting import Meeting, in_order
from bot.domain.person import Action, Person
from bot.domain.reminder import digest_due
from bot.services.digest_input import day_note, deal, next_revision
from bot.services.fingerprints import fingerprint_of, still_holds
from bot.services.unit import OpenUnit, Unit
from storage.repositories.digests import StoredDigest

LOOK_BACK = timedelta(days=3)
"""A digest that could not be sent at its time is still sent for so long."""
AT_ONCE = 300
"""Notes of which a digest is made while a transaction is open: a tenth of a second (0.4 s for 1,000, docs/digest.md).

Who makes it holds SQLite's one writer, on PostgreSQL the tour; everybody's feedback waits for it.
"""
TRIES = 5
"""How often a larger day is made anew because a note came meanwhile, before it is given up for now."""


class NoSuchDay(Refusal):
    """There is no meeting of that region on that day."""

    def __init__(self) -> None:
        super().__init__("digest.no_such_day")


class Overtaken(Refusal):
    """Notes kept coming while the digest of a large day was computed: to be tried again later."""

    def __init__(self) -> None:
        super().__init__("digest.overtaken")


@dataclass(frozen=True, slots=True)
class RegionDay:
    """A region's day of a tour: what a digest is about."""

    tour: TourId
    region: Region
    day: date


@dataclass(frozen=True, slots=True)
class Prepared:
    """The input of a digest, and whether the newest stored one was made from the same notes."""

    subject: RegionDay
    input: DayInput
    fingerprint: str
    stored: StoredDigest | None

    @property
    def unchanged(self) -> bool:
        return self.stored is not None and still_holds(self.stored, self.fingerprint)


class NotAtOnce(Exception):
    """The digest has to be made anew, and of too many notes to do so within a transaction."""

    def __init__(self, subject: RegionDay) -> None:
        super().__init__("too many notes")
        self.subject = subject


class Digests:
    """Makes and finds digests. `at` is the local time in `zone` at which a day's digest is due."""

    def __init__(self, zone: ZoneInfo, at: time) -> None:
        self._zone = zone
        self._at = at

    def due_at(self, day: date) -> datetime:
        return digest_due(day, self._at, self._zone)

    async def subject(self, unit: Unit, region: Region, day: date) -> RegionDay:
        """Raises NoSuchDay when neither the schedule nor a note knows such a day."""
        meetings = await unit.meetings.of_day(region, day)
        if meetings:  # standing meetings of one region's day are of one tour: imports see to it
            first = next((meeting for meeting in meetings if not meeting.cancelled), meetings[0])
            return RegionDay(first.tour, region, day)
        tours = await unit.tours.all()
        if not tours or (region, day) not in await unit.notes.days_between(day, day):
            raise NoSuchDay
        return RegionDay(tours[0].id, region, day)

    async def unpublished(self, unit: Unit, *, now: datetime) -> list[RegionDay]:
        """Region-days whose time has come (not longer than LOOK_BACK ago) and that nobody got a digest of."""
        today = now.astimezone(self._zone).date()
        meetings = await unit.meetings.between(today - LOOK_BACK, today)
        days = {(m.region, m.day): m.tour for m in meetings if not m.cancelled}
        for region, day in await unit.notes.days_between(today - LOOK_BACK, today) - days.keys():
            days[region, day] = (await self.subject(unit, region, day)).tour
        found = []
        for (region, day), tour in sorted(days.items(), key=lambda item: (item[0][1], item[0][0])):
            if self.due_at(day) <= now and await unit.digests.newest_published(tour, region, day) is None:
                found.append(RegionDay(tour, region, day))
        return found

    async def prepare(self, unit: Unit, subject: RegionDay) -> Prepared:
        """Reads what a digest is made of, dealing citation numbers to notes that have none (a write).

        Until the transaction ends nobody else does so for this tour, and its notes stay as they are.
        """
        tour = await unit.tours.held(subject.tour)
        meetings = in_order(await unit.meetings.of_day(subject.region, subject.day))
        spoken = await unit.notes.of_day(subject.region, subject.day)
        numbers = await deal(unit, subject.region, subject.day)
        stored = await unit.digests.newest(subject.tour, subject.region, subject.day)
        by_id = {meeting.id: meeting.plan.key for meeting in meetings}
        day = DayInput(
            region=subject.region,
            day=subject.day,
            revision=1,
            notes=tuple(
                day_note(one, numbers[one.note.id], by_id) for one in spoken if not one.note.withdrawn
            ),
            meetings=tuple(
                DayMeeting(meeting.plan.key, meeting.title, order)
                for order, meeting in enumerate(m for m in meetings if not m.cancelled)
            ),
            topics=tour.topics,
            withdrawn=sum(one.note.withdrawn for one in spoken),
            known_names=await unit.people.names(),
        )
        fingerprint = fingerprint_of(day)
        day = replace(day, revision=next_revision(stored, fingerprint))
        return Prepared(subject, day, fingerprint, stored)

    async def keep(self, unit: Unit, prepared: Prepared, digest: Digest) -> StoredDigest:
        """Stores a digest that was just made: over its own unpublished draft, or as the next revision."""
        draft = prepared.stored
        same = draft is not None and draft.revision == digest.revision
        stored = StoredDigest(
            id=draft.id if draft is not None and same else new_id(),
            tour=prepared.subject.tour,
            region=prepared.subject.region,
            day=prepared.subject.day,
            revision=digest.revision,
            fingerprint=prepared.fingerprint,
            body=to_json(digest),
            published_at=draft.published_at if draft is not None and same else None,
        )
        await unit.digests.keep(stored)
        return stored

    async def current(self, unit: Unit, subject: RegionDay) -> StoredDigest:
        """The digest as of now, made anew only when its notes have changed. Raises NotAtOnce."""
        return await self._at_once(unit, await self.prepare(unit, subject))

    async def ready(self, unit: Unit, subject: RegionDay) -> StoredDigest:
        """As `current`, for somebody who waits for the answer: a large day is looked up, not read. Raises NotAtOnce.

        Of a large day, what is stored holds until one of its notes changes, whatever becomes of titles and names.
        """
        if await unit.notes.count_of_day(subject.region, subject.day) <= AT_ONCE:
            return await self.current(unit, subject)
        stored = await unit.digests.newest(subject.tour, subject.region, subject.day)
        if stored is None or not stored.body:
            raise NotAtOnce(subject)
        if stored.published_at is not None and await unit.digests.called(*_key(subject)):
            raise NotAtOnce(subject)
        return stored

    async def wish(self, unit: Unit, person: Person, subject: RegionDay, *, now: datetime) -> None:
        """Somebody waits for a digest that is not made at once. Asked twice, it is sent once."""
        await unit.digests.wish(person.id, *_key(subject), now)

    async def make(self, open_unit: OpenUnit, subject: RegionDay) -> StoredDigest:
        """As `current`, for the clock and the console: nothing is held while the digest is computed.

        When a note came meanwhile, or somebody else was faster, a small day is made again within the transaction, a
        large one once more from the start. Raises Overtaken.
        """
        for _ in range(TRIES):
            async with open_unit() as unit:
                prepared = await self.prepare(unit, subject)
                await unit.commit()
            if prepared.unchanged and prepared.stored is not None:
                return prepared.stored
            digest = await asyncio.to_thread(make_digest, prepared.input)
            try:
                async with open_unit() as unit:
                    stored = await self._keep_if_current(unit, prepared, digest)
                    await unit.commit()
            except NotAtOnce:
                continue
            return stored
        raise Overtaken

    async def _keep_if_current(self, unit: Unit, prepared: Prepared, digest: Digest) -> StoredDigest:
        """Keeps what was computed outside if it is still what the notes say, else makes it anew. Raises NotAtOnce."""
        again = await self.prepare(unit, prepared.subject)
        as_it_was = (again.fingerprint, again.input.revision) == (prepared.fingerprint, digest.revision)
        if as_it_was and not again.unchanged:
            return await self.keep(unit, again, digest)
        return await self._at_once(unit, again)

    async def _at_once(self, unit: Unit, prepared: Prepared) -> StoredDigest:
        if prepared.unchanged and prepared.stored is not None:
            return prepared.stored
        if len(prepared.input.notes) > AT_ONCE:
            raise NotAtOnce(prepared.subject)
        digest = await asyncio.to_thread(make_digest, prepared.input)
        return await self.keep(unit, prepared, digest)

    async def open_for(self, unit: Unit, person: Person, digest_id: str) -> StoredDigest:
        """The newest revision of the digest that a button leads to. Raises NotAllowed, NotAtOnce."""
        row = await unit.digests.by_id(digest_id)
        person.require(Action.READ_DIGEST, row.region if row else None)
        newest = None if row is None else await unit.digests.newest(row.tour, row.region, row.day)
        if newest is None:
            raise NotAllowed
        if not newest.body:  # a draft whose notes have changed since
            return await self.ready(unit, RegionDay(newest.tour, newest.region, newest.day))
        return newest

    async def days_for(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """The first meeting of each region-day of the last week that the person may read, newest first."""
        today = now.astimezone(self._zone).date()
        first: dict[tuple[Region, date], Meeting] = {}
        for meeting in await unit.meetings.between(today - timedelta(days=7), today):
            if not meeting.cancelled and person.may(Action.READ_DIGEST, meeting.region):
                first.setdefault((meeting.region, meeting.day), meeting)
        return sorted(first.values(), key=lambda m: (m.day, m.start), reverse=True)

    async def of_meeting(self, unit: Unit, person: Person, meeting: MeetingId) -> RegionDay:
        """The region-day of a meeting, for somebody who may read its digest. Raises NotAllowed, NoSuchDay."""
        found = await unit.meetings.by_id(meeting)
        person.require(Action.READ_DIGEST, found.region if found else None)
        if found is None:
            raise NoSuchDay
        return RegionDay(found.tour, found.region, found.day)


def _key(subject: RegionDay) -> tuple[TourId, Region, date]:
    return subject.tour, subject.region, subject.day


def digest_of(stored: StoredDigest) -> Digest:
    """The value of a stored digest."""
    return from_json(stored.body)
