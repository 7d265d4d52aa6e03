"""Voice and pictures by the notes that they belong to."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, select, update

from bot.domain.ids import NoteId, PersonId, Region
from bot.domain.media import MediaKind, MediaState, Medium
from storage.models import MediaJobRow, MediumRow, NoteRow, VoiceRow
from storage.repositories.media.rows import MEDIUM, Content, Part


class Kept(Part):
    """What is kept, and of whom."""

    async def of_note(self, note: NoteId) -> tuple[Medium, ...]:
        rows = await self._session.execute(MEDIUM.where(MediumRow.note_id == note).order_by(MediumRow.id))
        return tuple(Medium(*row) for row in rows)

    async def of_day(self, region: Region, day: date) -> dict[NoteId, list[Medium]]:
        """The media of a region's day by their note."""
        rows = await self._session.execute(
            MEDIUM.join(NoteRow, NoteRow.id == MediumRow.note_id)
            .where(NoteRow.region == region, NoteRow.day == day)
            .order_by(MediumRow.id)
        )
        found: dict[NoteId, list[Medium]] = {}
        for row in rows:
            found.setdefault(row.note_id, []).append(Medium(*row))
        return found

    async def content(self, medium: str) -> Content | None:
        row = (
            await self._session.execute(
                select(MediumRow.content, MediumRow.mime).where(MediumRow.id == medium)
            )
        ).one_or_none()
        if row is None or row.content is None or row.mime is None:
            return None
        return Content(row.content, row.mime)

    async def note_of_album(self, person: PersonId, album: str) -> NoteId | None:
        """The note under which a person's album was begun."""
        return await self._session.scalar(
            select(MediumRow.note_id)
            .join(NoteRow, NoteRow.id == MediumRow.note_id)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(MediumRow.album == album, VoiceRow.person_id == person)
            .limit(1)
        )

    async def count_of_staff(self, person: PersonId) -> int:
        """How many voices and pictures of a person's own notes are kept."""
        return (
            await self._session.scalar(
                select(func.count(MediumRow.id))
                .join(NoteRow, NoteRow.id == MediumRow.note_id)
                .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
                .where(VoiceRow.person_id == person, MediumRow.content.is_not(None))
            )
            or 0
        )

    async def silence(self, person: PersonId) -> set[tuple[Region, date]]:
        """Destroys the recordings of a person's voice: they would tell who spoke. Words that were taken from them stay.

        The region-days of recordings that had given no words yet: their notes say less from now on.
        """
        own = (
            select(MediumRow.id)
            .join(NoteRow, NoteRow.id == MediumRow.note_id)
            .join(VoiceRow, VoiceRow.id == NoteRow.voice_id)
            .where(VoiceRow.person_id == person, MediumRow.kind == MediaKind.VOICE)
        )
        unheard = MediumRow.state.not_in([MediaState.TRANSCRIBED, MediaState.SILENT])
        poorer = await self._session.execute(
            select(NoteRow.region, NoteRow.day)
            .join(MediumRow, MediumRow.note_id == NoteRow.id)
            .where(MediumRow.id.in_(own), unheard, MediumRow.state != MediaState.LOST)
            .distinct()
        )
        days = {(row.region, row.day) for row in poorer}
        for which, values in (
            (unheard, {"state": MediaState.LOST, "content": None}),
            (MediumRow.state != MediaState.LOST, {"content": None}),
        ):
            await self._session.execute(
                update(MediumRow)
                .where(MediumRow.id.in_(own), which)
                .values(values)
                .execution_options(synchronize_session=False)
            )
        await self._session.execute(
            delete(MediaJobRow)
            .where(MediaJobRow.medium_id.in_(own))
            .execution_options(synchronize_session=False)
        )
        return days

    async def owner_of(self, medium: str) -> NoteId | None:
        return await self._session.scalar(select(MediumRow.note_id).where(MediumRow.id == medium))

    async def orphans(self, limit: int) -> Sequence[Medium]:
        """Media that nobody works at any more although they are not at the end of their way."""
        rows = await self._session.execute(
            MEDIUM.outerjoin(MediaJobRow, MediaJobRow.medium_id == MediumRow.id)
            .where(
                MediumRow.state.in_([MediaState.AWAITED, MediaState.FETCHED]), MediaJobRow.medium_id.is_(None)
            )
            .limit(limit)
        )
        return [Medium(*row) for row in rows]
