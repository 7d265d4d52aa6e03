"""Notes and the voices behind them. These tables tell no order and no time: no rowid, no timestamps."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.feedback import NoteKind, Purpose, Source, Speaker
from bot.domain.ids import MeetingId, NoteId, PersonId, Region, SecretHash, VoiceId
from storage.models.base import ID, NAME, Base
from storage.types import choice


class VoiceRow(Base):
    """One person in one meeting. `person_id` is set for staff only, who write under their own name."""

    __tablename__ = "voices"
    __table_args__ = (
        UniqueConstraint("person_id", "meeting_id"),
        CheckConstraint("person_id IS NULL OR speaker = 'staff'", name="only_staff_are_known"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[VoiceId] = mapped_column(primary_key=True)
    meeting_id: Mapped[MeetingId | None] = mapped_column(ID, ForeignKey("meetings.id"))
    speaker: Mapped[Speaker] = mapped_column(choice(Speaker, "speaker"))
    name: Mapped[str | None] = mapped_column(NAME)
    person_id: Mapped[PersonId | None] = mapped_column(ID, ForeignKey("people.id", ondelete="SET NULL"))


class NoteRow(Base):
    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint(
            "NOT withdrawn OR (words = '' AND rating IS NULL AND topic IS NULL)",
            name="withdrawn_says_nothing",
        ),
        CheckConstraint("kind <> 'promise' OR source NOT IN ('chat', 'page')", name="promises_from_staff"),
        UniqueConstraint("region", "day", "number"),
        Index(None, "voice_id"),
        Index(None, "day", "region"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[NoteId] = mapped_column(primary_key=True)
    voice_id: Mapped[VoiceId] = mapped_column(ForeignKey("voices.id", ondelete="CASCADE"))
    meeting_id: Mapped[MeetingId | None] = mapped_column(ID, ForeignKey("meetings.id"))
    region: Mapped[Region]
    day: Mapped[date]
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind, "kind"))
    rating: Mapped[int | None]
    topic: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(String(80))
    withdrawn: Mapped[bool]
    secret: Mapped[SecretHash | None] = mapped_column(String(64), unique=True)
    heard: Mapped[bool] = mapped_column(server_default=false())


class NoteRevisionRow(Base):
    """What a staff note said before it was changed. Participants' notes keep no revisions (anonymity)."""

    __tablename__ = "note_revisions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    note_id: Mapped[NoteId] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[NoteKind] = mapped_column(choice(NoteKind, "kind"))
    changed_at: Mapped[datetime]


class ConsentRow(Base):
    """Which purpose was agreed to, in which version of the text, on which day. Who agreed anew has a row for each."""

    __tablename__ = "consents"
    __table_args__ = ({"sqlite_with_rowid": False},)

    voice_id: Mapped[VoiceId] = mapped_column(ForeignKey("voices.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    day: Mapped[date]
