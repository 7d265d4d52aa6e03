"""What of a text is read for its meaning. Every character keeps its place, so that offsets in it hold in the text."""

import re
import unicodedata

from bot.digest.redaction.kinds import LINK_MARK, MARKS
from bot.digest.sentences import sentences
from bot.digest.suspect import is_suspect

_MARKS = re.compile("|".join(re.escape(mark) for mark in (*MARKS.values(), LINK_MARK)))
_LONGEST = 2_000
"""Characters that are read; what follows says nothing new about the matter."""
_BEYOND_PLANE = 0x10000
_LOOSE = re.compile(r"[ㄱ-ㅣᄀ-ᇿ]+")


def legible(words: str) -> str:
    """`words` (redacted) with blanks where marks, links, loose letters (ㅠㅠ), invisible characters, emoji and orders to
    a summariser stand, and compatibility forms (ＡＩ, １０) in their plain form. Of the same length, up to 2,000."""
    words = words[:_LONGEST]
    text = _LOOSE.sub(_blank, _MARKS.sub(_blank, words))
    if is_suspect(words):
        for sentence in sentences(words):
            if is_suspect(sentence.text):
                text = text[: sentence.start] + " " * (sentence.end - sentence.start) + text[sentence.end :]
    return text if text.isascii() else "".join(map(_plain, text))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _plain(character: str) -> str:
    if ord(character) >= _BEYOND_PLANE or unicodedata.category(character) in {"Cf", "Cc", "So"}:
        return " "
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character
