"""Text as Telegram reads it: HTML to plain text with entities, and what it marks by itself.

Lengths count code points after parsing; entity offsets count UTF-16 units. Only the HTML parse mode is
known here, because it is the only one the product speaks.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.rehearsal.errors import ApiError, bad_request
from bot.rehearsal.links import is_public_url
from bot.rehearsal.values import Entity

MAX_ENTITIES = 100

_TAG = re.compile(r"""<(/?)([^\s>]*)((?:"[^"]*"|'[^']*'|[^>"'])*)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_REFERENCE = re.compile(r"&(?:#[0-9]+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")
_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_FOUND = (
    ("url", re.compile(r"(?:https?://|(?<![\w/.])t\.me/)[^\s<>\"'()]+[^\s<>\"'().,!?:;]")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z][A-Za-z0-9_]{4,31}\b")),
    ("bot_command", re.compile(r"(?<![\w/.:@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
)
_ALONE = frozenset({"code", "pre"})


@dataclass(frozen=True, slots=True)
class _Span:
    """An entity while it is being found: positions count code points."""

    type: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as it is shown, with its entities in order."""

    text: str
    entities: tuple[Entity, ...]


def parse_html(source: str) -> Parsed:
    """Read Telegram's HTML. Raises ApiError "can't parse entities: …" for what Telegram refuses."""
    text, spans = _read(source)
    return _finish(text, spans)


def parse_plain(source: str) -> Parsed:
    """A text without a parse mode: only addresses, mentions and commands are marked."""
    return _finish(source, [])


def parse_given(source: str, given: Iterable[Entity]) -> Parsed:
    """A text whose entities were named by the sender; those beyond the text's end are refused."""
    units = _units_to_points(source)
    spans: list[_Span] = []
    for entity in given:
        start, end = units.get(entity.offset), units.get(entity.offset + entity.length)
        if start is None or end is None:
            raise bad_request("ENTITY_BOUNDS_INVALID")
        spans.append(_Span(entity.type, start, end, entity.url, entity.language))
    return _finish(source, spans)


def _read(source: str) -> tuple[str, list[_Span]]:
    text, spans, stack, position = "", [], list[_Open](), 0
    while position < len(source):
        at = source.find("<", position)
        text += _REFERENCE.sub(
            lambda found: html.unescape(found[0]), source[position : at if at >= 0 else len(source)]
        )
        if at < 0:
            break
        offset = len(source[:at].encode())
        tag = _TAG.match(source, at)
        if tag is None:
            raise _unreadable(f"Unclosed start tag at byte offset {offset}")
        position = tag.end()
        name = tag[2].lower()
        if tag[1]:
            spans.extend(_close(stack, name, text, offset))
        else:
            stack.append(_opened(name, tag[3], len(text), offset))
    if stack:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return text, spans


def _opened(name: str, rest: str, start: int, offset: int) -> _Open:
    attributes = {
        found[1].lower(): html.unescape((found[2] or "").strip("\"'")) for found in _ATTRIBUTE.finditer(rest)
    }
    if name == "span" and attributes.get("class") == "tg-spoiler":
        return _Open("span", {}, start)
    if name not in _TYPES:
        raise _unreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
    return _Open(name, attributes, start)


def _close(stack: list[_Open], name: str, text: str, offset: int) -> list[_Span]:
    if not stack:
        raise _unreadable(f"Unexpected end tag at byte offset {offset}")
    opened = stack.pop()
    if name and name != opened.tag:
        raise _unreadable(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{name}>"'
        )
    kind = _TYPES.get(opened.tag, "spoiler")
    url = language = None
    match opened.tag:
        case "a":
            url = opened.attributes.get("href") or text[opened.start :]
            if not is_public_url(url):
                return []
        case "blockquote" if "expandable" in opened.attributes:
            kind = "expandable_blockquote"
        case "code" if stack and stack[-1].tag == "pre":
            language = opened.attributes.get("class", "").removeprefix("language-") or None
    return [_Span(kind, opened.start, len(text), url, language)]


def _finish(text: str, spans: list[_Span]) -> Parsed:
    """Trim as Telegram does, add what it marks by itself, and count in UTF-16 units."""
    lead = len(text) - len(text.lstrip())
    shown = text.strip()
    kept = [
        _Span(span.type, max(span.start - lead, 0), min(span.end - lead, len(shown)), span.url, span.language)
        for span in spans
    ]
    kept = _without_overlaps([span for span in kept if span.start < span.end])
    kept += _found_in(shown, kept)
    kept.sort(key=lambda span: (span.start, -span.end))
    points = _points_to_units(shown)
    return Parsed(
        shown,
        tuple(
            Entity(
                span.type, points[span.start], points[span.end] - points[span.start], span.url, span.language
            )
            for span in kept[:MAX_ENTITIES]
        ),
    )


def _without_overlaps(spans: list[_Span]) -> list[_Span]:
    """Code holds nothing else: `<pre><code class="language-…">` is one `pre` with a language."""
    kept: list[_Span] = []
    for span in spans:
        around = [
            other for other in spans if other is not span and other.type in _ALONE and _within(span, other)
        ]
        if span.type == "pre":
            inner = next((s for s in spans if s.type == "code" and s.language and _within(s, span)), None)
            kept.append(_Span("pre", span.start, span.end, None, inner.language if inner else None))
        elif not any(other.type == "pre" or span.type != "code" for other in around):
            kept.append(span)
    return kept


def _within(inner: _Span, outer: _Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _found_in(text: str, taken: list[_Span]) -> list[_Span]:
    busy = [span for span in taken if span.type in _ALONE or span.type == "text_link"]
    found: list[_Span] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            span = _Span(kind, match.start(), match.end())
            if not any(span.start < other.end and other.start < span.end for other in busy + found):
                found.append(span)
    return found


def _points_to_units(text: str) -> list[int]:
    units = [0]
    for character in text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    return units


def _units_to_points(text: str) -> dict[int, int]:
    return {unit: point for point, unit in enumerate(_points_to_units(text))}


def _unreadable(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")
