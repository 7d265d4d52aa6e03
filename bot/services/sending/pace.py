"""Who may be written to now: Telegram's limits, chats with a request under way, and room kept for replies."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.delivery import PRIORITY, Delivery, Priority
from bot.domain.ids import ChatId
from bot.domain.limits import Limits

MOST_IN_FLIGHT = 40
KEPT_FOR_REPLIES = 3
"""Sends a second that reminders and broadcasts leave free, so that somebody who asks is answered at once."""


class Pace:
    """The limits as the sender uses them. Moments are seconds of the clock's monotonic time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._under_way: set[ChatId] = set()
        self._resting: dict[ChatId, float] = {}

    def restart(self, past: Iterable[tuple[ChatId, datetime]], *, now: datetime, monotonic: float) -> None:
        """As if the process before had sent as fast as allowed until now; `past` tells what groups had."""
        self._limits.restart(monotonic)
        groups: dict[ChatId, list[float]] = {}
        for chat, at in past:
            if chat < 0:
                groups.setdefault(chat, []).append(monotonic - max(0.0, (now - at).total_seconds()))
        for chat, moments in groups.items():
            self._limits.seed(chat, moments)

    @property
    def under_way(self) -> int:
        """Requests whose end is not written down yet."""
        return len(self._under_way)

    def slots(self, *, careful: bool) -> int:
        """How many more requests may be under way at once."""
        return max(0, (1 if careful else MOST_IN_FLIGHT) - len(self._under_way))

    def room(self, monotonic: float) -> int:
        return self._limits.room(monotonic)

    def room_at(self, monotonic: float) -> float:
        """When there is room for anything at all."""
        return self._limits.overall_free_at(monotonic)

    def least(self, monotonic: float) -> Priority:
        """What may be sent with the room there is: everything, or replies only."""
        return Priority.BULK if self.room(monotonic) > KEPT_FOR_REPLIES else Priority.REPLY

    def busy(self, monotonic: float) -> frozenset[ChatId]:
        """Chats that nothing can be sent to at this moment."""
        self._resting = {chat: until for chat, until in self._resting.items() if until > monotonic}
        return frozenset(self._under_way | self._resting.keys())

    def changes(self, monotonic: float) -> list[float]:
        """Moments at which more may be sent than now."""
        moments = [until for until in self._resting.values() if until > monotonic]
        if self.least(monotonic) is Priority.REPLY:
            moments.append(self._limits.overall_free_at(monotonic, spare=KEPT_FOR_REPLIES))
        return moments

    def pick(self, deliveries: Sequence[Delivery], monotonic: float) -> list[Delivery]:
        """Those that may leave together now, in their order; each is to a chat of its own."""
        room = self.room(monotonic)
        picked: list[Delivery] = []
        for delivery in deliveries:
            if (free := self._limits.free_at(delivery.chat, monotonic)) > monotonic:
                self._resting[delivery.chat] = free
                continue
            kept = 0 if PRIORITY[delivery.kind] is Priority.REPLY else KEPT_FOR_REPLIES
            if len(picked) < room - kept:
                picked.append(delivery)
        return picked

    def starts(self, chat: ChatId, monotonic: float) -> None:
        """A request leaves now."""
        self._limits.take(chat, monotonic)
        self._under_way.add(chat)

    def landed(self, chat: ChatId, monotonic: float) -> None:
        """The answer came, or will never come: the message may have arrived as late as this."""
        self._limits.landed(chat, monotonic)

    def hold(self, chat: ChatId, until: float) -> None:
        """Telegram asks for patience, for this chat alone."""
        self._limits.hold(chat, until)

    def recorded(self, chat: ChatId, monotonic: float) -> None:
        """What became of the request is written down: the chat's next message may follow in its time."""
        self._under_way.discard(chat)
        if (free := self._limits.free_at(chat, monotonic)) > monotonic:
            self._resting[chat] = free
