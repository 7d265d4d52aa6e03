"""Who asks too often is told to wait: counted in memory, by a value from which no address can be read.

An address is hashed with a key of this process that is written nowhere, and what is counted of it is forgotten within
two minutes. What is here must let a hall of 130 people through behind one address, hold a single flood (and all of them
together) to what the database can keep, and keep many addresses together from locking out who has just come.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from bot.web.addresses import network_of

SWEEP_EVERY = 10.0
"""Seconds after which what is whole again is forgotten."""
LATELY = 55.0
"""Seconds: who came within this time, and within the same time before it, came lately."""
NEIGHBOURS = 8
"""Addresses of one network (/24, /48) that may come as often as a single one before they count as one."""
_HALF_WAY = 20.0
"""Requests lately of which half of what is held back is held back."""
_HELD_BACK = 0.5
"""Of what there is for all: so much, at most, is not for who came often lately."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many a second from then on."""

    burst: float
    per_second: float

    def whole_after(self) -> float:
        """Seconds until an empty allowance is whole."""
        return self.burst / self.per_second

    def held_back(self, lately: float) -> float:
        """What must be left of it for others, after so many requests lately: none of who has just come."""
        return self.burst * _HELD_BACK * lately / (lately + _HALF_WAY)


PAGES_EACH = Allowance(burst=400, per_second=6)
"""Pages that one address opens: in two minutes 1,120, eight for each of 130 people."""
NOTES_EACH = Allowance(burst=200, per_second=2)
"""Forms that one address sends: in two minutes 440, three for each of 130 people."""
PAGES_ALL = Allowance(burst=2000, per_second=60)
NOTES_ALL = Allowance(burst=600, per_second=20)
"""Of all addresses together: what one process and a SQLite file do without making the chat wait."""
UNKNOWN_COSTS = 5.0
"""Pages that a code or a receipt which is not there costs."""


class _Buckets:
    """Allowances by key: what is left, and since when."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._left: dict[bytes, tuple[float, float]] = {}

    def left(self, key: bytes, now: float) -> float:
        left, since = self._left.get(key, (self._allowance.burst, now))
        return min(self._allowance.burst, left + (now - since) * self._allowance.per_second)

    def wait(self, key: bytes, now: float, *, leaving: float = 0.0) -> float:
        """Seconds until one more is allowed with so many left behind; none when it is."""
        return max(0.0, (leaving + 1.0 - self.left(key, now)) / self._allowance.per_second)

    def take(self, key: bytes, now: float, cost: float = 1.0) -> None:
        self._left[key] = (max(0.0, self.left(key, now) - cost), now)

    def forget_whole(self, now: float) -> None:
        whole = [key for key in self._left if self.left(key, now) >= self._allowance.burst]
        for key in whole:
            del self._left[key]

    def __len__(self) -> int:
        return len(self._left)


class _Lately:
    """How often a key came in the last LATELY to two times LATELY seconds; older is forgotten."""

    def __init__(self, now: float) -> None:
        self._this: dict[bytes, float] = {}
        self._before: dict[bytes, float] = {}
        self._begun = now

    def count(self, key: bytes, now: float) -> float:
        self.turn(now)
        return self._this.get(key, 0.0) + self._before.get(key, 0.0)

    def add(self, key: bytes, now: float, cost: float = 1.0) -> None:
        self.turn(now)
        self._this[key] = self._this.get(key, 0.0) + cost

    def turn(self, now: float) -> None:
        """Forgets what is not of late any more."""
        if now - self._begun >= 2 * LATELY:
            self._before, self._this, self._begun = {}, {}, now
        elif now - self._begun >= LATELY:
            self._before, self._this, self._begun = self._this, {}, self._begun + LATELY

    def __len__(self) -> int:
        return len(self._this.keys() | self._before.keys())


class _Share:
    """What there is of one thing: for each, for all, and in which order when all want it.

    Under pressure it goes to whoever had the least of it lately: the more somebody had, the more must be left over
    before they get more. So many addresses at once get equal shares, and one that has just come is served first. A network
    counts too, or somebody to whom 65,536 addresses belong (a /48) would always have just come.
    """

    def __init__(self, each: Allowance, everybody: Allowance, now: float) -> None:
        self._allowance = everybody
        self._each, self._all = _Buckets(each), _Buckets(everybody)
        self._lately = _Lately(now)

    def wait(self, who: "_Caller", now: float) -> float:
        lately = max(self._lately.count(who.address, now), self._lately.count(who.network, now) / NEIGHBOURS)
        for_all = self._all.wait(b"", now, leaving=self._allowance.held_back(lately))
        return max(self._each.wait(who.address, now), min(for_all, LATELY))

    def take(self, who: "_Caller", now: float) -> None:
        self._all.take(b"", now)
        self.charge(who, now, 1.0)

    def charge(self, who: "_Caller", now: float, cost: float) -> None:
        """Counts for who it is, and is taken from nobody else."""
        self._each.take(who.address, now, cost)
        self._lately.add(who.address, now, cost)
        self._lately.add(who.network, now, cost)

    def forget(self, now: float) -> None:
        self._each.forget_whole(now)
        self._lately.turn(now)

    def __len__(self) -> int:
        return max(len(self._each), len(self._lately))


@dataclass(frozen=True, slots=True)
class _Caller:
    """Hashes of an address and of its network."""

    address: bytes
    network: bytes


class Gate:
    """One of the page. `monotonic` is the clock's; `later` calls something after so many real seconds."""

    def __init__(
        self, monotonic: Callable[[], float], later: Callable[[float, Callable[[], None]], object]
    ) -> None:
        self._monotonic = monotonic
        self._later = later
        self._key = secrets.token_bytes(32)
        now = monotonic()
        self._pages, self._notes = _Share(PAGES_EACH, PAGES_ALL, now), _Share(NOTES_EACH, NOTES_ALL, now)
        self._sweeping = False

    def admit(self, address: str, *, sends: bool) -> int:
        """0 when the request may go on; else the whole seconds after which to ask again, and nothing is counted.

        `sends`: it is a form, not a page. An address that is refused does not use up what is there for all.
        """
        now, who = self._monotonic(), self._caller(address)
        share = self._notes if sends else self._pages
        wait = share.wait(who, now)
        if wait > 0:
            return ceil(wait)
        share.take(who, now)
        self._sweep_later()
        return 0

    def charge_unknown(self, address: str) -> None:
        """What was asked for is not there: whoever tries codes is soon told to wait."""
        self._pages.charge(self._caller(address), self._monotonic(), UNKNOWN_COSTS)

    @property
    def remembered(self) -> int:
        """How many addresses and networks something is counted of; bounded by what is let in within two minutes."""
        return len(self._pages) + len(self._notes)

    def _caller(self, address: str) -> _Caller:
        return _Caller(self._hashed(address), self._hashed(f"of {network_of(address)}"))

    def _hashed(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=12).digest()

    def _sweep_later(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._later(SWEEP_EVERY, self._sweep)

    def _sweep(self) -> None:
        now = self._monotonic()
        for share in (self._pages, self._notes):
            share.forget(now)
        self._sweeping = False
        if self.remembered:
            self._sweep_later()
