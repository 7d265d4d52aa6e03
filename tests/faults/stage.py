"""Telegram's side of the harness: world, clock, line and people, and the orders about them."""

import asyncio
import contextlib
import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.gateways.clock import SteppedClock, SystemClock
from bot.rehearsal.alone import TelegramAlone
from bot.rehearsal.play import labels_of
from prompts.messages import Messages
from tests.faults.booked_queue import BookedQueue
from tests.faults.chaos import DELIVERY, Chaos
from tests.faults.door import Door
from tests.faults.even_limits import EvenLimits
from tests.faults.ledger import Entry, Ledger
from tests.faults.people import People, gather_cast

SEOUL = ZoneInfo("Asia/Seoul")
STUCK_AFTER = 75.0
"""Real seconds without the bot being done with one moment: longer than any lock that the harness holds."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a Telegram of the harness is made of. `start` is an aware ISO moment."""

    ledger: str
    start: str
    seed: int
    staff: int
    guests: int


class Stage:
    """World, clock, line and people, and the orders about them."""

    def __init__(self, setting: Setting) -> None:
        self.real = SystemClock()
        self.clock = SteppedClock(datetime.fromisoformat(setting.start))
        self.alone = TelegramAlone(self.clock, self.real, {}, SEOUL)
        self.world = self.alone.world
        self.ledger = Ledger(Path(setting.ledger), self.clock.now, self.clock.monotonic)
        self.queue = BookedQueue(self.clock.now, self.ledger)
        self.queue.on_change = self.world.changes.notify
        self.world.updates = self.queue
        self.limits = EvenLimits(self.clock, self.ledger)
        self.world.limits = self.limits
        self._told = self.clock.now()
        self._tell = self.alone.followers.busy
        setattr(self.alone.followers, "busy", self._busy)  # noqa: B010 (to know what time the bot has been told)
        self.sent = 0
        setattr(self.world, "record", self._record)  # noqa: B010 (the book takes the place of the rehearsal's list)
        rng = random.Random(setting.seed)
        self.chaos = Chaos(self.world, self.ledger, random.Random(rng.random()), self.real)
        self.door = Door()
        self.cast = gather_cast(self.world, staff=setting.staff, guests=setting.guests)
        self.messages = Messages(SEOUL)
        labels = labels_of(lambda key: self.messages.plain(key, now=self.clock.now()))
        dice = random.Random(rng.random())
        self.people = People(self.world, self.queue, self.ledger, self.cast, labels, dice)
        self.people.open_codes = self._open_codes
        self._codes: list[tuple[datetime, str]] = []
        self._going: asyncio.Task[None] | None = None
        self._halted = False
        self.stuck = False
        self.orders: Mapping[str, Callable[[Json], Awaitable[object]]] = {
            "state": self._state,
            "cast": self._tell_cast,
            "join": self._join,
            "codes": self._set_codes,
            "go": self._go,
            "halt": self._halt,
            "jump": self._jump,
            "happen": self._happen,
        }

    async def obey(self, request: web.Request) -> web.Response:
        order = self.orders[request.match_info["order"]]
        given = json.loads(await request.text() or "{}")
        return web.json_response(await order(given) or {})

    def _record(
        self,
        method: str,
        chat: int | None,
        *,
        text: str = "",
        silent: bool = False,
        message_id: int | None = None,
    ) -> None:
        """An accepted call is on the disk before it is answered."""
        sends = method.startswith("send")
        self.sent += sends
        self.ledger.write(
            Entry.CALL,
            durable=sends,
            method=method,
            chat=chat,
            text=text,
            silent=silent,
            message=message_id,
            delivery=DELIVERY.get(),
            delay=self.limits.delay() // timedelta(milliseconds=1),
        )
        self.world.changes.notify()

    async def sleep_until_told(self, seconds: float) -> None:
        """The pusher's sleep. Who wakes does nothing before the bot knows what time it is: else it would act in the past."""
        await self.clock.sleep(seconds)
        while self.alone.followers.count and self._told < self.clock.now():
            await self.real.sleep(0.002)

    async def _busy(self) -> bool:
        now = self.clock.now()
        busy = await self._tell()
        self._told = now
        return busy

    def _open_codes(self) -> list[str]:
        """Of the meetings around now."""
        now = self.clock.now()
        near = [code for at, code in self._codes if abs(at - now) < timedelta(hours=8)]
        return near or [code for at, code in self._codes if at <= now][-3:]

    # -- orders

    async def _state(self, _given: Json) -> Json:
        return {
            "now": self.clock.now().isoformat(),
            "seconds": self.clock.monotonic(),
            "followers": self.alone.followers.count,
            "sent": self.sent,
            "waiting": self.queue.pending,
            "going": self._going is not None and not self._going.done(),
            "stuck": self.stuck,
            "violations": len(self.world.violations),
            "acting": self.people.acting,
        }

    async def _tell_cast(self, _given: Json) -> Json:
        cast = self.cast
        return {
            "staff": cast.staff,
            "managers": cast.managers,
            "admins": cast.admins,
            "guests": cast.guests,
            "groups": cast.groups,
            "regions": {str(user): region for user, region in cast.regions.items()},
        }

    async def _join(self, given: Json) -> None:
        """{"payloads": {user: payload}, "leavers": [user]}: everybody takes up their invitation, while a bot follows."""
        payloads, leavers = given["payloads"], given.get("leavers", [])
        assert isinstance(payloads, dict)
        assert isinstance(leavers, list)
        self.cast.leavers = [int(user) for user in leavers]
        self.cast.staff = [user for user in self.cast.staff if user not in self.cast.leavers]
        accept = self.messages.plain("invitation.accept", now=self.clock.now())
        acts = [self.people.join(int(user), str(payload), accept) for user, payload in payloads.items()]
        await self.alone.driver.accompany(_all(acts))

    async def _set_codes(self, given: Json) -> None:
        """{"codes": [[ISO start, code]]}."""
        codes = given["codes"]
        assert isinstance(codes, list)
        self._codes = sorted((datetime.fromisoformat(at), str(code)) for at, code in codes)

    async def _go(self, given: Json) -> None:
        """Time goes on, and people act, until the bot is gone: see Order in tests/faults/lives.py."""
        self._halted = False
        self.chaos.rate, self.chaos.hangs = _number(given, "strikes"), bool(given.get("hangs"))
        self.people.wild = bool(given.get("wild"))
        self._going = asyncio.create_task(self._go_on(given))

    async def _go_on(self, given: Json) -> None:
        until = self.clock.now() + timedelta(seconds=_number(given, "seconds"))
        chunk = timedelta(seconds=_number(given, "chunk"))
        most = self.sent + int(_number(given, "sends"))
        while (
            self.clock.now() < until and self.sent < most and self.alone.followers.count and not self._halted
        ):
            self.people.act(int(_number(given, "acts")))
            try:
                async with asyncio.timeout(STUCK_AFTER):
                    await self.alone.driver.advance_to(min(self.clock.now() + chunk, until))
            except TimeoutError:
                self.stuck = self.alone.followers.count > 0
                return

    async def _happen(self, given: Json) -> None:
        """{"what": …}: something of the world, now."""
        what = str(given["what"])
        self.ledger.write(Entry.EVENT, what=what)
        match what:
            case "leave":
                self.people.leave()
            case "migrate":
                self.people.migrate_group()
            case "revoke":
                self.world.revoked = True
            case "restore":
                self.world.revoked = False
            case "cut":
                self.queue.turned_away = True
                await self.door.cut()
            case "mend":
                await self.door.mend()
            case _:
                raise ValueError(what)

    async def _halt(self, _given: Json) -> None:
        """Stops the going, mends the line, and waits for the moment to be done with."""
        self._halted = True
        self.queue.turned_away = True  # until the next bot polls, nothing can reach it
        self.chaos.rate = 0.0
        await self.door.mend()
        self.world.revoked = False
        if self._going is not None:
            await self.alone.driver.pause()
            with contextlib.suppress(asyncio.CancelledError):
                await self._going

    async def _jump(self, given: Json) -> None:
        """{"seconds": n}: the wall clock moves while no bot is there; backwards it does so alone."""
        seconds = _number(given, "seconds")
        target = self.clock.now() + timedelta(seconds=seconds)
        if seconds < 0:
            self.clock.jump_to(target)
        else:
            await self.alone.driver.advance_to(target)
        self.ledger.write(Entry.EVENT, what="jump", by=seconds)


def _number(given: Json, name: str) -> float:
    value = given.get(name, 0)
    assert isinstance(value, int | float)
    return float(value)


async def _all(acts: Sequence[Awaitable[None]]) -> None:
    await asyncio.gather(*acts)
