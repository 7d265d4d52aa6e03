"""Telegram's sending limits over time that never jumps."""

from datetime import datetime, timedelta

from bot.gateways.clock import SteppedClock
from bot.rehearsal.limits import SendingLimits
from bot.rehearsal.values import Violation
from tests.faults.ledger import Entry, Ledger


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

    def _even(self) -> datetime:
        return self._began + timedelta(seconds=self._clock.monotonic())
