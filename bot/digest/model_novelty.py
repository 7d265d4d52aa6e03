"""What a model says that its notes do not: numbers with their units, names, and words that come from nowhere."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from bot.digest.model_claims import squeezed
from bot.digest.model_words import turns

_SUPPORTED = 0.6
"""The share of a sentence's words that must begin as some word of its notes does."""
_UNIT = (
    r"(?:[천만억조]\s?)?(?:원|명|인|건|개월|개소|개|곳|년|월|일|주|시간|시|분|배|번|회|차|대|세|호|층|동|톤|km|㎞|m|kg|%|퍼센트|프로|kV|kW|MW|GW"
    r"|천|만|억|조)"
)
_NUMBER = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)\s?(?P<unit>{_UNIT})?")
_SPELLED = re.compile(
    r"(?<![가-힣])(?:한두|두세|서너|너댓|하나|한|두|둘|세|셋|네|넷|다섯|여섯|일곱|여덟|아홉|열|스무|스물|서른|마흔|쉰|수십|수백|수천|수만|몇|십|백|천|만|억)\s?"
    r"(?:명|건|개|곳|년|달|시간|배|번|차례|가지|군데|사람|대|원|채|분의|만|억|천)"
    r"|(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s[가-힣]|(?<![가-힣])(?:하나|둘|셋|넷|이틀|사흘|나흘)(?![가-힣]{2})"
)
_FIRST_SYLLABLE, _SYLLABLES, _VOWELS, _CODAS = 0xAC00, 11172, 21, 28
"""How syllables of Hangul are numbered (Unicode 3.12): consonant, vowel, final consonant."""
_PLAIN_VOWEL = {6: 20, 14: 13, 9: 8, 1: 0, 10: 11, 4: 18}
"""Vowels as an ending joins them (려 리, 꿔 꾸, 와 오, 해 하, 돼 되, 써 쓰), by their numbers."""
_DIGITS = re.compile(r"(\d+(?:[.,]\d+)*)(\D?)")
_NEAR = 2
_REPLACED_WITHIN = 2
_WORD = re.compile(r"(?<![0-9가-힣])[가-힣]{2,}")
_JOINS = re.compile(
    r"(?:므로|으나|지만|하여|어서|아서|려고|도록|면서|으며|하며|해도|하고|하면|으면|는데|은데)$"
)
"""Ends of predicates within a sentence: no name, number or speaker ends so."""
_ONE_SYLLABLE = re.compile(r"^[가-힣][이가을를은는에도의로와과만]$")
_ENDS_SHORT = "음함됨임기고며은는을지"
_REPORTING = (
    "필요 요청 건의 바람 의견 제기 호소 지적 제안 희망 말함 있음 있어 있다 때문 위해 위한 대한 대해 따라 따른 통해 관련 경우 정도 이유 등을 등이 "
    "해야 주기 주시 하고 하여 하기 하는 함께 보다 달라 이어 이에 촉구 요구 느낌 겪음 겪고 문제 어려움 부담 우려"
)
"""Beginnings of words that reports need, whatever the notes say. Those that turn a sentence round are checked apart
(bot.digest.model_words)."""
_SAYING_LITTLE = (
    "불편 상황 실정 현실 상태 현상 형편 여건 방안 방식 방법 수준 내용 사항 부분 측면 과정 단계 시점 결과 효과 영향 원인 사유 사례 점도 점이 점을 것이 것을 것도 것은 것임 "
    "마련 대책 대안 해법 고충 곤란 애로 불안 걱정 염려 답답 아쉬 미흡 한계 지장 차질 제약 발생 초래 야기 존재 나타 보임 보여 여김 생각 판단 인식 "
    "제공 이용 사용 활용 운영 시행 적용 진행 처리 관리 실제 현재 현장 당장 특히 또한 아울 그러 이런 이러 그런 이로 인해 인한 의한 의해 으로 에서 에게 부터 까지 "
    "만으 밖에 뿐임 만큼 처럼 같은 같음 같이 다른 서로 각각 모습 계속 여전 아직 이미 바로 스스 직접 자체 전체 구체 실질 기존 해당 별도 사이 동안 "
    "분야 구조 인원 그침 이라 이나 이므 이며 인데 지만 하나 으므 도록 려면 만에 시에 후에 뒤에 같으 "
    "되어 되는 되며 되고 됨에 하며 하면 해도 하지 한다 않음 못함 받음 받고 받는 주는 주며 줌에 나옴 나와 오는 가는 남음 남는 드는 들고 들어 커서 커짐 생김 생겨"
)
"""Beginnings of words that say nothing of who, where, when, how much or what became of it: a report may put them in
anywhere."""
_OF_REPORTS, _NEUTRAL = frozenset(_REPORTING.split()), frozenset(_SAYING_LITTLE.split())


def _numbers(text: str) -> set[tuple[str, str]]:
    found = _NUMBER.finditer(unicodedata.normalize("NFKC", text))
    return {(m["number"].replace(",", ""), "".join((m["unit"] or "").split())) for m in found}


def new_numbers(text: str, cited: Iterable[str]) -> bool:
    """Whether it counts what its notes do not: digits with their unit, or numbers in words."""
    words = list(cited)
    if not _numbers(text) <= set().union(*map(_numbers, words)):
        return True
    together = [squeezed(one) for one in words]
    return any(
        not any(squeezed(m.group()) in one for one in together)
        for m in _SPELLED.finditer(unicodedata.normalize("NFKC", text))
    )


def misplaced_numbers(text: str, cited: Iterable[str]) -> bool:
    """Whether a number stands more often than in the notes, or beside words beside which it stands in none, where its note
    has another number of that unit: the count of one thing given to another.

    Looked at are the words next to it in the text, and two on either side of it in a note.
    """
    notes = [_placed(words, _NEAR) for words in cited]
    here = _placed(text, 1)
    times = Counter(one.number for one in here)
    there = Counter(one.number for note in notes for one in note)
    if any(count > there[number] for number, count in times.items()):
        return True
    return any(
        one.around
        and _others_of_its_unit(one, notes)
        and not any(
            one.around & other.around for note in notes for other in note if other.number == one.number
        )
        for one in here
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A number in digits, its unit's first letter, and the beginnings of the words around it."""

    number: str
    unit: str
    around: frozenset[str]
    before: frozenset[str]


def _others_of_its_unit(one: _Placed, notes: Iterable[Sequence[_Placed]]) -> bool:
    return any(other.unit == one.unit and other.number != one.number for note in notes for other in note)


def _placed(text: str, reach: int) -> list[_Placed]:
    words = unicodedata.normalize("NFKC", text).split()
    return [
        _Placed(
            match[1].replace(",", ""),
            match[2],
            _beginnings(words, at, reach),
            _beginnings(words[: at + 1], at, 1),
        )
        for at, word in enumerate(words)
        for match in _DIGITS.finditer(word)
    ]


def _beginnings(words: Sequence[str], at: int, reach: int) -> frozenset[str]:
    """Of the words around one: first syllables, and of what begins with a number the number and what it counts."""
    found: set[str] = set()
    for place in range(max(0, at - reach), min(len(words), at + reach + 1)):
        word = words[place]
        if not word[:1].isdigit():
            found |= {run[:1] for run in _WORD.findall(word)}
        elif place != at:
            found |= {"".join(match.groups()) for match in _DIGITS.finditer(word)}
    return frozenset(found)


def new_words(text: str, cited: Sequence[str], title: str) -> bool:
    """Whether too much of it comes from nowhere, or a word from nowhere stands where a note has another."""
    known = "\n".join(squeezed(one) for one in (*cited, title))
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    looked_at = [word for word in words if word[:2] not in _OF_REPORTS and not turns(word)]
    strange = {word for word in looked_at if not _begins_in(known, word)}
    supported = sum(word not in strange for word in looked_at)
    if not looked_at or supported < _SUPPORTED * len(looked_at):
        return True
    telling = {word for word in strange if word[:2] not in _NEUTRAL and not _JOINS.search(word)}
    return _put_in(words, {word for word in telling if not _ONE_SYLLABLE.match(word)}, cited)


def _put_in(words: Sequence[str], strange: AbstractSet[str], cited: Sequence[str]) -> bool:
    """Whether one of the `strange` words begins the sentence, or stands between two words that a note has close to each
    other: copied, but for one word."""
    notes = [[word[:2] for word in _WORD.findall(unicodedata.normalize("NFKC", one))] for one in cited]
    for at, word in enumerate(words):
        if word not in strange:
            continue
        if at == 0:
            return True
        before, after = words[at - 1], words[at + 1] if at + 1 < len(words) else None
        if after is not None and any(_close(note, before[:2], after[:2]) for note in notes):
            return True
    return False


def _close(note: Sequence[str], before: str, after: str) -> bool:
    """Whether a note says the two words with at most one between them."""
    return any(
        after in note[at + 1 : at + 1 + _REPLACED_WITHIN] for at, word in enumerate(note) if word == before
    )


def _begins_in(known: str, word: str) -> bool:
    """Whether a word begins as one in `known` does; of a short one in another ending (받습니다, 받음) the stem counts, and
    of a verb its forms (나갔, 나감; 걸렸, 걸림; 바꿨, 바꾼)."""
    if word[:2] in known or (len(word) == 2 and word[1] in _ENDS_SHORT and word[0] in known):
        return True
    return _unbent(word[:2]) in _all_unbent(known)


@lru_cache(maxsize=256)
def _all_unbent(known: str) -> frozenset[str]:
    return frozenset(_unbent(known[at : at + 2]) for at in range(len(known) - 1))


def _unbent(two: str) -> str:
    """The first syllable, and of the second its consonant and plain vowel: what verbs keep in whatever ending."""
    code = ord(two[1]) - _FIRST_SYLLABLE if len(two) > 1 else -1
    if not 0 <= code < _SYLLABLES:
        return two
    onset, vowel = divmod(code // _CODAS, _VOWELS)
    plain = _PLAIN_VOWEL.get(vowel, vowel)
    return two[0] + chr(_FIRST_SYLLABLE + (onset * _VOWELS + plain) * _CODAS)
