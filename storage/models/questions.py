"""Questions that somebody asked of the notes and that nobody answered yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.ids import PersonId
from storage.models.base import ID, Base


class QuestionRow(Base):
    """One question a person, in their own words: gone as soon as it is answered, and after minutes in any case."""

    __tablename__ = "questions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
