"""The line: planned once by key, each chat in its order, people before broadcasts, claimed by one process.

Thousands wait after a broadcast, and a round asks every few milliseconds: what is asked here costs the same however
many wait. Two indexes hold the waiting rows alone, and questions are put so that nothing but these indexes fits.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_, union_all, update

from bot.domain.delivery import PRIORITY, Delivery, DeliveryKind, DeliveryState, Priority
from bot.domain.ids import ChatId, DeliveryId
from storage.drafts import draft_to_json
from storage.models import DeliveryRow
from storage.repositories.deliveries.rows import WAITS, Part, to_delivery
from storage.upsert import insert_into

_PAGE = 4
"""So many times as many rows as chats are looked for are read at once: most chats have one message in line."""


class Line(Part):
    """What waits to be sent."""

    async def plan(self, delivery: Delivery) -> bool:
        """Adds a delivery; False when its key is known already (planning twice is harmless)."""
        planned = await self._session.scalar(
            insert_into(self._session, DeliveryRow)
            .values(**_columns(delivery))
            .on_conflict_do_nothing(index_elements=[DeliveryRow.dedup])
            .returning(DeliveryRow.seq)
        )
        return planned is not None

    async def plan_all(self, deliveries: Sequence[Delivery]) -> None:
        """Adds many in one statement; those whose key is known already are left out."""
        if deliveries:
            await self._session.execute(
                insert_into(self._session, DeliveryRow).on_conflict_do_nothing(
                    index_elements=[DeliveryRow.dedup]
                ),
                [_columns(one) for one in deliveries],
            )

    async def due(
        self, now: datetime, busy: Collection[ChatId], limit: int, *, least: Priority = Priority.BULK
    ) -> Sequence[Delivery]:
        """What may be sent now: the first due delivery of every chat that is not busy, people before broadcasts.

        Includes unknown ones whose resend is due (`attempts` tells). `least`: nothing that matters less than this.
        Holds the rows until the transaction ends. One that another process holds is left out, and so is its chat:
        the rows are chosen before they are locked, so that nothing overtakes what goes before it in its chat.
        """
        heads = await self._heads(now, busy, limit, least)
        rows = await self._session.scalars(
            select(DeliveryRow)
            .where(DeliveryRow.seq.in_(heads), WAITS)
            .order_by(DeliveryRow.priority, DeliveryRow.seq)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        return [to_delivery(row) for row in rows]

    async def _heads(self, now: datetime, busy: Collection[ChatId], limit: int, least: Priority) -> list[int]:
        """The first due row of each chat, page by page; a chat that was found is not looked at again."""
        heads: list[int] = []
        passed = set(busy)
        place: tuple[int, int] | None = None
        while len(heads) < limit:
            size = _PAGE * (limit - len(heads))
            page = list(await self._session.execute(_in_line(now, passed, least, place).limit(size)))
            for seq, _, chat in page:
                if chat is not None and chat not in passed and len(heads) < limit:
                    passed.add(chat)
                    heads.append(seq)
            if len(page) < size:
                break
            place = page[-1].priority, page[-1].seq
        return heads

    async def next_due(
        self, busy: Collection[ChatId] = (), *, least: Priority = Priority.BULK
    ) -> datetime | None:
        """When the next delivery (or resend) may be sent to a chat that is not busy."""
        return await self._session.scalar(_earliest(least, WAITS, DeliveryRow.chat_id.not_in(list(busy))))

    async def next_due_after(self, now: datetime) -> datetime | None:
        """When the next delivery (or resend) falls due after `now`."""
        return await self._session.scalar(_earliest(Priority.BULK, DeliveryRow.due_at > now))

    async def claim(self, ids: Collection[DeliveryId], now: datetime) -> frozenset[DeliveryId]:
        """Marks deliveries as being sent; those that somebody else took are left out.

        One that may have arrived before becomes a resend, and stays one. An edit never does: repeating it is harmless.
        """
        if not ids:
            return frozenset()
        claimed = await self._session.scalars(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(list(ids)), WAITS)
            .values(
                state=DeliveryState.SENDING,
                due_at=None,
                attempted_at=now,
                settled_at=None,
                resend=and_(DeliveryRow.attempts > 0, DeliveryRow.kind != DeliveryKind.EDIT),
                attempts=DeliveryRow.attempts + 1,
            )
            .returning(DeliveryRow.id)
            .execution_options(synchronize_session=False)
        )
        return frozenset(claimed)


def _in_line(
    now: datetime, passed: Collection[ChatId], least: Priority, place: tuple[int, int] | None
) -> Select[int, int, ChatId | None]:
    """Due rows in the order of the line, after `place`, of other chats than `passed`."""
    line = (
        select(DeliveryRow.seq, DeliveryRow.priority, DeliveryRow.chat_id)
        .where(DeliveryRow.due_at <= now, DeliveryRow.priority <= int(least))
        .where(DeliveryRow.chat_id.not_in(list(passed)))
        .order_by(DeliveryRow.priority, DeliveryRow.seq)
    )
    if place is None:
        return line
    return line.where(tuple_(DeliveryRow.priority, DeliveryRow.seq) > place)


def _earliest(least: Priority, *conditions: Any) -> Select[datetime | None]:
    """The earliest due time: the first entry of the index for each priority, and the earliest of these."""
    firsts = [
        select(
            select(DeliveryRow.due_at)
            .where(DeliveryRow.priority == int(priority), *conditions)
            .order_by(DeliveryRow.due_at)
            .limit(1)
            .scalar_subquery()
            .label("due_at")
        )
        for priority in Priority
        if priority <= least
    ]
    return select(func.min(union_all(*firsts).subquery().c.due_at))


def _columns(delivery: Delivery) -> dict[str, Any]:
    draft = delivery.draft
    return {
        "id": delivery.id,
        "dedup": delivery.dedup,
        "kind": delivery.kind,
        "state": DeliveryState.PLANNED,
        "priority": int(PRIORITY[delivery.kind]),
        "chat_id": delivery.chat,
        "person_id": delivery.person,
        "language": delivery.language,
        "message_key": draft.key,
        "draft": draft_to_json(draft),
        "private": draft.private,
        "edits": draft.edits,
        "shows": draft.shows,
        "planned_at": delivery.planned_at,
        "due_at": delivery.due_at,
        "expires_at": draft.expires,
        "attempts": 0,
        "resend": False,
    }
