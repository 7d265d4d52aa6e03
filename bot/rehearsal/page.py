"""The chat page: three phones side by side and the clock, for a person at this machine.

`GET /` is the page; everything else it needs is under `/rehearsal/`. All of it is loopback only.
"""

import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.rehearsal.assets import HEADERS, asset_routes
from bot.rehearsal.clock_control import ClockControl
from bot.rehearsal.links import start_payload
from bot.rehearsal.sounds import seconds_of
from bot.rehearsal.values import Media
from bot.rehearsal.views import MEETING_PREFIX, clock_json, codes_json, pane_json, payload_of
from bot.rehearsal.wire import Json
from bot.rehearsal.wishes import as_conflict, number_of, read_wish, text_of
from bot.rehearsal.world import World

EVENTS_SECONDS: Final = 5.0
FASTEST: Final = 60
"""Rehearsed seconds for each real one, at most."""
LANGUAGES: Final = ("ko", "en")


class Seat(StrEnum):
    """The phones on the page."""

    STAFF = "staff"
    PARTICIPANT = "participant"
    MANAGER = "manager"


class ChatPage:
    """Serves the page and does what is done on its phones."""

    def __init__(
        self,
        world: World,
        clock: ClockControl,
        seats: Mapping[Seat, int],
        *,
        timezone: ZoneInfo,
        about: Callable[[], Json],
    ) -> None:
        self._world = world
        self._clock = clock
        self._seats = dict(seats)
        self._timezone = timezone
        self._about = about
        self._participants = 1
        self._born = secrets.token_hex(8)

    def routes(self) -> list[web.RouteDef]:
        """What to add to an application."""
        return [
            *asset_routes(self._world),
            web.get("/rehearsal/state", self.state),
            web.get("/rehearsal/events", self.events),
            web.post("/rehearsal/say", self.say),
            web.post("/rehearsal/start", self.start),
            web.post("/rehearsal/press", self.press),
            web.post("/rehearsal/open", self.open),
            web.post("/rehearsal/scan", self.scan),
            web.post("/rehearsal/attach", self.attach),
            web.post("/rehearsal/language", self.language),
            web.post("/rehearsal/new-participant", self.new_participant),
            web.post("/rehearsal/clock", self.clock),
        ]

    # -- what is shown

    async def state(self, _: web.Request) -> web.Response:
        """Everything that the page shows."""
        return self._state()

    async def events(self, request: web.Request) -> web.Response:
        """The state once it is newer than `after`, or after five real seconds (to set the clock right)."""
        after = request.query.get("after", "")
        known = int(after) if after.isdecimal() else -1
        world = self._world
        try:
            await world.until(lambda: world.closed or world.changes.revision > known, within=EVENTS_SECONDS)
        except TimeoutError:
            return self._state()
        return self._state()

    def _state(self, **more: object) -> web.Response:
        world = self._world
        seats = {seat.value: user for seat, user in self._seats.items()}
        body: Json = {
            "born": self._born,
            "revision": world.changes.revision,
            "closed": world.closed,
            "bot": {"name": world.bot.first_name, "username": world.bot.username},
            "clock": clock_json(self._clock, self._timezone),
            "panes": {seat: pane_json(world, user) for seat, user in seats.items()},
            "codes": codes_json(world, seats),
        }
        return web.json_response(body | self._about() | more, headers=HEADERS)

    # -- what is done

    async def say(self, request: web.Request) -> web.Response:
        """Somebody writes: `seat`, `text`."""
        wish = await read_wish(request)
        user = self._user(wish)
        with as_conflict():
            self._world.say(user, user, text_of(wish, "text"))
        return self._state()

    async def start(self, request: web.Request) -> web.Response:
        """Somebody presses Start in a fresh or blocked chat: `seat`."""
        with as_conflict():
            self._world.start(self._user(await read_wish(request)))
        return self._state()

    async def press(self, request: web.Request) -> web.Response:
        """Somebody presses an inline button: `seat`, `message_id`, `data`; the state names the press."""
        wish = await read_wish(request)
        user = self._user(wish)
        with as_conflict():
            press = self._world.press(user, user, number_of(wish, "message_id"), text_of(wish, "data"))
        return self._state(press=press.id)

    async def open(self, request: web.Request) -> web.Response:
        """Somebody taps a deep link: `seat`, `url`. A meeting's opens on the participant's phone."""
        wish = await read_wish(request)
        payload = start_payload(text_of(wish, "url"), self._world.bot.username or "")
        if payload is None:
            raise web.HTTPConflict(text="not a link to this bot")
        return self._open(payload, Seat(text_of(wish, "seat")))

    async def scan(self, request: web.Request) -> web.Response:
        """The participant's camera sees a code: `payload`, or the `message_id` and `seat` that show it."""
        wish = await read_wish(request)
        payload: str | None = str(wish.get("payload") or "")
        if not payload:
            message = self._world.chat(self._user(wish)).messages.get(number_of(wish, "message_id"))
            payload = payload_of(self._world, message) if message is not None else None
        if not payload:
            raise web.HTTPConflict(text="no code to see")
        return self._open(payload, Seat.PARTICIPANT)

    async def attach(self, request: web.Request) -> web.Response:
        """Somebody sends a file: the bytes as they are; `seat`, `as`, `name` and `caption` in the address."""
        wish: Json = dict(request.query)
        if request.content_type != "application/octet-stream":
            raise web.HTTPUnsupportedMediaType(text="application/octet-stream expected")
        user, data, caption = self._user(wish), await request.read(), text_of(wish, "caption")
        if not data:
            raise web.HTTPBadRequest(text="an empty file")
        with as_conflict():
            match text_of(wish, "as"):
                case Media.PHOTO:
                    self._world.send_photo(user, data, caption=caption)
                case Media.VOICE:
                    self._world.send_voice(user, data, seconds=seconds_of(data), caption=caption)
                case Media.DOCUMENT:
                    self._world.send_document(user, data, name=text_of(wish, "name"), caption=caption)
                case _:
                    raise web.HTTPBadRequest(text="unknown kind")
        return self._state()

    async def language(self, request: web.Request) -> web.Response:
        """Somebody's Telegram speaks another language from now on: `seat`, `language`."""
        wish = await read_wish(request)
        language = text_of(wish, "language")
        if language not in LANGUAGES:
            raise web.HTTPBadRequest(text="unknown language")
        self._world.speak(self._user(wish), language)
        return self._state()

    async def new_participant(self, _: web.Request) -> web.Response:
        """The participant's phone goes to somebody else, with an empty chat."""
        self._participants += 1
        before = self._world.users[self._seats[Seat.PARTICIPANT]]
        user = self._world.add_user(f"가상 참여자 ({self._participants})", language_code=before.language_code)
        self._seats[Seat.PARTICIPANT] = user.id
        self._world.changes.notify()
        return self._state()

    async def clock(self, request: web.Request) -> web.Response:
        """Steer the clock: `action` pause, resume, speed (with `speed`), next or notes."""
        wish = await read_wish(request)
        more: Json = {}
        match wish:
            case {"action": "pause"}:
                await self._clock.pause()
            case {"action": "resume"}:
                await self._clock.resume()
            case {"action": "speed", "speed": int(speed)} if 1 <= speed <= FASTEST:
                await self._clock.set_speed(speed)
            case {"action": "next"}:
                more = {"event": await self._clock.next_event()}
            case {"action": "notes"}:
                more = {"notes": await self._clock.play_notes()}
            case _:
                raise web.HTTPBadRequest(text="unknown action")
        self._world.changes.notify()
        return self._state(**more)

    def _open(self, payload: str, seat: Seat) -> web.Response:
        where = Seat.PARTICIPANT if payload.startswith(MEETING_PREFIX) else seat
        with as_conflict():
            self._world.start(self._seats[where], payload)
        return self._state(opened=where.value)

    def _user(self, wish: Json) -> int:
        try:
            return self._seats[Seat(text_of(wish, "seat"))]
        except (ValueError, KeyError):
            raise web.HTTPBadRequest(text="unknown seat") from None


def add_page(
    app: web.Application,
    world: World,
    clock: ClockControl,
    seats: Mapping[Seat, int],
    *,
    timezone: ZoneInfo,
    about: Callable[[], Json] = dict,
) -> ChatPage:
    """Add the page to the server's application (before it starts). `about`: more of the state that it shows."""
    page = ChatPage(world, clock, seats, timezone=timezone, about=about)
    app.add_routes(page.routes())
    return page
