"""Voices and what they agreed to."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.feedback import Consent, Purpose, Voice
from bot.domain.ids import MeetingId, PersonId, VoiceId
from storage.models import ConsentRow, NoteReadingRow, NoteRow, VoiceRow


class Voices:
    """Voices by their own id; staff voices by person and meeting as well."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, voice: VoiceId) -> Voice | None:
        row = await self._session.get(VoiceRow, voice)
        return None if row is None else _to_voice(row)

    async def nameless(self) -> Sequence[VoiceId]:
        """All voices that leave no name: they never did, or destroyed it."""
        return list(await self._session.scalars(select(VoiceRow.id).where(VoiceRow.name.is_(None))))

    async def named(self, among: Collection[VoiceId]) -> Sequence[Voice]:
        """Those of `among` that leave a name."""
        rows = await self._session.scalars(
            select(VoiceRow).where(VoiceRow.name.is_not(None)).order_by(VoiceRow.id)
        )
        return [_to_voice(row) for row in rows if row.id in among]

    async def hold(self, voice: VoiceId) -> None:
        """Until the transaction ends, whoever holds this voice too waits: its notes are judged together."""
        await self._session.execute(select(VoiceRow.id).where(VoiceRow.id == voice).with_for_update())

    async def of_staff(self, person: PersonId, meeting: MeetingId) -> Voice | None:
        row = await self._session.scalar(
            select(VoiceRow).where(VoiceRow.person_id == person, VoiceRow.meeting_id == meeting)
        )
        return None if row is None else _to_voice(row)

    async def keep(self, voice: Voice, *, person: PersonId | None = None) -> None:
        """`person` is for staff only: a participant's voice is tied to nobody."""
        row = await self._session.get(VoiceRow, voice.id)
        if row is None:
            row = VoiceRow(id=voice.id, person_id=person)
            self._session.add(row)
            renamed = False
        else:
            renamed = row.name != voice.name
        row.meeting_id, row.speaker, row.name = voice.meeting, voice.speaker, voice.name
        await self._session.flush()
        if renamed:  # its notes were read with another name taken out
            of_voice = select(NoteRow.id).where(NoteRow.voice_id == voice.id)
            await self._session.execute(delete(NoteReadingRow).where(NoteReadingRow.note_id.in_(of_voice)))

    async def add(self, voices: Sequence[Voice]) -> None:
        """Keeps new voices, tied to nobody, in few statements: a file brings thousands."""
        rows = [
            {"id": voice.id, "meeting_id": voice.meeting, "speaker": voice.speaker, "name": voice.name}
            for voice in voices
        ]
        if rows:
            await self._session.execute(insert(VoiceRow), rows)

    async def remove_if_silent(self, voice: VoiceId) -> None:
        """Destroys a voice that has no note any more: nothing would ever date it."""
        await self._session.execute(
            delete(VoiceRow)
            .where(VoiceRow.id == voice, VoiceRow.id.not_in(select(NoteRow.voice_id)))
            .execution_options(synchronize_session=False)
        )

    async def agree(self, consent: Consent) -> None:
        """Keeps an agreement beside those to earlier versions, with the day of the first time."""
        key = (consent.voice, consent.purpose, consent.version)
        if await self._session.get(ConsentRow, key) is None:
            self._session.add(
                ConsentRow(
                    voice_id=consent.voice, purpose=consent.purpose, version=consent.version, day=consent.day
                )
            )
            await self._session.flush()

    async def agreements(self, voice: VoiceId) -> dict[Purpose, tuple[str, date]]:
        """The newest version of each purpose that was agreed to, and when."""
        return {one.purpose: (one.version, one.day) for one in await self.all_agreements(voice)}

    async def all_agreements(self, voice: VoiceId) -> Sequence[Consent]:
        """Every version that was agreed to, by purpose, the newest last."""
        rows = list(await self._session.scalars(select(ConsentRow).where(ConsentRow.voice_id == voice)))
        rows.sort(key=lambda row: (row.purpose, int(row.version)))
        return [Consent(row.voice_id, row.purpose, row.version, row.day) for row in rows]


def _to_voice(row: VoiceRow) -> Voice:
    return Voice(id=row.id, meeting=row.meeting_id, speaker=row.speaker, name=row.name)
