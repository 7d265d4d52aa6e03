"""Destruction, byte by byte, of every kind of data that is kept; on PostgreSQL by rows."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.database import Database
from storage.models import Base
from tests.privacy.canaries import Canary, found
from tests.privacy.kinds import ABOUT_NOBODY, KINDS, Kind
from tests.privacy.making import Place
from tests.privacy.places import rows_in
from tests.support.feedback import on_tour


def test_every_table_is_covered() -> None:
    """A new table needs a kind of its own, or a reason why nobody is told of in it."""
    covered = {table for kind in KINDS for table in kind.tables}
    tables = {table.name for table in Base.metadata.sorted_tables}
    assert covered | ABOUT_NOBODY.keys() == tables
    assert not covered & ABOUT_NOBODY.keys()


def test_every_kind_stands_in_the_documentation() -> None:
    """docs/privacy.md, "What is kept where", names the table of each kind."""
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()
    table = page.partition("## What is kept where")[2].partition("\n## ")[0]
    assert [name for kind in KINDS for name in kind.tables if name not in table] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_what_has_ended_is_nowhere(database: Database, kind: Kind) -> None:
    await on_tour(database)
    place = Place(database)
    await place.passes()  # the day's retention, and what an earlier process left
    for act in kind.made:
        await place.does(act)
    canaries = [Canary("it", kind.name, one) for one in kind.told]
    there = await everything(database)
    assert {one.told for one in canaries} == {c.told for c in canaries if found([c], there)}, (
        "it is found while it is there"
    )
    assert kind.told or await count(database, kind)
    for act in kind.ends:
        await place.does(act)
    await place.passes(days=kind.after.days, seconds=kind.after.seconds)
    assert found(canaries, await everything(database)) == []
    assert kind.told or not await count(database, kind)


async def everything(database: Database) -> dict[str, bytes]:
    rows = {"rows": await rows_in(database)}
    if not database.is_sqlite:
        return rows
    file = Path(str(database.url.database))
    return rows | {one.name: one.read_bytes() for one in file.parent.glob(f"{file.name}*")}


async def count(database: Database, kind: Kind) -> int:
    """Rows of the tables of a kind that holds nothing to search for."""
    async with database.snapshot() as connection:
        counts = [
            (
                await connection.execute(select(func.count()).select_from(Base.metadata.tables[name]))
            ).scalar_one()
            for name in kind.tables
        ]
    return sum(counts)
