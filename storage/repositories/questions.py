"""Questions that wait for their answer: one a person, for minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import PersonId
from storage.models import QuestionRow
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked, in their own words."""

    id: str
    person: PersonId
    words: str
    asked_at: datetime


class Questions:
    """Keeps questions until somebody answers them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, question: Question) -> bool:
        """False when the person waits for an answer already: that question stands."""
        row = {
            "id": question.id,
            "person_id": question.person,
            "words": question.words,
            "asked_at": question.asked_at,
        }
        adding = insert_into(self._session, QuestionRow).values(row).on_conflict_do_nothing()
        return await self._session.scalar(adding.returning(QuestionRow.id)) is not None

    async def waiting(self, limit: int) -> Sequence[Question]:
        """Those that nobody answered, the oldest first."""
        rows = await self._session.scalars(
            select(QuestionRow).order_by(QuestionRow.asked_at, QuestionRow.id).limit(limit)
        )
        return [Question(row.id, row.person_id, row.words, row.asked_at) for row in rows]

    async def take(self, question: str) -> bool:
        """Ends a question; False when somebody else did: whoever takes it answers it."""
        gone = await self._session.scalar(
            delete(QuestionRow).where(QuestionRow.id == question).returning(QuestionRow.id)
        )
        return gone is not None

    async def drop_until(self, until: datetime) -> int:
        """Ends questions that were asked by then; how many."""
        gone = await self._session.scalars(
            delete(QuestionRow).where(QuestionRow.asked_at <= until).returning(QuestionRow.id)
        )
        return len(list(gone))
