"""Digests: made from the notes as they stand, published at their time, revised when notes change.

Making one is pure computing on values (bot.digest) and happens outside any transaction when the clock asks
for it; what a person asks for with /digest is made in their own transaction, from the stored one if nothing changed.
"""

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digest.as_json import from_json, to_json
from bot.digest.numbering import deal_numbers
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, DayMeeting, DayNote, Digest
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import MeetingId, NoteId, Region, TourId, new_id
from bot.domain.meeting import Meeting, in_order
from bot.domain.person import Action, Person
from bot.domain.reminder import digest_due
from bot.services.fingerprints import fingerprint_of, still_holds
from bot.services.unit import OpenUnit, Unit
from storage.repositories.digests import StoredDigest
from storage.repositories.notes import SpokenNote

LOOK_BACK = timedelta(days=3)
"""A digest that could not be sent at its time is still sent for so long."""
_CHANCE = random.SystemRandom()


class NoSuchDay(Refusal):
    """There is no meeting of that region on that day."""

    def __init__(self) -> None:
        super().__init__("report.no_such_day")


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
        if meetings:
            return RegionDay(meetings[0].tour, region, day)
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
        numbers = await self._deal(unit, subject)
        stored = await unit.digests.newest(subject.tour, subject.region, subject.day)
        by_id = {meeting.id: meeting.plan.key for meeting in meetings}
        known_names = await unit.people.names()
        known_names |= {one.name for one in spoken if one.name}
        day = DayInput(
            region=subject.region,
            day=subject.day,
            revision=1,
            notes=tuple(
                _day_note(one, numbers[one.note.id], by_id) for one in spoken if not one.note.withdrawn
            ),
            meetings=tuple(
                DayMeeting(meeting.plan.key, meeting.title, order)
                for order, meeting in enumerate(m for m in meetings if not m.cancelled)
            ),
            topics=tour.topics,
            withdrawn=sum(one.note.withdrawn for one in spoken),
            known_names=known_names,
        )
        fingerprint = fingerprint_of(day)
        day = replace(day, revision=_next_revision(stored, fingerprint))
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
        """The digest as of now, made anew only when its notes have changed."""
        prepared = await self.prepare(unit, subject)
        if prepared.unchanged and prepared.stored is not None:
            return prepared.stored
        digest = await asyncio.to_thread(make_digest, prepared.input)
        return await self.keep(unit, prepared, digest)

    async def make(self, open_unit: OpenUnit, subject: RegionDay) -> StoredDigest:
        """As `current`, for the clock and the console: nothing is held while the digest is computed.

        Only when a note came meanwhile, or somebody else was faster, it is made again within the transaction.
        """
        async with open_unit() as unit:
            prepared = await self.prepare(unit, subject)
            await unit.commit()
        if prepared.unchanged and prepared.stored is not None:
            return prepared.stored
        digest = await asyncio.to_thread(make_digest, prepared.input)
        async with open_unit() as unit:
            again = await self.prepare(unit, subject)
            as_it_was = (again.fingerprint, again.input.revision) == (prepared.fingerprint, digest.revision)
            if as_it_was and not again.unchanged:
                stored = await self.keep(unit, again, digest)
            else:
                stored = await self.current(unit, subject)
            await unit.commit()
        return stored

    async def open_for(self, unit: Unit, person: Person, digest_id: str) -> StoredDigest:
        """The newest revision of the digest that a button leads to. Raises NotAllowed."""
        row = await unit.digests.by_id(digest_id)
        person.require(Action.READ_DIGEST, row.region if row else None)
        newest = None if row is None else await unit.digests.newest(row.tour, row.region, row.day)
        if newest is None:
            raise NotAllowed
        if not newest.body:  # a draft whose notes have changed since
            return await self.current(unit, RegionDay(newest.tour, newest.region, newest.day))
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

    async def _deal(self, unit: Unit, subject: RegionDay) -> dict[NoteId, str]:
        numbers = await unit.notes.numbers_of(subject.region, subject.day)
        taken = {number for number in numbers.values() if number is not None}
        without = [note for note, number in numbers.items() if number is None]
        dealt = deal_numbers(subject.region, without, taken, _CHANCE.shuffle)
        if dealt:
            await unit.notes.deal(dealt)
        return {note: dealt.get(note) or number or "" for note, number in numbers.items()}


def digest_of(stored: StoredDigest) -> Digest:
    """The value of a stored digest."""
    return from_json(stored.body)


def _next_revision(stored: StoredDigest | None, fingerprint: str) -> int:
    if stored is None:
        return 1
    if stored.published_at is None or still_holds(stored, fingerprint):
        return stored.revision
    return stored.revision + 1


def _day_note(spoken: SpokenNote, number: str, meetings: dict[MeetingId, str]) -> DayNote:
    note = spoken.note
    return DayNote(
        id=note.id,
        number=number,
        voice=note.voice,
        speaker=spoken.speaker,
        kind=note.kind,
        meeting=meetings.get(note.meeting) if note.meeting is not None else None,
        rating=note.rating,
        topic=note.topic,
        words=note.words,
    )
