"""What SQLite writes besides its file stays in the file's folder: the rest of the disk may be encrypted by nobody."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database


async def test_the_copy_of_a_rewrite_is_written_beside_the_file(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    folder.mkdir()
    (folder / "hyeonjang.db").write_bytes(template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{folder / 'hyeonjang.db'}")
    try:
        await database.truncate_log(rewrite=True)
        async with database.outside_transactions() as connection:
            told = (await connection.exec_driver_sql("PRAGMA temp_store_directory")).scalar_one()
    finally:
        await database.close()
    assert told == str(folder)


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """The pragma holds for the whole process."""
    yield
    sqlite3.connect(":memory:").execute("PRAGMA temp_store_directory = ''").close()
