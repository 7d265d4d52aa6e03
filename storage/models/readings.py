"""What was read in notes. As of notes, no order and no time: no rowid, no timestamps."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import NoteId
from storage.models.base import Base


class NoteReadingRow(Base):
    """Words and vectors of a note as it stands now: gone with the note, and with the words that it was made of."""

    __tablename__ = "note_readings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    note_id: Mapped[NoteId] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[str] = mapped_column(String(80))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class NoteTermsRow(Base):
    """The words by which a note is found: each once, between spaces. Gone with the reading that they are of."""

    __tablename__ = "note_terms"
    __table_args__ = ({"sqlite_with_rowid": False},)

    note_id: Mapped[NoteId] = mapped_column(
        ForeignKey("note_readings.note_id", ondelete="CASCADE"), primary_key=True
    )
    terms: Mapped[str] = mapped_column(Text)
