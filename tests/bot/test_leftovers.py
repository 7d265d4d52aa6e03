"""What a killed restore leaves, and who may read the database: copies of everything belong to nobody else."""

from pathlib import Path

from bot.commands.alone import alone
from bot.commands.leftovers import clear_leftovers, clear_unless_in_use
from bot.commands.purging import purge
from bot.settings import Settings, read_settings
from storage.database import Database
from tests.support.console import Console
from tests.support.doctor import diagnosed, fresh

NAMES = (".restoring.db", ".restoring.db-wal", ".restoring-from.db", ".restoring-standing.db-journal")


def left(folder: Path) -> list[Path]:
    files = [folder / name for name in NAMES]
    for file in files:
        file.write_bytes(b"a copy of everything")
    return files


def settings_of(console: Console) -> Settings:
    return read_settings(None).model_copy(update={"data_dir": console.data})


async def test_purge_removes_what_a_killed_restore_left(console: Console) -> None:
    files, other = left(console.data), console.data / ".restoring.txt"
    other.touch()
    await purge(settings_of(console))
    assert [file for file in files if file.exists()] == []
    assert other.exists()


def test_what_a_restore_works_with_stays(console: Console) -> None:
    settings = settings_of(console)
    database = Database(settings.database)
    files = left(console.data)
    with alone(console.data):
        clear_unless_in_use(settings, database)
        assert all(file.exists() for file in files)
        clear_leftovers(settings, database)  # as `run`, which holds the lock itself
    assert [file for file in files if file.exists()] == []


async def test_doctor_names_it(console: Console) -> None:
    settings = fresh(console)
    left(settings.data_dir)
    [line] = [one.line for one in (await diagnosed(settings)).findings if one.check == "leftovers"]
    assert ".restoring-from.db" in line
    assert "python -m bot purge" in line
    with alone(settings.data_dir):
        assert [one for one in (await diagnosed(settings)).findings if one.check == "leftovers"] == []


async def test_a_database_is_its_owners_alone_whatever_its_folder_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'hyeonjang.db'}")
    try:
        await database.migrate()
        async with database.open_unit() as unit:
            await unit.facts.put("가상", "값")
            await unit.commit()
            modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
    finally:
        await database.close()
    assert modes == dict.fromkeys(("hyeonjang.db", "hyeonjang.db-wal", "hyeonjang.db-shm"), 0o600)
