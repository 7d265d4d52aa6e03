"""Telegram's sending limits over time that never jumps."""

from datetime import datetime, timedelta

from bot.gateways.clock import SteppedClock
from bot.rehearsal.limits import SendingLimits
from bot.rehearsal.values import Violation
from tests.faults.chaos import SENT_AT
from tests.faults.ledger import Entry, Ledger

_LONGEST_DELAY = timedelta(seconds=10)


class EvenLimits(SendingLimits):
    """Telegram's limits over time that never jumps: a wall clock that was set back must not look like haste."""

    def __init__(self, clock: SteppedClock, ledger: Ledger) -> None:
        super().__init__()
        self._clock = clock
        self._ledger = ledger
        self._began = clock.now()

    def broken_by(self, chat: int, at: datetime) -> Violation | None:
        broken = super().broken_by(chat, self._even())
        if broken is not None:
            self._ledger.write(Entry.EVENT, what="too fast", chat=chat, limit=broken.limit)
        return broken

    def record(self, chat: int, at: datetime) -> None:
        super().record(chat, self._even())

    def delay(self) -> timedelta:
        """How long the request under way has been on its way, by the harness's clock; nothing where nobody says."""
        if (sent_at := SENT_AT.get()) is None:
            return timedelta()
        return min(max(self._clock.now() - sent_at, timedelta()), _LONGEST_DELAY)

    def _even(self) -> datetime:
        """When the message left. On a busy machine the clock goes on while a request is on its way, now and then by most of
        a second; the next one may have no such delay, and what the bot sent a second apart arrives closer together.
        """
        return self._began + timedelta(seconds=self._clock.monotonic()) - self.delay()
