"""Digests: made from the notes as they stand, published at their time, revised when notes change.

Making one is pure computing on values (bot.digest). A day of at most AT_ONCE notes is made in the transaction of whoever
asks; a larger one outside any, so that nobody who writes waits for it: a person is answered by a wish (digest_wishes.py).
With a language model every day is made outside.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.digest.as_json import from_json, to_json
from bot.domain.digest import Digest
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import Region, TourId, new_id
from bot.domain.person import Action, Person
from bot.services.ai_writing import ModelWriting
from bot.services.digest_days import DigestDays
from bot.services.digest_input import read_day
from bot.services.digest_making import DigestMaking
from bot.services.digest_subject import (
    EDITION,
    AwaitsApproval,
    NoSuchDay,
    NotAtOnce,
    Overtaken,
    Prepared,
    RegionDay,
    is_withheld,
)
from bot.services.errata import SENT, sent_in
from bot.services.interim import decided, edition_of, for_readers
from bot.services.note_reading import NoteReading
from bot.services.unit import OpenUnit, Unit
from storage.repositories.digests import StoredDigest

__all__ = ["Digests", "NoSuchDay", "NotAtOnce", "Overtaken", "Prepared", "RegionDay", "digest_of"]

AT_ONCE = 300
"""Notes of which a digest is made while a transaction is open: a tenth of a second (0.4 s for 1,000, docs/digest.md).

Who makes it holds SQLite's one writer, on PostgreSQL the tour; everybody's feedback waits for it.
"""
TRIES = 5
"""How often a larger day is made anew because a note came meanwhile, before it is given up for now."""
UNHURRIED = 2
"""How often of these a language model is asked; after that its answers that are there must do."""


class Digests(DigestDays):
    """Makes and finds digests. `writing` writes them by a language model; without it they are extractive.

    `approval`: a day's first digest is shown to nobody but its approvers before it is sent (bot.services.approval).
    """

    def __init__(
        self,
        zone: ZoneInfo,
        at: time,
        writing: ModelWriting | None = None,
        reading: NoteReading | None = None,
        *,
        approval: bool = False,
    ) -> None:
        super().__init__(zone, at)
        self.approval = approval
        self._writing = writing
        self._making = DigestMaking(writing, reading)

    def give_up(self) -> None:
        """What a language model is writing is not waited for any more: the bot stops."""
        if self._writing is not None:
            self._writing.give_up()

    async def prepare(self, unit: Unit, subject: RegionDay) -> Prepared:
        """Reads what a digest is made of, dealing citation numbers to notes that have none (a write).

        Until the transaction ends nobody else does so for this tour, and its notes stay as they are.
        """
        return await read_day(unit, subject)

    async def _prepare(self, unit: Unit, subject: RegionDay, readers_at: datetime | None) -> Prepared:
        """As `prepare`; `readers_at`: only what may be read then of a day not sent yet. Raises NothingYet, MadeLater."""
        prepared = await self.prepare(unit, subject)
        due = self.due_at(subject.day)
        if readers_at is None or (readers_at >= due and not self.approval):
            return prepared
        if await unit.digests.newest_published(*_key(subject)) is not None:
            return prepared
        if readers_at >= due:
            raise AwaitsApproval(subject)
        return for_readers(prepared, now=readers_at, due=due)

    async def read(self, open_unit: OpenUnit, subject: RegionDay) -> None:
        """Has the analyst read what it did not yet of the day's notes: to be called outside transactions, before them."""
        await self._making.read(open_unit, subject)

    async def take_in(self, unit: Unit, subject: RegionDay, *, now: datetime) -> None:
        """The clock's look on a half hour: decides what readers are shown until the next, and makes it if that is quick."""
        prepared = await self.prepare(unit, subject)
        if await unit.digests.newest_published(*_key(subject)) or edition_of(prepared.stored).rests_at(now):
            return
        edition = decided(prepared, now=now)
        if prepared.stored is None and not edition.taken:
            return
        row = prepared.stored or StoredDigest(new_id(), *_key(subject), prepared.input.revision, "", {}, None)
        row = replace(row, body=row.body | {EDITION: edition.to_json()})
        await unit.digests.keep(row)
        with suppress(Refusal, NotAtOnce):
            readers = for_readers(replace(prepared, stored=row), now=now, due=self.due_at(subject.day))
            await self._at_once(unit, readers, hurried=False)

    async def keep(self, unit: Unit, prepared: Prepared, digest: Digest) -> StoredDigest:
        """Stores a digest that was just made: over its own unpublished draft, or as the next revision."""
        stored = self._row(prepared, digest)
        await unit.digests.keep(stored)
        return stored

    def _row(self, prepared: Prepared, digest: Digest) -> StoredDigest:
        draft = prepared.stored
        same = draft is not None and draft.revision == digest.revision
        return StoredDigest(
            id=draft.id if draft is not None and same else new_id(),
            tour=prepared.subject.tour,
            region=prepared.subject.region,
            day=prepared.subject.day,
            revision=digest.revision,
            fingerprint=prepared.fingerprint,
            body=to_json(digest) | ({EDITION: prepared.edition} if prepared.edition else {}),
            published_at=draft.published_at if draft is not None and same else None,
        )

    async def current(self, unit: Unit, subject: RegionDay, *, hurried: bool = False) -> StoredDigest:
        """The digest as of now, made anew only when its notes have changed. Raises NotAtOnce.

        `hurried`: with the answers that a language model gave before, rather than not at all.
        """
        return await self.settled(unit, await self.prepare(unit, subject), hurried=hurried)

    async def settled(self, unit: Unit, prepared: Prepared, *, hurried: bool = False) -> StoredDigest:
        """As `current`, of what was read in this transaction."""
        return await self._at_once(unit, prepared, hurried=hurried)

    async def ready(self, unit: Unit, subject: RegionDay, *, now: datetime) -> StoredDigest:
        """What somebody may read who waits for the answer. Raises NotAtOnce, NothingYet, MadeLater.

        Before the day's digest is sent: an interim one (interim.py). After that: what was sent, until the next revision
        is due. Of a large day, what is stored is looked up and holds for a half hour, or until it may not be shown.
        """
        if (sent := await unit.digests.newest_published(*_key(subject))) is not None:
            return await self._after(unit, sent, subject, now)
        if self.approval and now >= self.due_at(subject.day):
            raise AwaitsApproval(subject)
        few = await unit.notes.count_of_day(subject.region, subject.day) <= AT_ONCE
        if few:
            return await self._at_once(unit, await self._prepare(unit, subject, now), hurried=False)
        stored = await unit.digests.newest(*_key(subject))
        if stored is not None and stored.readable and now < self.due_at(subject.day):
            edition = edition_of(stored)
            if EDITION in stored.body and edition.taken is None:
                return stored
        raise NotAtOnce(subject)

    async def _after(self, unit: Unit, sent: StoredDigest, subject: RegionDay, now: datetime) -> StoredDigest:
        """What was sent; a revision that is due takes words away, and is shown before it is sent."""
        called = await unit.digests.called(*_key(subject))
        if sent.readable and (called is None or now < called):
            return sent
        newest = await unit.digests.newest(*_key(subject))
        if newest is not None and newest.published_at is None and newest.readable:
            return newest  # a change of any note would have emptied it
        few = await unit.notes.count_of_day(subject.region, subject.day) <= AT_ONCE
        if few and self._writing is None:
            return await self.current(unit, subject)
        raise NotAtOnce(subject)

    async def wish(self, unit: Unit, person: Person, subject: RegionDay, *, now: datetime) -> None:
        """Somebody waits for a digest that is not made at once. Asked twice, it is sent once."""
        await unit.digests.wish(person.id, *_key(subject), now)

    def writing_until(self) -> float | None:
        """How long a language model may take for a digest that is begun now (the loop's time)."""
        return None if self._writing is None else self._writing.until()

    async def look(self, open_unit: OpenUnit, subject: RegionDay, *, now: datetime) -> StoredDigest:
        """The digest as of now for the operator. It is kept only where readers would see the same: of a day whose time is
        over and that was never sent. Raises Overtaken."""
        async with open_unit() as unit:
            sent = await unit.digests.newest_published(*_key(subject))
        if sent is None and now >= self.due_at(subject.day) and not self.approval:
            return await self.make(open_unit, subject)
        await self._making.read(open_unit, subject)
        async with open_unit() as unit:
            prepared = await self.prepare(unit, subject)
            await unit.commit()
        if prepared.unchanged and prepared.stored is not None:
            body = {name: told for name, told in prepared.stored.body.items() if name not in (EDITION, SENT)}
            return replace(prepared.stored, body=body)
        return self._row(
            prepared, await self._making.compute(open_unit, prepared.input, self.writing_until())
        )

    async def make(
        self,
        open_unit: OpenUnit,
        subject: RegionDay,
        *,
        round_: int = 0,
        anew: bool = False,
        until: float | None = None,
        readers_at: datetime | None = None,
    ) -> StoredDigest:
        """As `current`, for the clock and the console: nothing is held while the digest is computed.

        When a note came meanwhile, or somebody else was faster, a small day is made again within the transaction, a
        large one, and one that a language model writes, once more from the start; `round_` is where that begins.
        `anew`: a draft that a language model failed to write is tried again. `until` bounds the model's time over all
        rounds (by default as `writing_until` says). `readers_at`: for readers of an interim digest at that time (they
        may be refused: NothingYet, MadeLater). Raises Overtaken.
        """
        until = until or self.writing_until()
        for times in range(round_, TRIES):
            await self._making.read(open_unit, subject)
            async with open_unit() as unit:
                prepared = await self._prepare(unit, subject, readers_at)
                await unit.commit()
            if prepared.unchanged and prepared.stored is not None and not (anew and prepared.fell_back):
                return prepared.stored
            hurried = times >= UNHURRIED
            digest = await self._making.compute(open_unit, prepared.input, None if hurried else until)
            try:
                async with open_unit() as unit:
                    again = await self._prepare(unit, subject, readers_at)
                    stored = await self._keep_if_current(unit, prepared, again, digest, hurried=hurried)
                    await unit.commit()
            except NotAtOnce:
                continue
            return stored
        raise Overtaken

    async def _keep_if_current(
        self, unit: Unit, prepared: Prepared, again: Prepared, digest: Digest, *, hurried: bool
    ) -> StoredDigest:
        """Keeps what was computed outside if it is still what the notes say, else makes it anew. Raises NotAtOnce."""
        waiting = None if again.stored is None else await unit.approvals.of(again.stored.id)
        if again.stored is not None and waiting is not None and waiting.approves(again.stored.fingerprint):
            return again.stored  # approved meanwhile: that very draft goes out
        as_it_was = (again.fingerprint, again.input.revision) == (prepared.fingerprint, digest.revision)
        as_it_was = as_it_was and again.input.editing == prepared.input.editing
        if as_it_was and (not again.unchanged or again.fell_back):
            return await self.keep(unit, again, digest)
        return await self._at_once(unit, again, hurried=hurried)

    async def _at_once(self, unit: Unit, prepared: Prepared, *, hurried: bool) -> StoredDigest:
        if prepared.unchanged and prepared.stored is not None:
            return prepared.stored
        if len(prepared.input.notes) > AT_ONCE or not self._making.asks_nobody(
            prepared.input, hurried=hurried
        ):
            raise NotAtOnce(prepared.subject)
        return await self.keep(unit, prepared, await self._making.at_hand(unit, prepared.input))

    async def open_for(self, unit: Unit, person: Person, digest_id: str, *, now: datetime) -> StoredDigest:
        """The newest revision of the digest that a button leads to. Raises NotAllowed, and what `ready` raises."""
        row = await unit.digests.by_id(digest_id)
        person.require(Action.READ_DIGEST, row.region if row else None)
        newest = None if row is None else await unit.digests.newest(row.tour, row.region, row.day)
        if newest is None:
            raise NotAllowed
        if not newest.readable:  # a draft whose notes have changed since
            return await self.ready(unit, RegionDay(newest.tour, newest.region, newest.day), now=now)
        if self.withholds(newest):
            raise AwaitsApproval(RegionDay(newest.tour, newest.region, newest.day))
        return newest

    def withholds(self, stored: StoredDigest) -> bool:
        """Whether nobody but its approvers may see it yet."""
        return self.approval and is_withheld(stored)


def _key(subject: RegionDay) -> tuple[TourId, Region, date]:
    return subject.tour, subject.region, subject.day


def digest_of(stored: StoredDigest) -> Digest:
    """The value of a stored digest; an interim one knows as of when it stands, one that was sent what came late."""
    edition, sent = edition_of(stored), sent_in(stored)
    late = frozenset[str]() if sent is None else sent.late
    return replace(from_json(stored.body), interim=edition.made_for, begun=edition.begun, late=late)
