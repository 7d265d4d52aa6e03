"""How much of generated personal data is caught, and how often a trap is mistaken for it. Seeded, so the same each time."""

import random
import re
from collections.abc import Callable

from bot.digest.redact import redact
from bot.digest.redaction import checksums

_MANY = 2000
_SPELLED = dict(zip("0123456789", "공일이삼사오육칠팔구", strict=True))
_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
_AROUND = [
    ("연락은 ", "입니다"),
    ("", ""),
    ("저희 ", " 로 부탁드려요"),
    ("문의: ", "\n감사합니다"),
    ("", "이고요"),
]


class _Invented:
    """Personal data and traps drawn by one generator."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def checked(self, make: Callable[[], str], check: Callable[[str], bool]) -> str:
        while not check(number := make()):
            pass
        return number

    def birth(self) -> str:
        return (
            f"{self.random.randint(60, 99):02}{self.random.randint(1, 12):02}{self.random.randint(1, 28):02}"
        )

    def mobile(self) -> str:
        first, middle, last = self.random.choice(["010", "011", "016"]), self.digits(4), self.digits(4)
        match self.random.randrange(5):
            case 0:
                return " ".join("".join(_SPELLED[digit] for digit in part) for part in (first, middle, last))
            case 1:
                return f"{first}-{middle}-{last}".translate(_FULL_WIDTH)
            case 2:
                return f"+82 {first[1:]}-{middle}-{last}"
            case _:
                gap = self.random.choice(["-", "", ".", " ", " - ", "–", "·"])
                return gap.join((first, middle, last))

    def landline(self) -> str:
        gap = self.random.choice(["-", " ", "."])
        return gap.join(
            (self.random.choice(["02", "031", "051", "063", "064", "070"]), self.digits(3), self.digits(4))
        )

    def resident(self) -> str:
        return (
            self.birth()
            + self.random.choice(["-", " - ", "–"])
            + self.random.choice("12345678")
            + self.digits(6)
        )

    def business(self) -> str:
        number = self.checked(lambda: self.digits(10), checksums.business)
        return f"{number[:3]}-{number[3:5]}-{number[5:]}"

    def card(self) -> str:
        number = self.checked(lambda: "4" + self.digits(15), checksums.luhn)
        return self.random.choice(["-", " ", ""]).join(number[at : at + 4] for at in range(0, 16, 4))

    def account(self) -> str:
        bank = self.random.choice(["농협 ", "국민은행 ", "계좌번호: ", "카카오뱅크 "])
        return bank + self.random.choice(
            [f"{self.digits(3)}-{self.digits(6)}-{self.digits(2)}", self.digits(13)]
        )

    def email(self) -> str:
        return (
            self.random.choice(["hong.gd", "kim_77"])
            + "@example.co.kr"
            + self.random.choice(["로", "에", ""])
        )

    def plate(self) -> str:
        return (
            self.digits(self.random.choice([2, 3]))
            + self.random.choice("가나다라마거너더러허")
            + self.digits(4)
        )

    def trap(self) -> str:
        number = self.random.randint
        return self.random.choice(
            [
                f"제2026-{self.digits(4)}-{self.digits(4)}호",
                f"{number(100, 999)}-{number(100, 999)}kV 송전선로",
                f"{number(1, 99)}조 {number(1000, 9999)}억원",
                f"2026-{number(1, 12):02}-{number(1, 28):02} {number(7, 20):02}:{number(0, 59):02}",
                f"{number(1, 9)},{self.digits(3)},{self.digits(3)}원",
                f"{number(100, 999)}호 {number(1000, 9999)}세대",
                f"1588-{self.digits(4)}",
                f"{number(10, 99)}주 {number(1000, 9999)}명",
                f"RS-2024-{self.digits(8)}",
                f"좌표 35.{self.digits(6)}, 126.{self.digits(6)}",
                f"{number(7, 20):02}:30~{number(7, 20):02}:40",
                self.random.choice(
                    ["지원팀 과장님", "협력사 대표", "공장장님", "우리 팀장님", "위원장님", "노동자 대표"]
                ),
            ]
        )

    def around(self, text: str) -> str:
        before, after = self.random.choice(_AROUND)
        return before + text + after


def test_at_least_99_of_100_are_caught() -> None:
    invented = _Invented(7)
    kinds = (
        invented.mobile,
        invented.landline,
        invented.resident,
        invented.business,
        invented.card,
        invented.account,
        invented.email,
        invented.plate,
    )
    missed = []
    for _ in range(_MANY):
        text = invented.around(invented.random.choice(kinds)())
        redacted = redact(text).text
        if "[" not in redacted or re.search(r"\d{3}|@", redacted):
            missed.append(text)
    assert len(missed) <= _MANY // 100, missed[:20]


def test_at_most_1_trap_of_100_is_mistaken() -> None:
    invented = _Invented(11)
    mistaken = [text for _ in range(_MANY) if redact(text := invented.around(invented.trap())).spans]
    assert len(mistaken) <= _MANY // 100, mistaken[:20]
