"""How every command begins: the time, the database of the settings; and how it says that it failed."""

import sys
from pathlib import Path

from bot.gateways.remote_clock import ClockGone
from bot.logs import without_secrets
from bot.outside import time_now
from bot.services.ports import Clock
from bot.settings import Settings
from storage.database import Database

NO_CLOCK = "리허설의 시계에 연결하지 못했습니다. 리허설이 열려 있는지 CLOCK_URL을 확인해 주십시오."


class Failed(Exception):
    """A command could not do what was asked; the text says why."""


def say(words: str) -> None:
    """Something that the operator should read now, whatever the command prints."""
    sys.stderr.write(f"※ {without_secrets(words)}\n")
    sys.stderr.flush()


def database_of(settings: Settings) -> Database:
    """The database of the settings; DATA_DIR is made for it. Raises Failed for a file in a folder that is not there."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database)
    folder = Path(database.url.database or "").parent
    if database.is_sqlite and not folder.is_dir():
        raise Failed(f"데이터베이스를 둘 폴더가 없습니다: {folder}")
    return database


async def clock_for(settings: Settings) -> Clock:
    """The time that the bot lives in, for one command. Raises Failed."""
    try:
        return await time_now(settings)
    except ClockGone:
        raise Failed(NO_CLOCK) from None
