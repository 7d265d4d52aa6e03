"""Forms of names: of people on file, of others beside a title, of others after a label."""

import random
from typing import Final

from tests.redaction import hands
from tests.redaction.secrets import Form

ON_FILE: Final = (
    "김가상",
    "이가명",
    "박가공",
    "최허구",
    "남궁가상",
    "홍길동",
    "성춘향",
    "변학도",
    "조가온",
    "윤슬기찬",
)
"""People whom the bot knows: placeholders, people of old novels."""
_UNKNOWN: Final = (
    "정가상",
    "강가명",
    "임꺽정",
    "이몽룡",
    "한가공",
    "오허구",
    "서가람별",
    "제갈가명",
    "유가온",
    "신가나",
    "권다라",
    "황보가상",
    "장길산",
    "배가온",
    "허가람",
)
_TITLES: Final = (
    "과장",
    "과장님",
    "대리",
    "대리님",
    "부장님",
    "차장",
    "팀장",
    "팀장님",
    "실장",
    "대표",
    "대표님",
    "이사님",
    "상무",
    "전무님",
    "사장님",
    "소장",
    "원장님",
    "회장",
    "회장님",
    "위원장",
    "주무관",
    "주무관님",
    "사무관",
    "서기관",
    "국장님",
    "시장님",
    "군수",
    "의원",
    "의원님",
    "교수",
    "교수님",
    "박사",
    "박사님",
    "연구원",
    "책임연구원",
    "선임연구원",
    "매니저님",
    "반장님",
    "조장",
    "주임",
    "주임님",
    "계장님",
    "이장님",
    "선생님",
    "씨",
    "님",
    "센터장",
    "센터장님",
    "본부장",
    "지점장",
    "공장장님",
    "조합장",
    "간사",
    "사무국장",
    "부사장님",
    "청장님",
    "도지사",
    "지부장",
)
_PARTICLES: Final = (
    "이",
    "은",
    "을",
    "과",
    "께서",
    "에게",
    "도",
    "한테",
    "의",
    "이랑",
    "께",
    "만",
    "으로부터",
    "처럼",
)


def _known(shape: str) -> Form:
    return lambda draw: shape.format(n=draw.choice(ON_FILE), p=draw.choice(_PARTICLES))


def _spaced(draw: random.Random) -> str:
    name = draw.choice([each for each in ON_FILE if len(each) == 3])
    return f"⟦{name[0]}⟧ ⟦{name[1:]}⟧{draw.choice(_PARTICLES)}"


def _apart(draw: random.Random) -> str:
    return " ".join(f"⟦{each}⟧" for each in draw.choice(ON_FILE)) + draw.choice(_PARTICLES)


KNOWN: Final[tuple[Form, ...]] = (
    _known("⟦{n}⟧{p}"), _known("⟦{n}⟧{p}"), _known("‘⟦{n}⟧’{p}"), _known("\"⟦{n}⟧\"{p}"),
    _known("⟦{n}⟧ 님{p}"), _known("⟦{n}⟧님"), _known("(⟦{n}⟧)"), _known("⟦{n}⟧,"),
    lambda draw: hands.decomposed(_known("⟦{n}⟧{p}")(draw)), lambda draw: hands.decomposed(_known("⟦{n}⟧ 씨")(draw)),
    lambda draw: "⟦" + hands.sprinkled(draw.choice(ON_FILE), draw) + "⟧" + draw.choice(_PARTICLES), lambda draw: "⟦" + hands.sprinkled(draw.choice(ON_FILE), draw) + "⟧ 씨가",
    _spaced, _apart, _known("담당자⟦{n}⟧{p}"), _known("⟦{n}⟧이라는 분"),
)  # fmt: skip


def _titled(shape: str) -> Form:
    return lambda draw: shape.format(
        n=draw.choice(_UNKNOWN),
        t=draw.choice(_TITLES),
        p=draw.choice(("이", "께서", "은", "도", "한테", "의", "")),
    )


TITLED: Final[tuple[Form, ...]] = (
    _titled("⟦{n}⟧ {t}{p}"), _titled("⟦{n}⟧ {t}{p}"), _titled("⟦{n}⟧{t}{p}"), _titled("⟦{n}⟧ {t}"),
    _titled("산업과 ⟦{n}⟧ {t}{p}"), _titled("가상전자 ⟦{n}⟧ {t}{p}"), _titled("‘⟦{n}⟧ {t}’{p}"), _titled("(⟦{n}⟧ {t})"),
    lambda draw: hands.decomposed(_titled("⟦{n}⟧ {t}{p}")(draw)), lambda draw: hands.decomposed(_titled("⟦{n}⟧{t}{p}")(draw)),
    lambda draw: "⟦" + hands.sprinkled(draw.choice(_UNKNOWN), draw) + "⟧ " + draw.choice(_TITLES), _titled("⟦{n}⟧\n{t}{p}"),
)  # fmt: skip


def _labelled(shape: str) -> Form:
    return lambda draw: shape.format(
        n=draw.choice(_UNKNOWN), t=draw.choice(("과장", "대표", "팀장", "이사", "주무관", "연구원"))
    )


LABELLED: Final[tuple[Form, ...]] = (
    _labelled("성명: ⟦{n}⟧"), _labelled("이름은 ⟦{n}⟧입니다"), _labelled("예금주 ⟦{n}⟧"), _labelled("담당자 ⟦{n}⟧입니다"),
    _labelled("{t} ⟦{n}⟧입니다"), _labelled("{t} ⟦{n}⟧ 드림"), _labelled("저는 ⟦{n}⟧이라고 합니다"), _labelled("제 이름은 ⟦{n}⟧이고요"),
    _labelled("작성자: ⟦{n}⟧"), _labelled("신청인 ⟦{n}⟧"), _labelled("연락담당: ⟦{n}⟧"), _labelled("이름: ⟦{n}⟧"),
)  # fmt: skip
