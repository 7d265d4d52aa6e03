"""A local Telegram, its page and its clock without a bot: bots in processes of their own come and go (CLOCK_URL)."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from aiohttp.typedefs import Middleware

from bot.rehearsal.driver import Driver
from bot.rehearsal.followers import Followers, SharedTime
from bot.rehearsal.page import Seat, add_page
from bot.rehearsal.pushing import Post, Pusher, Sleep
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.stage import RealTime, SteppedTime
from bot.rehearsal.world import World


class TelegramAlone:
    """Outlives its bots. The clock goes on without one, and waits at each event for those that follow it."""

    def __init__(
        self, clock: SteppedTime, real: RealTime, people: Mapping[Seat, str], zone: ZoneInfo
    ) -> None:
        self.world = World(clock.now, enforce_limits=True)
        self.followers = Followers(clock, self.world.changes)
        self.driver = Driver(SharedTime(clock, self.followers), lambda: self.world.updates.moving, real)
        self.followers.on_change = self._follow
        self.seats = {seat: self.world.add_user(name).id for seat, name in people.items()}
        self._zone = zone

    def _follow(self) -> None:
        self.driver.on_stage(self.followers if self.followers.count else None)

    @asynccontextmanager
    async def served(
        self, token: str, port: int, post: Post, sleep: Sleep, *middlewares: Middleware
    ) -> AsyncIterator[str]:
        """Telegram, page and clock while the block runs; gives their address. `post` and `sleep`: see Pusher."""
        app = create_app(self.world, token, *middlewares, pusher=Pusher(self.world, post, sleep))
        add_page(
            app,
            self.world,
            self.driver,
            self.seats,
            timezone=self._zone,
            about=lambda: {"followers": self.followers.count},
        )
        app.add_routes(self.followers.routes())
        async with serve(app, "127.0.0.1", port) as url:
            try:
                yield url
            finally:
                await self.followers.close()
