"""Whether a note's words can mean anything. Doubt counts for the note: a real opinion is never set aside."""

import re

from bot.digest.links import without_links
from bot.digest.redaction.kinds import LINK_MARK, MARKS
from bot.digest.visible import visible

_MARKS = re.compile("|".join(re.escape(mark) for mark in (*MARKS.values(), LINK_MARK)))
_FORMULA = re.compile(r"=\s*(?:[A-Za-z]+\s*\(.*\)|[-+*/().,\d\s]+)", re.DOTALL)
"""A spreadsheet's formula and nothing else (=1+1, =HYPERLINK(…))."""
_NOT_LETTERS = re.compile(r"[\W_]+")
_JAMO = re.compile(r"[ㄱ-ㅎㅏ-ㅣᄀ-ᇿ]+")
_ONE_SYLLABLE = re.compile(r"([^\W\d])\1{3,}")
_SHORT_PATTERN = re.compile(r"([a-z]{1,4}|\d)\1{2,}", re.IGNORECASE)
_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_RUN = 3


def _keyboard_run(word: str) -> bool:
    """Latin letters as they lie on the keyboard (asdf), once or repeated (asdfasdf)."""
    word = word.lower()
    return len(word) >= _SHORTEST_RUN and any(
        word in row or word in row[:4] * len(word) for row in _KEYBOARD_ROWS
    )


def is_meaningless(words: str) -> bool:
    """True for emoji or punctuation only, ㅋㅋㅋ, one letter repeated, keyboard runs, bare links, formulas,
    invisible characters, and personal data without a word beside it."""
    seen = visible(words).strip()
    if _FORMULA.fullmatch(seen):
        return True
    said = _MARKS.sub(" ", without_links(seen))
    tokens = [_JAMO.sub("", token) for token in _NOT_LETTERS.split(said)]
    tokens = [token for token in tokens if token]
    together = "".join(tokens)
    if not together or _ONE_SYLLABLE.fullmatch(together) or _SHORT_PATTERN.fullmatch(together):
        return True
    return all(_keyboard_run(token) for token in tokens)
