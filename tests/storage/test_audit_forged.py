"""What somebody who writes the database does so that the look along the chain is content: it is not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.access_log import Broken, Fault, Head, Line
from bot.domain.ids import PersonId
from bot.services.access_log import carry_on
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.storage.test_audit import entry, lines_of, verdict_of, with_a_tool, written
from tests.support.kept import NOON

READER = PersonId("manager-1")
PUT_IN = (
    "INSERT INTO audit (seq, at, actor, action, subject, details, whose) "
    "VALUES ({seq}, '9000-01-01 00:00:00', 'manager-1', 'digest_opened', '', '{{}}', '전북 2026-01-22')"
)


async def written_anew(database: Database, cut: Head) -> None:
    """All lines destroyed as if their time were over, and one sealed behind them."""
    bare = Line(cut.seq + 1, NOON, None, "digest_read", "가상", "전북", "operation", {})
    seal = bare.sealed_over(cut.seal)
    async with database.writing() as connection:
        await connection.execute(text("DELETE FROM audit"))
    async with database.open_unit() as unit:
        await unit._session.execute(
            text("UPDATE audit_chain SET cut = :cut, cut_seal = :seal, last = :cut, last_seal = :seal"),
            {"cut": cut.seq, "seal": cut.seal},
        )
        await unit.audit.record(
            AuditEntry(bare.at, None, bare.action, bare.subject, {}, bare.whose, bare.why)
        )
        await unit.commit()
    assert [line.seal for line in await lines_of(database)] == [seal]


@pytest.mark.parametrize("beyond", [0, 1])
async def test_a_noted_line_that_is_said_to_be_destroyed_is_not_confirmed(
    database: Database, beyond: int
) -> None:
    await written(database, *(entry(number) for number in range(5)))
    noted = (await verdict_of(database)).chain.last
    await written_anew(database, Head(noted.seq + beyond, noted.seal))
    assert (await verdict_of(database, noted)).broken == Broken(5, Fault.NOTED_GONE)
    assert (await verdict_of(database)).broken == Broken(5 + beyond, Fault.CUT_UNTOLD)


@pytest.mark.parametrize("newest", [NOON.isoformat(), "x", None, "9999-12-31T00:00:00+00:00", "2020-01-01"])
async def test_lines_that_were_young_are_not_said_to_be_over(database: Database, newest: str | None) -> None:
    await written(database, *(entry(number) for number in range(3)))
    told = AuditEntry(
        NOON + timedelta(days=729), None, "log_destroyed", "audit", {"until": 1, "newest": newest}
    )
    await written(database, told)
    cut = "UPDATE audit_chain SET cut = 1, cut_seal = (SELECT seal FROM audit WHERE seq = 1)"
    await with_a_tool(database, cut, "DELETE FROM audit WHERE seq = 1")
    assert (await verdict_of(database)).broken == Broken(1, Fault.CUT_UNTOLD)


@pytest.mark.parametrize("cut", [0, 1])
async def test_a_row_before_the_first_line_is_found_and_heeded_by_nobody(
    database: Database, cut: int
) -> None:
    await written(database, entry(0), entry(1))
    if cut:
        async with database.open_unit() as unit:
            await unit.audit.destroy_before(NOON + timedelta(seconds=1))
            await unit.commit()
    await with_a_tool(database, PUT_IN.format(seq=cut))
    async with database.open_unit(read_only=True) as unit:
        assert not await unit.audit.knows(NOON, READER, "digest_opened", "전북 2026-01-22")
        assert await unit.audit.since(NOON, "digest_opened") == []
        assert await unit.audit.count_since(NOON, "digest_opened") == 0
        assert await unit.audit.line(cut) is None
        assert min([line.seq async for line in unit.audit.lines()]) == cut + 1
    assert (await verdict_of(database)).broken == Broken(cut, Fault.ADDED)
    async with database.open_unit() as unit:  # and it does not go unseen with those whose time is over
        await unit.audit.destroy_before(datetime.max.replace(tzinfo=NOON.tzinfo) - timedelta(days=731))
        await unit.commit()
    assert (await verdict_of(database)).broken == Broken(cut, Fault.ADDED)


async def test_a_chain_that_was_begun_again_stays_gone(database: Database) -> None:
    assert (await verdict_of(database)).broken is None, "nothing was begun"
    await written(database, entry(0))
    await with_a_tool(database, "DELETE FROM audit", "DELETE FROM audit_chain")
    assert (await verdict_of(database)).broken == Broken(1, Fault.GONE)
    async with database.snapshot_unit() as standing, database.snapshot_unit() as restored:
        assert (await carry_on(standing, restored)).broken == Broken(1, Fault.GONE)
    await written(database, entry(1), entry(2))
    assert (await verdict_of(database)).broken == Broken(1, Fault.GONE)


DEEP = "'" + "[" * 5000 + "]" * 5000 + "'"
VALUES = {
    "at = 'yesterday'": False,
    "at = x'ff'": True,
    "details = '{'": True,
    "details = ''": True,
    "seal = x'ff'": False,
    "action = 7.5": False,
    f"details = {DEEP}": False,
    'details = \'{"n": ' + DEEP.strip("'") + "}'": False,
}
"""What is put into line 4; whether only SQLite takes it."""


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value)[:20])
async def test_values_that_cannot_be_read_are_a_line_that_was_changed(database: Database, value: str) -> None:
    await written(database, *(entry(number) for number in range(6)))
    if not database.is_sqlite and VALUES[value]:
        with pytest.raises(Exception, match=r"invalid|is of type|timestamp"):
            await with_a_tool(database, f"UPDATE audit SET {value} WHERE seq = 4")
        return
    async with database.writing() as connection:
        await connection.exec_driver_sql(f"UPDATE audit SET {value} WHERE seq = 4")
    assert (await verdict_of(database)).broken == Broken(4, Fault.CHANGED)


@pytest.mark.parametrize("value", ["last = 'x'", "cut = 'x'", "last_seal = x'00'", "cut_seal = x'00'"])
async def test_an_end_that_cannot_be_read_is_found(sqlite: Database, value: str) -> None:
    await written(sqlite, entry(0))
    await with_a_tool(sqlite, f"UPDATE audit_chain SET {value}")
    broken = (await verdict_of(sqlite)).broken
    assert broken is not None
    assert broken.fault is Fault.CHANGED
