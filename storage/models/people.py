"""People with a grant, invitations, and participants who asked to be told before a meeting."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import ChatId, MeetingId, PersonId, Region, SecretHash
from bot.domain.invitation import InvitationState
from bot.domain.person import Role
from storage.models.base import ID, NAME, Base
from storage.types import choice

EVERYWHERE = Region("")
"""How "all regions" is stored: NULLs would escape the unique constraint."""


class PersonRow(Base):
    __tablename__ = "people"

    id: Mapped[PersonId] = mapped_column(primary_key=True)
    chat_id: Mapped[ChatId] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(NAME)
    language: Mapped[str]
    wants_reminders: Mapped[bool]
    reachable: Mapped[bool]
    paused: Mapped[bool] = mapped_column(server_default=false())


class GrantRow(Base):
    __tablename__ = "grants"
    __table_args__ = (CheckConstraint("role <> 'participant'", name="participants_hold_none"),)

    person_id: Mapped[PersonId] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"), primary_key=True)
    region: Mapped[Region] = mapped_column(primary_key=True)


class InvitationRow(Base):
    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (claimed_chat IS NULL)", name="claimed_by_somebody"),
        CheckConstraint("role <> 'participant'", name="participants_need_none"),
    )

    token: Mapped[SecretHash] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(ID, unique=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    region: Mapped[Region]
    inviter_id: Mapped[PersonId | None] = mapped_column(ID, ForeignKey("people.id", ondelete="CASCADE"))
    expires: Mapped[datetime]
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState, "state"))
    claimed_chat: Mapped[ChatId | None]
    claimed_name: Mapped[str | None] = mapped_column(NAME)
    claimed_language: Mapped[str | None]


class MenuRow(Base):
    """The command menu that a chat was given last, by the hash of its content."""

    __tablename__ = "menus"

    chat_id: Mapped[ChatId] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[SecretHash]


class SubscriptionRow(Base):
    """A participant's wish to be told before a meeting. Knows a chat, but no voice and no note."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("meeting_id", "chat_id"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    meeting_id: Mapped[MeetingId] = mapped_column(ForeignKey("meetings.id"))
    chat_id: Mapped[ChatId]
    language: Mapped[str]
