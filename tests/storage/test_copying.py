"""Copies: in batches, whole or not at all."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from storage import copying
from storage.backups import sqlite_url
from storage.copying import NotCopied, NotEmpty, copy_all, counted
from storage.database import Database
from storage.models import FactRow
from tests.support.lived import lived, rows_of


@pytest.fixture
async def target(template: Path, tmp_path: Path) -> Database:
    file = tmp_path / "target.db"
    file.write_bytes(template.read_bytes())
    return Database(sqlite_url(file))


async def test_batches_end_anywhere(
    database: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH", 2)
    monkeypatch.setattr(copying, "LARGE", 1)
    await lived(database)
    copied = await copy_all(database, target)
    assert await rows_of(target) == await rows_of(database)
    async with target.snapshot() as connection:
        assert dict(copied) == dict(await counted(connection))
    await target.close()


async def test_what_is_there_is_replaced_only_on_request(sqlite: Database, target: Database) -> None:
    await lived(target)
    before = await rows_of(target)
    with pytest.raises(NotEmpty):
        await copy_all(sqlite, target)
    assert await rows_of(target) == before
    await copy_all(sqlite, target, replace=True)
    assert await rows_of(target) == await rows_of(sqlite)
    await target.close()


async def test_a_copy_that_is_not_whole_is_not_kept(
    sqlite: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row goes missing while it is written: nothing of the copy stays."""
    real = copying._copy

    async def losing(table, reading, writing):  # type: ignore[no-untyped-def]
        rows = await real(table, reading, writing)
        if table.name == "facts":
            await writing.execute(delete(FactRow))
        return rows

    await lived(sqlite)
    monkeypatch.setattr(copying, "_copy", losing)
    with pytest.raises(NotCopied, match="facts: count"):
        await copy_all(sqlite, target)
    async with target.snapshot() as connection:
        assert not any(dict(await counted(connection)).values())
    await target.close()
