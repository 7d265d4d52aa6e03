"""What a command at the console works with: the open database, the services, and the way it says that it failed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.commands.opening import NO_CLOCK, Failed, clock_for, database_of
from bot.commands.upgrading import bring_up
from bot.domain.errors import Refusal
from bot.outside import analyst, language_model
from bot.services.bundle import Services
from bot.services.ports import Clock
from bot.settings import Settings
from bot.use_cases import build_services, build_writing
from prompts.messages import Messages
from storage.database import Database

__all__ = [
    "NO_CLOCK",
    "NO_TELEGRAM",
    "TELEGRAM_REFUSES",
    "Desk",
    "Failed",
    "clock_for",
    "database_of",
    "desk",
]

TELEGRAM_REFUSES = "텔레그램이 토큰을 거절했습니다. TELEGRAM_BOT_TOKEN을 확인해 주십시오."
NO_TELEGRAM = "텔레그램에 연결하지 못했습니다. 네트워크와 TELEGRAM_API_URL을 확인해 주십시오."


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command at the console works with."""

    database: Database
    services: Services
    messages: Messages
    clock: Clock

    def said(self, refusal: Refusal) -> str:
        return self.messages.plain(refusal.key, refusal.values, now=self.clock.now())


@asynccontextmanager
async def desk(settings: Settings, username: str = "") -> AsyncIterator[Desk]:
    """Opens the database (brought up to date) for one command; refusals become Failed."""
    clock = await clock_for(settings)
    database = database_of(settings)
    messages = Messages(settings.timezone)
    writing = build_writing(settings, language_model(settings), clock)
    try:
        await bring_up(settings, database, clock)
        async with analyst(settings) as reader:
            services = build_services(settings, messages, username, writing, reader)
            yield Desk(database, services, messages, clock)
    except Refusal as refusal:
        raise Failed(messages.plain(refusal.key, refusal.values, now=clock.now())) from None
    finally:
        await database.close()
