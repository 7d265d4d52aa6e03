"""Raw updates: kept before they are acknowledged, settled once, destroyed minutes later."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId
from storage.models import InboxRow, SeenUpdateRow
from storage.models.traffic import InboxState
from storage.repositories.ahead import SLACK
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Received:
    """An update to keep: `chat` orders it, 0 for one that belongs to no chat."""

    update_id: int
    chat: ChatId
    payload: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is not settled yet, with the attempts made so far."""

    seq: int
    update_id: int
    chat: ChatId
    payload: str
    received_at: datetime
    attempts: int


class Inbox:
    """Updates by chat and state."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def receive(self, updates: Sequence[Received], day: date, now: datetime) -> int:
        """Keeps updates that never came before; how many were new. `day` prunes the set of seen ids later."""
        if not updates:
            return 0
        by_id = {one.update_id: one for one in reversed(updates)}
        fresh = await self._never_seen(by_id.keys(), day)
        self._session.add_all(
            InboxRow(
                update_id=one.update_id,
                chat_id=one.chat,
                payload=one.payload,
                state=InboxState.WAITING,
                received_at=now,
                next_try_at=now,
                attempts=0,
            )
            for one in updates
            if one.update_id in fresh and by_id[one.update_id] is one
        )
        await self._session.flush()
        return len(fresh)

    async def _never_seen(self, ids: Collection[int], day: date) -> frozenset[int]:
        """Those that were not marked as seen before. In one order everywhere: two processes that mark the same ones
        at once wait for each other and never in a ring."""
        rows = await self._session.scalars(
            insert_into(self._session, SeenUpdateRow)
            .values([{"update_id": one, "day": day} for one in sorted(ids)])
            .on_conflict_do_nothing()
            .returning(SeenUpdateRow.update_id)
        )
        return frozenset(rows)

    async def next_of_chats(self, now: datetime, busy: Collection[ChatId], limit: int) -> Sequence[Waiting]:
        """The first waiting update of every chat that is not busy and whose time has come, oldest first.

        A chat whose first update waits for another attempt is blocked by it: order within a chat is kept.
        """
        first = (
            select(func.min(InboxRow.seq).label("seq"))
            .where(InboxRow.state == InboxState.WAITING, InboxRow.chat_id.not_in(list(busy)))
            .group_by(InboxRow.chat_id)
            .subquery()
        )
        rows = await self._session.scalars(
            select(InboxRow)
            .join(first, first.c.seq == InboxRow.seq)
            .where(InboxRow.next_try_at <= now)
            .order_by(InboxRow.seq)
            .limit(limit)
        )
        return [_to_waiting(row) for row in rows]

    async def next_try(self, busy: Collection[ChatId] = ()) -> datetime | None:
        """When the next chat's first waiting update may be tried; what waits behind it does not count.

        Chats in `busy` are left out.
        """
        first = (
            select(func.min(InboxRow.seq))
            .where(InboxRow.state == InboxState.WAITING, InboxRow.chat_id.not_in(list(busy)))
            .group_by(InboxRow.chat_id)
        )
        return await self._session.scalar(
            select(func.min(InboxRow.next_try_at)).where(InboxRow.seq.in_(first))
        )

    async def waiting(self) -> int:
        return (
            await self._session.scalar(select(func.count()).where(InboxRow.state == InboxState.WAITING)) or 0
        )

    async def count_attempt(self, update_id: int) -> int | None:
        """Counts an attempt and tells its number; None when the update waits no more."""
        return await self._session.scalar(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state == InboxState.WAITING)
            .values(attempts=InboxRow.attempts + 1)
            .returning(InboxRow.attempts)
        )

    async def settle(self, update_id: int) -> bool:
        """Marks it settled; False when it was not waiting (settled twice is an error of ours)."""
        row = await self._session.scalar(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state == InboxState.WAITING)
            .values(state=InboxState.SETTLED, failure=None)
            .returning(InboxRow.seq)
        )
        return row is not None

    async def retry_later(self, update_id: int, at: datetime, failure: str) -> None:
        """Puts the next attempt off; one that waits no more is left alone."""
        await self._session.execute(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state == InboxState.WAITING)
            .values(next_try_at=at, failure=failure[:120])
        )

    async def park(self, update_id: int, failure: str) -> bool:
        """Gives up on an update; False when it waited no more. `failure` is a type, never its words."""
        row = await self._session.scalar(
            update(InboxRow)
            .where(InboxRow.update_id == update_id, InboxRow.state == InboxState.WAITING)
            .values(state=InboxState.PARKED, failure=failure[:120])
            .returning(InboxRow.seq)
        )
        return row is not None

    async def parked(self) -> int:
        return (
            await self._session.scalar(select(func.count()).where(InboxRow.state == InboxState.PARKED)) or 0
        )

    async def came_since(self, chat: ChatId, since: datetime) -> bool:
        """Whether something came from the chat after `since`."""
        return (
            await self._session.scalar(
                select(InboxRow.seq).where(InboxRow.chat_id == chat, InboxRow.received_at > since).limit(1)
            )
        ) is not None

    async def chats_with_old(
        self, before: datetime, limit: int, *, but: Collection[ChatId]
    ) -> Sequence[ChatId]:
        """Private chats, other than `but`, with a raw update received up to `before`, whatever became of it."""
        rows = await self._session.scalars(
            select(InboxRow.chat_id)
            .where(InboxRow.received_at <= before, InboxRow.chat_id > 0, InboxRow.chat_id.not_in(list(but)))
            .distinct()
            .limit(limit)
        )
        return list(rows)

    async def not_after(self, now: datetime, longest: timedelta) -> None:
        """What was received by a clock that was ahead was received now, and is tried again now.

        So is what such a clock put off: nothing rests longer than `longest`.
        """
        await self._session.execute(
            update(InboxRow)
            .where(InboxRow.received_at > now + SLACK)
            .values(received_at=now, next_try_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(InboxRow)
            .where(InboxRow.state == InboxState.WAITING, InboxRow.next_try_at > now + longest + SLACK)
            .values(next_try_at=now)
            .execution_options(synchronize_session=False)
        )

    async def destroy_of_chats(self, chats: Collection[ChatId], before: datetime) -> int:
        """Destroys the raw updates of these chats received up to `before`: settled, parked or not."""
        gone = await self._session.scalars(
            delete(InboxRow)
            .where(InboxRow.chat_id.in_(list(chats)), InboxRow.received_at <= before)
            .returning(InboxRow.seq)
        )
        return len(list(gone))

    async def destroy_done(
        self, before: datetime, keep_parked_of: Collection[ChatId], parked_before: datetime
    ) -> int:
        """Destroys what is settled or parked and was received before `before`.

        Parked updates of `keep_parked_of` (people with a grant) stay until `parked_before`.
        """
        known = list(keep_parked_of)
        settled = (InboxRow.state == InboxState.SETTLED) & (InboxRow.received_at <= before)
        parked = (
            (InboxRow.state == InboxState.PARKED)
            & (InboxRow.received_at <= before)
            & (InboxRow.chat_id.not_in(known) | (InboxRow.received_at <= parked_before))
        )
        gone = await self._session.scalars(delete(InboxRow).where(settled | parked).returning(InboxRow.seq))
        return len(list(gone))

    async def forget_seen(self, before: date) -> int:
        """Forgets the ids of updates that came before a day; how many there were."""
        gone = await self._session.scalars(
            delete(SeenUpdateRow).where(SeenUpdateRow.day < before).returning(SeenUpdateRow.update_id)
        )
        return len(list(gone))


def _to_waiting(row: InboxRow) -> Waiting:
    return Waiting(
        seq=row.seq,
        update_id=row.update_id,
        chat=row.chat_id,
        payload=row.payload,
        received_at=row.received_at,
        attempts=row.attempts,
    )
