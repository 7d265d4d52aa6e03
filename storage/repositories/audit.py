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
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.access_log import BEGINNING, Chain, Details, Head, Line
from bot.domain.ids import PersonId
from storage.models import AuditChainRow, AuditRow, Base
from storage.upsert import insert_into

AT_ONCE = 500
"""Lines that are read or written in one go."""
_LINES = Base.metadata.tables[AuditRow.__tablename__]
_CHAIN = Base.metadata.tables[AuditChainRow.__tablename__]


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
        query = select(_LINES).where(AuditRow.at >= since).order_by(AuditRow.seq)
        if action is not None:
            query = query.where(AuditRow.action == action)
        kept = [_entry(row) for row in (await self._session.execute(query)).mappings()]
        return [*kept, *(one for one in self._recorded if one.at >= since and action in (None, one.action))]

    async def count_since(self, since: datetime, action: str) -> int:
        query = select(func.count()).where(AuditRow.at >= since, AuditRow.action == action)
        recorded = sum(one.at >= since and one.action == action for one in self._recorded)
        return (await self._session.scalar(query) or 0) + recorded

    async def knows(self, since: datetime, actor: PersonId, action: str, whose: str) -> bool:
        """Whether somebody did this to this since then."""
        wanted = (actor, action, whose)
        if any(one.at >= since and (one.actor, one.action, one.whose) == wanted for one in self._recorded):
            return True
        query = select(AuditRow.seq).where(
            AuditRow.at >= since, AuditRow.actor == actor, AuditRow.action == action, AuditRow.whose == whose
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def destroy_before(self, before: datetime) -> None:
        """Ends lines that are older, with the commit: from the beginning up to the first that is not, so that the rest is one chain."""
        self._before = before

    def mark(self) -> Mark:
        return Mark(len(self._recorded), self._before)

    def back_to(self, mark: Mark) -> None:
        """Nothing was recorded since."""
        del self._recorded[mark.recorded :]
        self._before = mark.before

    async def chain(self) -> Chain:
        """Where the chain begins and ends now."""
        return _chain((await self._session.execute(select(_CHAIN))).mappings().first())

    async def lines(self, after: int = 0, since: datetime | None = None) -> AsyncGenerator[Line]:
        """Lines behind a number, from a moment on, in order; a few at a time are in memory. Not those of this unit.

        To be closed (contextlib.aclosing) by whoever does not read to the end: a server's cursor hangs on it.
        """
        query = select(_LINES).where(AuditRow.seq > after).order_by(AuditRow.seq)
        if since is not None:
            query = query.where(AuditRow.at >= since)
        rows = await self._session.stream(query, execution_options={"yield_per": AT_ONCE})
        try:
            async for some in rows.mappings().partitions(AT_ONCE):
                for row in some:
                    yield Line(**row)
        finally:
            await rows.close()

    async def line(self, seq: int) -> Line | None:
        row = (await self._session.execute(select(_LINES).where(AuditRow.seq == seq))).mappings().first()
        return None if row is None else Line(**row)

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
        if self._before is not None:
            await self._cut(chain, self._before)
        self.back_to(Mark(0, None))

    async def _any_before(self, before: datetime) -> bool:
        return (
            await self._session.scalar(select(AuditRow.seq).where(AuditRow.at < before).limit(1)) is not None
        )

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
            await self._session.execute(
                insert_into(self._session, AuditChainRow).values(first).on_conflict_do_nothing()
            )
            row = (await self._session.execute(query)).mappings().first()
        return _chain(row)

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

    async def _cut(self, chain: Chain, before: datetime) -> None:
        kept = await self._session.scalar(select(func.min(AuditRow.seq)).where(AuditRow.at >= before))
        over = select(AuditRow.seq, AuditRow.seal).order_by(AuditRow.seq.desc()).limit(1)
        if kept is not None:
            over = over.where(AuditRow.seq < kept)
        end = (await self._session.execute(over)).first()
        if end is None:
            return
        await self._session.execute(delete(_LINES).where(AuditRow.seq <= end.seq))
        await self._session.execute(update(_CHAIN).values(cut=end.seq, cut_seal=end.seal))


def _sealed(bare: Line, previous: str) -> Line:
    return replace(bare, previous=previous, seal=bare.sealed_over(previous))


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(
        row["at"], row["actor"], row["action"], row["subject"], row["details"], row["whose"], row["why"]
    )


def _chain(row: RowMapping | None) -> Chain:
    if row is None:
        return Chain()
    return Chain(Head(row["cut"], row["cut_seal"]), Head(row["last"], row["last_seal"]))
