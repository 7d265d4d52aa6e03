"""What the access log's rows say, and whether there was a chain at all; its end in a backup's file, read without changing it.

Rows that somebody put in with a tool may hold anything: what cannot be a line is Unreadable, and says which it is.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.access_log import BEGINNING, Chain, Head, Line, Unreadable
from storage.models import AuditChainRow, AuditRow, FactRow
from storage.upsert import insert_into

FACT = "access_log"
"""The fact that a chain was begun. Migration 0006 writes it too."""
BEGUN, AGAIN = "begun", "again"
UNREADABLE = (TypeError, ValueError, OverflowError, RecursionError, Unreadable)
"""What values raise that are no times, no JSON, or nested without end."""


def head_in(file: Path) -> Head:
    """BEGINNING for a file of before there was a chain, or without a line in it."""
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        row = connection.execute("SELECT last, last_seal FROM audit_chain").fetchone()
        if row is not None:
            return Head(int(row[0]), str(row[1]))
    return BEGINNING


async def begin(session: AsyncSession) -> None:
    """Notes that the chain begins; that it begins again where it had been begun, it is known by from then on."""
    fact = insert_into(session, FactRow).values(name=FACT, value=BEGUN)
    await session.execute(fact.on_conflict_do_update(index_elements=[FactRow.name], set_={"value": AGAIN}))


async def is_gone(session: AsyncSession) -> bool:
    """Whether a chain that had been begun is not there, or was begun again."""
    fact = await session.scalar(select(FactRow.value).where(FactRow.name == FACT))
    there = await session.scalar(select(AuditChainRow.id)) is not None
    return fact is not None and (fact != BEGUN or not there)


def line_of(row: RowMapping) -> Line:
    """Raises Unreadable: SQLite keeps any value in any column."""
    texts = (row[name] for name in ("action", "subject", "whose", "why", "previous", "seal"))
    well = isinstance(row["at"], datetime) and isinstance(row["details"], dict)
    if not (well and isinstance(row["actor"], str | None) and all(isinstance(one, str) for one in texts)):
        raise Unreadable(row["seq"])
    return Line(**row)


def chain_of(row: RowMapping | None) -> Chain:
    """Raises Unreadable."""
    if row is None:
        return Chain()
    numbers, seals = (row["cut"], row["last"]), (row["cut_seal"], row["last_seal"])
    if not (all(isinstance(one, int) for one in numbers) and all(isinstance(one, str) for one in seals)):
        raise Unreadable(row["last"] if isinstance(row["last"], int) else 0)
    return Chain(Head(numbers[0], seals[0]), Head(numbers[1], seals[1]))


async def one_by_one(session: AsyncSession, query: Select[Any], cause: Exception) -> AsyncIterator[Line]:
    """Lines of a query whose rows came several at a time and could not all be read: up to the one that cannot.

    Raises Unreadable for that one, or `cause` when all can be read.
    """
    for seq in (await session.scalars(query.with_only_columns(AuditRow.seq))).all():
        try:
            row = (await session.execute(query.where(AuditRow.seq == seq))).mappings().one()
            line = line_of(row)
        except UNREADABLE as error:
            raise Unreadable(seq) from error
        yield line
    raise cause
