"""Networks as somebody writes them, and what is none."""

from ipaddress import ip_network

import pytest

from bot.domain.networks import LOOPBACK, NotANetwork, networks_named


def test_addresses_and_networks_are_read() -> None:
    assert networks_named("127.0.0.1, 10.0.0.0/24,2001:db8::/48,[::1]") == (
        ip_network("127.0.0.1/32"),
        ip_network("10.0.0.0/24"),
        ip_network("2001:db8::/48"),
        ip_network("::1/128"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "127.0.0.1,",
        "localhost",
        "10.0.0.5/24",
        "10.0.0.0/33",
        "0.0.0.0/0",
        "::/0",
        "10.0.0",
        "프록시",
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(NotANetwork):
        networks_named(text)


def test_this_machine_by_both_its_kinds_of_address() -> None:
    assert {network.version for network in LOOPBACK} == {4, 6}
    assert all(network.is_loopback for network in LOOPBACK)
