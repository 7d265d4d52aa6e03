"""Digests by region, day and revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import Insert as PgInsert
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import PersonId, Region, TourId
from storage.models import Base, DigestRow, DigestWishRow, RevisionCallRow
from storage.repositories.ahead import SLACK


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A revision as it was made. `body` is the digest's JSON form; `fingerprint` tells whether its notes changed."""

    id: str
    tour: TourId
    region: Region
    day: date
    revision: int
    fingerprint: str
    body: dict[str, Any]
    published_at: datetime | None

    @property
    def readable(self) -> bool:
        """Whether it has words: one that was emptied keeps at most which notes it showed (bot.services.interim)."""
        return "ledger" in self.body


class Digests:
    """Stored digests and the calls for their next revision."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, digest: str) -> StoredDigest | None:
        row = await self._session.get(DigestRow, digest)
        return None if row is None else _to_stored(row)

    async def newest(self, tour: TourId, region: Region, day: date) -> StoredDigest | None:
        row = await self._session.scalar(
            select(DigestRow)
            .where(DigestRow.tour_id == tour, DigestRow.region == region, DigestRow.day == day)
            .order_by(DigestRow.revision.desc())
            .limit(1)
            .execution_options(populate_existing=True)  # what was read before a lock was waited for is stale
        )
        return None if row is None else _to_stored(row)

    async def newest_published(self, tour: TourId, region: Region, day: date) -> StoredDigest | None:
        row = await self._session.scalar(
            select(DigestRow)
            .where(
                DigestRow.tour_id == tour,
                DigestRow.region == region,
                DigestRow.day == day,
                DigestRow.published_at.is_not(None),
            )
            .order_by(DigestRow.revision.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )
        return None if row is None else _to_stored(row)

    async def with_words(self, first: date, last: date) -> Sequence[tuple[str, Region]]:
        """Revisions of these days that have words: ids with regions, newest days first. Of a day there are two at most."""
        rows = await self._session.execute(
            select(DigestRow.id, DigestRow.region)
            .where(DigestRow.day.between(first, last), DigestRow.fingerprint != "")
            .order_by(DigestRow.day.desc(), DigestRow.region, DigestRow.revision.desc())
        )
        return [(row.id, row.region) for row in rows]

    async def published_of(self, tour: TourId) -> Sequence[StoredDigest]:
        """Of each region-day of the tour the newest revision that was published, in the order of days."""
        rows = await self._session.scalars(
            select(DigestRow)
            .where(DigestRow.tour_id == tour, DigestRow.published_at.is_not(None))
            .order_by(DigestRow.day, DigestRow.region, DigestRow.revision)
            .execution_options(populate_existing=True)
        )
        return list({(row.region, row.day): _to_stored(row) for row in rows}.values())

    async def published_days(self, tour: TourId) -> Sequence[tuple[Region, date]]:
        """The region-days of the tour that a digest of was published, in the order of days."""
        rows = await self._session.execute(
            select(DigestRow.region, DigestRow.day)
            .where(DigestRow.tour_id == tour, DigestRow.published_at.is_not(None))
            .order_by(DigestRow.day, DigestRow.region)
        )
        return list(dict.fromkeys((row.region, row.day) for row in rows))

    async def keep(self, digest: StoredDigest) -> None:
        row = await self._session.get(DigestRow, digest.id)
        if row is None:
            row = DigestRow(
                id=digest.id,
                tour_id=digest.tour,
                region=digest.region,
                day=digest.day,
                revision=digest.revision,
            )
            self._session.add(row)
        row.fingerprint, row.body, row.published_at = digest.fingerprint, digest.body, digest.published_at
        await self._session.flush()

    def _insert(self, table: type[Base]) -> SqliteInsert | PgInsert:
        insert = sqlite_insert if self._session.get_bind().dialect.name == "sqlite" else pg_insert
        return insert(table)

    async def scrub_earlier(self, tour: TourId, region: Region, day: date, revision: int) -> None:
        """Empties the revisions before `revision`: what was withdrawn must not live on in them.

        Their rows stay, so that old buttons still lead to the newest revision.
        """
        await self._session.execute(
            update(DigestRow)
            .where(
                DigestRow.tour_id == tour,
                DigestRow.region == region,
                DigestRow.day == day,
                DigestRow.revision < revision,
            )
            .values(
                body={}, fingerprint=""
            )  # a fingerprint lets somebody who guesses words know that they did
        )

    async def ids_before(self, tour: TourId, region: Region, day: date, revision: int) -> Sequence[str]:
        """The revisions of a region's day before `revision`."""
        rows = await self._session.scalars(
            select(DigestRow.id).where(
                DigestRow.tour_id == tour,
                DigestRow.region == region,
                DigestRow.day == day,
                DigestRow.revision < revision,
            )
        )
        return list(rows)

    async def reissued_since(self, since: datetime) -> Sequence[StoredDigest]:
        """Revisions after a day's first one that were published since then and have words: of each day the newest."""
        rows = await self._session.scalars(
            select(DigestRow).where(
                DigestRow.published_at >= since, DigestRow.revision > 1, DigestRow.fingerprint != ""
            )
        )
        return [_to_stored(row) for row in rows]

    async def emptied(self) -> Sequence[StoredDigest]:
        """Drafts that lost their words when a note changed, and were not made anew yet."""
        rows = await self._session.scalars(
            select(DigestRow).where(DigestRow.published_at.is_(None), DigestRow.fingerprint == "")
        )
        return [_to_stored(row) for row in rows]

    async def call_revision(self, tour: TourId, region: Region, day: date, due: datetime) -> None:
        """Asks for a new revision at `due`; of several calls the earliest stands."""
        call = self._insert(RevisionCallRow).values(tour_id=tour, region=region, day=day, due=due)
        await self._session.execute(
            call.on_conflict_do_update(
                index_elements=[RevisionCallRow.tour_id, RevisionCallRow.region, RevisionCallRow.day],
                set_={"due": call.excluded.due},
                where=call.excluded.due < RevisionCallRow.due,
            )
        )

    async def not_after(self, now: datetime, longest: timedelta) -> None:
        """Revisions that a clock that was ahead called for are due: none is called for later than `longest` from now."""
        await self._session.execute(
            update(RevisionCallRow)
            .where(RevisionCallRow.due > now + longest + SLACK)
            .values(due=now)
            .execution_options(synchronize_session=False)
        )

    async def due_revisions(self, now: datetime) -> Sequence[tuple[TourId, Region, date]]:
        rows = await self._session.scalars(
            select(RevisionCallRow).where(RevisionCallRow.due <= now).order_by(RevisionCallRow.due)
        )
        return [(row.tour_id, row.region, row.day) for row in rows]

    async def next_revision_due(self, now: datetime) -> datetime | None:
        row = await self._session.scalar(
            select(RevisionCallRow).where(RevisionCallRow.due > now).order_by(RevisionCallRow.due).limit(1)
        )
        return None if row is None else row.due

    async def answer_call(self, tour: TourId, region: Region, day: date) -> None:
        await self._session.execute(
            delete(RevisionCallRow).where(
                RevisionCallRow.tour_id == tour, RevisionCallRow.region == region, RevisionCallRow.day == day
            )
        )

    async def called(self, tour: TourId, region: Region, day: date) -> datetime | None:
        """When the next revision is due that was asked for and is not made yet."""
        call = await self._session.get(RevisionCallRow, (tour, region, day))
        return None if call is None else call.due

    async def called_of(self, tour: TourId, now: datetime) -> frozenset[tuple[Region, date]]:
        """The region-days of the tour whose next revision is due."""
        rows = await self._session.scalars(
            select(RevisionCallRow).where(RevisionCallRow.tour_id == tour, RevisionCallRow.due <= now)
        )
        return frozenset((row.region, row.day) for row in rows)

    async def wish(self, person: PersonId, tour: TourId, region: Region, day: date, now: datetime) -> None:
        """Somebody waits for this digest; of several wishes the first stands."""
        wish = self._insert(DigestWishRow).values(
            person_id=person, tour_id=tour, region=region, day=day, asked_at=now
        )
        await self._session.execute(wish.on_conflict_do_nothing())

    async def wished(self) -> Sequence[tuple[TourId, Region, date]]:
        """The digests that somebody waits for, those asked for first in front."""
        rows = await self._session.scalars(select(DigestWishRow).order_by(DigestWishRow.asked_at))
        return list(dict.fromkeys((row.tour_id, row.region, row.day) for row in rows))

    async def take_wishes(
        self, tour: TourId, region: Region, day: date
    ) -> Sequence[tuple[PersonId, datetime]]:
        """Who waits for this digest, and since when. The wishes are gone: whoever takes them answers them."""
        rows = await self._session.execute(
            delete(DigestWishRow)
            .where(DigestWishRow.tour_id == tour, DigestWishRow.region == region, DigestWishRow.day == day)
            .returning(DigestWishRow.person_id, DigestWishRow.asked_at)
        )
        return [(row.person_id, row.asked_at) for row in rows]

    async def wished_by(self, person: PersonId) -> frozenset[Region]:
        """The regions of the digests that somebody waits for."""
        rows = await self._session.scalars(
            select(DigestWishRow.region).where(DigestWishRow.person_id == person)
        )
        return frozenset(rows)

    async def drop_wishes(self, person: PersonId, region: Region) -> None:
        """Somebody waits for no digest of a region any more."""
        await self._session.execute(
            delete(DigestWishRow).where(DigestWishRow.person_id == person, DigestWishRow.region == region)
        )

    async def destroy_before(self, day: date) -> int:
        await self._session.execute(delete(DigestWishRow).where(DigestWishRow.day < day))
        gone = await self._session.scalars(
            delete(DigestRow).where(DigestRow.day < day).returning(DigestRow.id)
        )
        return len(list(gone))


def _to_stored(row: DigestRow) -> StoredDigest:
    return StoredDigest(
        id=row.id,
        tour=row.tour_id,
        region=row.region,
        day=row.day,
        revision=row.revision,
        fingerprint=row.fingerprint,
        body=row.body,
        published_at=row.published_at,
    )
