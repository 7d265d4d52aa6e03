"""The webhook's secret: the operator's, or one that is made once and agreed upon."""

import asyncio
import re
from pathlib import Path

from bot.services.webhook_secret import webhook_secret
from storage.database import Database


async def test_it_is_made_once_and_every_process_on_the_database_agrees(database: Database) -> None:
    made = await asyncio.gather(*(webhook_secret(database.open_unit, None) for _ in range(5)))
    assert len(set(made)) == 1
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made[0]), "32 random bytes in Telegram's alphabet"
    assert await webhook_secret(database.open_unit, None) == made[0], "and at every later start"


async def test_another_database_has_another(sqlite: Database, template: Path, tmp_path: Path) -> None:
    file = tmp_path / "another.db"
    file.write_bytes(template.read_bytes())
    another = Database(f"sqlite+aiosqlite:///{file}")
    assert await webhook_secret(sqlite.open_unit, None) != await webhook_secret(another.open_unit, None)
    await another.close()


async def test_the_operators_own_comes_first_and_is_not_kept(sqlite: Database) -> None:
    made = await webhook_secret(sqlite.open_unit, None)
    assert await webhook_secret(sqlite.open_unit, "given") == "given"
    assert await webhook_secret(sqlite.open_unit, None) == made
