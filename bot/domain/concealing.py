"""Secrets out of words: the last net under everything that is printed or logged.

Our own words never hold one. Words of others may: what a Bot API server gives as its reason, what a driver says about an
address. So every secret that the process knows is looked for in what goes out, as it is and as it stands in addresses and JSON.
"""

import json
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

HIDDEN = "[비밀]"
SHORTEST = 6
"""Shorter ones are not looked for: they would be found in ordinary words, and hide nothing from whoever guesses."""
SHORTEST_PART = 12
"""Parts of one that are shorter are looked for only within the whole: `rehearsal` is a name, `1:rehearsal` a token."""


def passwords_in(address: str) -> frozenset[str]:
    """What stands between the name and the host of an address, and in its `password=`; nothing for anything else."""
    try:
        parts = urlsplit(address.strip())
        given = {parts.password or ""}
    except ValueError:
        given = set()
        parts = urlsplit("")
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    given |= {value for name, _, value in pairs if "password" in name or "token" in name}
    rest = address.partition("://")[2]
    if (
        "@" in rest
    ):  # a password with / ? or # in it ends an address for most readers, and is a password all the same
        given.add(rest.rpartition("@")[0].partition(":")[2])
    return frozenset(given - {""})


def spellings(secrets: Iterable[str]) -> tuple[str, ...]:
    """Every way in which one may stand in a text, the longest first. A Telegram token is secret behind its colon, too."""
    known = {secret for secret in secrets if secret}
    parts = {secret.partition(":")[2] for secret in known if secret.partition(":")[0].isdigit()}
    known |= {part for part in parts if len(part) >= SHORTEST_PART}
    known |= {unquote(secret) for secret in known}
    known |= {way(secret) for secret in known for way in (quote, _wholly_quoted, _in_json)}
    return tuple(sorted((one for one in known if len(one) >= SHORTEST), key=lambda one: (-len(one), one)))


def concealed(text: str, spelt: Iterable[str]) -> str:
    """The text without them; `spelt` comes from `spellings`."""
    for one in spelt:
        text = text.replace(one, HIDDEN)
    return text


def _wholly_quoted(secret: str) -> str:
    return quote(secret, safe="")


def _in_json(secret: str) -> str:
    return json.dumps(secret, ensure_ascii=False)[1:-1]
