"""Telegram's sending limits, measured over sliding windows of the injected clock.

Only new messages are counted, as the FAQ does (core.telegram.org/bots/faq): not edits, answers or menus.
Telegram tolerates short bursts; this counterpart does not, so that what passes here passes there.
"""

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta

from bot.rehearsal.values import Limit, Violation

_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)


class SendingLimits:
    """Remembers when messages were sent and says which limit the next one would break."""

    def __init__(self) -> None:
        self._overall: deque[datetime] = deque()
        self._chats: defaultdict[int, deque[datetime]] = defaultdict(deque)

    def broken_by(self, chat: int, at: datetime) -> Violation | None:
        """The limit that one more message to `chat` at `at` would break; None when it may go."""
        windows = (
            (Limit.OVERALL, self._overall, 30, _SECOND),
            (Limit.CHAT, self._chats[chat], 1, _SECOND)
            if chat > 0
            else (Limit.GROUP, self._chats[chat], 20, _MINUTE),
        )
        for limit, sent, allowed, window in windows:
            while sent and sent[0] <= at - _MINUTE:
                sent.popleft()
            inside = [moment for moment in sent if moment > at - window]
            if len(inside) >= allowed:
                free = inside[len(inside) - allowed] + window - at
                return Violation(limit, chat, at, max(1, math.ceil(free.total_seconds())))
        return None

    def record(self, chat: int, at: datetime) -> None:
        """One message was sent."""
        self._overall.append(at)
        self._chats[chat].append(at)
