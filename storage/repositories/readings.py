"""What was read in notes. Repositories of notes and voices destroy it when it is not of what stands any more."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.feedback import Speaker
from bot.domain.ids import NoteId, Region
from storage.models import NoteReadingRow, NoteRow, NoteTermsRow, VoiceRow
from storage.paging import paged
from storage.repositories.notes import SpokenNote, to_note
from storage.upsert import insert_into

Place = tuple[date, Region, NoteId]
"""Where a note stands in the order in which notes are read."""
_AT_ONCE = 500
"""Rows a statement: SQLite takes 32,766 values."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading to be kept: `words` are the note's as they stood when it was made, `name` what its voice had left; `terms`
    are those by which it is found."""

    words: str
    name: str | None
    data: bytes
    terms: str = ""

    @property
    def of(self) -> tuple[str, str | None]:
        return self.words, self.name


class NoteReadings:
    """Readings by note and version. No answer tells when one was made, or in which order."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unread(self, version: str, limit: int, *, behind: Place | None = None) -> Sequence[SpokenNote]:
        """Notes with words of which there is no reading of this version, of the newest days first.

        `behind`: only what stands behind that place in this order (which tells nothing: days, regions, random ids), so that
        who reads everything does not look at what was read again for every page.
        """
        return await self._found(_unread(version), limit, behind)

    async def unread_of_day(
        self, version: str, region: Region, day: date, limit: int, *, behind: Place | None = None
    ) -> Sequence[SpokenNote]:
        """As `unread`, of a region's day."""
        unread = _unread(version).where(NoteRow.region == region, NoteRow.day == day)
        return await self._found(unread, limit, behind)

    async def _found(
        self, unread: Select[NoteRow, Speaker, str | None], limit: int, behind: Place | None
    ) -> Sequence[SpokenNote]:
        if behind is not None:
            unread = unread.where(tuple_(NoteRow.day, NoteRow.region, NoteRow.id) < behind)
        return [_spoken(row) for row in await self._session.execute(unread.limit(limit))]

    async def versions_of_day(self, region: Region, day: date) -> dict[NoteId, str]:
        """Which notes of a region's day were read, and by what."""
        rows = (
            select(NoteReadingRow.note_id, NoteReadingRow.version)
            .join(NoteRow, NoteRow.id == NoteReadingRow.note_id)
            .where(NoteRow.region == region, NoteRow.day == day)
        )
        return {row.note_id: row.version async for page in paged(self._session, rows) for row in page}

    async def any_of_day(self, region: Region, day: date) -> bool:
        """Whether a note of a region's day was read, by whatever."""
        one = (
            select(NoteReadingRow.note_id)
            .join(NoteRow, NoteRow.id == NoteReadingRow.note_id)
            .where(NoteRow.region == region, NoteRow.day == day)
            .limit(1)
        )
        return await self._session.scalar(one) is not None

    async def of_day(self, version: str, region: Region, day: date) -> AsyncIterator[dict[NoteId, bytes]]:
        """The readings of a region's day, page by page: some 2 kB a note. To be read to its end."""
        rows = (
            select(NoteReadingRow.note_id, NoteReadingRow.data)
            .join(NoteRow, NoteRow.id == NoteReadingRow.note_id)
            .where(NoteRow.region == region, NoteRow.day == day, NoteReadingRow.version == version)
        )
        async for page in paged(self._session, rows):
            yield {row.note_id: row.data for row in page}

    async def count(self, version: str) -> tuple[int, int]:
        """How many notes were read in this version, and how many with words were not."""
        read = select(func.count()).where(NoteReadingRow.version == version)
        unread = select(func.count()).select_from(_unread(version).subquery())
        return await self._session.scalar(read) or 0, await self._session.scalar(unread) or 0

    async def keep(self, version: str, readings: Mapping[NoteId, Kept]) -> int:
        """Keeps those whose notes still say what was read; how many. The notes stay as they are until the transaction ends."""
        kept = 0
        for some in _some(sorted(readings)):
            stand = await self._session.execute(
                select(NoteRow.id, NoteRow.words, VoiceRow.name)
                .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
                .where(NoteRow.id.in_(some), NoteRow.withdrawn.is_(False))
                .order_by(NoteRow.id)
                .with_for_update(of=NoteRow)
            )
            rows = [
                {"note_id": row.id, "version": version, "data": readings[row.id].data}
                for row in stand
                if (row.words, row.name) == readings[row.id].of
            ]
            if rows:
                adding = insert_into(self._session, NoteReadingRow)
                values = {name: adding.excluded[name] for name in ("version", "data")}
                await self._session.execute(
                    adding.on_conflict_do_update(index_elements=["note_id"], set_=values), rows
                )
                found_by = insert_into(self._session, NoteTermsRow)
                await self._session.execute(
                    found_by.on_conflict_do_update(
                        index_elements=["note_id"], set_={"terms": found_by.excluded["terms"]}
                    ),
                    [{"note_id": row["note_id"], "terms": readings[row["note_id"]].terms} for row in rows],
                )
            kept += len(rows)
        return kept

    async def destroy_all(self) -> None:
        """For copies and restored data: they can be made anew."""
        await self._session.execute(delete(NoteTermsRow))
        await self._session.execute(delete(NoteReadingRow))


def _unread(version: str) -> Select[NoteRow, Speaker, str | None]:
    """Without a reading of this version, or with one of before notes were searched."""
    return (
        select(NoteRow, VoiceRow.speaker, VoiceRow.name)
        .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
        .outerjoin(
            NoteReadingRow, (NoteReadingRow.note_id == NoteRow.id) & (NoteReadingRow.version == version)
        )
        .outerjoin(NoteTermsRow, NoteTermsRow.note_id == NoteReadingRow.note_id)
        .where(NoteTermsRow.note_id.is_(None), NoteRow.words != "", NoteRow.withdrawn.is_(False))
        .order_by(NoteRow.day.desc(), NoteRow.region.desc(), NoteRow.id.desc())
        .execution_options(populate_existing=True)
    )


def _spoken(row: tuple[NoteRow, Speaker, str | None]) -> SpokenNote:
    note, speaker, name = row
    return SpokenNote(note=to_note(note), speaker=speaker, name=name)


def _some(notes: Sequence[NoteId]) -> Iterator[Sequence[NoteId]]:
    for start in range(0, len(notes), _AT_ONCE):
        yield notes[start : start + _AT_ONCE]
