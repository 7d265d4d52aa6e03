"""Links in notes. A digest carries none: what a note links to is not what its author said, and Telegram
makes every address in a text a thing to tap."""

import re

from bot.digest.redaction.kinds import LINK_MARK

_ENDINGS = "com|net|org|kr|io|me|co|info|biz|xyz|gg|ly|link|site|shop|app|dev|page|ai|tv|to|cc|jp|cn|us|uk|eu|gov|edu|online|top|store"
_LINK = re.compile(
    rf"""(?:!?\[[^\]\n]*\]\(\s*[^)\s]+[^)\n]*\))           # Markdown, as an image or not
      | (?:[a-z][a-z0-9+.-]*://|www\.|mailto:|tg:|javascript:|data:[a-z]+/)[^\s<>"'가-힣]*
      | (?<![A-Za-z0-9.@-])(?:[A-Za-z0-9][A-Za-z0-9-]*\s\.\s)+(?:{_ENDINGS})(?![A-Za-z0-9-])   # a . b . com
      | (?<![A-Za-z0-9.@-])(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+(?:{_ENDINGS})(?![A-Za-z0-9-])(?:[:/?\#][^\s<>"'가-힣]*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def without_links(text: str) -> str:
    """The text with a mark in place of each link; everything else letter for letter."""
    return _LINK.sub(LINK_MARK, text)
