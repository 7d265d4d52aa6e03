"""What a restore does with each table is decided, table by table."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage.backups import sqlite_url
from storage.carrying import FATES, NotCarried, Since, carry
from storage.database import Database
from storage.models import Base
from tests.support.lived import lived, rows_of
from tests.support.plans import DAY


def test_a_new_table_needs_a_decision() -> None:
    """Whoever adds one says in storage.carrying what a restore does with what came into it since the backup."""
    assert set(FATES) == set(Base.metadata.tables)


async def test_nothing_new_changes_nothing(sqlite: Database, tmp_path: Path) -> None:
    await lived(sqlite)
    await sqlite.truncate_log()
    (tmp_path / "same.db").write_bytes((tmp_path / "hyeonjang.db").read_bytes())
    other = Database(sqlite_url(tmp_path / "same.db"))
    before = await rows_of(sqlite)
    assert await carry(sqlite, other) == Since()
    assert await rows_of(other) == before
    await other.close()


async def of_notes(database: Database, *rows: Mapping[str, str]) -> None:
    note = {
        "voice_id": "v", "region": "전북", "day": DAY, "source": "chat", "kind": "remark", "words": "가상 의견",
        "withdrawn": False, "heard": False,
    }  # fmt: skip
    async with database.writing() as connection:
        await connection.execute(insert(Base.metadata.tables["voices"]).values(id="v", speaker="youth"))
        for row in rows:
            await connection.execute(insert(Base.metadata.tables["notes"]).values(**{**note, **row}))


async def test_a_number_that_is_anothers_in_the_backup_is_dealt_anew(
    database: Database, template: Path, tmp_path: Path
) -> None:
    """`b` is new; `a` and `d` are on both sides, under numbers that the backup has for others."""
    (tmp_path / "back.db").write_bytes(template.read_bytes())
    back = Database(sqlite_url(tmp_path / "back.db"))
    here = [{"id": "a", "number": "1"}, {"id": "b", "number": "2"}, {"id": "d", "number": "4"}]
    await of_notes(database, *here, {"id": "e", "number": "5"})
    there = [{"id": "a", "number": "2"}, {"id": "c", "number": "1"}, {"id": "d", "number": "3"}]
    await of_notes(back, *there, {"id": "e", "number": "4"})
    assert (await carry(database, back)).notes == 1
    async with back.snapshot() as connection:
        notes = Base.metadata.tables["notes"].c
        rows = await connection.execute(select(notes.id, notes.number))
        assert {row.id: row.number for row in rows} == {"a": None, "b": None, "c": "1", "d": None, "e": "5"}
    await back.close()


async def test_what_does_not_fit_is_left_whole(sqlite: Database, template: Path, tmp_path: Path) -> None:
    """A secret that two different notes have, one on each side: nothing of what came since is taken."""
    (tmp_path / "back.db").write_bytes(template.read_bytes())
    back = Database(sqlite_url(tmp_path / "back.db"))
    await of_notes(sqlite, {"id": "a", "number": "1"}, {"id": "b", "secret": "s" * 64})
    await of_notes(back, {"id": "a", "number": "2"}, {"id": "c", "secret": "s" * 64})
    before = await rows_of(back)
    with pytest.raises(NotCarried, match="IntegrityError"):
        await carry(sqlite, back)
    assert await rows_of(back) == before
    await back.close()
