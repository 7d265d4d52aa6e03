"""Voice and pictures of notes, and what is still to be done for them.

`media` goes with its note and tells no order and no time, like the table of notes. `media_jobs` holds what ties a medium to
a chat, and times: a participant's row loses both with their dialogue, and goes when the work is done.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import ChatId, NoteId, Secret
from bot.domain.media import MediaKind, MediaState
from storage.models.base import ID, Base
from storage.types import choice


class MediumRow(Base):
    """`content` is a picture without what cameras write into it, or a voice; `album` is there for staff's only."""

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('awaited', 'lost') OR content IS NULL", name="absent_ones_hold_nothing"
        ),
        CheckConstraint(
            "state NOT IN ('fetched', 'kept') OR content IS NOT NULL", name="present_ones_hold_something"
        ),
        CheckConstraint(
            "kind = 'voice' OR state IN ('awaited', 'kept', 'lost')", name="pictures_say_nothing"
        ),
        Index(None, "note_id"),
        Index(None, "state"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    note_id: Mapped[NoteId] = mapped_column(ID, ForeignKey("notes.id", ondelete="CASCADE"))
    kind: Mapped[MediaKind] = mapped_column(choice(MediaKind, "kind"))
    state: Mapped[MediaState] = mapped_column(choice(MediaState, "state"))
    mime: Mapped[str | None] = mapped_column(String(40))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    album: Mapped[str | None] = mapped_column(ID)


class MediaJobRow(Base):
    __tablename__ = "media_jobs"
    __table_args__ = ({"sqlite_with_rowid": False},)

    medium_id: Mapped[str] = mapped_column(ID, ForeignKey("media.id", ondelete="CASCADE"), primary_key=True)
    file_id: Mapped[str | None] = mapped_column(String(250))
    chat_id: Mapped[ChatId | None] = mapped_column(index=True)
    language: Mapped[str]
    secret: Mapped[Secret | None] = mapped_column(String(64))
    private: Mapped[bool]
    words_were: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int]
    asked_at: Mapped[datetime]
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    gives_up_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
