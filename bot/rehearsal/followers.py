"""Bots in processes of their own that live in the rehearsal's time (CLOCK_URL): the clock's side over HTTP.

`GET /clock` tells the time once. As a WebSocket it is how a bot follows: the clock says what time it is, and
the bot answers once it has nothing more to do at that moment, with the next moments at which it wants to wake.
Time goes on only then, and no further than the first of them. A bot that dies is not waited for.

    clock → bot   {"round": 7, "now": "2026-01-21T11:00:00+00:00"}
    bot → clock   {"round": 7, "sleeper": moment | null, "next": moment | null, "event": [moment, name] | null}
    bot → clock   {"sleeper": moment}     at any time: somebody went to sleep
"""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.rehearsal.stage import SteppedTime
from bot.rehearsal.waiting import Changes
from bot.rehearsal.wire import Json

CLOCK_PATH = "/clock"


class Followers:
    """Every bot that follows, as one Stage. `on_change` is told when the first comes and the last leaves."""

    def __init__(self, clock: SteppedTime, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._followers: list[_Follower] = []
        self.on_change: Callable[[], None] = lambda: None

    def routes(self) -> list[web.RouteDef]:
        """What to add to an application."""
        return [web.get(CLOCK_PATH, self.attend)]

    @property
    def count(self) -> int:
        return len(self._followers)

    async def attend(self, request: web.Request) -> web.StreamResponse:
        """Tells the time, and keeps telling it to whoever stays."""
        socket = web.WebSocketResponse()
        if not socket.can_prepare(request).ok:
            return web.json_response({"now": self._clock.now().isoformat()})
        await socket.prepare(request)
        follower = _Follower(socket)
        await follower.tell(self._clock.now())
        self._followers.append(follower)
        self._changed()
        try:
            async for message in socket:
                if message.type is web.WSMsgType.TEXT:
                    follower.hear(message.data)
        finally:
            self._followers.remove(follower)
            follower.leave()
            self._changed()
        return socket

    async def close(self) -> None:
        """The clock goes: everybody is told by the end of the connection."""
        for follower in list(self._followers):
            await follower.socket.close()

    def sleeper(self) -> datetime | None:
        """When the first who sleeps in any of them wants to wake."""
        return min((one.sleeper for one in self._followers if one.sleeper is not None), default=None)

    # -- Stage

    async def run_ticks(self) -> None:
        """Each runs its own when it is told the time."""

    @property
    def moving(self) -> bool:
        return False

    async def busy(self) -> bool:
        """Asks all, and waits until each is quiet; whether anything happened meanwhile."""
        before, now = self._changes.revision, self._clock.now()
        await asyncio.gather(*(follower.quiet_at(now) for follower in self._followers))
        return self._changes.revision != before

    async def next_moment(self, now: datetime) -> datetime | None:
        moments = [one.next for one in self._followers if one.next is not None and one.next > now]
        return min(moments, default=None)

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        events = [one.event for one in self._followers if one.event is not None and one.event[0] > now]
        return min(events, default=None)

    def _changed(self) -> None:
        self.on_change()
        self._changes.notify()


class SharedTime:
    """The rehearsal's clock together with the sleepers of those who follow it (a SteppedTime)."""

    def __init__(self, clock: SteppedTime, followers: Followers) -> None:
        self._clock = clock
        self._followers = followers

    def now(self) -> datetime:
        return self._clock.now()

    def next_waiter(self) -> datetime | None:
        moments = (self._clock.next_waiter(), self._followers.sleeper())
        return min((moment for moment in moments if moment is not None), default=None)

    def advance_to(self, moment: datetime) -> None:
        self._clock.advance_to(moment)


class _Follower:
    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.sleeper: datetime | None = None
        self.next: datetime | None = None
        self.event: tuple[datetime, str] | None = None
        self._round = 0
        self._quiet: asyncio.Future[None] | None = None

    async def tell(self, now: datetime) -> None:
        try:
            await self.socket.send_json({"round": self._round, "now": now.isoformat()})
        except ConnectionError:
            self.leave()

    async def quiet_at(self, now: datetime) -> None:
        """Returns once it has nothing more to do at this moment, or is gone."""
        self._round += 1
        self._quiet = asyncio.get_running_loop().create_future()
        await self.tell(now)
        await self._quiet

    def hear(self, text: str) -> None:
        """Raises ValueError and KeyError for what no follower of ours says: the connection ends."""
        said: Json = json.loads(text)
        self.sleeper = _moment(said["sleeper"])
        if "round" not in said:
            return
        self.next = _moment(said["next"])
        match said["event"]:
            case [str(moment), str(name)]:
                self.event = (datetime.fromisoformat(moment), name)
            case _:
                self.event = None
        if said["round"] == self._round:
            self.leave()

    def leave(self) -> None:
        """Nobody needs to wait for it any more."""
        if self._quiet is not None and not self._quiet.done():
            self._quiet.set_result(None)


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
