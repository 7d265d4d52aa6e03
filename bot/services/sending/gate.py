"""Whether sending is possible at all just now, and when to ask again.

An outage must not use up everybody's one resend: after any doubt nothing is sent until the messenger answers a
harmless question (getMe). Once it does, messages go one at a time until one of them was answered.
"""

from datetime import timedelta

from bot.services.ports import SendError, SlowDown, TokenRefused

LONGEST_PAUSE = timedelta(seconds=30)
REFUSED_PAUSE = timedelta(seconds=60)
"""Between questions while the token is refused: only a person can change that."""


class Gate:
    """Open, or closed until a probe succeeds. Moments are seconds of the clock's monotonic time."""

    def __init__(self) -> None:
        self._probe_at: float | None = None
        self._failures = 0
        self.refused = False
        """The token is refused: nothing can be sent until somebody acts."""
        self.careful = False
        """Sending was in doubt, and no message has been answered since."""

    @property
    def closed(self) -> bool:
        return self._probe_at is not None

    @property
    def probe_at(self) -> float:
        """When to ask next; infinitely far while open."""
        return float("inf") if self._probe_at is None else self._probe_at

    def doubt(self, monotonic: float) -> None:
        """A message's fate is unknown: ask at once."""
        self.careful = True
        if self._probe_at is None:
            self._probe_at = monotonic

    def no_way_out(self, monotonic: float) -> None:
        """A message surely did not leave: ask after 1, 2, 4 … 30 seconds."""
        self.careful = True
        if self._probe_at is None:
            self._probe_at = monotonic + self._next_pause()

    def refuse(self, monotonic: float, *, ask_in: timedelta = REFUSED_PAUSE) -> None:
        """The token is not valid: ask every minute."""
        self.refused = self.careful = True
        self._probe_at = monotonic + ask_in.total_seconds()

    def answered(self) -> None:
        """The messenger gave a clear answer to a message."""
        self.careful = False
        self._failures = 0

    def probe_failed(self, error: SendError, monotonic: float) -> None:
        match error:
            case TokenRefused():
                self.refuse(monotonic)
            case SlowDown():
                self._probe_at = monotonic + error.after.total_seconds()
            case _ if self.refused:
                self.refuse(monotonic)
            case _:
                self._probe_at = monotonic + self._next_pause()

    def probe_succeeded(self) -> None:
        """Open again. Pauses start anew only once a message is answered, so that a loop of failures slows down."""
        self._probe_at = None
        self.refused = False

    def _next_pause(self) -> float:
        pause = min(2.0**self._failures, LONGEST_PAUSE.total_seconds())
        self._failures = min(self._failures + 1, 10)
        return pause
