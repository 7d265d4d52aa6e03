"""A digest's JSON form as whoever judges it reads it: its sentences, its quotes, every word that anybody may see."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
_RUN = 12
"""Letters in a row, spaces left out, by which words of a note are known again in an output."""
_LINK = re.compile(r"https?:|www\.|\btg:|javascript:|\]\(\s*(?:https?|tg|www|mailto)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)*)\s*([%％]|[가-힣A-Za-z])?")
_UNITS = frozenset("%만억천조배명원년월일시분주건개곳대차호층톤세번회점인호")
"""Beginnings of units: 3만 is not 3억. Anything else after a number is a particle (3은, 3과)."""
_MARK = re.compile(r"\[(?:[가-힣]{2,10}|[A-Z]+)\]")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a digest. `theme` is the place of its theme; None: it stands outside the themes."""

    text: str
    notes: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]
    theme: int | None


def sayings(digest: Json) -> tuple[Said, ...]:
    """Every finding, request, promise, hearsay and minority view."""
    found = [_said(one, place) for place, theme in enumerate(digest["themes"]) for one in theme["findings"]]
    found += [_said(one, None) for one in (*digest["minority"], *digest.get("apart", ()))]
    return tuple(found)


def _said(finding: Json, theme: int | None) -> Said:
    quotes = tuple((quote["note_id"], quote["text"]) for quote in finding["quotes"])
    return Said(finding["text"], tuple(finding["note_ids"]), quotes, theme)


def all_quotes(digest: Json) -> tuple[tuple[str, str], ...]:
    """Note and words, of sentences and of what is shown under its meeting."""
    shown = tuple((quote["note_id"], quote["text"]) for one in digest["unplaced"] for quote in one["quotes"])
    return (*(quote for said in sayings(digest) for quote in said.quotes), *shown)


def texts(value: object) -> Iterator[str]:
    """Every text anywhere in a JSON value; the names of fields are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from texts(part)


def normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def squeezed(text: str) -> str:
    """Letters and digits alone, in one form: how words are known again however they are spaced."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def has_link(text: str) -> bool:
    return _LINK.search(text) is not None


def numbers_in(text: str) -> set[tuple[str, str]]:
    """Numbers in digits, each with the beginning of its unit; 1,000 and 1000 are one."""
    plain = unicodedata.normalize("NFKC", text)
    return {
        (match[1].replace(",", ""), match[2] if match[2] in _UNITS else "")
        for match in _NUMBER.finditer(plain)
    }


def unsupported(text: str, sources: Iterable[str]) -> bool:
    """Whether a number in `text` stands in none of the `sources`; a unit that is not said again is no matter."""
    known: set[tuple[str, str]] = set()
    for source in sources:
        found = numbers_in(source)
        known |= found | {(number, "") for number, _ in found}
    return not numbers_in(text) <= known


def stands_in(quote: str, original: str) -> bool:
    """Whether the quote is the original letter for letter, with marks ([전화번호]) where something was taken out."""
    pieces = [re.escape(piece) for piece in _MARK.split(normal(quote))]
    return re.search(r"[\s\S]{0,200}?".join(pieces), normal(original)) is not None


def runs(text: str) -> set[str]:
    """All stretches of _RUN letters."""
    plain = squeezed(text)
    return {plain[at : at + _RUN] for at in range(len(plain) - _RUN + 1)}
