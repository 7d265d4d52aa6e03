"""The chat page: three phones side by side and the clock, for a person at this machine.

`GET /` is the page; everything else it needs is under `/rehearsal/`. All of it is loopback only.
"""

import secrets
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import hdrs, web

from bot.rehearsal.clock_control import ClockControl
from bot.rehearsal.links import start_payload
from bot.rehearsal.views import MEETING_PREFIX, clock_json, codes_json, pane_json, payload_of
from bot.rehearsal.wire import Json
from bot.rehearsal.wishes import as_conflict, number_of, read_wish, text_of
from bot.rehearsal.world import World

EVENTS_SECONDS: Final = 5.0
SPEEDS: Final = (1, 10, 60)
_ASSETS: Final = Path(__file__).parent / "page"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Seat(StrEnum):
    """The phones on the page."""

    STAFF = "staff"
    PARTICIPANT = "participant"
    MANAGER = "manager"


class ChatPage:
    """Serves the page and does what is done on its phones."""

    def __init__(
        self, world: World, clock: ClockControl, seats: Mapping[Seat, int], *, timezone: ZoneInfo
    ) -> None:
        self._world = world
        self._clock = clock
        self._seats = dict(seats)
        self._timezone = timezone
        self._participants = 1
        self._born = secrets.token_hex(8)

    def routes(self) -> list[web.RouteDef]:
        """What to add to an application."""
        return [
            web.get("/", self.page),
            web.get("/rehearsal/page/{name}", self.asset),
            web.get("/rehearsal/files/{id}", self.file),
            web.get("/rehearsal/state", self.state),
            web.get("/rehearsal/events", self.events),
            web.post("/rehearsal/say", self.say),
            web.post("/rehearsal/start", self.start),
            web.post("/rehearsal/press", self.press),
            web.post("/rehearsal/open", self.open),
            web.post("/rehearsal/scan", self.scan),
            web.post("/rehearsal/new-participant", self.new_participant),
            web.post("/rehearsal/clock", self.clock),
        ]

    # -- what is shown

    async def page(self, _: web.Request) -> web.Response:
        """The page itself."""
        text = (_ASSETS / "index.html").read_text("utf-8")
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    async def asset(self, request: web.Request) -> web.Response:
        """A script, style or picture of the page."""
        path = _ASSETS / request.match_info["name"]
        if path.suffix not in _TYPES or path.parent != _ASSETS or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(text=path.read_text("utf-8"), content_type=_TYPES[path.suffix], headers=_HEADERS)

    async def file(self, request: web.Request) -> web.Response:
        """A picture or file from a chat; only pictures are shown in place."""
        stored = self._world.files.get(request.match_info["id"])
        if stored is None:
            raise web.HTTPNotFound
        kind, disposition = "application/octet-stream", "attachment"
        for start, shown in ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg")):
            if stored.data.startswith(start):
                kind, disposition = shown, "inline"
        headers = _HEADERS | {hdrs.CONTENT_DISPOSITION: disposition}
        return web.Response(body=stored.data, content_type=kind, headers=headers)

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
        return web.json_response(body | more, headers=_HEADERS)

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

    async def new_participant(self, _: web.Request) -> web.Response:
        """The participant's phone goes to somebody else, with an empty chat."""
        self._participants += 1
        user = self._world.add_user(f"가상 참여자 ({self._participants})")
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
            case {"action": "speed", "speed": int(speed)} if speed in SPEEDS:
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
) -> ChatPage:
    """Add the page to the server's application (before it starts)."""
    page = ChatPage(world, clock, seats, timezone=timezone)
    app.add_routes(page.routes())
    return page
