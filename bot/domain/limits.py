"""How fast Telegram lets a bot speak: exact sliding windows, on monotonic seconds that the caller gives.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": about 30 messages a second in all, one a second to
a chat, 20 a minute to a group. Not a bucket that lets bursts through: within any stretch of time as long as a
window no more than its count is sent.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ids import ChatId


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` sends in any `seconds`."""

    count: int
    seconds: float


OVERALL = Window(28, 1.05)
CHAT = Window(1, 1.05)
GROUP = Window(20, 61.0)
"""Tighter than Telegram's, because it counts arrivals, and the network may bring two sends closer together."""

_FEW = 256  # so many chats are kept without looking whether they are still of interest


class Limits:
    """When the next send to a chat is allowed. One is shared by everything that sends with one token.

    Groups (negative chat ids, Telegram) obey the chat's and the group's window. `monotonic` must never go backwards
    between calls; all times are seconds on that scale. Memory is bounded by the chats of about two minutes.
    """

    def __init__(self, *, overall: Window = OVERALL, chat: Window = CHAT, group: Window = GROUP) -> None:
        self._overall = _Log(overall)
        self._chat = chat
        self._group = group
        self._chats: dict[ChatId, list[_Log]] = {}
        self._holds: dict[ChatId, float] = {}
        self._hold_all = float("-inf")
        self._sweep_at = _FEW

    def restart(self, monotonic: float) -> None:
        """What an earlier process sent a moment ago is not known: as if it had been as fast as allowed, to every chat.

        Nothing goes out for about a second. What groups had in the last minute must come from the rows of past
        deliveries, by `seed`.
        """
        self.hold_all(monotonic + max(self._overall.window.seconds, self._chat.seconds))

    def seed(self, chat: ChatId, sends: Iterable[float]) -> None:
        """Past sends to a chat, in any order, before anything is taken for it; times before the start may be negative."""
        for moment in sorted(sends):
            for log in self._logs(chat):
                log.add(moment)

    def free_at(self, chat: ChatId, monotonic: float) -> float:
        """The earliest moment, not before `monotonic`, at which a send to this chat is allowed."""
        windows = self._chats.get(chat, ())
        return max(
            self.overall_free_at(monotonic),
            self._holds.get(chat, monotonic),
            *(log.free_at() for log in windows),
        )

    def overall_free_at(self, monotonic: float, *, spare: int = 0) -> float:
        """The earliest moment, not before `monotonic`, at which any send at all may be allowed.

        `spare`: and at which so many more could still follow at once (kept for people who wait for an answer).
        """
        return max(monotonic, self._hold_all, self._overall.free_at(spare))

    def room(self, monotonic: float) -> int:
        """How many sends, each to a chat of its own that is free, are allowed at this moment."""
        return 0 if self._hold_all > monotonic else self._overall.room(monotonic)

    def take(self, chat: ChatId, monotonic: float) -> None:
        """Count a send that starts now. Raises ValueError when it is not allowed yet: ask `free_at` first."""
        if (free := self.free_at(chat, monotonic)) > monotonic:
            raise ValueError(f"not allowed for another {free - monotonic:.3f} s")
        self._overall.add(monotonic)
        for log in self._logs(chat):
            log.add(monotonic)
        self._sweep(monotonic)

    def landed(self, chat: ChatId, monotonic: float) -> None:
        """The answer to the last send to this chat came only now: it may have arrived as late as this.

        Makes the chat's windows exact for the receiver however slow the network, as long as sends to one chat
        follow each other.
        """
        for log in self._chats.get(chat, ()):
            log.restamp(monotonic)

    def hold(self, chat: ChatId, until: float) -> None:
        """Nothing to this chat before `until` (Telegram's retry_after, which concerns that chat alone)."""
        self._holds[chat] = max(until, self._holds.get(chat, until))

    def hold_all(self, until: float) -> None:
        """Nothing to anybody before `until`."""
        self._hold_all = max(until, self._hold_all)

    def __len__(self) -> int:
        """How many chats are remembered."""
        return len(self._chats.keys() | self._holds.keys())

    def _logs(self, chat: ChatId) -> "list[_Log]":
        if chat not in self._chats:
            windows = (self._chat, self._group) if chat < 0 else (self._chat,)
            self._chats[chat] = [_Log(window) for window in windows]
        return self._chats[chat]

    def _sweep(self, monotonic: float) -> None:
        """Forget chats that nothing holds back, once as many again have gathered: constant work per send."""
        if len(self._chats) + len(self._holds) <= self._sweep_at:
            return
        self._holds = {chat: until for chat, until in self._holds.items() if until > monotonic}
        self._chats = {
            chat: logs for chat, logs in self._chats.items() if any(log.matters(monotonic) for log in logs)
        }
        self._sweep_at = max(_FEW, 2 * (len(self._chats) + len(self._holds)))


class _Log:
    """The last sends under one window: as many as it allows, which is all that decides about the next."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._moments: deque[float] = deque(maxlen=window.count)

    def free_at(self, spare: int = 0) -> float:
        in_the_way = len(self._moments) - self.window.count + spare
        if in_the_way < 0:
            return float("-inf")
        return self._moments[in_the_way] + self.window.seconds

    def room(self, monotonic: float) -> int:
        counting = sum(moment + self.window.seconds > monotonic for moment in self._moments)
        return self.window.count - counting

    def add(self, moment: float) -> None:
        self._moments.append(moment)

    def restamp(self, moment: float) -> None:
        if self._moments:
            self._moments[-1] = max(moment, self._moments[-1])

    def matters(self, monotonic: float) -> bool:
        """Whether its last send still counts against a next one."""
        return bool(self._moments) and self._moments[-1] + self.window.seconds > monotonic
