"""What the language model took. Counts only: nothing that was asked or answered is kept."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base


class AiUsageRow(Base):
    """Tokens of one day (the people's time zone). `reserved`: of calls under way, or lost with their process.

    `estimated` is the part of `used` that an endpoint did not tell.
    """

    __tablename__ = "ai_usage"
    __table_args__ = (
        CheckConstraint("used >= 0 AND reserved >= 0 AND estimated >= 0 AND calls >= 0", name="no_debts"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]
    reserved: Mapped[int]
    estimated: Mapped[int]
    calls: Mapped[int]
