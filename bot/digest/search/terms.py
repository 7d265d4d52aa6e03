"""Words by which a note is found, and those that a question is looked for by.

Both are read by the same analyst, so that 늘려 주세요 and 늘리자는 meet in 늘리다. Without an analyst, or with a reading that is
missing, a question's words are cut from their particles and looked for as they stand: plural, endings and compounds of
other words are then missed.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.digest.grouping.reading import Reading

MOST_TERMS = 12
"""Of a question: each is a bit of a mask, and a look at every note."""
_MOST_KEPT = 600
_LONGEST = 40
WEAK = 0.3
"""What a word counts that stands in questions about anything, beside one that tells."""
_ASKING_TEXT = """
의견 말 말씀 이야기 얘기 목소리 소수 생각 요청 건의 요구 반응 내용 관련 필요 대하다 관하다 알리다 찾다 나오다 말하다 묻다 궁금 정리 요약
분 곳 점 의 들 권 용 률 제 화 무엇 누구 어디 언제 얼마 어떻다 뭐 왜 그 이 저
"""
_ASKING = frozenset(_ASKING_TEXT.split())
"""Words of asking: they say nothing about the matter."""
_WEAK_TEXT = """
상태 현황 상황 효과 방안 정책 문제 불편 어려움 이유 방법 계획 대책 개선 부족 이용 도입 영향 변화 증가 감소 위치 기간 부담 걱정 정체 규모 수준 제한 완화 사례 현장
시간 고장 생기다 몰리다
"""
_WEAK = frozenset(_WEAK_TEXT.split())
_WITH_DIGITS = re.compile(r"(?=[A-Za-z.,-]*\d)[0-9A-Za-z]+(?:[-.,][0-9A-Za-z]+)*[가-힣]{0,2}")
"""E-7-4, 52시간, RE100, 345kV, 4일제: no analyst keeps them whole."""
_HANGUL = re.compile(r"[가-힣]+|[A-Za-z]+")
_PARTICLES = re.compile(
    r"(?:에서는|에게서|으로는|까지는|이라는|라는|에서|에게|으로|까지|부터|보다|처럼|마다|이나|이랑|하고|에는|에도|과의|와의|들이|들은|들의|들을|"
    r"하는|하다|하지|하게|하자|하면|한다는|한다|했다|해서|하냐|"
    r"은|는|이|가|을|를|의|에|로|와|과|도|만|나|들)$"
)
_PLAIN_ASKING = re.compile(
    r"^(?:의견|말|말씀|이야기|얘기|목소리|생각|요청|건의|요구|관련|관한|대한|대해|대하여|있나요|있습니까|있어|있는지|어떤|어떻게|무엇|뭐|뭐라고|누가|왜|"
    r"알려|알려줘|알려주세요|찾아|찾아줘|찾아주세요|하나요|합니까|했나요|했습니까|나왔나요|나온|주세요|해줘|것|수|좀|언제|언제쯤|못하게|없다|없어서|없는|있는|있었나요|어떻다고|하자|때문|때문에|너무|못|한다|하는|다는|분)$"
)
_FEWEST_SYLLABLES = 2


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for. `patterns`: a note has it when its words by which it is found hold one of them."""

    text: str
    patterns: tuple[str, ...]
    weight: float = 1.0


def found_by(reading: Reading, words: str) -> str:
    """The words by which a note is found (`words`: redacted), each once, between spaces."""
    found = {*reading.words, *reading.forms, *_numbered(words)}
    kept = sorted(one for one in found if len(one) <= _LONGEST and not any(map(str.isspace, one)))
    return f" {' '.join(kept[:_MOST_KEPT])} "


def asked_for(question: str, reading: Reading, without: Collection[str] = ()) -> tuple[Term, ...]:
    """What a question looks for in notes that were read. `without`: names that narrow the search instead."""
    told = _without(question, without)
    words = [
        one
        for one in reading.words
        if one not in _ASKING and one not in without and one in _stems(told, reading)
    ]
    if not words:
        words = sorted(form for form in reading.forms if form not in _ASKING and form not in without)
    terms = [Term(one, _patterns(one), WEAK if one in _WEAK else 1.0) for one in dict.fromkeys(words)]
    terms += [Term(one, (f" {one}", f"{one} ")) for one in _numbered(told)]
    return tuple(terms[:MOST_TERMS])


def asked_plainly(question: str, without: Collection[str] = ()) -> tuple[Term, ...]:
    """What a question looks for in notes as they are written."""
    told = _without(question, without)
    words: list[str] = []
    for match in _HANGUL.finditer(_WITH_DIGITS.sub(" ", told)):
        word = match.group()
        stem = _PARTICLES.sub("", word) if len(word) > _FEWEST_SYLLABLES else word
        stem = stem if len(stem) >= _FEWEST_SYLLABLES else word
        if len(stem) >= _FEWEST_SYLLABLES and not _PLAIN_ASKING.match(word) and not _PLAIN_ASKING.match(stem):
            words.append(stem.lower())
    words += [one.lower() for one in _numbered(told)]
    return tuple(
        Term(one, (one,), WEAK if one in _WEAK or one in _ASKING else 1.0)
        for one in list(dict.fromkeys(words))[:MOST_TERMS]
    )


def _patterns(word: str) -> tuple[str, ...]:
    """A noun of two syllables also as a part of a compound (버스 of 통근버스); a verb, and a short noun, only itself."""
    if len(word) < _FEWEST_SYLLABLES or word.endswith("다"):
        return (f" {word} ",)
    return f" {word}", f"{word} "


def _stems(told: str, reading: Reading) -> frozenset[str]:
    """The words of a reading that still stand in the question when the names are taken out of it."""
    plain = told.upper()
    return frozenset(one for one in reading.words if one.endswith("다") or one in plain)


def _without(question: str, names: Iterable[str]) -> str:
    plain = unicodedata.normalize("NFKC", question)
    for name in sorted(names, key=len, reverse=True):
        letters = [re.escape(one) for one in unicodedata.normalize("NFKC", name) if not one.isspace()]
        plain = re.sub(r"\s*".join(letters), " ", plain)
    return plain


def _numbered(words: str) -> list[str]:
    return [match.group().upper() for match in _WITH_DIGITS.finditer(unicodedata.normalize("NFKC", words))]
