"""Forms of accounts, plates, passports, addresses of mail, and names."""

import random
from typing import Final

from tests.redaction import hands, numbers
from tests.redaction.secrets import Form

_BANKS: Final = [
    "국민은행",
    "국민",
    "신한은행",
    "신한",
    "우리은행",
    "하나은행",
    "농협",
    "농협은행",
    "기업은행",
    "카카오뱅크",
    "토스뱅크",
    "케이뱅크",
    "새마을금고",
    "신협",
    "수협",
    "우체국",
    "전북은행",
    "광주은행",
    "부산은행",
    "경남은행",
    "iM뱅크",
    "제주은행",
    "SC제일은행",
    "씨티은행",
    "KB국민은행",
    "NH농협",
    "IBK기업은행",
    "산업은행",
    "카뱅",
    "토스",
]
_ACCOUNT_SHAPES: Final = (
    "6-2-6",
    "3-4-4-2",
    "4-2-7",
    "3-3-6",
    "4-3-6",
    "4-4-4",
    "4-4-4-1",
    "3-6-2-3",
    "3-6-5",
    "6-2-5",
    "3-2-6",
)
_PLATE_LETTERS: Final = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자하허호배"
_PLATE_REGIONS: Final = [
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "세종",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
]
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
_TITLES: Final = [
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
]
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


def _account_number(draw: random.Random, separator: str) -> str:
    return separator.join(numbers.digits(draw, int(each)) for each in draw.choice(_ACCOUNT_SHAPES).split("-"))


def _account(shape: str, separator: str = "-") -> Form:
    return lambda draw: shape.format(bank=draw.choice(_BANKS), number=f"⟦{_account_number(draw, separator)}⟧")


def _wide_account(draw: random.Random) -> str:
    return f"{draw.choice(_BANKS)} ⟦{hands.wide(_account_number(draw, '-'))}⟧"


ACCOUNT: Final[tuple[Form, ...]] = (
    _account("{bank} {number}"), _account("{number} {bank}"), _account("{bank} {number}", ""), _account("{bank}{number}"),
    _account("{bank}: {number}"), _account("{bank} 계좌 {number}"), _account("{number}({bank})"), _account("{bank}({number})"),
    _account("{number} ({bank})", ""), _account("{bank} 계좌번호 {number}", ""), _account("{bank} {number}", " "), _account("{bank} {number}", "–"),
    _account("계좌번호 {number}"), _account("계좌번호는 {number}"), _account("계좌: {number} {bank}"), _account("통장 {number} {bank}"),
    _account("{bank}으로 {number}"), _account("{bank}이고 {number}"), _wide_account, _account("입금계좌 {number}"),
    _account("{bank}\n{number}"), _account("{bank} / {number}"), _account("{bank} {number}", " - "), _account("{bank}, {number}"),
)  # fmt: skip


def _plate(shape: str) -> Form:
    """`{r}` region, `{n}` two or three figures, `{k}` the letter, `{m}` four figures."""

    def written(draw: random.Random) -> str:
        wanted = draw.choice((2, 2, 3)) if "{r}" not in shape else 2
        number = str(draw.randint(1, 9)) + numbers.digits(draw, wanted - 1)
        letter = draw.choice(
            _PLATE_LETTERS
            if wanted == 2
            else "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
        )
        return shape.format(
            r=draw.choice(_PLATE_REGIONS),
            n=number,
            k=letter,
            m=draw.choice("0123456789") + numbers.digits(draw, 3),
        )

    return written


PLATE: Final[tuple[Form, ...]] = (
    _plate("⟦{n}{k}{m}⟧"), _plate("⟦{n}{k} {m}⟧"), _plate("{r}⟦{n}{k}{m}⟧"), _plate("{r} ⟦{n}{k}{m}⟧"),
    _plate("{r} ⟦{n}{k} {m}⟧"), _plate("차량번호 ⟦{n} {k} {m}⟧"), _plate("{r} ⟦{n} {k} {m}⟧"), _plate("⟦{n}{k}-{m}⟧"),
    lambda draw: hands.wide(_plate("⟦{n}{k}{m}⟧")(draw)), lambda draw: hands.wide(_plate("⟦{n}{k} {m}⟧")(draw)),
    lambda draw: "⟦" + hands.sprinkled(_plate("{n}{k}{m}")(draw), draw) + "⟧", _plate("{r}⟦{n}{k} {m}⟧"),
    _plate("차 번호는 ⟦{n}{k}{m}⟧"), _plate("제 차 ⟦{n}{k} {m}⟧"),
)  # fmt: skip


def _passport(shape: str) -> Form:
    return lambda draw: shape.format(
        l=draw.choice("MMMSRGD"),
        n=numbers.digits(draw, 8),
        a=numbers.digits(draw, 3),
        b=draw.choice("ABCDEFGH"),
        c=numbers.digits(draw, 4),
    )


PASSPORT: Final[tuple[Form, ...]] = (
    _passport("⟦{l}{n}⟧"), _passport("여권번호 ⟦{l}{n}⟧"), _passport("여권 ⟦{l}{a}{b}{c}⟧"), _passport("⟦{l}{a}{b}{c}⟧"),
    _passport("여권번호: ⟦{l} {n}⟧"), _passport("여권은 ⟦{l}{n}⟧"), lambda draw: _passport("여권번호 ⟦{l}{n}⟧")(draw).lower(), lambda draw: _passport("여권번호는 ⟦{l}{a}{b}{c}⟧")(draw).lower(),
    lambda draw: "여권 ⟦" + "".join(chr(ord(each) + 0xFEE0) for each in _passport("{l}{n}")(draw)) + "⟧",
    lambda draw: "⟦" + "".join(chr(ord(each) + 0xFEE0) for each in _passport("{l}{a}{b}{c}")(draw)) + "⟧",
    lambda draw: "여권번호 ⟦" + hands.sprinkled(_passport("{l}{n}")(draw), draw) + "⟧", _passport("여권 번호 ⟦{l}-{n}⟧"),
)  # fmt: skip


def _mail(shape: str) -> Form:
    def written(draw: random.Random) -> str:
        local = draw.choice(
            ("gasang", "gamyeong.lee", "test_user", "hong-gd", "k.gagong", "factory")
        ) + draw.choice(("", "77", "_01", "2026"))
        name, end = draw.choice(
            (
                ("example", "com"),
                ("example", "co.kr"),
                ("mail.example", "org"),
                ("gasang-ind", "example"),
                ("example", "kr"),
            )
        )
        return shape.format(l=local, d=f"{name}.{end}", n=name, e=end, s=end.replace(".", " 점 "))

    return written


MAIL: Final[tuple[Form, ...]] = (
    _mail("⟦{l}@{d}⟧"), _mail("⟦{l}@{d}⟧으로"), _mail("⟦{l}@{d}⟧입니다"), _mail("⟦{l}@{d}⟧에"),
    _mail("⟦{l}@{d}⟧로도"), _mail("⟦{l}@{d}⟧이고요"), _mail("메일은⟦{l}@{d}⟧"), _mail("이메일:⟦{l}@{d}⟧"),
    _mail("⟦{l}＠{d}⟧"), _mail("⟦{l} @ {d}⟧"), _mail("⟦{l} 골뱅이 {n} 점 {s}⟧"), _mail("⟦{l}골뱅이{n}점{e}⟧"),
    _mail("⟦{l} 골뱅이 {d}⟧"), _mail("⟦{l}골뱅이{d}⟧"), _mail("⟦{l}(at){d}⟧"), _mail("⟦{l}[at]{d}⟧"),
    _mail("⟦{l} [at] {n} [dot] {e}⟧"), _mail("⟦{l} (at) {n} (dot) {e}⟧"), _mail("⟦{l}⟧ 골뱅이 네이버 점 컴"), _mail("⟦{l}⟧ 골뱅이 지메일 점 컴"),
    _mail("⟦{l}⟧@네이버"), _mail("⟦{l}⟧골뱅이 네이버닷컴"), _mail("<⟦{l}@{d}⟧>"), _mail("(⟦{l}@{d}⟧)"),
    lambda draw: "⟦" + hands.sprinkled(_mail("{l}@{d}")(draw), draw) + "⟧", _mail("⟦{l}@\n{d}⟧"),
    _mail("⟦{l}앳{d}⟧"), _mail("⟦{l} 앳 {n} 닷 {e}⟧"),
)  # fmt: skip


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
