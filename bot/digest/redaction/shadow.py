"""The text as the recognisers see it, with the way back to where each character stands.

The shadow has digits of any script as ASCII, full-width letters as ordinary ones, every kind of dash as
"-", no invisible characters, and one placeholder for each mark. Recognisers look at it only, and what they
find becomes a placeholder as well; so a text and its redacted form have the same shadow in the end, which
is why redacting twice changes nothing.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.digest.redaction.kinds import LINK_MARK, MARKS

HIDDEN = "\ufffc"
"""Stands for something already redacted. No recogniser's pattern contains it."""
_MARK = re.compile("|".join(re.escape(mark) for mark in (*MARKS.values(), LINK_MARK)))
_DASHES = frozenset("‐‑‒–—―−﹘﹣－ーㅡ─")
_RING = "⓪①②③④⑤⑥⑦⑧⑨"
_RINGED = re.compile(rf"[{_RING}](?:[\s-]?[{_RING}]){{2,}}")
"""Three ringed figures in a row are a number (⓪①⓪); one alone counts the points of a list."""
_UNRINGED = str.maketrans(_RING, "0123456789")
_FULL_WIDTH_FIRST, _FULL_WIDTH_LAST, _FULL_WIDTH_SHIFT = 0xFF01, 0xFF5E, 0xFEE0


@dataclass(frozen=True, slots=True)
class Shadow:
    """`starts[i]:ends[i]` is what the i-th character of `text` stands for in the source."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def hiding(self, found: list[tuple[int, int]]) -> "Shadow":
        """The shadow with each span (ascending, apart) shrunk to one placeholder."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end in found:
            text += [self.text[at:start], HIDDEN]
            starts += [*self.starts[at:start], self.starts[start]]
            ends += [*self.ends[at:start], self.ends[end - 1]]
            at = end
        text.append(self.text[at:])
        starts += self.starts[at:]
        ends += self.ends[at:]
        return Shadow("".join(text), starts, ends)


class _Plain(dict[int, str]):
    """A translation table that fills itself: each character as the recognisers see it, or nothing at all."""

    def __missing__(self, code: int) -> str:
        self[code] = self._plain(chr(code))
        return self[code]

    @staticmethod
    def _plain(character: str) -> str:
        if character.isascii():
            return " " if character in "\t\v\f" else character
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            return str(digit)
        if character in _DASHES:
            return "-"
        if _FULL_WIDTH_FIRST <= ord(character) <= _FULL_WIDTH_LAST:
            return chr(ord(character) - _FULL_WIDTH_SHIFT)
        category = unicodedata.category(character)
        if category == "Cf":
            return ""
        return " " if category == "Zs" else character


_TABLE = _Plain()


def shadow_of(source: str) -> Shadow:
    """The shadow of an NFC text."""
    source = _RINGED.sub(lambda ringed: ringed.group().translate(_UNRINGED), source)
    whole = source.translate(_TABLE)
    if len(whole) == len(source) and not _MARK.search(source):
        return Shadow(whole, range(len(source)), range(1, len(source) + 1))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for mark in [*_MARK.finditer(source), None]:
        for index in range(at, mark.start() if mark else len(source)):
            plain = _TABLE[ord(source[index])]
            if plain:
                text.append(plain)
                starts.append(index)
                ends.append(index + 1)
        if mark:
            text.append(HIDDEN)
            starts.append(mark.start())
            ends.append(mark.end())
            at = mark.end()
    return Shadow("".join(text), starts, ends)
