"""What a restore that was killed leaves beside the database: whole copies of everything, which live for its minutes only."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.commands.alone import alone, is_running
from bot.commands.opening import Failed
from bot.settings import Settings
from storage.condition import file_of
from storage.database import Database

_OURS = re.compile(r"\.restoring(-from|-standing)?\.db(-wal|-shm|-journal)?")


def left_by_restores(settings: Settings, database: Database) -> Sequence[Path]:
    """Files of a restore that is over. None while a restore or `run` works in this folder: `run` has cleared before."""
    return [] if is_running(settings.data_dir) else _found(settings, database)


def clear_leftovers(settings: Settings, database: Database) -> None:
    """For whoever holds the lock of `run`, which every restore holds as well."""
    for file in _found(settings, database):
        file.unlink(missing_ok=True)


def clear_unless_in_use(settings: Settings, database: Database) -> None:
    """For a command that works beside others. The lock is taken only where there is something to clear, and for an instant."""
    if not left_by_restores(settings, database):
        return
    try:
        with alone(settings.data_dir):
            clear_leftovers(settings, database)
    except Failed:
        return  # a restore has begun and clears it, or `run` has


def _found(settings: Settings, database: Database) -> Sequence[Path]:
    file = file_of(database)
    folder = settings.data_dir if file is None else file.parent
    return sorted(one for one in folder.glob(".restoring*") if _OURS.fullmatch(one.name))
