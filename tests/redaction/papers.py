"""Forms of accounts, plates, passports and addresses of mail."""

import random
from typing import Final

from tests.redaction import hands, numbers
from tests.redaction.secrets import Form

_BANKS: Final = (
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
)
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
_PLATE_REGIONS: Final = (
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
