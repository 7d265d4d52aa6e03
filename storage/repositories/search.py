"""Notes that hold words of a question. Reads only; a look at every note of the days asked about, whatever is asked."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.feedback import Speaker
from bot.domain.ids import MeetingId, NoteId, Region, VoiceId
from storage.models import NoteReadingRow, NoteRow, NoteTermsRow, VoiceRow
from storage.repositories.notes import SpokenNote, to_note

_AT_ONCE = 1_000
_AT_ONCE_BY_ID = 500
"""Ids a statement: SQLite takes 32,766 values."""


@dataclass(frozen=True, slots=True)
class Within:
    """The region-days that are searched: those of some regions, from one day to another."""

    regions: Collection[Region]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Match:
    """A note that holds some of the words. `mask`: bit n is set where it holds the word n."""

    note: NoteId
    region: Region
    day: date
    number: str
    mask: int


@dataclass(frozen=True, slots=True)
class Spoke:
    """Who speaks in a note, and at which meeting: to be counted, never to be told."""

    number: str
    voice: VoiceId
    speaker: Speaker
    meeting: MeetingId | None


class NoteSearch:
    """Finds notes by words: by those that an analyst read, or as they are written."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def matching(
        self, words: Sequence[Sequence[str]], within: Within, *, as_written: bool
    ) -> AsyncGenerator[Match]:
        """Notes that hold at least one of the words (each given by its patterns), in no telling order.

        To be closed by whoever does not read to the end. `as_written`: in the note's own words, in small letters.
        """
        text: ColumnElement[Any] = func.lower(NoteRow.words) if as_written else NoteTermsRow.terms.expression
        holds = [or_(*(self._has(text, pattern) for pattern in patterns)) for patterns in words]
        mask = sum((case((one, 1 << bit), else_=0) for bit, one in enumerate(holds)), literal(0))
        found = select(NoteRow.id, NoteRow.region, NoteRow.day, NoteRow.number, mask.label("mask")).where(
            NoteRow.region.in_(list(within.regions)),
            NoteRow.day.between(within.first, within.last),
            NoteRow.withdrawn.is_(False),
            NoteRow.number.is_not(None),
        )
        if not as_written:
            found = found.join(NoteTermsRow, NoteTermsRow.note_id == NoteRow.id)
        inner = found.subquery()
        rows = await self._session.stream(
            select(inner).where(inner.c.mask > 0), execution_options={"yield_per": _AT_ONCE}
        )
        try:
            async for some in rows.partitions(_AT_ONCE):
                for row in some:
                    yield Match(row.id, row.region, row.day, row.number, row.mask)
        finally:
            await rows.close()

    def _has(self, text: ColumnElement[Any], pattern: str) -> ColumnElement[Any]:
        """By position: a pattern of LIKE is five times as slow, and means something by % and _."""
        sqlite = self._session.get_bind().dialect.name == "sqlite"
        at = func.instr(text, pattern) if sqlite else func.strpos(text, pattern)
        return at > 0

    async def spoken(self, notes: Collection[NoteId]) -> list[SpokenNote]:
        """These notes, as far as they stand."""
        found: list[SpokenNote] = []
        for some in _some(notes):
            rows = await self._session.execute(
                select(NoteRow, VoiceRow.speaker, VoiceRow.name)
                .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
                .where(NoteRow.id.in_(some), NoteRow.withdrawn.is_(False))
                .order_by(NoteRow.id)
            )
            found += [SpokenNote(to_note(row), speaker, name) for row, speaker, name in rows]
        return found

    async def numbered(self, region: Region, day: date, numbers: Collection[str]) -> list[SpokenNote]:
        """The notes of a region's day that are cited so, as far as they stand."""
        rows = await self._session.execute(
            select(NoteRow, VoiceRow.speaker, VoiceRow.name)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(NoteRow.region == region, NoteRow.day == day, NoteRow.number.in_(list(numbers)))
            .where(NoteRow.withdrawn.is_(False))
            .order_by(NoteRow.id)
        )
        return [SpokenNote(to_note(row), speaker, name) for row, speaker, name in rows]

    async def readings(self, version: str, notes: Collection[NoteId]) -> dict[NoteId, bytes]:
        """What was read in these notes in this version: some 2 kB a note."""
        found: dict[NoteId, bytes] = {}
        for some in _some(notes):
            rows = await self._session.execute(
                select(NoteReadingRow.note_id, NoteReadingRow.data).where(
                    NoteReadingRow.note_id.in_(some), NoteReadingRow.version == version
                )
            )
            found |= {row.note_id: row.data for row in rows}
        return found

    async def who_spoke(self, region: Region, day: date) -> list[Spoke]:
        """Of all numbered notes of a region's day."""
        rows = await self._session.execute(
            select(NoteRow.number, NoteRow.voice_id, VoiceRow.speaker, NoteRow.meeting_id)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(NoteRow.region == region, NoteRow.day == day, NoteRow.number.is_not(None))
            .order_by(NoteRow.id)
        )
        return [Spoke(row.number, row.voice_id, row.speaker, row.meeting_id) for row in rows]


def _some(notes: Collection[NoteId]) -> list[list[NoteId]]:
    ordered = sorted(notes)
    return [ordered[at : at + _AT_ONCE_BY_ID] for at in range(0, len(ordered), _AT_ONCE_BY_ID)]
