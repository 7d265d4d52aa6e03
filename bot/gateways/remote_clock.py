"""The time of a rehearsal in another process (CLOCK_URL)."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self

import aiohttp

from bot.gateways.clock import SteppedClock, SystemClock

_QUIET_CHECKS = 3
"""How often in a row the bot must be found quiet: between two checks, whoever was just woken gets to run."""
_REAL = SystemClock()


class ClockGone(Exception):
    """The rehearsal's clock cannot be reached."""


class Living(Protocol):
    """The bot as a clock sees it (bot.app.Bot)."""

    async def run_ticks(self) -> None: ...
    @property
    def moving(self) -> bool: ...
    async def busy(self) -> bool: ...
    async def next_moment(self, now: datetime) -> datetime | None: ...
    async def next_event(self, now: datetime) -> tuple[datetime, str] | None: ...


class RemoteClock:
    """A rehearsal's clock in another process (CLOCK_URL; the protocol is bot.rehearsal.followers').

    Stands still until the rehearsal says what time it is; then the bot does what is due, and its being quiet is
    reported together with the next moments at which it wants to wake. Open it before use; for one event loop.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/clock"
        self._time = SteppedClock(datetime(2000, 1, 1, tzinfo=UTC))
        self._living: Living | None = None
        self._asleep = asyncio.Event()
        self._gone = asyncio.Event()

    def now(self) -> datetime:
        return self._time.now()

    def monotonic(self) -> float:
        return self._time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Raises ClockGone when the rehearsal ends."""
        if self._gone.is_set():
            raise ClockGone
        asyncio.get_running_loop().call_soon(self._asleep.set)
        await self._time.sleep(seconds)

    def on_stage(self, living: Living | None) -> None:
        """The bot that runs on this clock. Before it does, only somebody who sleeps lets time go on."""
        self._living = living

    async def gone(self) -> None:
        """Waits until the rehearsal has ended."""
        await self._gone.wait()

    async def __aenter__(self) -> Self:
        """Raises ClockGone."""
        self._session = aiohttp.ClientSession()
        try:
            self._socket = await self._session.ws_connect(self._url)
            self._time = SteppedClock(datetime.fromisoformat((await self._socket.receive_json())["now"]))
        except (OSError, aiohttp.ClientError, TypeError, ValueError, KeyError):
            await self._session.close()
            raise ClockGone from None
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._tell_sleepers())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()
        await self._session.close()

    async def _follow(self) -> None:
        try:
            async for message in self._socket:
                said = json.loads(message.data)
                moment = datetime.fromisoformat(said["now"])
                if moment > self._time.now():
                    self._time.advance_to(moment)
                with contextlib.suppress(Exception):  # the database is away: whoever sleeps tries again
                    await self._until_quiet()
                await self._socket.send_json({"round": said["round"], **await self._wishes()})
        except ConnectionError:
            return
        finally:
            self._gone.set()
            self._time.end(ClockGone())

    async def _until_quiet(self) -> None:
        if self._living is not None:
            await self._living.run_ticks()
        quiet = 0
        while True:
            await _REAL.sleep(0.001)
            quiet = 0 if self._working() else quiet + 1
            if quiet >= _QUIET_CHECKS:
                if self._living is None or not await self._living.busy():
                    return
                quiet = 0

    def _working(self) -> bool:
        """A bot that is about to start works, unless it sleeps."""
        return self._time.next_waiter() is None if self._living is None else self._living.moving

    async def _wishes(self) -> dict[str, object]:
        event = moment = None
        if self._living is not None:
            with contextlib.suppress(Exception):
                moment = await self._living.next_moment(self._time.now())
                event = await self._living.next_event(self._time.now())
        return {
            "sleeper": _iso(self._time.next_waiter()),
            "next": _iso(moment),
            "event": None if event is None else [event[0].isoformat(), event[1]],
        }

    async def _tell_sleepers(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._asleep.wait()
                self._asleep.clear()
                await self._socket.send_json({"sleeper": _iso(self._time.next_waiter())})


class ShiftedClock(SystemClock):
    """The machine's clock, so far ahead or behind as a rehearsal's is: for a command that is soon done."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


async def glance(url: str) -> ShiftedClock:
    """A rehearsal's time, looked at once. Raises ClockGone."""
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{url.rstrip('/')}/clock") as answer:
            moment = datetime.fromisoformat((await answer.json())["now"])
    except (OSError, aiohttp.ClientError, TypeError, ValueError, KeyError):
        raise ClockGone from None
    return ShiftedClock(moment - _REAL.now())


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
