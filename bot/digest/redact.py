"""Takes personal data out of a text before it goes anywhere: to a model, a log, a digest, a person.

Recognised: telephone numbers, resident and foreigner registration numbers, business numbers, accounts, cards,
plates, passports, driving licences, e-mail, messenger names, and names of people (those on file, and names
before a title). What only looks like one (document numbers, voltages, budgets, dates) stays.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.digest.redaction import known, mails, names, numbers
from bot.digest.redaction.kinds import MARKS, Kind
from bot.digest.redaction.phones import phones
from bot.digest.redaction.shadow import Shadow, shadow_of
from bot.digest.redaction.spoken import readings

_DOCUMENT = re.compile(r"제\s?\d[\d-]*(?:호|조|항)|(?<![\d-])\d+(?:-\d+)+호")
"""Numbers of documents and articles (제2026-0117-0042호): never personal data, whatever they look like."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where personal data stood: offsets into the NFC form of the source."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Redacted:
    """`text` is NFC with marks in place of personal data; `spans` say what was where, in order."""

    text: str
    spans: tuple[Span, ...]


_WITH_DIGITS: tuple[tuple[Kind, Callable[[str], Iterable[tuple[int, int]]]], ...] = (
    (Kind.RESIDENT, numbers.residents),
    (Kind.CARD, numbers.cards),
    (Kind.LICENCE, numbers.licences),
    (Kind.PASSPORT, numbers.passports),
    (Kind.PHONE, phones),
    (Kind.BUSINESS, numbers.businesses),
    (Kind.ACCOUNT, numbers.accounts),
    (Kind.PLATE, numbers.plates),
)
"""Strongest evidence first: where two overlap, the earlier keeps the place."""
_DIGIT = re.compile(r"\d")


def _numbers(text: str) -> Iterator[tuple[Kind, int, int]]:
    """What is made of digits, but for the numbers of documents. Of two readings of one number the longer comes first."""
    read = [reading for reading in readings(text) if _DIGIT.search(reading)]
    documents = [match.span() for match in _DOCUMENT.finditer(text)]
    for kind, recognise in _WITH_DIGITS if read else ():
        found = {span for reading in read for span in recognise(reading)}
        for start, end in sorted(found, key=lambda span: (span[0] - span[1], span)):
            if not any(left <= start and end <= right for left, right in documents):
                yield kind, start, end


def _candidates(text: str, on_file: frozenset[str], own: frozenset[str]) -> Iterator[tuple[Kind, int, int]]:
    for start, end in mails.mails(text):
        yield Kind.EMAIL, start, end
    yield from _numbers(text)
    for start, end in mails.messengers(text):
        yield Kind.MESSENGER, start, end
    for start, end in known.known_names(text, on_file, own):
        yield Kind.NAME, start, end
    for start, end in names.unknown_names(text):
        yield Kind.NAME, start, end


def _find(text: str, on_file: frozenset[str], own: frozenset[str]) -> list[tuple[int, int, Kind]]:
    """What is found at one look, apart from each other and in order."""
    found: list[tuple[int, int, Kind]] = []
    for kind, start, end in _candidates(text, on_file, own):
        if all(end <= left or right <= start for left, right, _ in found):
            found.append((start, end, kind))
    return sorted(found)


def redact(
    text: str, on_file: frozenset[str] = frozenset(), own_names: frozenset[str] = frozenset()
) -> Redacted:
    """The text (as NFC) without personal data. Redacting twice changes nothing.

    `on_file` are names as `names_on_file` gives them, `own_names` those of whoever wrote the text (`parts_of`).
    It looks again until nothing more is found: what is taken out may have kept something beside it
    from being seen.
    """
    source = unicodedata.normalize("NFC", text)
    shadow: Shadow = shadow_of(source)
    spans: list[Span] = []
    while found := _find(shadow.text, on_file, own_names):
        spans += [Span(shadow.starts[start], shadow.ends[end - 1], kind) for start, end, kind in found]
        shadow = shadow.hiding([(start, end) for start, end, _ in found])
    spans.sort(key=lambda span: span.start)
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += [source[at : span.start], MARKS[span.kind]]
        at = span.end
    return Redacted("".join(parts) + source[at:], tuple(spans))
