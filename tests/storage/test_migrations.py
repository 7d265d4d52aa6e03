"""A database that has lived through an older version: what is in it survives that tables are built anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from storage.database import Database, alembic_config
from storage.foreign_keys import BrokenReferences

FIRST = "0001"

_ROWS = (
    "INSERT INTO tours (id, name, topics, revision) VALUES ('tour', '가상 현장 행보', '[]', 0)",
    "INSERT INTO voices (id, speaker) VALUES ('voice', 'staff')",
    "INSERT INTO consents (voice_id, purpose, version, day) VALUES ('voice', 'feedback', '1', '2026-01-22')",
    "INSERT INTO notes (id, voice_id, region, day, source, kind, words, withdrawn) "
    "VALUES ('note', 'voice', '전북', '2026-01-22', 'staff', 'promise', '가상 약속', 0)",
    "INSERT INTO note_revisions (id, note_id, words, kind, changed_at) "
    "VALUES ('revision', 'note', '먼저 쓴 말', 'promise', '2026-01-22 03:00:00')",
)


def _first(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), FIRST)


async def _of_the_first_version(file: Path) -> Database:
    database = Database(f"sqlite+aiosqlite:///{file}")
    async with database._writer.connect() as connection:
        await connection.run_sync(_first)
        for row in _ROWS:
            await connection.execute(text(row))
        await connection.commit()
    return database


async def test_notes_and_what_refers_to_them_survive_the_rebuilding_of_their_table(tmp_path: Path) -> None:
    database = await _of_the_first_version(tmp_path / "old.db")
    await database.migrate()
    async with database._writer.connect() as connection:
        for table in ("voices", "consents", "notes", "note_revisions"):
            count = await connection.execute(text(f"SELECT count(*) FROM {table}"))
            assert count.scalar_one() == 1, table
        kept = await connection.execute(text("SELECT words FROM note_revisions"))
        assert kept.scalar_one() == "먼저 쓴 말"
    await database.close()


async def test_foreign_keys_are_on_again_afterwards(tmp_path: Path) -> None:
    database = await _of_the_first_version(tmp_path / "old.db")
    await database.migrate()
    async with database._writer.connect() as connection:
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one() == 1
        with pytest.raises(IntegrityError):
            await connection.execute(text("UPDATE notes SET voice_id = 'nobody'"))
    await database.close()


async def test_rows_that_refer_to_nothing_stop_a_migration_and_nothing_of_it_stays(tmp_path: Path) -> None:
    database = await _of_the_first_version(tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "old.db")) as foreign, foreign:  # its foreign keys are off
        foreign.execute("DELETE FROM voices")
    with pytest.raises(BrokenReferences):
        await database.migrate()
    async with database._writer.connect() as connection:
        revision = await connection.execute(text("SELECT version_num FROM alembic_version"))
        assert revision.scalar_one() == FIRST
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one() == 1
    await database.close()
