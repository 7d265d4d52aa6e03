"""Checks what was written, in code: a finding that fails any of them does not reach a reader."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.digest.links import has_link
from bot.digest.suspect import is_suspect
from bot.digest.titles import settled
from bot.digest.write import Written
from bot.domain.digest import Checks, Finding, Quote

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _numbers(text: str) -> set[str]:
    """Numbers as they are said: 1,000 and 1000 are one."""
    return {found.replace(",", "") for found in _NUMBER.findall(unicodedata.normalize("NFKC", text))}


def _stands_in(quote: Quote, words: Mapping[str, str]) -> bool:
    return bool(quote.text) and unicodedata.normalize("NFC", quote.text) in words.get(quote.note, "")


def holds(finding: Finding, words: Mapping[str, str], *, verbatim: bool = True) -> bool:
    """Whether a finding passes. `words` are the redacted words (NFC) of this day's notes by number.

    It cites notes that exist; each of its quotes stands in a note that it cites, letter for letter; each number
    it says occurs in one of them; it has no link and gives no order. `verbatim`: it is itself such a quote.
    """
    if not finding.text.strip() or not finding.notes or not finding.quotes:
        return False
    if any(number not in words for number in finding.notes):
        return False
    if any(quote.note not in finding.notes or not _stands_in(quote, words) for quote in finding.quotes):
        return False
    if has_link(finding.text) or is_suspect(finding.text):
        return False
    cited = [words[number] for number in finding.notes]
    if not _numbers(finding.text) <= set().union(*map(_numbers, cited)):
        return False
    return not verbatim or any(finding.text in text for text in cited)


def check(
    written: Written, words: Mapping[str, str], free: AbstractSet[Finding] = frozenset()
) -> tuple[Written, Checks]:
    """What is left of `written`, and how many passed and were dropped. Those in `free` need not be quotes themselves."""

    def left(findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return tuple(one for one in findings if holds(one, words, verbatim=one not in free))

    before = _count(written)
    kept = replace(
        written,
        themes=tuple(
            settled(replace(theme, findings=left(theme.findings)), words) for theme in written.themes
        ),
        minority=left(written.minority),
        apart=left(written.apart),
        unplaced=tuple(
            replace(one, quotes=tuple(quote for quote in one.quotes if _stands_in(quote, words)))
            for one in written.unplaced
        ),
    )
    passed = _count(kept)
    return kept, Checks(findings=before, passed=passed, dropped=before - passed)


def _count(written: Written) -> int:
    return sum(len(theme.findings) for theme in written.themes) + len(written.minority) + len(written.apart)
