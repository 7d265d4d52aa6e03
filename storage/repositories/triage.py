"""Where staff sorted notes, and who of them did. Repositories of notes destroy it when it is not of what stands any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.feedback import Note
from bot.domain.ids import NoteId, PersonId, Region
from storage.models import NoteRow, TriageRow
from storage.repositories.notes import to_note
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Sorted:
    """A topic's key, and who of staff chose it; None: they left."""

    topic: str
    by: PersonId | None


class Triage:
    """By note. No answer tells when something was sorted, or in which order."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def held(self, note: NoteId) -> Note | None:
        """A note that stays as it is until the transaction ends: its author's change waits, or has been waited for."""
        row = await self._session.scalar(
            select(NoteRow)
            .where(NoteRow.id == note)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return None if row is None else to_note(row)

    async def of_day(self, region: Region, day: date) -> dict[NoteId, Sorted]:
        """What was sorted of a region's day."""
        rows = await self._session.execute(
            select(TriageRow.note_id, TriageRow.topic, TriageRow.person_id)
            .join(NoteRow, NoteRow.id == TriageRow.note_id)
            .where(NoteRow.region == region, NoteRow.day == day)
        )
        return {row.note_id: Sorted(row.topic, row.person_id) for row in rows}

    async def sort(self, note: NoteId, topic: str, by: PersonId) -> bool:
        """Sorts a note that nobody sorted; False when somebody was faster."""
        new = insert_into(self._session, TriageRow).values(note_id=note, topic=topic, person_id=by)
        added = await self._session.scalars(new.on_conflict_do_nothing().returning(TriageRow.note_id))
        return added.one_or_none() is not None

    async def undo(self, notes: Collection[NoteId], by: PersonId) -> int:
        """Takes back what this person sorted of these; how many."""
        gone = await self._session.scalars(
            delete(TriageRow)
            .where(TriageRow.note_id.in_(notes), TriageRow.person_id == by)
            .returning(TriageRow.note_id)
            .execution_options(synchronize_session=False)
        )
        return len(list(gone))

    async def destroy(self, notes: Collection[NoteId]) -> None:
        """Of these notes, whoever sorted them."""
        await self._session.execute(
            delete(TriageRow).where(TriageRow.note_id.in_(notes)).execution_options(synchronize_session=False)
        )
