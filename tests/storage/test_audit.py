"""Acts are a chain: in order whoever writes beside whom, without holes, destroyed from its beginning; tampering is found."""

import asyncio
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.domain.access_log import AUDIT_LIFE, BEGINNING, Broken, Chain, Fault, Head, Line, Verdict
from bot.domain.ids import PersonId
from bot.services.access_log import verify
from storage.database import Database
from storage.repositories.audit import AuditEntry
from storage.unit import Unit
from tests.support.kept import NOON
from tests.support.locks import waits_or_is_done

FIRST = AuditEntry(
    NOON, PersonId("p1"), "schedule_changed", "tour", {"meetings": 2, "dry": False, "why": None}
)
SECOND = AuditEntry(
    NOON + timedelta(minutes=1), None, "digest_read", "ref", {"form": "json"}, "전북 2026-01-22", "operation"
)


def entry(number: int) -> AuditEntry:
    return AuditEntry(NOON + timedelta(minutes=number), None, "가상", str(number), {"number": number})


async def written(database: Database, *entries: AuditEntry) -> None:
    """Each in a unit of its own."""
    for one in entries:
        async with database.open_unit() as unit:
            await unit.audit.record(one)
            await unit.commit()


async def lines_of(database: Database) -> list[Line]:
    async with database.open_unit(read_only=True) as unit:
        return [line async for line in unit.audit.lines()]


async def verdict_of(database: Database, noted: Head | None = None) -> Verdict:
    async with database.snapshot_unit() as unit:
        return await verify(unit, noted)


async def with_a_tool(database: Database, *statements: str) -> None:
    """Somebody who can write the database."""
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_acts_come_back_in_order_from_a_moment_on(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.audit.record(FIRST)
        await unit.audit.record(SECOND)
        for _ in ("before the commit", "after it"):
            assert await unit.audit.since(NOON) == [FIRST, SECOND]
            assert await unit.audit.since(SECOND.at) == [SECOND]
            assert await unit.audit.since(NOON, "schedule_changed") == [FIRST]
            assert await unit.audit.count_since(NOON, "digest_read") == 1
            assert await unit.audit.count_since(SECOND.at + timedelta(seconds=1), "digest_read") == 0
            assert await unit.audit.knows(NOON, PersonId("p1"), "schedule_changed", "")
            assert not await unit.audit.knows(SECOND.at, PersonId("p1"), "schedule_changed", "")
            assert not await unit.audit.knows(NOON, PersonId("p2"), "schedule_changed", "")
            await unit.commit()


async def test_each_line_is_sealed_over_the_one_before(database: Database) -> None:
    assert (await verdict_of(database)).chain == Chain()
    await written(database, FIRST)
    async with database.open_unit() as unit:
        await unit.audit.record(SECOND)
        await unit.audit.record(entry(2))
        await unit.commit()
    lines = await lines_of(database)
    assert [line.seq for line in lines] == [1, 2, 3]
    assert [line.previous for line in lines] == [BEGINNING.seal, lines[0].seal, lines[1].seal]
    assert (lines[1].whose, lines[1].why) == ("전북 2026-01-22", "operation")
    assert await verdict_of(database) == Verdict(Chain(BEGINNING, Head(3, lines[2].seal)), 3, None)


async def test_what_is_rolled_back_was_never_in_the_chain(database: Database) -> None:
    await written(database, FIRST)
    async with database.open_unit() as unit:
        await unit.audit.record(entry(1))
        with pytest.raises(ZeroDivisionError):
            await _thinks_better_of_it(unit)
        async with unit.savepoint():
            await unit.audit.record(entry(3))
        await unit.commit()
    async with database.open_unit() as unit:
        await unit.audit.record(entry(4))
        await unit.audit.seal()  # and then the commit fails
    await written(database, SECOND)
    lines = await lines_of(database)
    assert [(line.seq, line.subject) for line in lines] == [(1, "tour"), (2, "1"), (3, "3"), (4, "ref")]
    assert (await verdict_of(database)).broken is None


async def _thinks_better_of_it(unit: Unit) -> None:
    async with unit.savepoint():
        await unit.audit.record(entry(2))
        await unit.audit.destroy_before(NOON + timedelta(days=1))
        raise ZeroDivisionError


async def test_writers_side_by_side_keep_one_unbroken_chain(database: Database) -> None:
    """Forty units at a time; a third is rolled back."""
    rng = random.Random(20260122)
    plans = [(number, rng.random() < 0.66, rng.randint(1, 3)) for number in range(40)]

    async def one(number: int, commits: bool, count: int) -> None:
        async with database.open_unit() as unit:
            await unit.facts.put(f"가상 {number}", "값")
            for place in range(count):
                await unit.audit.record(entry(number * 10 + place))
                await asyncio.sleep(0)
            if commits:
                await unit.commit()
            else:
                await unit.audit.seal()

    await asyncio.gather(*(one(*plan) for plan in plans))
    verdict = await verdict_of(database)
    assert verdict.broken is None
    assert verdict.lines == verdict.chain.last.seq == sum(count for _, commits, count in plans if commits)
    subjects = [int(line.subject) for line in await lines_of(database)]
    wanted = [n * 10 + place for n, commits, count in plans if commits for place in range(count)]
    assert sorted(subjects) == sorted(wanted)


async def test_the_head_is_taken_last_so_that_nobody_waits_the_wrong_way_round(database: Database) -> None:
    """One acts and then wants a row; the other has the row and then acts."""
    await written(database, FIRST)
    async with database.open_unit() as holder:
        await holder.facts.put("가상 행", "하나")

        async def other() -> None:
            async with database.open_unit() as unit:
                await unit.audit.record(entry(1))
                await unit.facts.put_first("가상 행", "둘")
                await unit.commit()

        task = asyncio.create_task(other())
        await waits_or_is_done(holder, task)
        await holder.audit.record(entry(2))
        await holder.commit()
    await task
    assert [line.subject for line in await lines_of(database)] == ["tour", "2", "1"]
    assert (await verdict_of(database)).broken is None


async def test_lines_whose_time_is_over_are_cut_from_the_beginning_and_the_rest_is_a_chain(
    database: Database,
) -> None:
    await written(database, *(entry(number) for number in (0, 1, 2, 5, 3, 6)))
    noted = Head(2, (await lines_of(database))[1].seal)
    async with database.open_unit() as unit:
        await unit.audit.destroy_before(NOON + timedelta(minutes=4))
        await unit.audit.record(entry(7))
        await unit.commit()
    lines, verdict = await lines_of(database), await verdict_of(database)
    assert [line.subject for line in lines] == ["5", "3", "6", "7", "audit"], (
        "3 stands behind one that must be kept"
    )
    assert (verdict.broken, verdict.destroyed, verdict.lines) == (None, 3, 5)
    assert verdict.chain.cut == Head(3, lines[0].previous)
    assert lines[-1].details == {"until": 3, "newest": (NOON + timedelta(minutes=2)).isoformat()}
    assert lines[-1].at == NOON + timedelta(minutes=4) + AUDIT_LIFE
    for day, fault in ((None, Fault.NOTED_GONE), (NOON.date(), None), (date(2026, 1, 23), Fault.NOTED_GONE)):
        async with database.snapshot_unit() as unit:
            broken = (await verify(unit, replace(noted, day=day), now=NOON + AUDIT_LIFE)).broken
        assert broken == (fault and Broken(2, fault)), day
    async with database.open_unit() as unit:
        await unit.audit.destroy_before(NOON + timedelta(days=1))
        await unit.commit()
    verdict = await verdict_of(database)
    assert (verdict.broken, verdict.destroyed, verdict.lines) == (None, 7, 2), "each destruction is a line"
    await written(database, SECOND)
    verdict = await verdict_of(database)
    assert (verdict.broken, verdict.chain.last.seq, verdict.lines) == (None, 10, 3)


async def test_nothing_to_destroy_leaves_nothing(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.audit.destroy_before(NOON)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert (await unit._session.execute(text("SELECT count(*) FROM audit_chain"))).scalar_one() == 0


TAMPERING = {
    "UPDATE audit SET actor = 'somebody-else' WHERE seq = 3": Broken(3, Fault.CHANGED),
    "UPDATE audit SET whose = '강원 2026-01-22' WHERE seq = 1": Broken(1, Fault.CHANGED),
    "UPDATE audit SET at = '2026-01-22 04:00:00' WHERE seq = 5": Broken(5, Fault.CHANGED),
    "UPDATE audit SET details = '{}' WHERE seq = 2": Broken(2, Fault.CHANGED),
    "DELETE FROM audit WHERE seq = 3": Broken(3, Fault.MISSING),
    "DELETE FROM audit WHERE seq < 3": Broken(1, Fault.MISSING),
    "DELETE FROM audit WHERE seq > 3": Broken(4, Fault.CUT_OFF),
    "DELETE FROM audit": Broken(1, Fault.CUT_OFF),
    "DELETE FROM audit; DELETE FROM audit_chain": Broken(1, Fault.GONE),
    "UPDATE audit_chain SET cut = 3, cut_seal = (SELECT seal FROM audit WHERE seq = 3)": Broken(
        1, Fault.ADDED
    ),
    "UPDATE audit_chain SET cut = 3, cut_seal = (SELECT seal FROM audit WHERE seq = 3); DELETE FROM audit WHERE seq <= 3": Broken(
        3, Fault.CUT_UNTOLD
    ),
    "UPDATE audit SET details = '[1]' WHERE seq = 4": Broken(4, Fault.CHANGED),
    "UPDATE audit SET details = 'null' WHERE seq = 4": Broken(4, Fault.CHANGED),
    "INSERT INTO audit (seq, at, action, subject, details) VALUES (0, '2026-01-22 04:00:00', 'x', 'x', '{}')": Broken(
        0, Fault.ADDED
    ),
    "DELETE FROM audit_chain": Broken(1, Fault.ADDED),
    "UPDATE audit_chain SET last = 3, last_seal = (SELECT seal FROM audit WHERE seq = 3)": Broken(
        4, Fault.ADDED
    ),
    "UPDATE audit SET seq = -seq; UPDATE audit SET seq = 7 + seq": Broken(1, Fault.CHANGED),
    "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq = 4": Broken(3, Fault.CHANGED),
    "INSERT INTO audit (seq, at, action, subject, details) VALUES (7, '2026-01-22 04:00:00', 'x', 'x', '{}')": Broken(
        7, Fault.ADDED
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_what_is_done_with_a_tool_is_found_and_stops_nobody(database: Database, how: str) -> None:
    await written(database, *(entry(number) for number in range(6)))
    await with_a_tool(database, *how.split("; "))
    assert (await verdict_of(database)).broken == TAMPERING[how]
    await written(database, SECOND)  # the service goes on, and it stays found
    after = (await verdict_of(database)).broken
    assert after is not None
    assert after.seq <= 7
