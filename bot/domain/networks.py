"""Networks by their written form: whose word is believed about who stands behind them."""

from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""This machine."""


class NotANetwork(ValueError):
    """What was given is neither an address nor a network, or it is everybody."""


def networks_named(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas. Raises NotANetwork.

    A network with bits beyond its length (10.0.0.5/24) is refused, because it may be meant in two ways; so is everybody
    (0.0.0.0/0): whoever is believed may call themselves whom they like.
    """
    found: list[Network] = []
    for part in text.split(","):
        try:
            network = ip_network(part.strip().removeprefix("[").removesuffix("]"))
        except ValueError:
            raise NotANetwork(part) from None
        if network.prefixlen == 0:
            raise NotANetwork(part)
        found.append(network)
    return tuple(found)
