"""The gate: a hall gets through, a flood does not, and nobody's address stays."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest

from bot.web.addresses import address_of, network_of
from bot.web.rate import (
    LATELY,
    NOTES_ALL,
    NOTES_EACH,
    PAGES_ALL,
    PAGES_EACH,
    SWEEP_EVERY,
    UNKNOWN_COSTS,
    Allowance,
    Gate,
)

HALL = "203.0.113.7"
FLOOD = "198.51.100.66"
TWO_MINUTES = 120.0


class Time:
    """Seconds that a test turns, and what was asked to be called later."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.calls.append((self.now + seconds, call))

    def turn(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.calls if at <= self.now]
        self.calls = [one for one in self.calls if one[0] > self.now]
        for call in due:
            call()


def opened() -> tuple[Gate, Time]:
    time = Time()
    return Gate(lambda: time.now, time.later), time


def test_a_hall_of_130_behind_one_address_gets_through_in_two_minutes() -> None:
    """Everybody scans within the first seconds; then forms, a third of them twice, and receipts."""
    gate, time = opened()
    assert [gate.admit(HALL, sends=False) for _ in range(130)] == [0] * 130
    for number in range(130):
        time.turn(110 / 130)
        assert gate.admit(HALL, sends=True) == 0
        if number % 3 == 0:
            assert gate.admit(HALL, sends=True) == 0
        assert gate.admit(HALL, sends=False) == 0
        assert gate.admit(HALL, sends=False) == 0


def test_130_forms_in_the_same_second_get_through() -> None:
    gate, _ = opened()
    assert [gate.admit(HALL, sends=True) for _ in range(130)] == [0] * 130


@pytest.mark.parametrize("allowance", [PAGES_EACH, NOTES_EACH])
def test_a_flood_gets_its_allowance_and_no_more(allowance: Allowance) -> None:
    sends = allowance is NOTES_EACH
    gate, time = opened()
    admitted = 0
    for _ in range(60):
        time.turn(1)
        admitted += sum(gate.admit(FLOOD, sends=sends) == 0 for _ in range(500))
    assert admitted == pytest.approx(allowance.burst + 60 * allowance.per_second, abs=allowance.per_second)


def test_a_flood_uses_up_nothing_of_the_halls() -> None:
    gate, _ = opened()
    for _ in range(10_000):
        gate.admit(FLOOD, sends=False)
        gate.admit(FLOOD, sends=True)
    assert gate.admit(HALL, sends=False) == 0
    assert gate.admit(HALL, sends=True) == 0


@pytest.mark.parametrize("allowance", [PAGES_ALL, NOTES_ALL])
def test_all_together_are_held_to_what_one_process_does(allowance: Allowance) -> None:
    sends = allowance is NOTES_ALL
    gate, _ = opened()
    admitted = sum(gate.admit(f"198.{n // 250}.{n % 250}.7", sends=sends) == 0 for n in range(5000))
    assert admitted == allowance.burst


def test_who_is_refused_is_told_when_to_come_again_and_then_gets_in() -> None:
    gate, time = opened()
    while (wait := gate.admit(FLOOD, sends=True)) == 0:
        pass
    assert wait == 1
    time.turn(wait)
    assert gate.admit(FLOOD, sends=True) == 0


def test_trying_codes_costs_more_than_opening_pages() -> None:
    gate, _ = opened()
    tried = 0
    while gate.admit(FLOOD, sends=False) == 0:
        gate.charge_unknown(FLOOD)
        tried += 1
    assert tried <= PAGES_EACH.burst / (1 + UNKNOWN_COSTS) + 1


def test_what_is_counted_is_forgotten_within_minutes_without_anybody_coming() -> None:
    gate, time = opened()
    for number in range(300):
        gate.admit(f"203.0.113.{number % 250}", sends=number % 2 == 0)
        gate.admit(HALL, sends=False)
    assert gate.remembered > 0
    assert max(PAGES_EACH.whole_after(), NOTES_EACH.whole_after(), 2 * LATELY) + SWEEP_EVERY <= TWO_MINUTES
    for _ in range(int(TWO_MINUTES // SWEEP_EVERY)):
        time.turn(SWEEP_EVERY)
    assert gate.remembered == 0
    assert time.calls == [], "and nothing goes on"


def test_no_address_can_be_read_in_it() -> None:
    """Not even by who knows all addresses: the key is of this process."""
    gate, other = opened()[0], opened()[0]
    gate.admit(HALL, sends=False)
    other.admit(HALL, sends=False)
    kept, elsewhere = held(gate), held(other)
    assert len(kept) == 3, "the address, the network, and what all have together"
    assert HALL.encode() not in b"".join(kept)
    assert not kept & elsewhere - {b""}


def held(gate: Gate) -> set[bytes]:
    """Every key under which something is counted."""
    share = gate._pages
    return {*share._each._left, *share._all._left, *share._lately._this, *share._lately._before}


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.1.1.1, 203.0.113.7, 127.0.0.1", "203.0.113.7"),
        ("10.0.0.2", "203.0.113.7", "10.0.0.2"),
        ("192.168.0.9", "203.0.113.7", "192.168.0.9"),
        ("fd00::9", "203.0.113.7", "fd00::"),
        ("::1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        ("127.0.0.1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, <script>", "127.0.0.1"),
        ("fe80::1%eth0", "", "fe80::"),
        (None, "203.0.113.7", ""),
        ("", "", ""),
    ],
)
def test_whom_to_count(peer: str | None, forwarded: str, counted: str) -> None:
    assert address_of(peer, forwarded) == counted


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("10.0.0.2", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.2", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.2", "203.0.113.7, nobody, 10.0.0.9", "10.0.0.9"),
        ("10.0.1.2", "203.0.113.7", "10.0.1.2"),
        ("127.0.0.1", "203.0.113.7", "127.0.0.1"),
        ("2001:db8:9::1", "203.0.113.7", "203.0.113.7"),
    ],
)
def test_only_the_named_proxies_are_believed(peer: str, forwarded: str, counted: str) -> None:
    """What a proxy says stood before it may be another proxy of ours; the first that is none is counted."""
    proxies = (ip_network("10.0.0.0/24"), ip_network("2001:db8:9::/48"))
    assert address_of(peer, forwarded, proxies) == counted


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::", "2001:db8:1::/48"),
        ("", ""),
    ],
)
def test_whose_neighbour_an_address_is(address: str, network: str) -> None:
    assert network_of(address) == network
