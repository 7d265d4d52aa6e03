"""What comes in and goes out: the inbox, dialogues under way, deliveries."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.ids import ChatId, DeliveryId, PersonId
from storage.models.base import ID, Base
from storage.types import choice

COUNTER = BigInteger().with_variant(Integer, "sqlite")
"""An automatic number on both databases (SQLite numbers only INTEGER keys)."""


class InboxState(StrEnum):
    WAITING = "waiting"
    SETTLED = "settled"
    PARKED = "parked"


class SeenUpdateRow(Base):
    """An update id that came once; its day only, so that the set can be pruned."""

    __tablename__ = "seen_updates"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(index=True)


class InboxRow(Base):
    """A raw update until minutes after it was settled. `seq` keeps a chat's order."""

    __tablename__ = "inbox"
    __table_args__ = (Index(None, "state", "chat_id", "seq"),)

    seq: Mapped[int] = mapped_column(COUNTER, primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    chat_id: Mapped[ChatId]
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[InboxState] = mapped_column(choice(InboxState, "state"))
    received_at: Mapped[datetime] = mapped_column(index=True)
    next_try_at: Mapped[datetime]
    attempts: Mapped[int]
    failure: Mapped[str | None] = mapped_column(String(120))


class DialogueRow(Base):
    """Where a chat stands in a dialogue. Destroyed fifteen minutes after the last step."""

    __tablename__ = "dialogues"

    chat_id: Mapped[ChatId] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(String(40))
    state: Mapped[dict[str, Any]]
    private: Mapped[bool]
    last_step_at: Mapped[datetime] = mapped_column(index=True)


KEY = String(200).with_variant(String(200, collation="C"), "postgresql")
"""A key that is looked up by its beginning: in the order of its bytes, whatever language the database speaks."""
_OPEN = "(state IN ('planned', 'sending') OR (state = 'unknown' AND due_at IS NOT NULL))"
"""What may still be sent; SQL, because migrations hold it."""
_WAITING = text("due_at IS NOT NULL")
_SHOWS_ONE = text("shows IS NOT NULL")


class DeliveryRow(Base):
    """One outgoing message. `due_at` is there exactly while it waits to be sent, `draft` until its end is known.
    `shows`: the stored digest that it shows, which may have to be edited out of it when it was sent.

    What a message said is nobody's business once it has ended: it may name people who have long been forgotten.
    A destroyed private one keeps its state and nothing else.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(
            f"NOT {_OPEN} OR (chat_id IS NOT NULL AND draft IS NOT NULL AND planned_at IS NOT NULL)",
            name="open_ones_are_whole",
        ),
        CheckConstraint(f"{_OPEN} OR draft IS NULL", name="ended_ones_say_nothing"),
        CheckConstraint("state <> 'planned' OR due_at IS NOT NULL", name="planned_ones_fall_due"),
        CheckConstraint(
            "due_at IS NULL OR state IN ('planned', 'unknown')", name="only_waiting_ones_fall_due"
        ),
        Index(
            "ix_deliveries_line",
            "priority",
            "seq",
            "due_at",
            "chat_id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_deliveries_next",
            "priority",
            "due_at",
            "chat_id",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(None, "state", "seq"),
        Index(None, "chat_id", "state"),
        Index(None, "private", "planned_at"),
        Index(None, "shows", sqlite_where=_SHOWS_ONE, postgresql_where=_SHOWS_ONE),
    )

    seq: Mapped[int] = mapped_column(COUNTER, primary_key=True)
    id: Mapped[DeliveryId] = mapped_column(unique=True)
    dedup: Mapped[str] = mapped_column(KEY, unique=True)
    kind: Mapped[DeliveryKind] = mapped_column(choice(DeliveryKind, "kind"))
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, "state"))
    priority: Mapped[int]
    chat_id: Mapped[ChatId | None]
    person_id: Mapped[PersonId | None] = mapped_column(ID)
    language: Mapped[str]
    message_key: Mapped[str | None] = mapped_column(String(80))
    draft: Mapped[dict[str, Any] | None]
    private: Mapped[bool]
    edits: Mapped[int | None] = mapped_column(BigInteger)
    shows: Mapped[str | None] = mapped_column(ID)
    planned_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    attempted_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int]
    resend: Mapped[bool]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    failure: Mapped[str | None] = mapped_column(String(120))
