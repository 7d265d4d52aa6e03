"""Whose request it is, as far as an address tells, and whom to believe about it."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from bot.domain.networks import LOOPBACK, Network


def network_of(address: str) -> str:
    """What one provider gives to one customer at most: /48 of IPv6 (RFC 6177); /24 of IPv4, the least that is routed."""
    found = _parsed(address)
    if found is None:
        return ""
    return str(ip_network((found, 48 if isinstance(found, IPv6Address) else 24), strict=False))


def address_of(peer: str | None, forwarded: str = "", proxies: Collection[Network] = LOOPBACK) -> str:
    """Whom to count: the peer, or what a reverse proxy of ours says stood before it.

    X-Forwarded-For is believed only from `proxies`, from its end: what one of them wrote there is a peer again, and what
    stands before the first that is none of them anybody may have sent. Several such
    lines are one, joined in order. IPv6 counts by /64, which is what one line gets.
    """
    seen = _parsed(peer or "")
    while forwarded and _is_in(seen, proxies):
        forwarded, _, last = forwarded.rpartition(",")
        before = _parsed(last)
        if before is None:
            break
        seen = before
    if isinstance(seen, IPv6Address):
        return str(ip_network((seen, 64), strict=False).network_address)
    return "" if seen is None else str(seen)


def is_one_of(peer: str, networks: Collection[Network]) -> bool:
    """Whether a peer's address is in one of the networks."""
    return _is_in(_parsed(peer), networks)


def _is_in(address: IPv4Address | IPv6Address | None, networks: Collection[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


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
