"""A flag beside a database keeps its connections from taking one page more, until it is gone."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import asyncio, sys
from pathlib import Path
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from storage.database import Database
from tests.faults.no_room import flag_of, heed_flag

async def main(file):
    url = f"sqlite+aiosqlite:///{file}"
    heed_flag(url)
    database = Database(url)
    async with database.writing() as connection:
        await connection.execute(text("CREATE TABLE t (x TEXT)"))
    for full in (False, True, False):
        flag_of(file).touch() if full else flag_of(file).unlink(missing_ok=True)
        try:
            async with database.writing() as connection:
                await connection.execute(text("INSERT INTO t VALUES (:x)"), {"x": "x" * 100_000})
            print("written")
        except OperationalError:
            print("full")
    await database.close()

asyncio.run(main(Path(sys.argv[1])))
"""


def test_full_while_the_flag_stands(tmp_path: Path) -> None:
    """In a process of its own: it listens to every engine, for good."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "bot.db")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split() == ["written", "full", "written"], done.stderr
