"""What a restore does with each table is decided, table by table."""

from pathlib import Path

import pytest
from sqlalchemy import insert

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


async def test_what_does_not_fit_is_left_whole(sqlite: Database, template: Path, tmp_path: Path) -> None:
    """A number that two different notes bear, one on each side: nothing of what came since is taken."""
    (tmp_path / "back.db").write_bytes(template.read_bytes())
    back = Database(sqlite_url(tmp_path / "back.db"))
    tables = Base.metadata.tables
    note = {
        "voice_id": "v", "region": "전북", "day": DAY, "source": "chat", "kind": "remark", "words": "가상 의견",
        "withdrawn": False, "heard": False,
    }  # fmt: skip
    for database, rows in ((sqlite, [("a", "1"), ("b", "2")]), (back, [("a", "2"), ("c", "1")])):
        async with database.writing() as connection:
            await connection.execute(insert(tables["voices"]).values(id="v", speaker="youth"))
            for ident, number in rows:
                await connection.execute(insert(tables["notes"]).values(**note, id=ident, number=number))
    before = await rows_of(back)
    with pytest.raises(NotCarried, match="IntegrityError"):
        await carry(sqlite, back)
    assert await rows_of(back) == before
    await back.close()
