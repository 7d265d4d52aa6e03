"""The stage: a local Telegram, a page, a clock, and the real bot that comes and goes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.app import Bot
from bot.domain.feedback import PARTICIPANTS, Speaker
from bot.domain.ids import Region
from bot.domain.person import Role
from bot.gateways.clock import SteppedClock, SystemClock
from bot.gateways.loopback import LoopbackPost
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.gateways.telegram_files import TelegramFiles
from bot.intake.webhook_watch import WebhookAddress
from bot.outside import Outside, analyst, language_model, transcriber
from bot.rehearsal.driver import Driver
from bot.rehearsal.page import Seat, add_page
from bot.rehearsal.play import NotesScript, PlayedNote, labels_of, press
from bot.rehearsal.pushing import Pusher
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.sources import Sources, sample_sources
from bot.rehearsal.world import World
from bot.settings import Settings
from bot.web import webhook
from bot.web.site import serve_site
from prompts.messages import Messages
from storage.database import Database

TOKEN = "1:rehearsal"  # noqa: S105 (the token of nobody)
PEOPLE = {Seat.STAFF: "가상 실무자", Seat.PARTICIPANT: "가상 참여자", Seat.MANAGER: "가상 국장"}
ROLES = {Seat.STAFF: Role.STAFF, Seat.MANAGER: Role.MANAGER}
BROUGHT_TO = WebhookAddress(f"http://127.0.0.1{webhook.PATH}", "rehearsal")
"""Where updates are brought when a webhook is rehearsed; the port is the bot's of the moment."""


class Rehearsal:
    """A stage with a local Telegram and a clock; the bot can leave it and come back (`bot`)."""

    def __init__(
        self, settings: Settings, database_url: str, start: datetime, sources: Sources | None = None
    ) -> None:
        self.settings = settings
        self.sources = sources or sample_sources(settings.timezone)
        self.clock = SteppedClock(start)
        self.world = World(self.clock.now, enforce_limits=True)
        self.messages = Messages(settings.timezone)
        self.script = NotesScript(self.world, labels_of(lambda key: self.messages.plain(key, now=start)))
        self.driver = Driver(
            self.clock,
            lambda: self.world.updates.moving,
            SystemClock(),
            self.script,
            self.play_notes,
        )
        self.seats = {seat: self.world.add_user(name).id for seat, name in PEOPLE.items()}
        self.database = Database(database_url)
        self.url = ""
        self._site: int | None = None
        self._post = LoopbackPost()

    @asynccontextmanager
    async def telegram(self, port: int, *middlewares: Middleware) -> AsyncIterator[str]:
        """The local Telegram and the page, served while the block runs."""
        self._post = LoopbackPost()
        pusher = Pusher(self.world, self._bring, self.clock.sleep)
        app = create_app(self.world, TOKEN, *middlewares, pusher=pusher)
        add_page(
            app,
            self.world,
            self.driver,
            self.seats,
            timezone=self.settings.timezone,
            about=lambda: {"sources": self.sources.json(), "site": self._site is not None},
        )
        app.add_routes([web.get(r"/m/{tail:.+}", self._to_site)])
        async with self._post, serve(app, "127.0.0.1", port) as self.url:
            await self.database.migrate()
            yield self.url
        await self.database.close()

    @asynccontextmanager
    async def bot(self, *, webhook: bool = False) -> AsyncIterator[Bot]:
        """The real bot, pointed at the local Telegram, while the block runs. It polls, or has a webhook."""
        async with (
            TelegramMessenger(TOKEN, self.url) as messenger,
            TelegramUpdates(TOKEN, self.url) as updates,
            TelegramFiles(TOKEN, self.url) as files,
            analyst(self.settings) as reader,
        ):
            outside = Outside(
                self.clock,
                messenger,
                updates,
                updates,
                files=files,
                language_model=language_model(self.settings),
                transcriber=transcriber(self.settings),
                analyst=reader,
            )
            identity = await messenger.identity()
            at = BROUGHT_TO if webhook else None
            bot = Bot(self.settings, self.database, outside, identity, pulse=False, brought_to=at)
            async with serve_site(bot.site(), "127.0.0.1", 0) as self._site, bot:
                if not webhook:
                    await updates.drop_webhook()
                await bot.take_up()
                self.driver.on_stage(bot)
                try:
                    yield bot
                finally:
                    self.driver.on_stage(None)
                    self._site = None

    async def _bring(self, _url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """A push to the bot's webhook. Raises OSError while it is away."""
        if self._site is None:
            raise ConnectionRefusedError
        return await self._post(f"http://127.0.0.1:{self._site}{webhook.PATH}", body, headers)

    async def _to_site(self, request: web.Request) -> web.Response:
        """The bot's own pages have a door of their own, which is another at each start."""
        if self._site is None:
            raise web.HTTPServiceUnavailable(text="봇이 꺼져 있습니다.")
        raise web.HTTPTemporaryRedirect(f"http://127.0.0.1:{self._site}{request.rel_url}")

    async def load(self, bot: Bot) -> None:
        """Brings the tour in and lets staff and manager claim their invitations in chat."""
        async with self.database.open_unit() as unit:
            await bot.services.schedule.bring_in(
                unit,
                self.sources.plans,
                tour_name=self.sources.tour_name,
                topics=self.sources.topics,
                cancel_missing=False,
                dry=False,
                now=self.clock.now(),
            )
            await unit.commit()
        for seat, role in ROLES.items():
            await self.invite(bot, self.seats[seat], role, self.sources.region)
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
        """The notes as people will leave them, by the codes of their meetings."""
        notes = self.sources.notes
        async with self.database.open_unit(read_only=True) as unit:
            tour = await unit.tours.named(self.sources.tour_name)
            keys = [note.meeting_key for note in notes if note.meeting_key]
            meetings = await unit.meetings.by_keys(tour.id, keys) if tour else {}
        titles = {topic.key: topic.title for topic in self.sources.topics}
        return [
            PlayedNote(
                at=note.at,
                code=meetings[note.meeting_key].code,
                speaker=self.messages.plain(f"feedback.speaker_{_as_participant(note.speaker)}", now=note.at),
                rating=note.rating,
                topic=None if note.topic is None else titles[note.topic],
                words=note.words,
            )
            for note in notes
            if note.at is not None and note.meeting_key in meetings
        ]

    async def play_notes(self) -> int:
        """Lets those come whose time is still ahead; how many."""
        coming = [note for note in await self.played_notes() if note.at >= self.clock.now()]
        return 0 if self.script.next_at() else self.script.add(coming)


def _as_participant(speaker: Speaker) -> Speaker:
    """Staff cannot choose to be staff when they scan a code."""
    return speaker if speaker in PARTICIPANTS else Speaker.OTHER
