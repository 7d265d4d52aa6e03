"""Requests about one's own data: by their asker's chat, by number, and those that wait for an answer."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import ChatId
from bot.domain.request import Request, RequestKind, RequestState
from storage.models import RequestRow

_OPEN = RequestRow.state == RequestState.OPEN


class Requests:
    """Reads for a decision lock the row until the transaction ends: two decisions at once follow each other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, ident: str) -> Request | None:
        """Locked."""
        return await self._one(RequestRow.id == ident)

    async def by_number(self, number: str) -> Request | None:
        """Locked."""
        return await self._one(RequestRow.number == number)

    async def open_of(self, chat: ChatId, kind: RequestKind) -> Request | None:
        """The one of this kind that waits; there is one at most. Locked."""
        return await self._one((RequestRow.chat_id == chat) & (RequestRow.kind == kind) & _OPEN)

    async def of_chat(self, chat: ChatId) -> Sequence[Request]:
        """All that a chat still has, without those that it took back; what waits first."""
        stands = RequestRow.state != RequestState.WITHDRAWN
        rows = await self._session.scalars(
            select(RequestRow)
            .where(RequestRow.chat_id == chat, stands)
            .order_by(RequestRow.closed_on.is_not(None), RequestRow.due_on, RequestRow.number)
        )
        return [_to_request(row) for row in rows]

    async def filed_on(self, chat: ChatId, day: date) -> int:
        """How many a chat filed on a day, also those that it took back."""
        counted = select(func.count()).where(RequestRow.chat_id == chat, RequestRow.received_on == day)
        return await self._session.scalar(counted) or 0

    async def waiting(self) -> Sequence[Request]:
        """All that wait for an answer, the most urgent first."""
        rows = await self._session.scalars(
            select(RequestRow).where(_OPEN).order_by(RequestRow.due_on, RequestRow.number)
        )
        return [_to_request(row) for row in rows]

    async def untold(self, today: date) -> Sequence[Request]:
        """Those that wait and of which nobody was told today, the most urgent first. Locked."""
        rows = await self._session.scalars(
            select(RequestRow)
            .where(_OPEN, RequestRow.told_on < today)
            .order_by(RequestRow.due_on, RequestRow.number)
            .with_for_update()
        )
        return [_to_request(row) for row in rows]

    async def not_after(self, today: date) -> None:
        """Whoever was told by a clock that was ahead was told today: else nobody is reminded until the day that it showed."""
        await self._session.execute(
            update(RequestRow)
            .where(RequestRow.told_on > today)
            .values(told_on=today)
            .execution_options(synchronize_session=False)
        )

    async def received_after(self, today: date) -> Sequence[Request]:
        """Those that wait and came on a day that is still to come: by a clock that was ahead. Locked."""
        rows = await self._session.scalars(
            select(RequestRow)
            .where(_OPEN, RequestRow.received_on > today)
            .order_by(RequestRow.number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return [_to_request(row) for row in rows]

    async def told(self, idents: Collection[str], today: date) -> None:
        await self._session.execute(
            update(RequestRow)
            .where(RequestRow.id.in_(list(idents)))
            .values(told_on=today)
            .execution_options(synchronize_session=False)
        )

    async def all(self) -> Sequence[Request]:
        """Everything on file, by the day of receipt."""
        rows = await self._session.scalars(
            select(RequestRow).order_by(RequestRow.received_on, RequestRow.number)
        )
        return [_to_request(row) for row in rows]

    async def keep(self, request: Request) -> None:
        row = await self._session.get(RequestRow, request.id)
        if row is None:
            row = RequestRow(id=request.id, number=request.number, kind=request.kind, door=request.door)
            self._session.add(row)
        row.chat_id, row.language = request.chat, request.language
        row.state, row.words, row.answer = request.state, request.words, request.answer
        row.received_on, row.counted_from, row.due_on = (
            request.received_on,
            request.counted_from,
            request.due_on,
        )
        row.told_on, row.closed_on = request.told_on, request.closed_on
        await self._session.flush()

    async def over(self, answered_before: date) -> Sequence[Request]:
        """Those whose time is over: answered up to that day, or taken back."""
        gone = (RequestRow.state == RequestState.WITHDRAWN) | (RequestRow.closed_on <= answered_before)
        rows = await self._session.scalars(
            select(RequestRow).where(RequestRow.closed_on.is_not(None), gone).order_by(RequestRow.number)
        )
        return [_to_request(row) for row in rows]

    async def destroy(self, numbers: Collection[str]) -> None:
        await self._session.execute(
            delete(RequestRow)
            .where(RequestRow.number.in_(list(numbers)))
            .execution_options(synchronize_session="fetch")
        )

    async def _one(self, which: ColumnElement[bool]) -> Request | None:
        row = await self._session.scalar(
            select(RequestRow).where(which).with_for_update().execution_options(populate_existing=True)
        )
        return None if row is None else _to_request(row)


def _to_request(row: RequestRow) -> Request:
    return Request(
        id=row.id,
        number=row.number,
        kind=row.kind,
        door=row.door,
        chat=row.chat_id,
        language=row.language,
        received_on=row.received_on,
        counted_from=row.counted_from,
        due_on=row.due_on,
        told_on=row.told_on,
        state=row.state,
        words=row.words,
        answer=row.answer,
        closed_on=row.closed_on,
    )
