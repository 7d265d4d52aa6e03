"""A digest as the parts of one document to read, print or forward: every section whole, in the chat's words.

What chat hides (bot.digest.shield) is hidden here too: both are made from the same lines.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.digest.as_chat import section_blocks, sections
from bot.digest.chat_page import INDENT, Page
from bot.digest.chat_parts import Block
from bot.domain.digest import Digest
from bot.domain.markup import without_markup
from prompts.messages import FIRST_LANGUAGE, Messages

_QUOTE = re.compile(r"^<blockquote expandable>(?P<words>.*)</blockquote>$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report form. `html` is escaped and has no tags but b and i; `indent` counts its steps.

    `quote`: whole words of a note. `kind` is how it is set: head (□), line (○ -), remark (※), quote.
    """

    html: str
    indent: int
    quote: bool = False

    @property
    def kind(self) -> str:
        bare = without_markup(self.html)
        if self.quote:
            return "quote"
        return {"□": "head", "※": "remark"}.get(bare[:1], "line")


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its key (an anchor) and its title as plain text."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole digest; `title` is plain text, `language` that of its form."""

    title: str
    language: str
    parts: tuple[Part, ...]


def document(digest: Digest, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE) -> Document:
    """`now` (aware) is when it is made."""
    page = Page(digest, messages, now, language)
    parts = []
    title = page.words(
        "digest.document_title", {"region": digest.region, "day": digest.day, "year": digest.day.year}
    )
    for section in sections(digest):
        _, *blocks = section_blocks(digest, section.key, messages, now, language)
        lines = tuple(_line(block) for block in blocks if block.html)
        parts.append(Part(section.key, page.words(section.label, section.values), lines))
    return Document(title, language, tuple(parts))


def _line(block: Block) -> Line:
    text = block.html.lstrip(INDENT)
    indent = len(block.html) - len(text)
    quote = _QUOTE.match(text)
    return Line(quote["words"], indent, quote=True) if quote else Line(text, indent)
