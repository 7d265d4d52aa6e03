"""Acts of a released version are sealed in their order when the schema comes up to date, on both databases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import JSON, Connection, DateTime, bindparam, text

from bot.domain.access_log import Chain, Head
from bot.services.access_log import verify
from storage.database import Database, alembic_config
from storage.repositories.audit import AuditEntry
from tests.support.databases import Postgres
from tests.support.kept import NOON

BEFORE = "0005"
_INSERT = text(
    "INSERT INTO audit (seq, at, actor, action, subject, details) VALUES (:seq, :at, :actor, '가상', :subject, :details)"
).bindparams(bindparam("details", type_=JSON), bindparam("at", type_=DateTime(timezone=True)))


def _to(connection: Connection, revision: str) -> None:
    config = alembic_config(connection)
    if revision == BEFORE and connection.dialect.has_table(connection, "audit_chain"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


@pytest.fixture(params=["sqlite", "postgresql"])
async def released(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres | None
) -> AsyncIterator[Database]:
    """A database of the version before the chain: 1,203 acts, every third number missing (rolled back in its time)."""
    own: Postgres | None = None
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'released.db'}")
    elif postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    else:
        own = Postgres(postgres.url, f"{postgres._name}_released")
        own._run(f"DROP DATABASE IF EXISTS {own._name} WITH (FORCE)", f"CREATE DATABASE {own._name}")
        database = Database(own.url)
    async with database.writing() as connection:
        await connection.run_sync(_to, BEFORE)
        await connection.execute(_INSERT, [_act(seq, database) for seq in range(1, 1805) if seq % 3])
    yield database
    await database.close()
    if own is not None:
        own.drop()


def _act(seq: int, database: Database) -> dict[str, object]:
    at = NOON + timedelta(seconds=seq, microseconds=seq)
    return {
        "seq": seq,
        "at": at.replace(tzinfo=None) if database.is_sqlite else at,
        "actor": "가상" if seq % 2 else None,
        "subject": f"{seq}",
        "details": {"b": seq, "a": None, "말": "가상 '따옴표'"},
    }


async def test_acts_are_numbered_without_gaps_and_sealed(released: Database) -> None:
    await released.migrate()
    async with released.snapshot_unit() as unit:
        verdict = await verify(unit)
        lines = [line async for line in unit.audit.lines()]
    assert verdict.broken is None
    assert verdict.chain == Chain(last=Head(1203, lines[-1].seal))
    assert [line.subject for line in lines] == [str(seq) for seq in range(1, 1805) if seq % 3]
    assert [line.seq for line in lines] == list(range(1, 1204))
    assert lines[0].at == NOON + timedelta(seconds=1, microseconds=1)
    async with released.open_unit() as unit:
        await unit.audit.record(AuditEntry(NOON, None, "가상", "뒤", {}))
        await unit.commit()
    async with released.snapshot_unit() as unit:
        assert (await verify(unit)).broken is None


async def test_the_way_down_keeps_the_acts_and_numbers_go_on(released: Database) -> None:
    await released.migrate()
    async with released.writing() as connection:
        await connection.run_sync(_to, BEFORE)
        insert = "INSERT INTO audit (at, action, subject, details) VALUES (:at, '가상', '뒤', '{}')"
        await connection.execute(
            text(insert).bindparams(bindparam("at", type_=DateTime(timezone=True))),
            {"at": NOON.replace(tzinfo=None) if released.is_sqlite else NOON},
        )
        highest = await connection.execute(text("SELECT max(seq), count(*) FROM audit"))
        assert tuple(highest.one()) == (1204, 1204)
    await released.migrate()
    async with released.snapshot_unit() as unit:
        verdict = await verify(unit)
    assert (verdict.broken, verdict.lines) == (None, 1204)


async def test_an_empty_audit_begins_its_chain_with_the_first_act(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    await database.migrate()
    async with database.writing() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM audit_chain"))).scalar_one() == 0
    await database.close()
