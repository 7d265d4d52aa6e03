"""A digest as a report for files: the chat's own lines, every section whole, and what the chat has no room for.

What chat hides (bot.digest.shield) is hidden here too: lines, table and charts are made from the same shielded counts.
"""

import html
import re
from datetime import datetime

from bot.digest.as_chat import SUMMARY, section_blocks, sections
from bot.digest.chat_page import INDENT, Page
from bot.digest.chat_pages import approval_line, stamp
from bot.digest.chat_parts import Block
from bot.digest.edition import document_title, edition
from bot.digest.report import Item, Line, LineKind, Part, Report, Run
from bot.digest.report_figures import figures
from bot.domain.digest import Digest
from bot.domain.values import Value
from prompts.messages import FIRST_LANGUAGE, Messages

_QUOTE = re.compile(r"^<blockquote expandable>(?P<words>.*)</blockquote>$", re.DOTALL)
_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[a-z]+)[^<>]*>")
_SIGNS = {"□": LineKind.HEAD, "○": LineKind.ITEM, "-": LineKind.DETAIL, "※": LineKind.REMARK}
_NO_CHARACTER = re.compile(
    "[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u0084\u0086-\u009f]"
)
"""What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets) or discourages: a file with it does not open."""


def report(digest: Digest, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE) -> Report:
    """`now` (aware) is when it is made."""
    page = Page(digest, messages, now, language)
    day: dict[str, Value] = {"day": digest.day, "year": digest.day.year}
    title = "report.title" if digest.interim is None else "report.title_interim"
    return Report(
        name=clean(document_title(digest, page.words)),
        title=clean(page.words(title, {"region": digest.region})),
        dated=page.words("report.dated", day | {"edition": edition(digest, page.words)}),
        foot=_foot(Page(digest, messages, now, language)),
        language=messages.language_for(language),
        made=now,
        parts=tuple(_parts(page, messages, now, language)),
    )


def _parts(page: Page, messages: Messages, now: datetime, language: str) -> list[Part]:
    parts = []
    for section in sections(page.digest):
        _, *blocks = section_blocks(page.digest, section.key, messages, now, language)
        items: list[Item] = [line_of(block) for block in blocks if block.html]
        if section.key == SUMMARY:
            place = _second_head(items)
            items = [*items[:place], *figures(page), *items[place:]]
        parts.append(Part(section.key, clean(page.words(section.label, section.values)), tuple(items)))
    return parts


def _second_head(items: list[Item]) -> int:
    """Where the overview of the summary ends: table and charts belong to it."""
    heads = [at for at, one in enumerate(items) if isinstance(one, Line) and one.kind is LineKind.HEAD]
    return heads[1] if len(heads) > 1 else len(items)


def _foot(page: Page) -> str:
    """The stamp, and what became of the approval where one was wanted."""
    stamp(page)
    lines = [line_of(page.blocks[-1]).text]
    page.blocks.clear()
    if approval_line(page):
        lines.append(line_of(page.blocks[-1]).text.removeprefix("※ "))
    return " · ".join(lines)


def line_of(block: Block) -> Line:
    """A line of the chat, without its markup."""
    text = block.html.lstrip(INDENT)
    indent = len(block.html) - len(text)
    if quote := _QUOTE.match(text):
        return Line(LineKind.QUOTE, "", _runs(quote["words"]), indent)
    runs = _runs(text)
    sign = runs[0].text[:1] if runs else ""
    if sign not in _SIGNS:
        return Line(LineKind.DETAIL, "", runs, indent)
    first = Run(runs[0].text[1:].lstrip(), runs[0].bold, runs[0].faint)
    rest = runs[1:]
    return Line(_SIGNS[sign], sign, (first, *rest) if first.text else rest, indent)


def _runs(marked: str) -> tuple[Run, ...]:
    """Our own HTML (b and i, entities) as runs."""
    runs: list[Run] = []
    bold = faint = False
    at = 0
    for tag in [*_TAG.finditer(marked), None]:
        words = clean(html.unescape(marked[at : tag.start() if tag else len(marked)]))
        if words:
            runs.append(Run(words, bold, faint))
        if tag is None:
            break
        at = tag.end()
        if tag["name"] == "b":
            bold = not tag["closes"]
        elif tag["name"] == "i":
            faint = not tag["closes"]
    return tuple(runs)


def clean(text: str) -> str:
    """Without the characters that no file can hold."""
    return _NO_CHARACTER.sub("", text)
