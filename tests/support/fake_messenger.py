"""A messenger without a network: keeps what it is given, and ends requests as a test has written down."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ChatId
from bot.services.ports import BotIdentity, Clock, Outgoing, SendError


@dataclass(frozen=True, slots=True)
class Call:
    """One request to send, at the clock's time; `accepted`: its sender was told so."""

    at: datetime
    message: Outgoing
    accepted: bool


class FakeMessenger:
    """The Messenger port. Everything succeeds unless a test says otherwise.

    `script(…)`: how the next requests (of one chat, or of any) end; None is a success. `outage`: how all end while
    it is set. `probe_script`: how the next probes end. `held`: while set, requests wait for the event.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scripts: dict[ChatId | None, deque[Exception | None]] = {}
        self.calls: list[Call] = []
        self.probes: list[datetime] = []
        self.menus_set: list[tuple[ChatId | None, str | None, dict[str, str]]] = []
        self.probe_script: deque[SendError | None] = deque()
        self.outage: SendError | None = None
        self.held: asyncio.Event | None = None
        self.in_flight = 0
        self.most_in_flight = 0
        self._arrival = asyncio.Event()

    def script(self, *ends: Exception | None, chat: int | None = None) -> None:
        self._scripts.setdefault(None if chat is None else ChatId(chat), deque()).extend(ends)

    @property
    def accepted(self) -> list[Call]:
        return [call for call in self.calls if call.accepted]

    def texts(self, chat: int | None = None) -> list[str]:
        """The words of all requests (to a chat), in their order."""
        return [call.message.text for call in self.calls if chat in (None, call.message.chat)]

    def times(self, chat: int | None = None) -> list[datetime]:
        return [call.at for call in self.calls if chat in (None, call.message.chat)]

    async def arrivals(self, count: int) -> None:
        """Wait until so many requests are waiting for their end."""
        while self.in_flight < count:
            self._arrival.clear()
            await self._arrival.wait()

    async def send(self, message: Outgoing) -> int:
        end, at = self._end(message.chat), self._clock.now()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self._arrival.set()
        try:
            await (self.held.wait() if self.held is not None else asyncio.sleep(0))
        finally:
            self.in_flight -= 1
        self.calls.append(Call(at, message, accepted=end is None))
        if end is not None:
            raise end
        return message.edits or len(self.calls)

    async def identity(self) -> BotIdentity:
        self.probes.append(self._clock.now())
        await asyncio.sleep(0)
        end = self.probe_script.popleft() if self.probe_script else self.outage
        if end is not None:
            raise end
        return BotIdentity(1, "hyeonjang_test_bot", "현장")

    async def answer_press(self, press_id: str, text: str | None, *, alert: bool) -> None:
        """Accepted, and of no interest here."""

    async def set_menu(
        self, chat: ChatId | None, commands: Mapping[str, str], *, language: str | None = None
    ) -> None:
        self.menus_set.append((chat, language, dict(commands)))

    def _end(self, chat: ChatId) -> Exception | None:
        if self.outage is not None:
            return self.outage
        for name in (chat, None):
            if script := self._scripts.get(name):
                return script.popleft()
        return None
