"""What is denied in a text, and whether another text denies the same: 맞지 않음, 안 맞습니다 and 맞질 않아요 are one.

A denial is known by the verb that it denies, and where that verb says little by itself (하다, 되다 …) by the word before
it too. Only forms are looked at; what a sentence means is not known here.
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[가-힣A-Za-z0-9%]+")
_LONG = re.compile(r"^([가-힣A-Za-z0-9]+?)(?:지|질|진|지는|지도|지를|지만은)$")
"""The word before 않다, 못하다, 말다 in its long form (맞지 | 않다)."""
_DENYING = re.compile(r"^(?:않|못[하해한함합했할]|말(?:아|고|기|라|자|았|게|길|면|도록|$)|마[세시십])")
_SHORT = frozenset(("안", "못"))
_JOINED = re.compile(r"^(?:못|안)([하해한함합했할되돼된됨됩됐될])")
"""못합니다, 안돼요: written in one."""
_HELPS = re.compile(r"[아어여해워와려러줘쳐겨져]$")
"""How a verb ends before one that helps it (끊어 | 주지 않다)."""
_HELPING = frozenset("주보두놓")
_NOT_SO = re.compile(r"^(?:아니|아닌|아님|아닙|아닐)")
_RATHER_NOT = "말고"
"""Of two things the one before it is what is not wanted."""
_LITTLE = frozenset("하되이있주보받나오가들수")
_STEMS = {
    "합": "하", "한": "하", "해": "하", "했": "하", "할": "하", "함": "하", "됩": "되", "된": "되", "돼": "되", "됐": "되", "될": "되", "됨": "되",
    "줍": "주", "준": "주", "줘": "주", "줄": "주", "줌": "주", "봅": "보", "봐": "보", "봤": "보", "볼": "보", "봄": "보", "옵": "오", "온": "오", "와": "오",
    "왔": "오", "올": "오", "옴": "오", "갑": "가", "간": "가", "갔": "가", "갈": "가", "감": "가", "납": "나", "난": "나", "났": "나", "날": "나", "남": "나",
}  # fmt: skip
"""First syllables as they change with the ending."""
Denial = tuple[str, str]
"""The word before (its first two letters; empty where the verb speaks for itself), and the verb's first syllable."""


def _stem(word: str) -> str:
    """A verb's first syllable in one form; of one without a known change its open syllable (맞 stays 맞, 갈 and 가 part)."""
    return _STEMS.get(word[:1], word[:1])


def _denial(words: list[str], at: int) -> Denial:
    verb = _LONG.sub(r"\1", words[at])
    if len(verb) > 2 and verb[-1] in "하되":
        return verb[:2], _stem(verb[-1])
    stem = _stem(verb)
    if at and stem in _HELPING and _HELPS.search(words[at - 1]):
        return "", _stem(words[at - 1])
    before = words[at - 1][:2] if at and stem in _LITTLE else ""
    return before, stem


def denials(text: str) -> set[Denial]:
    """What the text denies."""
    words = _WORD.findall(text)
    found: set[Denial] = set()
    for at, word in enumerate(words):
        if at and _DENYING.match(word) and _LONG.match(words[at - 1]):
            found.add(_denial(words, at - 1))
        elif at and _NOT_SO.match(word):
            found.add((words[at - 1][:2], "아"))
        elif at and word == _RATHER_NOT:
            found.add((words[at - 1][:2], word))
        elif (joined := _JOINED.match(word)) is not None:
            found.add((words[at - 1][:2] if at else "", _stem(joined[1])))
        elif word in _SHORT and at + 1 < len(words):
            found.add(_short(words, at))
    return found


def _short(words: list[str], at: int) -> Denial:
    verb = words[at + 1]
    stem = _stem(verb)
    before = words[at - 1][:2] if at and stem in _LITTLE else ""
    return before, stem


def _alike(some: Denial, other: Denial) -> bool:
    return some[1] == other[1] and (not some[0] or not other[0] or some[0] == other[0])


def new_denials(text: str, cited: Iterable[str]) -> bool:
    """Whether it denies what none of the cited notes denies."""
    known = set().union(*map(denials, cited))
    return any(not any(_alike(one, other) for other in known) for one in denials(text))


def lost_denials(text: str, quoted: Iterable[str]) -> bool:
    """Whether it says, undenied, what its quotes say only denied."""
    here = denials(text)
    said = _affirmed(text)
    spans = list(quoted)
    elsewhere = set().union(*map(_affirmed, spans))
    return any(
        not any(_alike(denied, one) for one in here)
        and (
            (denied[1] == _RATHER_NOT and denied[0] in text)
            or (
                any(_alike(denied, one) for one in said) and not any(_alike(denied, one) for one in elsewhere)
            )
        )
        for span in spans
        for denied in denials(span)
        if denied[1] != "아"
    )


def _affirmed(text: str) -> set[Denial]:
    """Every word that stands undenied, as a denial of it would be known."""
    words = _WORD.findall(text)
    found: set[Denial] = set()
    for at, word in enumerate(words):
        denied = (at + 1 < len(words) and _DENYING.match(words[at + 1]) and _LONG.match(word)) or (
            at and words[at - 1] in _SHORT
        )
        if denied or word in _SHORT:
            continue
        stem = _stem(word)
        before = words[at - 1][:2] if at and stem in _LITTLE else ""
        found.add((before, stem))
        if len(word) > 2:
            for place in range(2, len(word)):
                if _stem(word[place]) in "하되":
                    found.add((word[:2], _stem(word[place])))
    return found
