"""What a command at the console works with: the open database, the services, and the way it says that it failed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.building import build_services, build_writing
from bot.domain.errors import Refusal
from bot.gateways.remote_clock import ClockGone
from bot.outside import language_model, time_now
from bot.services.bundle import Services
from bot.services.ports import Clock
from bot.settings import Settings
from prompts.messages import Messages
from storage.database import Database

TELEGRAM_REFUSES = "텔레그램이 토큰을 거절했습니다. TELEGRAM_BOT_TOKEN을 확인해 주십시오."
NO_TELEGRAM = "텔레그램에 연결하지 못했습니다. 네트워크와 TELEGRAM_API_URL을 확인해 주십시오."

NO_CLOCK = "리허설의 시계에 연결하지 못했습니다. 리허설이 열려 있는지 CLOCK_URL을 확인해 주십시오."


class Failed(Exception):
    """A command could not do what was asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command at the console works with."""

    database: Database
    services: Services
    messages: Messages
    clock: Clock

    def said(self, refusal: Refusal) -> str:
        return self.messages.plain(refusal.key, refusal.values, now=self.clock.now())


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


@asynccontextmanager
async def desk(settings: Settings, username: str = "") -> AsyncIterator[Desk]:
    """Opens the database (brought up to date) for one command; refusals become Failed."""
    clock = await clock_for(settings)
    database = database_of(settings)
    messages = Messages(settings.timezone)
    writing = build_writing(settings, language_model(settings), clock)
    opened = Desk(database, build_services(settings, messages, username, writing), messages, clock)
    try:
        await database.migrate()
        yield opened
    except Refusal as refusal:
        raise Failed(opened.said(refusal)) from None
    finally:
        await database.close()
