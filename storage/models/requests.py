"""What people asked about their own data, until thirty days after the answer."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import ChatId
from bot.domain.request import Door, RequestKind, RequestState
from storage.models.base import ID, Base
from storage.types import choice

_OPEN = text("state = 'open'")


class RequestRow(Base):
    """Knows a chat and no voice and no note. Days, no times; no rowid, so that it tells no order either."""

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint("(door = 'chat') = (chat_id IS NOT NULL)", name="chat_ones_lead_back"),
        CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="ended_ones_have_a_day"),
        CheckConstraint(
            "state <> 'withdrawn' OR (words IS NULL AND answer IS NULL)", name="withdrawn_ones_say_nothing"
        ),
        CheckConstraint(
            "received_on <= counted_from AND counted_from < due_on", name="days_follow_each_other"
        ),
        Index("uq_requests_open", "chat_id", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "state", "due_on"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    number: Mapped[str] = mapped_column(String(7), unique=True)
    kind: Mapped[RequestKind] = mapped_column(choice(RequestKind, "kind"))
    door: Mapped[Door] = mapped_column(choice(Door, "door"))
    state: Mapped[RequestState] = mapped_column(choice(RequestState, "state"))
    chat_id: Mapped[ChatId | None]
    language: Mapped[str]
    words: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[date]
    counted_from: Mapped[date]
    due_on: Mapped[date]
    told_on: Mapped[date]
    closed_on: Mapped[date | None]
