"""Deliveries that are taken back, follow their chat, or are destroyed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, not_, null, or_, select, update

from bot.domain.delivery import Delivery, DeliveryKind, DeliveryState, Draft
from bot.domain.ids import ChatId, DeliveryId, PersonId, new_id
from storage.drafts import draft_to_json
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import (
    AFTER_ALL,
    HAS_WORDS,
    OPEN,
    RESEND_WAITS,
    WAITS,
    Part,
    to_delivery,
)

_ABOUT_MEETINGS = (DeliveryKind.REMINDER, DeliveryKind.CHANGE)
_MAY_GO = or_(DeliveryRow.kind.not_in(_ABOUT_MEETINGS), not_(HAS_WORDS))
"""A reply is nothing to anybody after fifteen minutes; a reminder that could not leave yet still is."""


class Undone(Part):
    """What is not to be, or not to be kept."""

    async def withdraw_unsent(self, key_prefixes: Collection[str], now: datetime) -> int:
        """Takes back deliveries whose key starts so and of which nothing has left. How many there were.

        Those that may have arrived before keep their key and end `expired`: what they say is not true any more.
        """
        count = 0
        for prefix in key_prefixes:
            # A range, not LIKE: it is read from the index of keys. No condition on the state, which has an index too.
            fitting = and_(DeliveryRow.dedup >= prefix, DeliveryRow.dedup < prefix + AFTER_ALL, HAS_WORDS)
            gone = await self._session.scalars(
                delete(DeliveryRow).where(fitting, DeliveryRow.attempts == 0).returning(DeliveryRow.seq)
            )
            count += len(list(gone))
            await self._session.execute(
                update(DeliveryRow)
                .where(fitting, DeliveryRow.state != DeliveryState.SENDING)
                .values(state=DeliveryState.EXPIRED, settled_at=now, due_at=None, draft=null())
                .execution_options(synchronize_session=False)
            )
        return count

    async def withdraw_of(self, person: PersonId) -> int:
        """Takes back everything planned for a person. How many there were.

        Resends are among them: the first attempt may have arrived, a second will not follow.
        """
        waits = or_(DeliveryRow.state == DeliveryState.PLANNED, RESEND_WAITS)
        gone = await self._session.scalars(
            delete(DeliveryRow).where(waits, DeliveryRow.person_id == person).returning(DeliveryRow.seq)
        )
        return len(list(gone))

    async def waiting_of(self, person: PersonId) -> Sequence[Delivery]:
        """What waits to be sent to a person, for the first time or, of unknown fate, once more."""
        rows = await self._session.scalars(
            select(DeliveryRow).where(WAITS, DeliveryRow.person_id == person).order_by(DeliveryRow.seq)
        )
        return [to_delivery(row) for row in rows]

    async def say_instead(self, delivery: DeliveryId, draft: Draft) -> None:
        """What waits says this, under the same key and at its place in the line. What is being sent is left alone."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery, WAITS)
            .values(draft=draft_to_json(draft))
            .execution_options(synchronize_session=False)
        )

    async def moved_chat(self, old: ChatId, new: ChatId) -> None:
        """What is still to be sent to a chat goes to the one it became."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.chat_id == old, or_(DeliveryRow.state.in_(OPEN), RESEND_WAITS))
            .values(chat_id=new)
            .execution_options(synchronize_session=False)
        )

    async def make_private(self, chat: ChatId) -> None:
        """Hands all deliveries of a chat to the purge: their person asked to be forgotten."""
        await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.chat_id == chat)
            .values(private=True)
            .execution_options(synchronize_session=False)
        )

    async def forget_destroyed(self) -> int:
        """Removes what is left of destroyed private deliveries: rows without chat, payload and times."""
        gone = await self._session.scalars(
            delete(DeliveryRow)
            .where(DeliveryRow.chat_id.is_(None), DeliveryRow.private.is_(True))
            .returning(DeliveryRow.seq)
        )
        return len(list(gone))

    async def destroy_private(self, chats: Collection[ChatId], before: datetime) -> int:
        """Destroys payload, chat, key, language and times of participants' deliveries planned up to `before`.

        Unsent replies end `expired`. What is said about a meeting waits until it is pointless by itself, and keeps its
        key (meeting and subscription, no chat), so that a meeting that moves again reminds nobody twice.
        """
        rows = await self._session.scalars(
            select(DeliveryRow).where(
                DeliveryRow.private.is_(True),
                DeliveryRow.chat_id.in_(list(chats)),
                DeliveryRow.planned_at <= before,
                _MAY_GO,
            )
        )
        count = 0
        for row in rows:
            if row.state in OPEN or (row.state is DeliveryState.UNKNOWN and row.due_at is not None):
                row.state = DeliveryState.EXPIRED
            if row.kind not in _ABOUT_MEETINGS:
                row.dedup = f"gone:{new_id()}"
            row.chat_id = row.person_id = row.message_key = row.draft = row.message_id = row.edits = None
            row.shows = None
            row.planned_at = row.due_at = row.expires_at = row.attempted_at = row.settled_at = None
            row.language, row.failure = "", None
            count += 1
        await self._session.flush()
        return count

    async def private_chats(self, before: datetime, limit: int) -> Sequence[ChatId]:
        """Chats that still have private deliveries planned up to `before`."""
        rows = await self._session.scalars(
            select(DeliveryRow.chat_id)
            .where(
                DeliveryRow.private.is_(True),
                DeliveryRow.chat_id.is_not(None),
                DeliveryRow.planned_at <= before,
                _MAY_GO,
            )
            .distinct()
            .limit(limit)
        )
        return [chat for chat in rows if chat is not None]

    async def forget_about(self, key_prefix: str) -> None:
        """Removes all deliveries whose key starts so, sent or not: what they were about is destroyed."""
        await self._session.execute(
            delete(DeliveryRow).where(
                DeliveryRow.dedup >= key_prefix, DeliveryRow.dedup < key_prefix + AFTER_ALL
            )
        )

    async def destroy_settled(self, before: datetime) -> int:
        """Destroys deliveries settled before `before`, whatever they were."""
        gone = await self._session.scalars(
            delete(DeliveryRow).where(DeliveryRow.settled_at < before).returning(DeliveryRow.seq)
        )
        return len(list(gone))
