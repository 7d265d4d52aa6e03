"""What each life is to suffer: seeded, and in favour of the points at which nobody has died yet."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from tests.faults.point_names import ONCE_A_LIFE, STOP_POINTS
from tests.faults.values import Deadly

_LONG = ("purge", "tick", "digests", "retention", "publish", "briefing", "reminders")
_TERMINATED = 0.06
_SCENES = {
    "commit:digests": time(20, 59, 30),
    "commit:publishing": time(20, 59, 30),
    "purge:retention": time(23, 59, 30),
    "commit:purge.retention": time(23, 59, 30),
    "commit:reminders": time(7, 59, 30),
}
"""When to be there, in Seoul, for points that come once a day."""


class Trial(StrEnum):
    """What else happens in a life."""

    NOTHING = "nothing else"
    LOCK = "database locked"
    FULL = "disk full and freed"
    STOP = "database server crashed and started"
    CUT = "no connection to Telegram"
    REVOKED = "token refused"
    IMPORT = "schedule imported beside the bot"
    LEAVE = "somebody deletes themselves"
    MIGRATE = "a group migrates"
    LATER = "clock jumps ahead before the life"
    EARLIER = "clock jumps back before the life"
    WRONG_CLOCK = "the machine's clock is wrong"
    HANGS = "answers hang"
    FRESH = "a process started anew"


_WEIGHTS = {
    Trial.NOTHING: 60,
    Trial.LOCK: 5,
    Trial.FULL: 3,
    Trial.STOP: 4,
    Trial.CUT: 5,
    Trial.REVOKED: 2,
    Trial.IMPORT: 1.5,
    Trial.LEAVE: 2,
    Trial.MIGRATE: 1,
    Trial.LATER: 5,
    Trial.EARLIER: 2,
    Trial.WRONG_CLOCK: 2,
    Trial.HANGS: 3,
    Trial.FRESH: 4,
}


@dataclass(frozen=True, slots=True)
class Fate:
    """One life's plan. `after`: real seconds of going on until a kill at random, if no point is deadly first.

    `seconds` and `chunk` are the clock's: how long time goes on, and by how much between two rounds of people.
    """

    trial: Trial
    deadly: Deadly | None
    terminated: bool
    after: float
    seconds: float
    chunk: float
    acts: int
    sends: int
    strikes: float
    scene: time | None
    """The life begins at this time of the day, in Seoul: the clock goes there first."""
    trial_seconds: float
    """How long a lock is held, a disk full, a line cut (real), or by how much a clock is moved (of the clock)."""


@dataclass(slots=True)
class Fates:
    """Deals fates. `offered`: trials that this lane can have; `gentle`: locks and hangs are short (a test, not the long form)."""

    rng: random.Random
    points: tuple[str, ...]
    offered: frozenset[Trial]
    gentle: bool
    sends: int
    tried: Counter[str] = field(default_factory=Counter)

    def next(self) -> Fate:
        trials = [trial for trial in _WEIGHTS if trial in self.offered]
        trial = self.rng.choices(trials, [_WEIGHTS[one] for one in trials])[0]
        asked = self.rng.random() < _TERMINATED
        deadly = None if asked or self.rng.random() < 0.25 else self._deadly()
        terminated = asked or (deadly is not None and deadly.point in STOP_POINTS)
        scene = None if deadly is None else _scene(deadly.point)
        hours = deadly is not None and any(part in deadly.point for part in _LONG)
        long = scene is None and (hours or self.rng.random() < 0.1)
        return Fate(
            trial=trial,
            deadly=deadly,
            terminated=terminated,
            after=self.rng.uniform(0.1, 3.0),
            seconds=self.rng.choice((900, 1800, 5400)) if long else 90,
            chunk=60 if long else 1.2,
            acts=4 if long else 30,
            sends=self.rng.randint(self.sends // 2, self.sends * 3 // 2),
            strikes=self.rng.choice((0.0, 0.02, 0.05)),
            scene=scene,
            trial_seconds=self._how_long(trial),
        )

    def died(self, point: str) -> None:
        self.tried[point] += 3

    def _deadly(self) -> Deadly:
        """One of the points that were tried least, at an early or a later passing."""
        least = sorted(self.points, key=lambda point: (self.tried[point], self.rng.random()))
        point = self.rng.choice(least[: max(1, len(least) // 4)])
        self.tried[point] += 1
        once = point in ONCE_A_LIFE or _scene(point) is not None
        return Deadly(point, 1 if once else self.rng.choice((1, 2, 3, 8, 20, 50)))

    def _how_long(self, trial: Trial) -> float:
        match trial:
            case Trial.LOCK:
                return self.rng.choice((0.1, 0.5, 1.5) if self.gentle else (0.1, 0.5, 2.0, 8.0, 12.0, 30.0))
            case Trial.LATER:
                return self.rng.choice((30.0, 600.0, 7200.0, 36000.0))
            case Trial.EARLIER:
                return -self.rng.choice((2.0, 90.0, 600.0))
            case Trial.WRONG_CLOCK:
                return self.rng.choice((-45.0, -2.0, 3.0, 45.0))
            case _:
                return self.rng.uniform(0.1, 1.0)


def _scene(point: str) -> time | None:
    return next((at for start, at in _SCENES.items() if point.startswith(start)), None)
