"""Files that people sent to be brought in, until they are applied, dropped or an hour old."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import ChatId, PersonId
from bot.domain.incoming import IncomingState
from bot.domain.reading import TableKind
from storage.models.base import ID, NAME, Base
from storage.types import choice

_OPEN = "state IN ('received', 'fetched', 'previewed', 'confirmed')"
"""SQL, because migrations hold it."""


class IncomingFileRow(Base):
    """`content` are the bytes, `report` the whole preview where it is too long for a message.

    `swept`: the purge knows that its bytes went, and writes the file of the database anew. What has ended keeps who and when for a day, so that a late press of its buttons is answered, and nothing else.
    """

    __tablename__ = "incoming_files"
    __table_args__ = (
        CheckConstraint(
            f"{_OPEN} OR (file_id IS NULL AND name IS NULL AND content IS NULL AND report IS NULL)",
            name="ended_ones_hold_nothing",
        ),
        CheckConstraint("state <> 'received' OR file_id IS NOT NULL", name="received_ones_can_be_fetched"),
        CheckConstraint(
            "state NOT IN ('fetched', 'previewed', 'confirmed') OR content IS NOT NULL",
            name="fetched_ones_are_here",
        ),
        CheckConstraint(
            "state NOT IN ('previewed', 'confirmed') OR (kind IS NOT NULL AND preview IS NOT NULL)",
            name="shown_ones_are_known",
        ),
        Index(None, "state", "next_try_at"),
        Index(None, "person_id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(ID, ForeignKey("people.id", ondelete="CASCADE"))
    chat_id: Mapped[ChatId]
    file_id: Mapped[str | None] = mapped_column(String(250))
    name: Mapped[str | None] = mapped_column(NAME)
    size: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[IncomingState] = mapped_column(choice(IncomingState, "state"))
    kind: Mapped[TableKind | None] = mapped_column(choice(TableKind, "kind"))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[str | None] = mapped_column(Text, deferred=True)
    preview: Mapped[str | None] = mapped_column(String(64))
    card: Mapped[int | None] = mapped_column(BigInteger)
    cancels: Mapped[bool]
    swept: Mapped[bool]
    attempts: Mapped[int]
    step: Mapped[int]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
