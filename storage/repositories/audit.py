"""Who did what, whose and why: lines of a chain (bot.domain.access_log). No note text, no names.

A line that is recorded waits in memory and is sealed when the unit commits, after everything else: the chain's head is
one row, locked from then until the commit has ended, so that writers wait for each other as briefly as can be and never
the wrong way round. What is rolled back has never had a number.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.access_log import (
    AUDIT_LIFE,
    BEGINNING,
    EVERYBODY,
    LOG_DESTROYED,
    Chain,
    Details,
    Head,
    Line,
    Why,
)
from bot.domain.ids import PersonId
from storage.access_log import UNREADABLE, begin, chain_of, is_gone, line_of, one_by_one
from storage.models import AuditChainRow, AuditRow, Base
from storage.upsert import insert_into

AT_ONCE = 500
"""Lines that are read or written in one go."""
_LINES = Base.metadata.tables[AuditRow.__tablename__]
_CHAIN = Base.metadata.tables[AuditChainRow.__tablename__]
_IN_CHAIN = AuditRow.seq > select(func.coalesce(func.max(AuditChainRow.cut), 0)).scalar_subquery()
"""No line has a number that was destroyed: such a row was put in, and nobody but `before_the_cut` heeds it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: `actor` None is the console or the clock; `whose` and `why` as in bot.domain.access_log."""

    at: datetime
    actor: PersonId | None
    action: str
    subject: str
    details: Details
    whose: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What had been recorded at a moment, to come back to."""

    recorded: int
    before: datetime | None


class Audit:
    """Records and reads acts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._recorded: list[AuditEntry] = []
        self._before: datetime | None = None

    async def record(self, entry: AuditEntry) -> None:
        """To be sealed with the commit."""
        self._recorded.append(entry)

    async def since(self, since: datetime, action: str | None = None) -> Sequence[AuditEntry]:
        """Acts from a moment on, in order; those of this unit too."""
        query = select(_LINES).where(_IN_CHAIN, AuditRow.at >= since).order_by(AuditRow.seq)
        if action is not None:
            query = query.where(AuditRow.action == action)
        kept = [_entry(line_of(row)) for row in (await self._session.execute(query)).mappings()]
        return [*kept, *(one for one in self._recorded if one.at >= since and action in (None, one.action))]

    async def numbered(self, action: str, since: datetime | None = None) -> Sequence[tuple[int, AuditEntry]]:
        """Acts of a kind with their numbers, in order: which came first, whatever the clock said. Those of this unit come
        behind all, with numbers that they do not have yet."""
        query = select(_LINES).where(_IN_CHAIN, AuditRow.action == action).order_by(AuditRow.seq)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        lines = [line_of(row) for row in (await self._session.execute(query)).mappings()]
        last = await self._session.scalar(select(func.max(AuditRow.seq))) or 0
        own = [
            (number, one)
            for number, one in enumerate(self._recorded, last + 1)
            if one.action == action and (since is None or one.at >= since)
        ]
        return [*((line.seq, _entry(line)) for line in lines), *own]

    async def count_since(self, since: datetime, action: str) -> int:
        query = select(func.count()).where(_IN_CHAIN, AuditRow.at >= since, AuditRow.action == action)
        recorded = sum(one.at >= since and one.action == action for one in self._recorded)
        return (await self._session.scalar(query) or 0) + recorded

    async def knows(self, since: datetime, actor: PersonId, action: str, whose: str) -> bool:
        """Whether somebody did this to this since then."""
        wanted = (actor, action, whose)
        if any(one.at >= since and (one.actor, one.action, one.whose) == wanted for one in self._recorded):
            return True
        query = select(AuditRow.seq).where(
            _IN_CHAIN,
            *(AuditRow.at >= since, AuditRow.actor == actor),
            *(AuditRow.action == action, AuditRow.whose == whose),
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def destroy_before(self, before: datetime) -> None:
        """Ends lines that are older, with the commit: from the beginning up to the first that is not, so that the rest is one chain.

        A line says so: two years (AUDIT_LIFE) after `before`.
        """
        self._before = before

    def mark(self) -> Mark:
        return Mark(len(self._recorded), self._before)

    def back_to(self, mark: Mark) -> None:
        """Nothing was recorded since."""
        del self._recorded[mark.recorded :]
        self._before = mark.before

    async def chain(self) -> Chain:
        """Where the chain begins and ends now. Raises Unreadable."""
        return chain_of((await self._session.execute(select(_CHAIN))).mappings().first())

    async def is_gone(self) -> bool:
        """Whether a chain that had been begun is not there, or was begun again."""
        return await is_gone(self._session)

    async def before_the_cut(self) -> int | None:
        """A row that stands where lines were destroyed, or before the first: somebody put it in."""
        found: int | None = await self._session.scalar(select(func.min(AuditRow.seq)).where(~_IN_CHAIN))
        return found

    async def lines(self, after: int = 0, since: datetime | None = None) -> AsyncGenerator[Line]:
        """Lines behind a number, from a moment on, in order; a few at a time are in memory. Not those of this unit.

        To be closed (contextlib.aclosing) by whoever does not read to the end: a server's cursor hangs on it.
        Raises Unreadable at the first line that nobody wrote like this.
        """
        query = select(_LINES).where(_IN_CHAIN, AuditRow.seq > after).order_by(AuditRow.seq)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        rows = await self._session.stream(query, execution_options={"yield_per": AT_ONCE})
        done = after
        try:
            async for some in rows.mappings().partitions(AT_ONCE):
                for row in some:
                    yield line_of(row)
                    done = row["seq"]
        except UNREADABLE as error:
            cause: Exception = error
        else:
            return
        finally:
            await rows.close()
        async for line in one_by_one(self._session, query.where(AuditRow.seq > done), cause):
            yield line

    async def line(self, seq: int) -> Line | None:
        query = select(_LINES).where(_IN_CHAIN, AuditRow.seq == seq)
        row = (await self._session.execute(query)).mappings().first()
        return None if row is None else line_of(row)

    async def go_on_with(self, lines: Sequence[Line]) -> None:
        """Appends lines of this very chain, as they were sealed elsewhere. The first follows the last one that is here."""
        if lines:
            await self._append(lines, await self._locked())

    async def seal(self) -> None:
        """Gives what was recorded its place in the chain, and ends what is over. The last thing before a commit."""
        if not self._recorded and (self._before is None or not await self._any_before(self._before)):
            return
        await self._session.flush()  # what others may wait for is taken before the head of the chain
        chain = await self._locked()
        chain = await self._append(await self._sealed(chain.last), chain)
        if self._before is not None and (told := await self._cut(chain.cut, self._before)) is not None:
            self._recorded = [told]
            await self._append(await self._sealed(chain.last), chain)
        self.back_to(Mark(0, None))

    async def _any_before(self, before: datetime) -> bool:
        query = select(AuditRow.seq).where(_IN_CHAIN, AuditRow.at < before).limit(1)
        return await self._session.scalar(query) is not None

    async def _locked(self) -> Chain:
        """The chain, this transaction's alone until it ends."""
        query = select(_CHAIN).with_for_update()
        row = (await self._session.execute(query)).mappings().first()
        if row is None:
            first = {
                "id": 1,
                "cut": BEGINNING.seq,
                "cut_seal": BEGINNING.seal,
                "last": BEGINNING.seq,
                "last_seal": BEGINNING.seal,
            }
            first_row = insert_into(self._session, AuditChainRow).values(first).on_conflict_do_nothing()
            if await self._session.scalar(first_row.returning(AuditChainRow.id)) is not None:
                await begin(self._session)
            row = (await self._session.execute(query)).mappings().first()
        return chain_of(row)

    async def _sealed(self, last: Head) -> list[Line]:
        """Lines that somebody put behind the last one keep their numbers: they are found, and do not stop the service."""
        there = await self._session.scalar(select(func.max(AuditRow.seq))) or 0
        seq, seal, lines = max(last.seq, there), last.seal, list[Line]()
        for one in self._recorded:
            seq += 1
            details = json.loads(json.dumps(dict(one.details)))
            bare = Line(seq, one.at, one.actor, one.action, one.subject, one.whose, str(one.why), details)
            lines.append(_sealed(bare, seal))
            seal = lines[-1].seal
        return lines

    async def _append(self, lines: Sequence[Line], chain: Chain) -> Chain:
        if not lines:
            return chain
        for start in range(0, len(lines), AT_ONCE):
            rows = [asdict(line) for line in lines[start : start + AT_ONCE]]
            await self._session.execute(insert(_LINES), rows)
        last = lines[-1]
        await self._session.execute(update(_CHAIN).values(last=last.seq, last_seal=last.seal))
        return Chain(chain.cut, Head(last.seq, last.seal))

    async def _cut(self, cut: Head, before: datetime) -> AuditEntry | None:
        """The line that says what was destroyed, if anything was."""
        behind = AuditRow.seq > cut.seq
        kept = await self._session.scalar(select(func.min(AuditRow.seq)).where(behind, AuditRow.at >= before))
        over = [behind] if kept is None else [behind, AuditRow.seq < kept]
        ends = select(AuditRow.seq, AuditRow.seal).where(*over).order_by(AuditRow.seq.desc()).limit(1)
        end = (await self._session.execute(ends)).first()
        if end is None:
            return None
        newest = await self._session.scalar(select(func.max(AuditRow.at)).where(*over))
        await self._session.execute(delete(_LINES).where(*over))
        await self._session.execute(update(_CHAIN).values(cut=end.seq, cut_seal=end.seal))
        details: Details = {"until": end.seq, "newest": newest.isoformat() if newest else None}
        at = before + AUDIT_LIFE
        return AuditEntry(at, None, LOG_DESTROYED, "audit", details, EVERYBODY, Why.RETENTION)


def _sealed(bare: Line, previous: str) -> Line:
    return replace(bare, previous=previous, seal=bare.sealed_over(previous))


def _entry(line: Line) -> AuditEntry:
    return AuditEntry(line.at, line.actor, line.action, line.subject, line.details, line.whose, line.why)
