"""Words that turn a sentence round, and words that claim: a model may say one only where a cited note says it.

A sentence of a model is compared with the words of the notes it rests on, by families of inflected forms (늘려,
늘리면, 늘어). It is strict on purpose: where it doubts, the reader gets the note's own words instead.
"""

import re
from collections.abc import Iterable

_VERBS: dict[str, str] = {
    "늘다": r"(?<![오하그])늘[가-힣]",
    "줄다": r"줄(?!기|서|줄)[가-힣]",
    "오르다": r"올(?:리|려|린|릴|림|립|렸|라|랐)|오[르른름릅]",
    "내리다": r"내(?:리|려|린|릴|림|립|렸)",
    "앞당기다": r"앞당|조기",
    "미루다": r"미루|미뤄|미룬|미룸|미룹|늦추|늦춰|늦춘|늦춤|늦춥|연기(?!자)",
    "강화": r"강화(?!도)",
    "인상": r"인상(?!적|깊)",
    "인하": r"인하(?!대)",
    "연장": r"연장(?!근로)",
    "필요": r"(?<!불)필요(?!\s?(?:가\s?)?(?:없|하지\s?않|치\s?않))",
    "불필요": r"불필요|필요\s?(?:가\s?)?(?:없|하지\s?않|치\s?않)",
    "만족": r"(?<!불)만족",
    "지지": r"지지(?!부진)",
    "없다": r"없(?!애)",
    "부족": r"부족|모자라|모자란|모자람|모자랍",
    "충분": r"(?<!불)충분",
    "가능": r"(?<!불)가능",
    "불가능": r"불가(?!피|결)",
    "어렵다": r"어렵|어려|힘들|곤란",
    "쉽다": r"쉽|쉬운|쉬워|쉬움|수월|원활",
    "높다": r"높",
    "낮다": r"낮(?!에|과|\s)",
    "빠르다": r"빠르|빨라|빠른|빠름|빠릅|빨리|신속",
    "늦다": r"느리|느려|느린|느림|느립|지연|늦(?!추|춰|춘|춤|춥)",
    "많다": r"많",
    "적다": r"적(?:다|은|음|어서|었|습니)(?![가-힣]*용)",
    "좋다": r"좋",
    "나쁘다": r"나쁘|나빠|나쁜|나쁨|나쁩|악화",
    "개선": r"개선|나아",
    "않다": r"않|못\s?[하해한함합할했]|아니|아님|아닙",
    "다수": r"(?<!대)다수",
    "가장": r"가장|제일|최대|최고|최우선",
    "매우": r"매우|아주|극심|심각",
    "모두": r"모두|모든|전원|전부|일제히|누구나",
    "약속": r"약속|확약|기로\s?(?:함|했|한|하)",
    "결정": r"결정(?!적)",
    "학생": r"학생",
    "근로자": r"근로자|노동자",
    "기업": r"기업|업체|회사",
    "크다": r"(?<![가-힣])(?:크[다고지며]|큰|큼|커[서요])",
    "작다": r"(?<![가-힣])작[다고은음아]",
    "길다": r"(?<![가-힣])(?:길[다고어]|긴\s)",
    "짧다": r"짧",
    "비싸다": r"비[싸쌈쌉쌌싼]",
    "싸다": r"(?<![가-힣])(?:싸[다고서]|싼|쌉|저렴)|값싸",
    "불안": r"불안",
    "안심": r"안심",
    "복잡": r"복잡",
    "간단": r"간단|간편",
    "이득": r"이득",
    "손해": r"손해|손실",
    "위험": r"위험",
    "안전": r"안전",
    "이내": r"이내|이하|미만",
    "이상": r"\d\S{0,3}\s?이상(?!한|하)|초과",
    "밤": r"(?<![가-힣])밤(?![가-힣]{2})|심야|야간",
    "대낮": r"(?<![가-힣])낮(?=에|\s|$)|주간",
}
_NOUNS = (
    "증가 증대 감소 증원 감원 증편 증차 감편 증설 증액 삭감 감면 감축 확대 확충 축소 완화 단축 상향 하향 신설 도입 추가 폐지 철회 중단 취소 허용 금지 유지 "
    "찬성 동의 환영 호평 긍정 반대 거부 비판 부정적 불만 대부분 대다수 상당수 과반 절반 여럿 일부 소수 "
    "보장 확정 승인 예정 합의 공감 일치 한목소리 만장일치 갈등 대립 이견 충돌 찬반 청년 노조 외국인 이주민"
)
"""Each a family of its own: none stands for another."""
_OPPOSITES = (
    ("늘다", "줄다"),
    ("오르다", "내리다"),
    ("증가", "감소"),
    ("증원", "감원"),
    ("증편", "감편"),
    ("증액", "삭감"),
    ("확대", "축소"),
    ("강화", "완화"),
    ("인상", "인하"),
    ("연장", "단축"),
    ("상향", "하향"),
    ("신설", "폐지"),
    ("앞당기다", "미루다"),
    ("허용", "금지"),
    ("찬성", "반대"),
    ("만족", "불만"),
    ("필요", "불필요"),
    ("부족", "충분"),
    ("가능", "불가능"),
    ("어렵다", "쉽다"),
    ("높다", "낮다"),
    ("빠르다", "늦다"),
    ("많다", "적다"),
    ("좋다", "나쁘다"),
    ("있다", "없다"),
    ("크다", "작다"),
    ("길다", "짧다"),
    ("비싸다", "싸다"),
    ("불안", "안심"),
    ("복잡", "간단"),
    ("이득", "손해"),
)
_OPPOSITE_OF = dict(_OPPOSITES) | {second: first for first, second in _OPPOSITES}
_FAMILIES = {name: re.compile(pattern) for name, pattern in _VERBS.items()} | {
    noun: re.compile(noun) for noun in _NOUNS.split()
}
NEEDLESS = _FAMILIES["불필요"]
_DENYING = frozenset(("않다", "없다", "불필요", "불가능", "반대", "거부", "금지", "중단", "폐지"))
_THERE_IS = re.compile(r"있")
"""Half of Korean grammar says it too (하고 있다), so it speaks only against 없다."""
_DENIES = re.compile(
    r"반대|거부|불만|불필요|불가(?!피|결)|부족|없(?!애)|않|못\s?[하해한함합할했되돼됩됨]|(?<![가-힣])못\s|(?<![가-힣])안\s?[가-힣]|아니|아닌|아님|금지|중단|폐지|말아|마세요"
)


def _families_in(text: str) -> set[str]:
    return {name for name, pattern in _FAMILIES.items() if pattern.search(text)}


def denies(text: str) -> bool:
    """Whether some word of it denies or refuses."""
    return _DENIES.search(text) is not None


def loses(text: str, tail: str) -> bool:
    """Whether `text` lacks the denial that `tail` (what follows a quote) holds."""
    denying = _families_in(tail) & _DENYING
    return bool(tail) and (bool(denying - _families_in(text)) or not denies(text))


def turns(word: str) -> bool:
    """Whether it is one of the words that `unsaid` looks at."""
    return any(pattern.search(word) for pattern in _FAMILIES.values())


def unsaid(text: str, cited: Iterable[str], spans: Iterable[str]) -> list[str]:
    """Why `text` may not be said of the notes whose words are `cited` and of which `spans` are quoted. Empty: it may.

    The families that it has from nowhere; those whose opposite one of the notes says, or a quote whose word for it the text lost;
    "않다" when all quotes deny something and the text denies nothing.
    """
    here = _families_in(text)
    notes, quoted = [_families_in(words) for words in cited], list(spans)
    quotes = set().union(*map(_families_in, quoted))
    found = []
    for family in sorted(here | ({"있다"} if _THERE_IS.search(text) else set())):
        opposite = _OPPOSITE_OF.get(family)
        if opposite in quotes - here or (
            family in here
            and (
                not any(family in one for one in notes)
                or any(opposite in one and family not in one for one in notes)
            )
        ):
            found.append(family)
    if quoted and all(map(denies, quoted)) and not denies(text):
        found.append("않다")
    return found
