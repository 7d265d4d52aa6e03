"""Where a language model stands, and whether words of notes may go there.

Only the host that is written in the address decides: names are not looked up, so that no resolver can make a
foreign machine look like this one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""This machine, as these very names (EXTERNAL_AI, contract)."""
_SCHEMES = ("http", "https")
_HIGHEST_PORT = 65535


class NotAnEndpoint(ValueError):
    """What was given is no address that text can be sent to."""


class Place(Enum):
    """Where a host stands for the operator."""

    HERE = auto()  # this machine
    TRUSTED = auto()  # the operator listed it
    ABROAD = auto()  # everything else: somebody else's machine


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address whose host is known without doubt. `host` is lower case, without brackets or port."""

    url: str
    host: str

    def place(self, trusted: Iterable[str]) -> Place:
        """`trusted`: hosts as `host_named` gives them; only the whole name counts."""
        if self.host in LOOPBACK:
            return Place.HERE
        return Place.TRUSTED if self.host in set(trusted) else Place.ABROAD


def host_named(name: str) -> str:
    """A host as it is compared: lower case, an IP address in its one form. Raises NotAnEndpoint."""
    bare = name.strip().lower().removeprefix("[").removesuffix("]")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    labels = bare.split(".")
    if not all(_is_label(label) for label in labels) or labels[-1].isdigit() or labels[-1].startswith("0x"):
        raise NotAnEndpoint(name)
    return bare


def endpoint(url: str) -> Endpoint:
    """The endpoint of an address. Raises NotAnEndpoint.

    Refused is whatever two readers could read as two hosts: a name or password before the host, a backslash,
    spaces and control characters, another scheme, numbers that some resolvers take for an address (127.1, 0x7f000001).
    """
    if any(character <= " " or character in "\\\x7f" or ord(character) > 127 for character in url):
        raise NotAnEndpoint(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAnEndpoint(url) from None
    if parts.scheme not in _SCHEMES or set("@%") & set(parts.netloc) or not parts.hostname:
        raise NotAnEndpoint(url)
    if (port is not None and not 0 < port <= _HIGHEST_PORT) or parts.query or parts.fragment:
        raise NotAnEndpoint(url)
    return Endpoint(url.rstrip("/"), host_named(parts.hostname))


def _is_label(label: str) -> bool:
    """Letters, digits and dashes (RFC 952); underscores too, which container networks use."""
    bare = label.replace("-", "").replace("_", "")
    return bool(bare) and bare.isascii() and bare.isalnum() and not label.startswith("-")
