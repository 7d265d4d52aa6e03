"""Who asks too often is told to wait: counted in memory, by a value from which no address can be read.

An address is hashed with a key of this process that is written nowhere, and what is counted of it is forgotten as
soon as its allowance is whole again, within two minutes. What is here must let a hall of 130 people through
behind one address, and hold a single flood (and all of them together) to what the database can keep.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from math import ceil

SWEEP_EVERY = 30.0
"""Seconds after which what is whole again is forgotten."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many a second from then on."""

    burst: float
    per_second: float

    def whole_after(self) -> float:
        """Seconds until an empty allowance is whole."""
        return self.burst / self.per_second


PAGES_EACH = Allowance(burst=400, per_second=6)
"""Pages that one address opens: in two minutes 1,120, eight for each of 130 people."""
NOTES_EACH = Allowance(burst=200, per_second=2)
"""Forms that one address sends: in two minutes 440, three for each of 130 people."""
PAGES_ALL = Allowance(burst=2000, per_second=60)
NOTES_ALL = Allowance(burst=600, per_second=20)
"""Of all addresses together: what one process and a SQLite file do without making the chat wait."""
_NEAR = tuple(
    ip_network(near)
    for near in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Where a reverse proxy of ours stands: this machine, or a private network (RFC 1918, RFC 4193)."""
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

    def wait(self, key: bytes, now: float) -> float:
        """Seconds until one more is allowed; none when it is."""
        return max(0.0, (1.0 - self.left(key, now)) / self._allowance.per_second)

    def take(self, key: bytes, now: float, cost: float = 1.0) -> None:
        self._left[key] = (max(0.0, self.left(key, now) - cost), now)

    def forget_whole(self, now: float) -> None:
        whole = [key for key in self._left if self.left(key, now) >= self._allowance.burst]
        for key in whole:
            del self._left[key]

    def __len__(self) -> int:
        return len(self._left)


class Gate:
    """One of the page. `monotonic` is the clock's; `later` calls something after so many real seconds."""

    def __init__(
        self, monotonic: Callable[[], float], later: Callable[[float, Callable[[], None]], object]
    ) -> None:
        self._monotonic = monotonic
        self._later = later
        self._key = secrets.token_bytes(32)
        self._pages, self._all_pages = _Buckets(PAGES_EACH), _Buckets(PAGES_ALL)
        self._notes, self._all_notes = _Buckets(NOTES_EACH), _Buckets(NOTES_ALL)
        self._sweeping = False

    def admit(self, address: str, *, sends: bool) -> int:
        """0 when the request may go on; else the whole seconds after which to ask again, and nothing is counted.

        `sends`: it is a form, not a page. An address that is refused does not use up what is there for all.
        """
        now, who = self._monotonic(), self._hashed(address)
        each, everybody = (self._notes, self._all_notes) if sends else (self._pages, self._all_pages)
        wait = max(each.wait(who, now), everybody.wait(b"", now))
        if wait > 0:
            return ceil(wait)
        each.take(who, now)
        everybody.take(b"", now)
        self._sweep_later()
        return 0

    def charge_unknown(self, address: str) -> None:
        """What was asked for is not there: whoever tries codes is soon told to wait."""
        self._pages.take(self._hashed(address), self._monotonic(), UNKNOWN_COSTS)

    @property
    def remembered(self) -> int:
        """How many addresses something is counted of."""
        return len(self._pages) + len(self._notes)

    def _hashed(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=12).digest()

    def _sweep_later(self) -> None:
        if not self._sweeping:
            self._sweeping = True
            self._later(SWEEP_EVERY, self._sweep)

    def _sweep(self) -> None:
        now = self._monotonic()
        for buckets in (self._pages, self._notes):
            buckets.forget_whole(now)
        self._sweeping = False
        if self.remembered:
            self._sweep_later()


def address_of(peer: str | None, forwarded: str = "") -> str:
    """Whom to count: the peer, or what a reverse proxy of ours says stood before it.

    X-Forwarded-For is believed only from a peer on loopback or in a private network, and only its last entry: that one
    our own proxy wrote, what stands before it anybody may have sent. Several such
    lines are one, joined in order. IPv6 counts by /64, which is what one line gets.
    """
    seen = _parsed(peer or "")
    if seen is not None and any(seen in near for near in _NEAR):
        seen = _parsed(forwarded.rpartition(",")[2]) or seen
    if isinstance(seen, IPv6Address):
        return str(ip_network((seen, 64), strict=False).network_address)
    return "" if seen is None else str(seen)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without brackets and a port."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
