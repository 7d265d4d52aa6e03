"""Digests, what was done by whom, and small facts about the running service."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import PersonId, Region, TourId
from storage.models.base import ID, Base
from storage.models.traffic import COUNTER


class DigestRow(Base):
    """One revision of a region's day. `published_at` is when it went to managers."""

    __tablename__ = "digests"
    __table_args__ = (
        UniqueConstraint("tour_id", "region", "day", "revision"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    tour_id: Mapped[TourId] = mapped_column(ForeignKey("tours.id"))
    region: Mapped[Region]
    day: Mapped[date]
    revision: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    published_at: Mapped[datetime | None]


class RevisionCallRow(Base):
    """A published digest whose notes have changed: when its next revision is due (a half hour, never a note's time)."""

    __tablename__ = "revision_calls"

    tour_id: Mapped[TourId] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    region: Mapped[Region] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    due: Mapped[datetime]


class DigestWishRow(Base):
    """Somebody asked with /digest for a day too large to be made while they wait: it is sent when it is made."""

    __tablename__ = "digest_wishes"

    person_id: Mapped[PersonId] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    tour_id: Mapped[TourId] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    region: Mapped[Region] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]


class AuditRow(Base):
    """Who did what to what, whose, when and why: a line of the chain (bot.domain.access_log). No note text, no names."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(COUNTER, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[PersonId | None] = mapped_column(ID)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]]
    whose: Mapped[str] = mapped_column(String(120), server_default="")
    why: Mapped[str] = mapped_column(String(40), server_default="")
    previous: Mapped[str] = mapped_column(String(64), server_default="")
    seal: Mapped[str] = mapped_column(String(64), server_default="")


class AuditChainRow(Base):
    """The one row that says where the chain ends, and where the lines end that were destroyed in their time."""

    __tablename__ = "audit_chain"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cut: Mapped[int] = mapped_column(BigInteger)
    cut_seal: Mapped[str] = mapped_column(String(64))
    last: Mapped[int] = mapped_column(BigInteger)
    last_seal: Mapped[str] = mapped_column(String(64))


class FactRow(Base):
    """A fact about the service that outlives the process: the polling offset, a secret made at first start."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
