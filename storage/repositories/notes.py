"""Notes and, for staff's own, what they said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.feedback import Note, NoteKind, Speaker
from bot.domain.ids import NoteId, PersonId, Region, SecretHash, TourId, VoiceId
from storage.models import (
    MediumRow,
    MeetingRow,
    NoteReadingRow,
    NoteRevisionRow,
    NoteRow,
    TriageRow,
    VoiceRow,
)
from storage.paging import paged

_AT_ONCE = 1000
"""Rows of a statement that writes: a hundredth of a second of the loop's time."""


@dataclass(frozen=True, slots=True)
class SpokenNote:
    """A note and who speaks in it."""

    note: Note
    speaker: Speaker
    name: str | None


class Notes:
    """Notes of voices, meetings and region-days. No answer tells in which order they came."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, note: NoteId) -> Note | None:
        row = await self._session.get(NoteRow, note)
        return None if row is None else to_note(row)

    async def by_secret(self, secret: SecretHash) -> Note | None:
        row = await self._session.scalar(select(NoteRow).where(NoteRow.secret == secret))
        return None if row is None else to_note(row)

    async def hold(self, secret: SecretHash) -> None:
        """Until the transaction ends, nobody else who holds this secret looks for its note, or makes it.

        A page that is sent twice at once would otherwise find no note twice. On SQLite whoever writes is alone anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            key = func.hashtextextended(secret, 0)
            await self._session.execute(select(func.pg_advisory_xact_lock(key)))

    async def by_number(self, region: Region, day: date, number: str) -> Note | None:
        """The note of a region's day that is cited so."""
        row = await self._session.scalar(
            select(NoteRow).where(NoteRow.region == region, NoteRow.day == day, NoteRow.number == number)
        )
        return None if row is None else to_note(row)

    async def of_voice(self, voice: VoiceId) -> Sequence[Note]:
        rows = await self._session.scalars(
            select(NoteRow).where(NoteRow.voice_id == voice).order_by(NoteRow.id)
        )
        return [to_note(row) for row in rows]

    async def of_staff(self, person: PersonId) -> Sequence[Note]:
        """The notes that a person wrote as staff."""
        rows = await self._session.scalars(
            select(NoteRow)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(VoiceRow.person_id == person)
            .order_by(NoteRow.day, NoteRow.id)
        )
        return [to_note(row) for row in rows]

    async def of_person(self, person: PersonId, note: NoteId) -> Note | None:
        """A note if this person wrote it as staff."""
        row = await self._session.scalar(
            select(NoteRow)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(NoteRow.id == note, VoiceRow.person_id == person)
        )
        return None if row is None else to_note(row)

    async def of_day(self, region: Region, day: date) -> Sequence[SpokenNote]:
        """Every note of a region's day, withdrawn ones too, ordered by random id."""
        rows = (
            select(*NoteRow.__table__.columns, VoiceRow.speaker, VoiceRow.name)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(NoteRow.region == region, NoteRow.day == day)
            .order_by(NoteRow.id)
        )
        spoken: list[SpokenNote] = []
        async for page in paged(self._session, rows):
            spoken += [SpokenNote(note=to_note(row), speaker=row.speaker, name=row.name) for row in page]
        return spoken

    async def numbers_of(self, region: Region, day: date) -> dict[NoteId, str | None]:
        """The citation numbers of a region's day: dealt ones, and None where none was dealt yet."""
        rows = select(NoteRow.id, NoteRow.number).where(NoteRow.region == region, NoteRow.day == day)
        return {row.id: row.number async for page in paged(self._session, rows) for row in page}

    async def count_of_day(self, region: Region, day: date) -> int:
        """All notes of a region's day, withdrawn ones too."""
        counted = select(func.count()).where(NoteRow.region == region, NoteRow.day == day)
        return await self._session.scalar(counted) or 0

    async def count_by_topic(self, tour: TourId) -> dict[str, int]:
        """How many notes chose each topic: those of the tour's meetings, and those of none."""
        meetings = select(MeetingRow.id).where(MeetingRow.tour_id == tour)
        rows = await self._session.execute(
            select(NoteRow.topic, func.count().label("notes"))
            .where(NoteRow.topic.is_not(None))
            .where(NoteRow.meeting_id.is_(None) | NoteRow.meeting_id.in_(meetings))
            .group_by(NoteRow.topic)
        )
        return {row.topic: row.notes for row in rows}

    async def withdrawn_ones(self) -> Sequence[NoteId]:
        """All notes that were taken back."""
        return list(await self._session.scalars(select(NoteRow.id).where(NoteRow.withdrawn.is_(True))))

    async def days_to_number(self, since: date) -> Sequence[tuple[Region, date]]:
        """The region-days from `since` on with notes that have no citation number yet."""
        rows = await self._session.execute(
            select(NoteRow.region, NoteRow.day)
            .where(NoteRow.day >= since, NoteRow.number.is_(None))
            .distinct()
            .order_by(NoteRow.day, NoteRow.region)
        )
        return [(row.region, row.day) for row in rows]

    async def days_between(self, first: date, last: date) -> set[tuple[Region, date]]:
        """The region-days from `first` to `last` that notes speak of, withdrawn ones too."""
        rows = await self._session.execute(
            select(NoteRow.region, NoteRow.day).where(NoteRow.day >= first, NoteRow.day <= last).distinct()
        )
        return {(row.region, row.day) for row in rows}

    async def deal(self, numbers: Mapping[NoteId, str]) -> None:
        """Gives notes their citation numbers, in few statements: the tour is held meanwhile."""
        rows = [{"id": note, "number": number} for note, number in numbers.items()]
        for start in range(0, len(rows), _AT_ONCE):
            await self._session.execute(update(NoteRow), rows[start : start + _AT_ONCE])
        for row in self._session.identity_map.values():
            if isinstance(row, NoteRow) and row.id in numbers:
                set_committed_value(row, "number", numbers[row.id])

    async def keep(self, note: Note) -> None:
        row = await self._session.get(NoteRow, note.id)
        if row is None:
            row = NoteRow(id=note.id, source=note.source)
            self._session.add(row)
            says_another = chose_another = False
        else:
            says_another = note.withdrawn or row.words != note.words
            chose_another = row.topic != note.topic
        row.voice_id, row.meeting_id, row.region, row.day = note.voice, note.meeting, note.region, note.day
        row.kind, row.rating, row.topic, row.words = note.kind, note.rating, note.topic, note.words
        row.number, row.withdrawn, row.secret = note.number, note.withdrawn, note.secret
        row.heard = note.heard
        await self._session.flush()
        if says_another:  # after the note: who keeps a reading holds it, and looks at its words
            await self._session.execute(delete(NoteReadingRow).where(NoteReadingRow.note_id == note.id))
        if says_another or chose_another:  # staff sorted other words, or its author goes before them
            await self._session.execute(delete(TriageRow).where(TriageRow.note_id == note.id))
        if note.withdrawn:  # what it said goes, in whatever form
            await self._session.execute(delete(MediumRow).where(MediumRow.note_id == note.id))

    async def add(self, notes: Sequence[Note]) -> None:
        """Keeps new notes in few statements: a file brings thousands."""
        rows = [
            {
                "id": note.id,
                "voice_id": note.voice,
                "meeting_id": note.meeting,
                "region": note.region,
                "day": note.day,
                "source": note.source,
                "kind": note.kind,
                "rating": note.rating,
                "topic": note.topic,
                "words": note.words,
                "number": note.number,
                "withdrawn": note.withdrawn,
                "secret": note.secret,
                "heard": note.heard,
            }
            for note in notes
        ]
        if rows:
            await self._session.execute(insert(NoteRow), rows)

    async def record_revision(
        self, ident: str, note: NoteId, words: str, kind: NoteKind, now: datetime
    ) -> None:
        """Keeps what a staff note said before a change."""
        self._session.add(NoteRevisionRow(id=ident, note_id=note, words=words, kind=kind, changed_at=now))
        await self._session.flush()

    async def forget_revisions(self, note: NoteId) -> None:
        await self._session.execute(delete(NoteRevisionRow).where(NoteRevisionRow.note_id == note))

    async def destroy_before(self, day: date) -> int:
        """Destroys the voices (with notes, consents, revisions) whose notes are all of days before `day`.

        Returns how many notes went.
        """
        old = select(NoteRow.voice_id).where(NoteRow.day < day)
        young = select(NoteRow.voice_id).where(NoteRow.day >= day)
        count = await self._session.scalar(
            select(func.count()).where(NoteRow.day < day, NoteRow.voice_id.not_in(young))
        )
        await self._session.execute(
            delete(VoiceRow)
            .where(VoiceRow.id.in_(old), VoiceRow.id.not_in(young))
            .execution_options(synchronize_session=False)
        )
        return count or 0


def to_note(row: NoteRow | Row[Any]) -> Note:
    """For repositories: of a row of the table, or of its columns."""
    return Note(
        id=row.id,
        voice=row.voice_id,
        meeting=row.meeting_id,
        region=row.region,
        day=row.day,
        source=row.source,
        kind=row.kind,
        rating=row.rating,
        topic=row.topic,
        words=row.words,
        number=row.number,
        withdrawn=row.withdrawn,
        secret=row.secret,
        heard=row.heard,
    )
