"""PostgreSQL: what its files still hold after the purge, and what is gone once an operator has it write them anew.

As a superuser reads the disk. Not looked at: the write-ahead log, which keeps what was written until it is overwritten.
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.services.purge import Purge
from handlers import feedback, words
from storage.database import Database
from tests.privacy.canaries import Canary, found
from tests.support.chat import User, talking
from tests.support.databases import Postgres
from tests.support.feedback import on_tour, services
from tests.support.feedback_chat import rated
from tests.support.plans import SEOUL

NO_SAMPLES = (
    ("inbox", "chat_id", "payload"),
    ("dialogues", "chat_id", "state"),
    ("deliveries", "chat_id", "draft", "dedup", "message_id"),
    ("subscriptions", "chat_id"),
    ("media_jobs", "chat_id", "file_id", "secret"),
    ("voices", "name"),
    ("notes", "words"),
)
"""Tables and the columns of which the planner must keep no samples: ANALYZE copies values into pg_statistic."""


TRIES = 5
"""The server's own autovacuum may look at the tables meanwhile, and rows that it still sees are written anew too."""
PEOPLE = [User(7_391_700_000_019 + n * 1_009, f"가상손님{n:02}canary") for n in range(3)]
TIES = [
    Canary(kind, one.first_name, told)
    for one in PEOPLE
    for kind, told in (("chat", one.id), ("name", one.first_name), ("words", f"거둔{one.first_name}"))
]
"""What they said, and took back, tells of them as well."""


@pytest.fixture
async def server(postgres: Postgres | None) -> Database:
    if postgres is None:
        pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL (.ci/run starts a server)")
    postgres.empty()
    return Database(postgres.url)


async def test_ties_lie_in_dead_rows_until_the_tables_are_written_anew(server: Database) -> None:
    """And in the planner's samples for good, unless it was told beforehand to take none (docs/privacy.md, Limits)."""
    await runs(server, *(_sampling(of, 0) for of in NO_SAMPLES))
    await on_tour(server)
    async with talking(server, services(), feedback.register, words.register) as chat:
        for one in PEOPLE:
            await rated(chat, one)
            [done] = await chat.says(one, f"거둔{one.first_name} 통근버스가 부족합니다.")
            [ask] = await chat.taps(one, done, "거두기")
            await runs(server, "ANALYZE")
            await chat.taps(one, ask, "거두겠습니다")
        clock = chat.clock
    assert {"inbox", "dialogues", "deliveries", "notes"} <= await places(server), (
        "the search finds what is there"
    )
    clock.advance_to(clock.now() + timedelta(minutes=16))
    await Purge(clock, SEOUL, 90).run(server.open_unit, server.truncate_log)
    assert {"inbox", "dialogues", "deliveries", "notes"} <= await places(server), (
        "dead rows: the limit that is told"
    )
    for _ in range(TRIES):
        await runs(server, "VACUUM FULL")
        if not (left := await places(server)):
            break
    await runs(server, *(_sampling(of, -1) for of in NO_SAMPLES))
    await server.close()
    assert left == set()


async def places(server: Database) -> set[str]:
    await runs(server, "CHECKPOINT")
    return {place for _, _, place in found(TIES, await files(server))}


def _sampling(of: tuple[str, ...], target: int) -> str:
    table, *columns = of
    return f"ALTER TABLE {table} " + ", ".join(f"ALTER {name} SET STATISTICS {target}" for name in columns)


async def runs(server: Database, *statements: str) -> None:
    async with server.outside_transactions() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for one in statements:
            await connection.exec_driver_sql(one)


async def files(server: Database) -> dict[str, bytes]:
    """The files of the tables, their indexes, their long values, and what the planner remembers of them."""
    async with server.snapshot() as connection:
        rows: Sequence[tuple[str, bytes]] = (
            await connection.execute(
                text(
                    "SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class"
                    " WHERE relkind IN ('r', 'i', 't') AND pg_relation_filepath(oid) IS NOT NULL AND reltablespace = 0"
                    " AND (relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace) OR relname = 'pg_statistic')"
                )
            )
        ).all()
    return {str(name): bytes(data) for name, data in rows}
