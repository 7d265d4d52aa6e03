"""Participants who asked to be told before a meeting. Destroyed once it is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId, MeetingId
from storage.models import MeetingRow, SubscriptionRow


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat that wants to hear of a meeting before it starts, and of changes to it."""

    id: str
    meeting: MeetingId
    chat: ChatId
    language: str


class Subscriptions:
    """Subscriptions of meetings."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, subscription: Subscription) -> None:
        """Subscribing twice is once."""
        known = await self._session.scalar(
            select(SubscriptionRow).where(
                SubscriptionRow.meeting_id == subscription.meeting,
                SubscriptionRow.chat_id == subscription.chat,
            )
        )
        if known is None:
            self._session.add(
                SubscriptionRow(
                    id=subscription.id,
                    meeting_id=subscription.meeting,
                    chat_id=subscription.chat,
                    language=subscription.language,
                )
            )
            await self._session.flush()

    async def of_meetings(self, meetings: Collection[MeetingId]) -> Sequence[Subscription]:
        rows = await self._session.scalars(
            select(SubscriptionRow)
            .where(SubscriptionRow.meeting_id.in_(list(meetings)))
            .order_by(SubscriptionRow.id)
        )
        return [
            Subscription(id=row.id, meeting=row.meeting_id, chat=row.chat_id, language=row.language)
            for row in rows
        ]

    async def speak(self, chat: ChatId, language: str) -> None:
        """What the chat is told in of all meetings it asked about."""
        await self._session.execute(
            update(SubscriptionRow).where(SubscriptionRow.chat_id == chat).values(language=language)
        )

    async def count_of(self, chat: ChatId) -> int:
        return await self._session.scalar(select(func.count()).where(SubscriptionRow.chat_id == chat)) or 0

    async def drop(self, chat: ChatId) -> int:
        """Ends all subscriptions of a chat; how many there were."""
        gone = await self._session.scalars(
            delete(SubscriptionRow).where(SubscriptionRow.chat_id == chat).returning(SubscriptionRow.id)
        )
        return len(list(gone))

    async def destroy_past(self, now: datetime) -> int:
        """Destroys those whose meeting is over or was called off; how many."""
        over = select(MeetingRow.id).where((MeetingRow.ends <= now) | MeetingRow.cancelled)
        gone = await self._session.scalars(
            delete(SubscriptionRow)
            .where(SubscriptionRow.meeting_id.in_(over))
            .returning(SubscriptionRow.id)
            .execution_options(synchronize_session=False)
        )
        return len(list(gone))
