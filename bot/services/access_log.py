"""The access log as services use it: a line for whoever reads what others said, a look along the chain, carrying it on.

What participants do with their own notes is never written here: it would tell when they wrote.
"""

from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access_log import Broken, Chain, Fault, Follow, Head, Line, Unreadable, Verdict, Why
from bot.domain.person import Person
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

BATCH = 500
"""Lines that are carried in one go."""


async def reads(
    unit: Unit, reader: Person, action: str, subject: str, whose: str, why: Why, *, now: datetime
) -> None:
    """Somebody reads `whose` words or data in the chat: one line an hour of the clock, however much is turned and opened."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if not await unit.audit.knows(hour, reader.id, action, whose):
        await unit.audit.record(AuditEntry(now, reader.id, action, subject, {}, whose, why))


async def verify(unit: Unit, noted: Head | None = None, *, now: datetime | None = None) -> Verdict:
    """Looks along the whole chain, a few lines at a time in memory, up to the first that is not in order.

    `noted`: a head that was written down once; it must be in the chain, or old enough `now` to be destroyed. In a unit that sees one state (snapshot_unit).
    """
    try:
        chain = await unit.audit.chain()
    except Unreadable as error:
        return Verdict(Chain(), 0, Broken(error.seq, Fault.CHANGED))
    stray = await unit.audit.before_the_cut()
    if stray is not None:
        return Verdict(chain, 0, Broken(stray, Fault.ADDED))
    follow = Follow(chain, noted)
    count = await _along(unit, follow)
    return Verdict(chain, count, follow.end() or await _left_out(unit, chain, follow, noted, now))


async def _left_out(
    unit: Unit, chain: Chain, follow: Follow, noted: Head | None, now: datetime | None
) -> Broken | None:
    """What is said to be over, and what is not there at all: a chain that is in order does not tell."""
    if await unit.audit.is_gone():
        return Broken(1, Fault.GONE)
    if noted is not None and 0 < noted.seq <= chain.cut.seq and not (now and noted.is_over(now)):
        return Broken(noted.seq, Fault.NOTED_GONE)
    return None if follow.told else Broken(chain.cut.seq, Fault.CUT_UNTOLD)


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """What became of the lines since a backup: how many follow on it, or why none could.

    `broken`: the chain that stood is not in order there. Neither: it is not the one that the backup is of.
    """

    lines: int = 0
    follows: bool = False
    broken: Broken | None = None


async def carry_on(standing: Unit, restored: Unit) -> CarriedOn:
    """Lines that were written since a backup are put behind those in it, as they are: they are the same chain.

    Only lines that are in order, from the backup's last line to the last one that stands. `standing` sees one state.
    """
    last, chain = (await restored.audit.chain()).last, await standing.audit.chain()
    if chain == Chain():
        gone = await standing.audit.is_gone()
        return CarriedOn(broken=Broken(1, Fault.GONE)) if gone else CarriedOn(follows=True)
    if not await _is_of(standing, last, chain.cut):
        return CarriedOn()
    follow = Follow(Chain(last, chain.last))
    await _along(standing, follow, after=last.seq)
    if (broken := follow.end()) is not None:
        return CarriedOn(broken=broken)
    await _carry(standing, restored, after=last.seq)
    return CarriedOn(chain.last.seq - last.seq, follows=True)


async def _carry(standing: Unit, restored: Unit, *, after: int) -> None:
    batch = list[Line]()
    async for line in standing.audit.lines(after):
        batch.append(line)
        if len(batch) == BATCH:
            await restored.audit.go_on_with(batch)
            batch = []
    await restored.audit.go_on_with(batch)


async def _is_of(standing: Unit, last: Head, cut: Head) -> bool:
    """Whether a backup's last line is one of those that stand (or stood last before they were destroyed in their time)."""
    if last == cut:
        return True
    line = await standing.audit.line(last.seq)
    return line is not None and Head(line.seq, line.seal) == last


async def _along(unit: Unit, follow: Follow, *, after: int = 0) -> int:
    """How many lines were looked at, up to the first that is not in order."""
    count = 0
    try:
        async with aclosing(unit.audit.lines(after)) as lines:
            async for line in lines:
                count += 1
                if follow.step(line) is not None:
                    break
    except Unreadable as error:
        follow.unreadable(error.seq)
    return count
