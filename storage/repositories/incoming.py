"""Files that people sent to be brought in."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.ids import PersonId
from bot.domain.incoming import AT_WORK, LIFE, OPEN, IncomingFile, IncomingState
from storage.models import IncomingFileRow
from storage.repositories.ahead import SLACK


class Incoming:
    """Files by id, and those that wait for their next step."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, ident: str) -> IncomingFile | None:
        """Locked until the transaction ends: two decisions at once follow each other."""
        row = await self._session.scalar(
            select(IncomingFileRow)
            .where(IncomingFileRow.id == ident)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return None if row is None else _to_file(row)

    async def open_of(self, person: PersonId) -> int:
        """How many files of a person wait."""
        counted = select(func.count()).where(
            IncomingFileRow.person_id == person, IncomingFileRow.state.in_(OPEN)
        )
        return await self._session.scalar(counted) or 0

    async def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Whose next step is due, the longest waiting first."""
        rows = await self._session.scalars(
            select(IncomingFileRow.id)
            .where(IncomingFileRow.state.in_(AT_WORK), IncomingFileRow.next_try_at <= now)
            .order_by(IncomingFileRow.next_try_at, IncomingFileRow.id)
            .limit(limit)
        )
        return list(rows)

    async def next_try(self) -> datetime | None:
        """When the next step of any file is due."""
        moment: datetime | None = await self._session.scalar(
            select(func.min(IncomingFileRow.next_try_at)).where(IncomingFileRow.state.in_(AT_WORK))
        )
        return moment

    async def claim(self, ident: str, now: datetime, until: datetime) -> IncomingFile | None:
        """Takes a file whose step is due, for so long; None when somebody else has it. The attempt counts already."""
        claimed = await self._session.scalar(
            update(IncomingFileRow)
            .where(
                IncomingFileRow.id == ident,
                IncomingFileRow.state.in_(AT_WORK),
                IncomingFileRow.next_try_at <= now,
            )
            .values(next_try_at=until, attempts=IncomingFileRow.attempts + 1)
            .returning(IncomingFileRow.id)
            .execution_options(synchronize_session=False)
        )
        return None if claimed is None else await self.by_id(ident)

    async def let_go(self, now: datetime) -> None:
        """What an earlier process had taken is due at once. For the start of the one process that works on files."""
        await self._session.execute(
            update(IncomingFileRow)
            .where(IncomingFileRow.state.in_(AT_WORK), IncomingFileRow.attempts > 0)
            .values(next_try_at=now)
        )

    async def keep(self, file: IncomingFile) -> None:
        """Everything but its bytes."""
        row = await self._session.get(IncomingFileRow, file.id)
        if row is None:
            row = IncomingFileRow(id=file.id, person_id=file.person, chat_id=file.chat, swept=False)
            self._session.add(row)
        row.file_id, row.name, row.size = file.file_id, file.name, file.size
        row.state, row.kind, row.preview = file.state, file.kind, file.preview
        row.card, row.cancels = file.card, file.cancels
        row.attempts, row.step = file.attempts, file.step
        row.created_at, row.next_try_at = file.created_at, file.next_try_at
        await self._session.flush()

    async def put_content(self, ident: str, content: bytes) -> None:
        """Before the state that says it is here."""
        await self._session.execute(
            update(IncomingFileRow).where(IncomingFileRow.id == ident).values(content=content)
        )

    async def content(self, ident: str) -> bytes | None:
        return await self._session.scalar(select(IncomingFileRow.content).where(IncomingFileRow.id == ident))

    async def put_report(self, ident: str, report: str | None) -> None:
        await self._session.execute(
            update(IncomingFileRow).where(IncomingFileRow.id == ident).values(report=report)
        )

    async def report(self, ident: str) -> str | None:
        return await self._session.scalar(select(IncomingFileRow.report).where(IncomingFileRow.id == ident))

    async def end(self, ident: str, state: IncomingState) -> None:
        """Destroys its bytes and its name."""
        await self._end([ident], state)

    async def end_of(self, person: PersonId, state: IncomingState) -> None:
        """Ends all files of a person that are open."""
        theirs = select(IncomingFileRow.id).where(
            IncomingFileRow.person_id == person, IncomingFileRow.state.in_(OPEN)
        )
        await self._end(list(await self._session.scalars(theirs)), state)

    async def not_after(self, now: datetime, longest: timedelta) -> None:
        """What came by a clock that was ahead came now; what it put off or had taken is due: nothing rests longer than
        `longest`."""
        await self._session.execute(
            update(IncomingFileRow)
            .where(IncomingFileRow.created_at > now + SLACK)
            .values(created_at=now, next_try_at=now)
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(IncomingFileRow)
            .where(IncomingFileRow.state.in_(AT_WORK), IncomingFileRow.next_try_at > now + longest + SLACK)
            .values(next_try_at=now)
            .execution_options(synchronize_session=False)
        )

    async def look_again(self, person: PersonId, now: datetime) -> Sequence[str]:
        """Takes a person's files that wait for a decision back to where they are looked at. Which they were.

        Their buttons are of an earlier step then, and decide nothing.
        """
        again = await self._session.scalars(
            update(IncomingFileRow)
            .where(IncomingFileRow.person_id == person, IncomingFileRow.state == IncomingState.PREVIEWED)
            .values(
                state=IncomingState.FETCHED,
                step=IncomingFileRow.step + 1,
                attempts=0,
                next_try_at=now,
                report=None,
            )
            .returning(IncomingFileRow.id)
            .execution_options(synchronize_session=False)
        )
        return list(again)

    async def expire(self, now: datetime) -> int:
        """Ends what nobody decided about in time, and forgets ended ones after a day.

        How many lost their bytes since this was asked last, however they ended.
        """
        old = select(IncomingFileRow.id).where(
            IncomingFileRow.state.in_(OPEN), IncomingFileRow.created_at <= now - LIFE
        )
        await self._end(list(await self._session.scalars(old)), IncomingState.EXPIRED)
        gone = await self._session.scalars(
            update(IncomingFileRow)
            .where(IncomingFileRow.state.not_in(OPEN), IncomingFileRow.swept.is_(False))
            .values(swept=True)
            .returning(IncomingFileRow.id)
            .execution_options(synchronize_session=False)
        )
        count = len(list(gone))
        await self._session.execute(
            delete(IncomingFileRow).where(
                IncomingFileRow.state.not_in(OPEN), IncomingFileRow.created_at <= now - 24 * LIFE
            )
        )
        return count

    async def _end(self, idents: Collection[str], state: IncomingState) -> None:
        if idents:
            await self._session.execute(
                update(IncomingFileRow)
                .where(IncomingFileRow.id.in_(idents))
                .values(state=state, file_id=None, name=None, content=None, report=None)
                .execution_options(synchronize_session=False)
            )


def _to_file(row: IncomingFileRow) -> IncomingFile:
    return IncomingFile(
        id=row.id,
        person=row.person_id,
        chat=row.chat_id,
        file_id=row.file_id,
        name=row.name,
        size=row.size,
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        state=row.state,
        kind=row.kind,
        preview=row.preview,
        card=row.card,
        cancels=row.cancels,
        attempts=row.attempts,
        step=row.step,
    )
