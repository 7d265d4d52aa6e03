"""Packs lines and quotes into messages that Telegram accepts.

Limits (Bot API, sendMessage): 1–4096 characters after entity parsing, at most 100 entities. Characters are
counted here as UTF-16 units, never fewer than code points, and with room to spare.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass

from bot.digest.sentences import sentences
from bot.domain.markup import opened_tags, without_markup

LONGEST_PART = 4000
"""The label of a resend fits as well."""
MOST_ENTITIES = 90
LONGEST_PIECE = 1500
"""No block is longer, so that a heading and what follows it always fit into one part."""


@dataclass(frozen=True, slots=True)
class Block:
    """Something never torn apart: a line or a quote. A `leads` block never ends a part: it is a heading."""

    html: str
    leads: bool = False

    @property
    def size(self) -> int:
        return len(without_markup(self.html).encode("utf-16-le")) // 2

    @property
    def entities(self) -> int:
        return opened_tags(self.html)


def pieces(text: str, limit: int = LONGEST_PIECE) -> list[str]:
    """The text in pieces of at most `limit` characters: between sentences, then words, then anywhere."""
    if len(text) <= limit:
        return [text]
    ends = [sentence.end for sentence in sentences(text)]
    found: list[str] = []
    start = 0
    while len(text) - start > limit:
        fitting = [end for end in ends if start < end <= start + limit]
        space = text.rfind(" ", start + 1, start + limit + 1)
        end = fitting[-1] if fitting else space if space > start else start + limit
        found.append(text[start:end].strip())
        start = end
    found.append(text[start:].strip())
    return [piece for piece in found if piece]


def quote_blocks(text: str) -> list[Block]:
    """Words (bot.digest.shown_words) as a quote that unfolds; long ones as several."""
    return [
        Block(f"<blockquote expandable>{html.escape(piece, quote=False)}</blockquote>")
        for piece in pieces(text)
    ]


def _clusters(blocks: Iterable[Block]) -> list[list[Block]]:
    """Headings together with the block that follows them."""
    clusters: list[list[Block]] = []
    open_cluster = False
    for block in blocks:
        if open_cluster:
            clusters[-1].append(block)
        else:
            clusters.append([block])
        open_cluster = block.leads
    return clusters


def pack(blocks: Iterable[Block]) -> list[str]:
    """As few parts as the order allows, each within the limits."""
    parts: list[list[Block]] = [[]]
    size = entities = 0
    for cluster in _clusters(blocks):
        more = sum(block.size + 1 for block in cluster)
        tags = sum(block.entities for block in cluster)
        if parts[-1] and (size + more > LONGEST_PART or entities + tags > MOST_ENTITIES):
            parts.append([])
            size = entities = 0
        parts[-1] += cluster
        size += more
        entities += tags
    return ["\n".join(block.html for block in part).strip("\n") for part in parts if part]
