"""Many addresses at once, with a stepped clock: how many of those who have just come are let in meanwhile.

The figures stand in docs/operating.md ("The participant's page"); a change that makes them worse fails here.
"""

from random import Random

import pytest

from bot.web.rate import PAGES_ALL, Gate

FIRST = 20.0
"""Seconds in which the attackers use up what had gathered."""
STEP = 0.5


class Attack:
    """Addresses that ask without a pause, in an order that is dealt anew each time; meanwhile one newcomer a step."""

    def __init__(self, addresses: list[str], *, sends: bool) -> None:
        self.now = 0.0
        self.gate = Gate(lambda: self.now, lambda _seconds, _call: None)
        self.sends = sends
        self.addresses = addresses
        self.chance = Random(3)
        self.newcomers = 0
        self.most_remembered = 0

    def goes_on(self, until: float) -> float:
        """The share of newcomers whose first request was let in."""
        came = admitted = 0
        while self.now < until:
            self.now += STEP
            came += 1
            admitted += self._step()
            self.most_remembered = max(self.most_remembered, self.gate.remembered)
        return admitted / came

    def _step(self) -> bool:
        self.newcomers += 1
        newcomer = f"203.{self.newcomers // 250}.{self.newcomers % 250}.9"
        asking = [*self.addresses, newcomer]
        self.chance.shuffle(asking)
        return {address: self.gate.admit(address, sends=self.sends) == 0 for address in asking}[newcomer]


def spread(count: int) -> list[str]:
    """Addresses all over the world, each in a network of its own: machines that somebody took over."""
    return [f"{1 + n % 97}.{n // 97}.{n % 251}.5" for n in range(count)]


def of_one_network(count: int) -> list[str]:
    """Lines (/64) of one customer's /48, who has 65,536 of them."""
    return [f"2001:db8:7:{n:x}::" for n in range(count)]


@pytest.mark.parametrize("sends", [False, True], ids=["pages", "forms"])
@pytest.mark.parametrize("count", [10, 100, 200])
def test_hundreds_of_addresses_lock_nobody_out(count: int, sends: bool) -> None:
    attack = Attack(spread(count), sends=sends)
    assert attack.goes_on(FIRST) == 1.0
    assert attack.goes_on(90) == 1.0


def test_a_thousand_addresses_lock_nobody_out_of_the_pages() -> None:
    attack = Attack(spread(1000), sends=False)
    assert attack.goes_on(60) == 1.0


def test_a_thousand_addresses_hold_up_forms_for_half_a_minute() -> None:
    """600 forms at once and 20 a second are less than one for each of 1,000 in the first twenty seconds."""
    attack = Attack(spread(1000), sends=True)
    attack.goes_on(FIRST + 10)
    assert attack.goes_on(90) >= 0.85


@pytest.mark.parametrize("sends", [False, True], ids=["pages", "forms"])
def test_all_of_a_48_lock_nobody_out(sends: bool) -> None:
    attack = Attack(of_one_network(700), sends=sends)
    assert attack.goes_on(40) == 1.0


def test_who_is_under_attack_gets_an_equal_share_and_no_less() -> None:
    """A hall behind one address beside a hundred others: as many pages as each of them, and the first at once."""
    attack = Attack(spread(100), sends=False)
    attack.goes_on(FIRST)
    assert [attack.gate.admit("203.0.113.7", sends=False) for _ in range(20)] == [0] * 20


def test_what_is_remembered_is_bounded_by_what_is_let_in() -> None:
    """Addresses that are refused leave no trace: an address and a network each, for what two minutes let in."""
    attack = Attack(spread(4000), sends=False)
    attack.goes_on(15)
    let_in = PAGES_ALL.burst + 15 * PAGES_ALL.per_second
    assert attack.most_remembered <= 2 * let_in
