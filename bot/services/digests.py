"""Digests: made from the notes as they stand, published at their time, revised when notes change.

Making one is pure computing on values (bot.digest). A day of at most AT_ONCE notes is made in the transaction of whoever
asks; a larger one outside any, so that nobody who writes waits for it: a person is answered by a wish (digest_wishes.py).
With a language model every day is made outside.
"""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.digest.as_json import from_json, to_json
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest
from bot.domain.errors import NotAllowed
from bot.domain.ids import MeetingId, Region, TourId, new_id
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.domain.reminder import digest_due
from bot.services.ai_writing import ModelWriting
from bot.services.digest_input import read_day
from bot.services.digest_subject import NoSuchDay, NotAtOnce, Overtaken, Prepared, RegionDay
from bot.services.unit import OpenUnit, Unit
from storage.repositories.digests import StoredDigest

__all__ = ["Digests", "NoSuchDay", "NotAtOnce", "Overtaken", "Prepared", "RegionDay", "digest_of"]

LOOK_BACK = timedelta(days=3)
"""A digest that could not be sent at its time is still sent for so long."""
AT_ONCE = 300
"""Notes of which a digest is made while a transaction is open: a tenth of a second (0.4 s for 1,000, docs/digest.md).

Who makes it holds SQLite's one writer, on PostgreSQL the tour; everybody's feedback waits for it.
"""
TRIES = 5
"""How often a larger day is made anew because a note came meanwhile, before it is given up for now."""
UNHURRIED = 2
"""How often of these a language model is asked; after that its answers that are there must do."""


class Digests:
    """Makes and finds digests. `at` is the local time in `zone` at which a day's digest is due.

    `writing` writes them by a language model; without it they are extractive.
    """

    def __init__(self, zone: ZoneInfo, at: time, writing: ModelWriting | None = None) -> None:
        self._zone = zone
        self._at = at
        self._writing = writing

    def give_up(self) -> None:
        """What a language model is writing is not waited for any more: the bot stops."""
        if self._writing is not None:
            self._writing.give_up()

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
        return await read_day(unit, subject)

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

    async def current(self, unit: Unit, subject: RegionDay, *, hurried: bool = False) -> StoredDigest:
        """The digest as of now, made anew only when its notes have changed. Raises NotAtOnce.

        `hurried`: with the answers that a language model gave before, rather than not at all.
        """
        return await self._at_once(unit, await self.prepare(unit, subject), hurried=hurried)

    async def ready(self, unit: Unit, subject: RegionDay) -> StoredDigest:
        """As `current`, for somebody who waits for the answer: a large day is looked up, not read. Raises NotAtOnce.

        Of a large day, what is stored holds until one of its notes changes, whatever becomes of titles and names.
        """
        few = await unit.notes.count_of_day(subject.region, subject.day) <= AT_ONCE
        if few and self._writing is None:
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

    def writing_until(self) -> float | None:
        """How long a language model may take for a digest that is begun now (the loop's time)."""
        return None if self._writing is None else self._writing.until()

    async def make(
        self,
        open_unit: OpenUnit,
        subject: RegionDay,
        *,
        round_: int = 0,
        anew: bool = False,
        until: float | None = None,
    ) -> StoredDigest:
        """As `current`, for the clock and the console: nothing is held while the digest is computed.

        When a note came meanwhile, or somebody else was faster, a small day is made again within the transaction, a
        large one, and one that a language model writes, once more from the start; `round_` is where that begins.
        `anew`: a draft that a language model failed to write is tried again. `until` bounds the model's time over all
        rounds (by default as `writing_until` says). Raises Overtaken.
        """
        until = until or self.writing_until()
        for times in range(round_, TRIES):
            async with open_unit() as unit:
                prepared = await self.prepare(unit, subject)
                await unit.commit()
            if prepared.unchanged and prepared.stored is not None and not (anew and prepared.fell_back):
                return prepared.stored
            hurried = times >= UNHURRIED
            digest = await self._compute(open_unit, prepared.input, None if hurried else until)
            try:
                async with open_unit() as unit:
                    stored = await self._keep_if_current(unit, prepared, digest, hurried=hurried)
                    await unit.commit()
            except NotAtOnce:
                continue
            return stored
        raise Overtaken

    async def _compute(self, open_unit: OpenUnit, day: DayInput, until: float | None) -> Digest:
        """`until`: None, or over: a model is not asked any more, what it gave before must do."""
        if self._writing is None:
            return await asyncio.to_thread(make_digest, day)
        if until is None or asyncio.get_running_loop().time() >= until:
            return await self._writing.at_hand(day)
        return await self._writing.write(open_unit, day, until)

    async def _keep_if_current(
        self, unit: Unit, prepared: Prepared, digest: Digest, *, hurried: bool
    ) -> StoredDigest:
        """Keeps what was computed outside if it is still what the notes say, else makes it anew. Raises NotAtOnce."""
        again = await self.prepare(unit, prepared.subject)
        as_it_was = (again.fingerprint, again.input.revision) == (prepared.fingerprint, digest.revision)
        if as_it_was and (not again.unchanged or again.fell_back):
            return await self.keep(unit, again, digest)
        return await self._at_once(unit, again, hurried=hurried)

    async def _at_once(self, unit: Unit, prepared: Prepared, *, hurried: bool) -> StoredDigest:
        if prepared.unchanged and prepared.stored is not None:
            return prepared.stored
        if len(prepared.input.notes) > AT_ONCE or (self._writing is not None and not hurried):
            raise NotAtOnce(prepared.subject)
        if self._writing is None:
            digest = await asyncio.to_thread(make_digest, prepared.input)
        else:
            digest = await self._writing.at_hand(prepared.input)
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
