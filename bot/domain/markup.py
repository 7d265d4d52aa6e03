"""The few tags of our own messages (Telegram's HTML), and words without them."""

import html
import re

_TAG = re.compile(r"<(?P<closes>/?)[a-z][^<>]*>")


def without_markup(text: str) -> str:
    """Our HTML as plain text: what people wrote keeps its angle brackets, which are entities in it."""
    return html.unescape(_TAG.sub("", text))


def opened_tags(text: str) -> int:
    """How many tags begin in it: each is an entity for Telegram."""
    return sum(1 for tag in _TAG.finditer(text) if not tag["closes"])
