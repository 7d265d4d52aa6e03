"""The rehearsal: the real bot against a local Bot API, with the sample tour loaded and a clock that can jump.

Lives in DATA_DIR/rehearsal, on loopback, and begins anew at each start: it never touches real data.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from aiohttp.typedefs import Middleware

from bot.app import Bot, Outside
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.domain.reading import read_notes, read_topics, read_tour
from bot.gateways.clock import SteppedClock, SystemClock
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.rehearsal import sample
from bot.rehearsal.driver import Driver
from bot.rehearsal.page import Seat, add_page
from bot.rehearsal.play import Labels, NotesScript, PlayedNote, press
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from bot.settings import Settings
from prompts.messages import Messages
from storage.database import Database

TOKEN = "1:rehearsal"  # noqa: S105 (the token of nobody)
TOUR = "5극3특 현장 행보"
REGION = Region("전북")
PEOPLE = {Seat.STAFF: "가상 실무자", Seat.PARTICIPANT: "가상 참여자", Seat.MANAGER: "가상 국장"}
ROLES = {Seat.STAFF: Role.STAFF, Seat.MANAGER: Role.MANAGER}


@dataclass(frozen=True, slots=True)
class Sample:
    """The public sample: the tour's meetings and topics, and the notes of 22 January."""

    tour: str
    topics: str
    notes: str


def read_sample() -> Sample:
    """The sample that ships with the product (invented; see its README)."""
    folder = resources.files(sample)

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    return Sample(text("tour.csv"), text("topics.toml"), text("notes-jeonbuk-2026-01-22.csv"))


class Rehearsal:
    """A stage with a local Telegram and a clock; the bot can leave it and come back (`bot`)."""

    def __init__(self, settings: Settings, database_url: str, start: datetime) -> None:
        self.settings = settings
        self.clock = SteppedClock(start)
        self.world = World(self.clock.now, enforce_limits=True)
        self.messages = Messages(settings.timezone)
        self.script = NotesScript(self.world, labels_of(self.messages, start))
        self.driver = Driver(
            self.clock,
            lambda: self.world.pending_updates,
            SystemClock(),
            self.script,
            self._play_sample,
        )
        self.seats = {seat: self.world.add_user(name).id for seat, name in PEOPLE.items()}
        self.database = Database(database_url)
        self.url = ""

    @asynccontextmanager
    async def telegram(self, port: int, *middlewares: Middleware) -> AsyncIterator[str]:
        """The local Telegram and the page, served while the block runs."""
        app = create_app(self.world, TOKEN, *middlewares)
        add_page(app, self.world, self.driver, self.seats, timezone=self.settings.timezone)
        async with serve(app, "127.0.0.1", port) as self.url:
            await self.database.migrate()
            yield self.url
        await self.database.close()

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The real bot, pointed at the local Telegram, while the block runs."""
        async with (
            TelegramMessenger(TOKEN, self.url) as messenger,
            TelegramUpdates(TOKEN, self.url) as updates,
        ):
            outside = Outside(self.clock, messenger, updates)
            identity = await messenger.identity()
            async with Bot(self.settings, self.database, outside, identity, pulse=False) as bot:
                self.driver.on_stage(bot)
                try:
                    yield bot
                finally:
                    self.driver.on_stage(None)

    async def load(self, bot: Bot) -> None:
        """Brings the sample tour in and lets staff and manager claim their invitations in chat."""
        source = read_sample()
        table = read_tour(source.tour, self.settings.timezone)
        async with self.database.open_unit() as unit:
            await bot.services.schedule.bring_in(
                unit,
                table.plans,
                tour_name=TOUR,
                topics=read_topics(source.topics),
                cancel_missing=False,
                dry=False,
                now=self.clock.now(),
            )
            await unit.commit()
        for seat, role in ROLES.items():
            await self.invite(bot, self.seats[seat], role, REGION)
        await self.driver.advance_to(self.clock.now())

    async def invite(self, bot: Bot, user: int, role: Role, region: Region | None) -> None:
        """Somebody takes up an invitation made on the console, as people do: by its link and its button."""
        async with self.database.open_unit() as unit:
            token = await bot.services.invitations.invite(unit, None, role, region, now=self.clock.now())
            await unit.commit()
        self.world.start(user, f"i_{token}")
        accept = self.messages.plain("invitation.accept", now=self.clock.now())
        await self.driver.accompany(press(self.world, user, accept))

    async def played_notes(self) -> list[PlayedNote]:
        """The sample's notes as people will leave them, by the codes of their meetings."""
        source = read_sample()
        topics = read_topics(source.topics)
        table = read_notes(source.notes, self.settings.timezone, topics)
        async with self.database.open_unit(read_only=True) as unit:
            tour = await unit.tours.named(TOUR)
            keys = [note.meeting_key for note in table.notes if note.meeting_key]
            meetings = await unit.meetings.by_keys(tour.id, keys) if tour else {}
        titles = {topic.key: topic.title for topic in topics}
        return [
            PlayedNote(
                at=note.at,
                code=meetings[note.meeting_key].code,
                speaker=self.messages.plain(f"feedback.speaker_{note.speaker}", now=note.at),
                rating=note.rating,
                topic=None if note.topic is None else titles[note.topic],
                words=note.words,
            )
            for note in table.notes
            if note.at is not None and note.meeting_key in meetings
        ]

    async def _play_sample(self) -> int:
        coming = [note for note in await self.played_notes() if note.at >= self.clock.now()]
        return 0 if self.script.next_at() else self.script.add(coming)


def labels_of(messages: Messages, now: datetime) -> Labels:
    """What the feedback dialogue's buttons say."""

    def say(key: str) -> str:
        return messages.plain(key, now=now)

    one, two, three, four, five = ("★" * rating + "☆" * (5 - rating) for rating in range(1, 6))
    return Labels(
        agree=say("consent.all_and_start"),
        skip=say("feedback.skip"),
        ratings=(one, two, three, four, five),
        done=say("feedback.finish"),
    )


async def rehearse(settings: Settings, start: datetime, *, ready: "asyncio.Event | None" = None) -> None:
    """Runs the rehearsal until it is interrupted; prints its address."""
    folder = fresh_folder(settings.data_dir)
    stage = Rehearsal(settings, f"sqlite+aiosqlite:///{folder / 'rehearsal.db'}", start)
    async with stage.telegram(settings.port) as url, stage.bot() as bot:
        pulse = asyncio.create_task(stage.driver.run())
        try:
            await stage.load(bot)
            await stage.driver.resume()
            announce(url)
            if ready is not None:
                ready.set()
            await asyncio.get_running_loop().create_future()
        finally:
            pulse.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pulse


def announce(url: str) -> None:
    """Tells the person at the terminal where to look."""
    print(
        f"\n  리허설이 준비되었습니다: {url}\n"
        "  실제 자료를 쓰지 않는 연습입니다. 끝내려면 Ctrl+C 를 누르십시오.\n",
        flush=True,
    )


def fresh_folder(data_dir: Path) -> Path:
    """An empty DATA_DIR/rehearsal: every rehearsal begins anew."""
    folder = data_dir.absolute() / "rehearsal"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
