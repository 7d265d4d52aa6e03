"""Where staff sorted notes. As of notes, no order and no time: no rowid, no timestamps."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import NoteId, PersonId
from storage.models.base import ID, Base


class TriageRow(Base):
    """A note's topic as a staff member gave it: gone with the note, with its words and with its author's own choice.

    `person_id` is who sorted it, never who wrote it; None: they left.
    """

    __tablename__ = "triage"
    __table_args__ = ({"sqlite_with_rowid": False},)

    note_id: Mapped[NoteId] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[PersonId | None] = mapped_column(ID, ForeignKey("people.id", ondelete="SET NULL"))
