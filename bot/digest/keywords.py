"""What a clause speaks of: its content words, by letters alone, and how many of some texts use them.

No morphology: endings and particles are cut by a list, and what is left is looked for in the notes without spaces, so
that 통근 버스 and 통근버스 are one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

MOST_TEXTS = 1000
"""So many of a day's texts are looked through for a word: enough to tell how common it is."""
_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_PARTICLE = re.compile(
    r"(?:으로는|에서는|에서도|까지도|까지는|으로도|이라도|에게는|한테는|부터는|이라는|으로|에서|에게|한테|까지|부터|이랑|라도|이나|마다|조차|밖에|보다|처럼|만큼"
    r"|은|는|이|가|을|를|에|의|로|와|과|도|만|랑|나|께)$"
)
_VERBAL = re.compile(r"(?:요|다|함|음|됨|임|게|서|면|고|지|는|은|을|야|데|네|죠|니|려|해|줘|던|할|한|된|질)$")
_EMPTY_WORDS = (
    "너무 정말 진짜 그냥 지금 우리 저희 요청 건의 부탁 필요 있습 있어 있는 없습 없어 없는 해주 주세 합니 됩니 입니 사람 하나 이런 그런 때문 경우 정도 생각"
    " 해서 하는 하면 되는 많이 제일 가장 아직 이제 다시 같이 올해 작년 내년 에서 까지 이거 그거 저는 제가 나는 해야 하고 있으 없으 좋겠 좋습 좋아 않습 않아"
    " 바랍 드립 주시 주십 아니 못합 못해 안됩 어렵 힘들 시간 문제 이상 이하 부터 계속 자체 전체 모두 전부 조금 하루 매년 매일 요즘 다들"
    " 회사 기업 공장 현장 직원 정부 지역 업체 협력 대표 담당 중앙 나라 시작 지원 사업 나이 기관 원청 작은 도내 이유 처음 나중 그게 이게 무조 서로 여기 거기 관련 이후 이전"
    " 산업 준비 신청 기준 예산 보조 만들 늘려 지어 풀어 바꿔 넣어 올려 낮춰 열어 규모 단위 결과 과정 방식 부분 상황 얘기 이야 소리 우선 먼저 기간 최소 최대 절반 두배 나가 들어"
    " 대상 계획 조건 수준 분들 자리 제도 정책 해결 개선 마련 확대 검토 추진 이번 다음 다른 대신 바로 빨리 제발 그리 하지 근데 특히 같은 모든 여러 각종 전국 한국 국내"
    " 데가 데를 데도 인데 해요 와서 말만 말고 내려 근처 한달 가능 없음 안에 한번 언제 직접 받는 가면 왔습 말이 했습 부를 주는 갑니 돼서 들고 로를 냅니 오는 명이 문을 나면 한대"
    " 탑니 하세 반에 봐주 됐어 나서 나와 중소 서울 말씀 오면 닫고 옵니 있다 없다 된다 들어"
)
"""Words that say nothing of a subject, and general ones that stand in any of them, by their first two letters."""
_EMPTY = frozenset(re.findall(r"\S+", _EMPTY_WORDS))


@cache
def keys(clause: str) -> tuple[tuple[str, bool], ...]:
    """Its nouns without particles (True), and its verbs by their first two letters (False)."""
    found: dict[str, bool] = {}
    for word in _WORD.findall(clause):
        bare = _PARTICLE.sub("", word) if len(word) > 2 else word
        verbal = bare == word and len(word) > 2 and _VERBAL.search(word) is not None
        key = word[:2] if verbal else bare
        if len(key) > 1 and not (key[:2] in _EMPTY and len(key) < 4) and not key[0].isdigit():
            found.setdefault(key, not verbal)
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class Names:
    """What a theme is called in notes: `own`, the words of its name, and the `keywords` of its matters."""

    own: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    def said(self, clause: str) -> bool:
        joined = "".join(clause.split())
        return any(name in joined for name in (*self.own, *self.keywords))

    def told(self, clause: str) -> bool:
        """Whether a clause says what it is about: the theme's own name, or a keyword beside another noun."""
        joined = "".join(clause.split())
        beside = sum(noun for _, noun in keys(clause)) > 1
        return any(name in joined for name in (*self.own, *(self.keywords if beside else ())))


class Words:
    """How many of some texts use a word. A sample of them where they are many, evenly taken."""

    def __init__(self, texts: Iterable[str], most: int = MOST_TEXTS) -> None:
        every = ["".join(text.split()) for text in texts]
        step = max(1, -(-len(every) // most))
        self.texts = every[::step]
        self._using: dict[str, frozenset[int]] = {}

    def using(self, key: str) -> frozenset[int]:
        """The places of the texts that use it."""
        if key not in self._using:
            self._using[key] = frozenset(at for at, text in enumerate(self.texts) if key in text)
        return self._using[key]

    def share(self, key: str) -> float:
        return len(self.using(key)) / len(self.texts) if self.texts else 0.0
