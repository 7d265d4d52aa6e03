"""Digests that wait for an approval, and who gives it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.approval import Office
from bot.domain.ids import PersonId, Region
from storage.models.base import ID, Base
from storage.types import choice


class ApprovalRow(Base):
    """A draft that an editor was shown. Gone when the digest is sent.

    `turn` counts its changes, `round` how often it was shown anew; `shown` is the fingerprint of what was shown.
    `editing` holds hashes of sentences with the numbers of their notes, and loses those of a note that changes.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("turn >= 1 AND round >= 1", name="counted_from_one"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_at_a_time"),
    )

    digest_id: Mapped[str] = mapped_column(ID, ForeignKey("digests.id", ondelete="CASCADE"), primary_key=True)
    turn: Mapped[int]
    round: Mapped[int]
    office: Mapped[Office] = mapped_column(choice(Office, "office"))
    due: Mapped[datetime]
    shown: Mapped[str] = mapped_column(String(64))
    editor_id: Mapped[PersonId | None] = mapped_column(ID, ForeignKey("people.id", ondelete="SET NULL"))
    deputy_id: Mapped[PersonId | None] = mapped_column(ID, ForeignKey("people.id", ondelete="SET NULL"))
    approved_by: Mapped[Office | None] = mapped_column(choice(Office, "approved_by"))
    approved_at: Mapped[datetime | None]
    editing: Mapped[dict[str, Any]]


class ApproverRow(Base):
    """Whom an administrator named for a region."""

    __tablename__ = "approvers"

    region: Mapped[Region] = mapped_column(primary_key=True)
    office: Mapped[Office] = mapped_column(choice(Office, "office"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(ID, ForeignKey("people.id", ondelete="CASCADE"))
