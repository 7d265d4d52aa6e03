"""Good sentences broken in one place, by the kinds of mistakes that a language model makes: what must not pass.

Each family is a function of a good sentence and of what surrounds it, and gives broken ones, each with another
meaning than the notes have. Deterministic: the same corpora, the same mutations.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.digest.model_form import Evidence, Sentence

_TURNS = (
    ("늘려", "줄여"), ("늘리", "줄이"), ("늘어", "줄어"), ("늘었", "줄었"), ("확대", "축소"), ("단축", "연장"), ("인상", "인하"), ("증가", "감소"),
    ("높", "낮"), ("필요", "불필요"), ("부족", "충분"), ("없", "있"), ("어렵", "쉽"), ("어려", "쉬"), ("어려움", "쉬움"), ("반대", "찬성"),
    ("불가능", "가능"), ("불안", "안심"), ("완화", "강화"), ("늦", "빠르"), ("많아", "적어"), ("많은", "적은"), ("많음", "적음"), ("많았", "적었"), ("비싸", "싸"), ("비쌈", "쌈"), ("길어", "짧아"), ("긴 ", "짧은 "), ("큰 ", "작은 "), ("크다", "작다"),
    ("오르", "내리"), ("올라", "내려"), ("신설", "폐지"), ("허용", "금지"), ("유지", "폐지"), ("좋", "나쁘"), ("위험", "안전"), ("복잡", "간단"),
    ("먼저", "나중에"), ("무료", "유료"), ("정규직", "비정규직"), ("수입", "수출"), ("국내", "해외"), ("상향", "하향"), ("빨리", "늦게"),
    ("미만", "이상"), ("이하", "이상"), ("이상", "이하"), ("이내", "이상"), ("초과", "미만"), ("의무", "자율"), ("이득", "손해"), ("손해", "이득"),
)  # fmt: skip
_PLACES_SAID = (
    "전북 전주 군산 익산 완주 정읍 김제 새만금 울산 부산 창원 거제 김해 경남 목포 여수 순천 광양 영암 대불 나주 광주 전남 대구 경북 구미 포항 경주 강원 춘천 "
    "원주 강릉 제주 서귀포 대전 세종 청주 천안 수도권 서울 베트남 우즈베키스탄 네팔 폴란드 미국 중국 일본 유럽 인도네시아"
)
_PLACES = tuple(_PLACES_SAID.split())
_OTHER_PLACES = ("보령", "속초", "안동", "태국", "캐나다", "평택", "용인", "서천군", "고흥")
_BODIES_SAID = "산업부 국토부 고용부 노동부 중기부 환경부 법무부 한전 코트라 무역보험공사 산단공 도청 시청 군청 테크노파크 대학 노조 은행 전력거래소 수출입은행 산업은행 관세청 국세청"
_BODIES = tuple(_BODIES_SAID.split())
_OTHER_BODIES = ("해수부", "코레일", "한국은행", "수자원공사", "감사원", "교육청")
_WORDS_OF_NUMBER = (
    ("하나", "둘"),
    ("절반", "대부분"),
    ("수십", "수백"),
    ("몇 ", "수백 "),
    (" 한 ", " 두 "),
    (" 두 ", " 세 "),
    (" 세 ", " 네 "),
    (" 반 ", " 두 "),
    (" 네 ", " 다섯 "),
)
_TIMES = (
    ("올해", "내년"), ("내년", "올해"), ("작년", "올해"), ("지난해", "올해"), ("상반기", "하반기"), ("하반기", "상반기"), ("오전", "오후"), ("오후", "오전"),
    ("아침", "저녁"), ("저녁", "아침"), ("주말", "평일"), ("평일", "주말"), ("매달", "매년"), ("매년", "매달"), ("하루", "이틀"), ("다음 달", "다음 주"),
    ("새벽", "낮"), ("밤", "낮"), ("여름", "겨울"), ("겨울", "여름"), ("월요일", "화요일"), ("금요일", "목요일"),
)  # fmt: skip
_UNITS = (("만원", "억원"), ("만 원", "억 원"), ("억", "조"), ("%", "배"), ("명", "개사"), ("시간", "분"), ("분", "시간"), ("개월", "년"), ("년", "개월"),
          ("톤", "kg"), ("km", "m"), ("MW", "GW"), ("kV", "V"), ("건", "명"), ("주", "달"), ("배", "%"), ("대", "명"), ("일", "주"), ("회", "명"))  # fmt: skip
_SPEAKERS = (("청년", "기업"), ("기업", "청년"), ("근로자", "사업주"), ("노동자", "사업주"), ("학생", "교수"), ("회사", "노조"), ("업체", "주민"), ("주민", "업체"),
             ("협력사", "원청"), ("원청", "협력사"), ("외국인", "내국인"), ("내국인", "외국인"), ("직원", "대표"), ("어민", "사업자"), ("지자체", "중앙정부"))  # fmt: skip
_MAJORITY = (
    "대부분 {}", "참석자 다수가 {}", "모두가 {}", "한목소리로 {}", "{}, 이견 없음", "{}에 의견이 일치함", "많은 청년이 {}", "{}에 공감대가 형성됨", "참석 기업 전부 {}",
    "전반적으로 {}", "{}는 의견이 지배적임", "여러 참석자가 {}", "거의 모든 기업이 {}", "{}는 것이 공통된 의견",
)  # fmt: skip
_PROMISES = (
    "{}, 장관이 해결을 약속", "{}, 내년부터 지원하기로 함", "{}, 정부가 추진할 예정", "{}, 검토하겠다고 답함", "{}, 예산에 반영하기로 결정", "{}, 곧 개선될 예정임",
    "{}, 조치를 완료함", "{}, 지원을 확정함", "{}, 도에서 수용함", "{}, 해결하겠다고 밝힘",
)  # fmt: skip
_SAID_BY = (
    "청년들은 {}",
    "기업 측은 {}",
    "노조는 {}",
    "정부는 {}",
    "근로자들은 {}",
    "외국인 근로자는 {}",
    "지자체는 {}",
    "대표들은 {}",
    "학생들은 {}",
    "주민들은 {}",
)
_LINKS = (
    "{} www.example.com",
    "{} https://example.org/a",
    "{} t.me/example",
    "{} (자세히: example.kr)",
    "{} 문의 010-0123-4567",
    "{} a@example.com",
    "[{}](https://example.com)",
)
_EDITS = (
    ("습니다", "지 않습니다"),
    ("해주세요", "해주지 마세요"),
    ("해 주세요", "하지 마세요"),
    ("없", "있"),
    ("은 ", "도 "),
    ("이 ", "만 "),
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a good sentence stands in: the words of its theme's notes by name, its own note's name, others' words."""

    words: Mapping[str, str]
    name: str

    @property
    def own(self) -> str:
        return self.words[self.name]


def _each(text: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The text with one of the pairs exchanged, once for each pair that is in it."""
    for old, new in pairs:
        if old in text:
            yield text.replace(old, new, 1)


def _both_ways(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    some = tuple(pairs)
    return (*some, *((new, old) for old, new in some))


def _numbers(text: str, around: Around) -> Iterator[str]:
    for match in re.finditer(r"\d+", text):
        value = int(match.group())
        for other in (value + 1, value * 10, value + 30, max(0, value - 1)):
            if not re.search(rf"(?<!\d){other}(?!\d)", around.own) and other != value:
                yield text[: match.start()] + str(other) + text[match.end() :]


def _numbers_elsewhere(text: str, around: Around) -> Iterator[str]:
    """A number of the same note in the place of another."""
    found = list(re.finditer(r"\d+(?:[.,]\d+)*", text))
    for match in found:
        for other in dict.fromkeys(re.findall(r"\d+(?:[.,]\d+)*", around.own)):
            if other != match.group():
                yield text[: match.start()] + other + text[match.end() :]


def _units(text: str, around: Around) -> Iterator[str]:
    for old, new in _UNITS:
        for match in re.finditer(rf"(\d\s?){re.escape(old)}", text):
            if not re.search(rf"{match[1]}{re.escape(new)}", around.own):
                yield text[: match.start()] + match[1] + new + text[match.end() :]


def _numbers_added(text: str, around: Around) -> Iterator[str]:
    for what in ("40%가 ", "기업 12곳이 ", "3년째 ", "수백 명이 ", "두 배로 "):
        if what.split()[-1] not in around.own:
            yield what + text


def _names(text: str, names: Iterable[str], others: Iterable[str], own: str) -> Iterator[str]:
    listed = list(names)
    for name in listed:
        if name in text:
            for other in [*listed[listed.index(name) + 1 :][:3], *others]:
                if other not in own:
                    yield text.replace(name, other, 1)


def _latin(text: str, around: Around) -> Iterator[str]:
    for match in re.finditer(r"[A-Za-z][A-Za-z0-9&.-]*", text):
        for other in ("ODA", "KTX", "E-6", "GTX", "B2B"):
            if other.casefold() not in around.own.casefold():
                yield text[: match.start()] + other + text[match.end() :]


def _negated(text: str, around: Around) -> Iterator[str]:
    """A denial put in."""
    for end, denied in (
        ("함", "하지 않음"),
        ("됨", "되지 않음"),
        ("임", "이 아님"),
        ("주기 바람", "주지 말기 바람"),
        ("있음", "있지 않음"),
        ("음", "지 않음"),
        ("필요", "필요 없음"),
    ):
        if text.endswith(end) and not text.endswith(("않음", "없음", "아님")):
            yield text.removesuffix(end) + denied
            break
    if " " in text and " 안 " not in around.own:
        head, _, tail = text.rpartition(" ")
        yield f"{head} 안 {tail}"


def _affirmed(text: str, _: Around) -> Iterator[str]:
    """A denial taken out."""
    yield from _each(text, ((" 안 ", " "), (" 못 ", " "), ("지 못함", "함"), ("지 않음", "음"), ("하지 않음", "함"), ("지 않", ""), ("지 못", ""), ("이 아님", "임"),
                            ("이 아니라", "이라"), ("없음", "있음"), ("없이", ""), ("말고", ""), ("지 말", "")))  # fmt: skip


def _with(sentence: Sentence, text: str) -> Sentence:
    return sentence.model_copy(update={"text": text})


def _quoting(sentence: Sentence, *evidence: tuple[str, str]) -> Sentence:
    return sentence.model_copy(
        update={"evidence": [Evidence(note=note, quote=quote) for note, quote in evidence]}
    )


def _quotes(sentence: Sentence, around: Around) -> Iterator[Sentence]:
    quote = sentence.evidence[0].quote
    for at in sorted({0, len(quote) // 3, len(quote) // 2, len(quote) - 2}):
        yield _quoting(sentence, (around.name, quote[:at] + "힣" + quote[at + 1 :]))
        yield _quoting(sentence, (around.name, quote[:at] + "없" + quote[at:]))
        if quote[at : at + 1].strip() and 0 < at < len(quote) - 3:
            yield _quoting(sentence, (around.name, quote[:at] + quote[at + 1 :]))
    for edited in _each(quote, _EDITS):
        if edited not in around.own:
            yield _quoting(sentence, (around.name, edited))


def _merged_quotes(sentence: Sentence, around: Around) -> Iterator[Sentence]:
    quote = sentence.evidence[0].quote
    for other, words in around.words.items():
        if other != around.name:
            yield _quoting(sentence, (around.name, f"{quote[: len(quote) // 2]} {words[:20]}"))
            yield _quoting(sentence, (other, f"{words[:20]} {quote[len(quote) // 2 :]}"))
            return


def _ids(sentence: Sentence, around: Around) -> Iterator[Sentence]:
    quote = sentence.evidence[0].quote
    for name in ("n99", "n0", "전북-17", "", around.name.upper(), f"{around.name} ", "jb-001"):
        if name not in around.words:
            yield _quoting(sentence, (name, quote))
    yield _quoting(sentence, (around.name, quote), ("n998", quote))
    yield _quoting(sentence)


def _moved(sentence: Sentence, around: Around) -> Iterator[Sentence]:
    """Its quote under another note's name, and its words on another note's own quote."""
    quote = sentence.evidence[0].quote
    others = [name for name in around.words if name != around.name][:3]
    for name in others:
        if quote not in around.words[name]:
            yield _quoting(sentence, (name, quote))
            yield _quoting(sentence, (name, around.words[name][:60].strip()))


def _texts(make: Callable[[str, Around], Iterator[str]]) -> Callable[[Sentence, Around], Iterator[Sentence]]:
    def family(sentence: Sentence, around: Around) -> Iterator[Sentence]:
        for text in dict.fromkeys(make(sentence.text, around)):
            if text != sentence.text:
                yield _with(sentence, text)

    return family


def _framed(frames: Iterable[str]) -> Callable[[Sentence, Around], Iterator[Sentence]]:
    return _texts(lambda text, _: (frame.format(text) for frame in frames))


def _unsaid(pairs: Iterable[tuple[str, str]]) -> Callable[[Sentence, Around], Iterator[Sentence]]:
    """Exchanges words of the sentence for words that its note does not say anywhere."""
    some = tuple(pairs)
    return _texts(
        lambda text, around: _each(text, (pair for pair in some if pair[1].strip() not in around.own))
    )


FAMILIES: dict[str, Callable[[Sentence, Around], Iterator[Sentence]]] = {
    "number": _texts(_numbers),
    "number of another thing": _texts(_numbers_elsewhere),
    "unit": _texts(_units),
    "number in words": _unsaid(_WORDS_OF_NUMBER),
    "number added": _texts(_numbers_added),
    "time": _unsaid(_TIMES),
    "direction": _unsaid(_both_ways(_TURNS)),
    "denial added": _texts(_negated),
    "denial taken out": _texts(_affirmed),
    "place": _texts(lambda text, around: _names(text, _PLACES, _OTHER_PLACES, around.own)),
    "body": _texts(lambda text, around: _names(text, _BODIES, _OTHER_BODIES, around.own)),
    "Latin name": _texts(_latin),
    "quote edited": _quotes,
    "quotes merged": _merged_quotes,
    "note invented": _ids,
    "citation moved": _moved,
    "majority": _framed(_MAJORITY),
    "promise": _framed(_PROMISES),
    "speaker exchanged": _unsaid(_SPEAKERS),
    "speaker added": _texts(
        lambda text, around: (f.format(text) for f in _SAID_BY if f.split()[0][:2] not in around.own)
    ),
    "link": _framed(_LINKS),
}  # fmt: skip
