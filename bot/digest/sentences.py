"""Splits short Korean chat notes into sentences, as spans of the text: nothing is rewritten.

Written for people on a phone: sentences end with ㅠㅠ or ^^, with an ending and no full stop, or with a line.
Dates (1.22.(목)), decimals, M.AX and words in quotation marks are not torn apart.
"""

import re
from dataclasses import dataclass

_ENDING = r"(?:니다|세요|십시오|십시요|십쇼|주쇼|어요|아요|에요|예요|네요|군요|거든요|잖아요|까요|나요|해요|돼요|되요|대요|지요|래요)"
_REPORTED = r"(?!(?:라고|라는|라며|하고|고|만|라|이라|했|하는|하던)[\s가-힣])"
_BREAK = re.compile(
    rf"""
      \n+
    | (?P<stop>[.!?。…]+)[ㅋㅎㅠㅜ^~;:)]*(?=\s|$|[가-힣])
    | {_ENDING}[ㅋㅎㅠㅜ^~;]*(?=\s+{_REPORTED})
    | (?:[ㅋㅎㅠㅜ]{{2,}}|\^\^)[;~]*(?=\s)
    """,
    re.VERBOSE,
)
_QUOTES = frozenset("'\"’”」』")
_FEWEST_LETTERS = 2
_LIST_NUMBER = 3
"""A full stop after so few characters at the start of a line numbers a list item."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text == source[start:end]`, without space around it."""

    text: str
    start: int
    end: int


def _in_number(source: str, match: re.Match[str]) -> bool:
    """A full stop of a date or decimal (1. 22.) or of a list item's number."""
    before = source[match.start() - 1] if match.start() else ""
    after = source[match.end() :].lstrip()[:1]
    in_line = match.start() - (source.rfind("\n", 0, match.start()) + 1)
    return before.isdigit() and (after.isdigit() or in_line < _LIST_NUMBER)


def _enclosed(source: str, at: int) -> bool:
    """Inside parentheses that are open before and closed after, near by."""
    line = source[source.rfind("\n", 0, at) + 1 : at]
    return line.count("(") > line.count(")") and ")" in source[at : at + 80]


def _breaks(source: str) -> list[int]:
    ends: list[int] = []
    for match in _BREAK.finditer(source):
        stop = match.group("stop")
        next_one = source[match.end() : match.end() + 1]
        if stop and (next_one in _QUOTES or _in_number(source, match)):
            continue
        if stop and set(stop) <= {".", "…"} and len(stop) > 1 and not next_one.isspace() and next_one:
            continue  # "뜯고.. 보니" written without a space goes on
        if _enclosed(source, match.start()):
            continue
        ends.append(match.end())
    return [*ends, len(source)]


def sentences(source: str) -> tuple[Sentence, ...]:
    """The sentences of a note, in order, without those of fewer than two letters (ㅠ, "!!")."""
    found: list[Sentence] = []
    start = 0
    for end in _breaks(source):
        piece = source[start:end]
        text = piece.strip()
        if sum(character.isalnum() for character in text) >= _FEWEST_LETTERS:
            at = start + piece.index(text)
            found.append(Sentence(text, at, at + len(text)))
        start = end
    return tuple(found)
