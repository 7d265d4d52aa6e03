"""Opening a rehearsal at the console: with the bot, or only its Telegram and its clock."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.gateways.clock import SteppedClock, SystemClock
from bot.gateways.loopback import LoopbackPost
from bot.gateways.spreadsheet import table_of
from bot.rehearsal.alone import TelegramAlone
from bot.rehearsal.announcing import how_to_join, welcome
from bot.rehearsal.driver import Driver
from bot.rehearsal.sources import Sources, read_sources, sample_sources
from bot.rehearse.stage import PEOPLE, TOKEN, Rehearsal
from bot.settings import Settings
from prompts.messages import Messages


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to rehearse. `at`: None: the evening before the tour's first day."""

    at: datetime | None = None
    speed: int = 1
    tour: Path | None = None
    notes: Path | None = None
    topics: Path | None = None


async def rehearse(settings: Settings, wishes: Wishes, *, ready: "asyncio.Event | None" = None) -> None:
    """Runs the rehearsal until it is interrupted; prints its address. Raises SourcesRefused."""
    sources = sources_of(settings, wishes)
    print(*sources.remarks, sep="\n", end="\n" if sources.remarks else "", flush=True)
    folder = fresh_folder(settings.data_dir)
    start = wishes.at or sources.starts(settings.timezone)
    stage = Rehearsal(settings, f"sqlite+aiosqlite:///{folder / 'rehearsal.db'}", start, sources)
    async with stage.telegram(settings.port) as url, stage.bot() as bot, pulse_of(stage.driver) as pulse:
        await stage.load(bot)
        if sources.own_notes:
            await stage.play_notes()
        await stage.driver.set_speed(wishes.speed)
        await stage.driver.resume()
        print(welcome(url), flush=True)
        if ready is not None:
            ready.set()
        await pulse


async def serve_telegram(settings: Settings, wishes: Wishes) -> None:
    """Telegram, page and clock until it is interrupted, for bots in processes of their own."""
    start = wishes.at or sample_sources(settings.timezone).starts(settings.timezone)
    clock = SteppedClock(start)
    stage = TelegramAlone(clock, SystemClock(), PEOPLE, settings.timezone)
    async with (
        LoopbackPost() as post,
        stage.served(TOKEN, settings.port, post, clock.sleep) as url,
        pulse_of(stage.driver) as pulse,
    ):
        await stage.driver.set_speed(wishes.speed)
        await stage.driver.resume()
        print(how_to_join(url, TOKEN, settings.data_dir / "rehearsal-bot"), flush=True)
        await pulse


def sources_of(settings: Settings, wishes: Wishes) -> Sources:
    """What is to be rehearsed. Raises SourcesRefused."""
    messages, now = Messages(settings.timezone), SystemClock().now()
    return read_sources(
        wishes.tour,
        wishes.notes,
        settings.timezone,
        topics=wishes.topics,
        open_table=table_of,
        say=lambda key, values: messages.plain(key, values, now=now),
    )


@asynccontextmanager
async def pulse_of(driver: Driver) -> AsyncIterator[asyncio.Task[None]]:
    """The clock is alive while the block runs; the task ends by itself only if the clock cannot go on."""
    pulse = asyncio.create_task(driver.run())
    try:
        yield pulse
    finally:
        pulse.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pulse


def fresh_folder(data_dir: Path) -> Path:
    """An empty DATA_DIR/rehearsal: every rehearsal begins anew."""
    folder = data_dir.absolute() / "rehearsal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
