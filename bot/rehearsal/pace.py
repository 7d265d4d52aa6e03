"""How far the rehearsal's clock should be: counted from one anchor, so that small delays never add up."""

from datetime import datetime, timedelta

from bot.rehearsal.stage import RealTime

LONGEST_GAP = 1.0
"""Real seconds between two steps that count at most: a machine that slept is not caught up."""


class Pace:
    """`speed` rehearsed seconds for each real one, from the moment of `begin` on.

    The time that the bot takes at an event counts: the clock is late for a moment, and makes up for it.
    """

    def __init__(self, real: RealTime) -> None:
        self._real = real
        self.speed = 1
        self.behind = 0.0
        """Rehearsed seconds by which the clock was late when the last step had been taken."""
        self._anchor: tuple[float, datetime] | None = None
        self._last = 0.0

    def begin(self, now: datetime) -> None:
        """Count from here: the clock shows `now`."""
        self._last = self._real.monotonic()
        self._anchor = (self._last, now)
        self.behind = 0.0

    def set_speed(self, speed: int, now: datetime) -> None:
        """Another speed from now on."""
        self.speed = speed
        self.begin(now)

    def due(self) -> datetime:
        """Where the clock should be now. A gap since the last step that is too long moves the anchor."""
        real = self._real.monotonic()
        begun, at = self._begun()
        if (gap := real - self._last - LONGEST_GAP) > 0:
            begun += gap
            self._anchor = (begun, at)
        return at + timedelta(seconds=(real - begun) * self.speed)

    def reached(self, now: datetime) -> None:
        """A step was taken, and the clock shows `now`."""
        self._last = self._real.monotonic()
        begun, at = self._begun()
        self.behind = (self._last - begun) * self.speed - (now - at).total_seconds()

    def _begun(self) -> tuple[float, datetime]:
        if self._anchor is None:
            raise RuntimeError("not begun")
        return self._anchor
