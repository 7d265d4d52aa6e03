"""Forms of personal data that are made of figures. What is secret stands in ⟦ ⟧; the rest may stay.

A form takes the generator and gives the words. Every list is in no order: its even places are the seen half, its odd
places the held-out half (`halves.py`).
"""

import random
from collections.abc import Callable
from typing import Final

from tests.redaction import hands, numbers

Form = Callable[[random.Random], str]
_DASHES: Final = ("–", "‑", "—", "‐", "−", "－", "ㅡ", "ㅡ")
_MOBILE: Final = "{0}{1}{2}"


def _joined(separator: str) -> Form:
    return lambda draw: "⟦" + separator.join(numbers.mobile(draw)) + "⟧"


def shaped(shape: str) -> Form:
    """A mobile number in a shape; `{0}` `{1}` `{2}` are its parts."""
    return lambda draw: "⟦" + shape.format(*numbers.mobile(draw)) + "⟧"


def _abroad(shape: str) -> Form:
    """As above with the trunk zero taken away: `{0}` is 10."""

    def written(draw: random.Random) -> str:
        head, middle, last = numbers.mobile(draw)
        return "⟦" + shape.format(head[1:], middle, last) + "⟧"

    return written


def _spelled(shape: str, *, zero: str = "공", parts: str = "012") -> Form:
    """A mobile number of which the named parts are spelled."""

    def written(draw: random.Random) -> str:
        pieces = [
            hands.spelled(piece, zero) if str(at) in parts else piece
            for at, piece in enumerate(numbers.mobile(draw))
        ]
        return "⟦" + shape.format(*pieces) + "⟧"

    return written


def _each(form: Form, change: Callable[[str], str]) -> Form:
    return lambda draw: change(form(draw))


def _with_invisible(form: Form) -> Form:
    return lambda draw: "⟦" + hands.sprinkled(form(draw)[1:-1], draw) + "⟧"


MOBILE: Final[tuple[Form, ...]] = (
    _joined("-"), _joined(" "), _joined("."), _joined(""),
    _joined(" - "), _joined("ㅡ"), _joined("–"), _joined("‑"),
    _joined("·"), _joined("/"), _joined("  "), _joined("\u00a0"),
    _joined("_"), _joined("~"), _joined(". "), _joined(", "),
    _joined("—"), _joined("－"), _joined("- "), _joined(" -"),
    _joined("\n"), _joined("-\n"), _joined("\t"), _joined(" . "),
    shaped("({0}){1}-{2}"), shaped("({0}) {1} {2}"), shaped("{0}){1}-{2}"), shaped("{0}) {1}-{2}"),
    shaped("[{0}]{1}-{2}"), shaped("{0}-{1}{2}"), shaped("{0}-{1} {2}"), shaped("{0} {1}-{2}"),
    shaped("{0} {1}{2}"), shaped("{0}{1}-{2}"), shaped("{0}.{1}-{2}"), shaped("{0}-{1}.{2}"),
    _abroad("+82 {0}-{1}-{2}"), _abroad("+82-{0}-{1}-{2}"), _abroad("+82{0}{1}{2}"), _abroad("+82 {0} {1} {2}"),
    _abroad("(+82) {0}-{1}-{2}"), _abroad("+82){0}-{1}-{2}"), _abroad("82-{0}-{1}-{2}"), _abroad("+82.{0}.{1}.{2}"),
    _abroad("+82 (0){0} {1} {2}"), _abroad("+82-0{0}-{1}-{2}"), _abroad("0082-{0}-{1}-{2}"), _abroad("+82 0{0} {1} {2}"),
    _each(_joined("-"), hands.wide), _each(_joined(" "), hands.wide), _each(_joined(""), hands.wide), _each(_joined("."), hands.wide),
    _spelled("{0} {1} {2}"), _spelled("{0}{1}{2}"), _spelled("{0}-{1}-{2}"), _spelled("{0}, {1}, {2}"),
    _spelled("{0} {1} {2}", parts="0"), _spelled("{0}-{1}-{2}", parts="0"), _spelled("{0} {1} {2}", parts="12"), _spelled("{0} {1} {2}", parts="02"),
    _spelled("{0} {1} {2}", zero="영"), _spelled("{0}{1}{2}", zero="영"), _spelled("{0}.{1}.{2}", parts="0"), _spelled("{0}{1}{2}", parts="0"),
    _spelled("{0}⟧ 다시 ⟦{1}⟧ 다시 ⟦{2}"), _spelled("{0}⟧에 ⟦{1}⟧에 ⟦{2}"), _spelled("{0}⟧ 대시 ⟦{1}⟧ 대시 ⟦{2}", parts="0"), _spelled("{0}⟧에 ⟦{1}⟧에 ⟦{2}", parts="0"),
    lambda draw: "⟦" + " ".join("".join(numbers.mobile(draw))) + "⟧",
    lambda draw: "⟦" + "-".join("".join(numbers.mobile(draw))) + "⟧",
    lambda draw: "⟦" + " ".join(hands.spelled("".join(numbers.mobile(draw)))) + "⟧",
    lambda draw: "⟦" + ".".join("".join(numbers.mobile(draw))) + "⟧",
    _each(_joined(" "), hands.circled), _each(_joined("-"), hands.circled),
    lambda draw: "⟦" + "-".join(numbers.mobile(draw)).replace("010", "O1O", 1) + "⟧",
    lambda draw: "⟦" + "-".join(numbers.mobile(draw)).replace("010", "ㅇ1ㅇ", 1) + "⟧",
    lambda draw: "⟦" + "-".join(numbers.mobile(draw)).replace("010", "o1o", 1) + "⟧",
    lambda draw: "⟦" + "-".join(numbers.mobile(draw)).replace("010", "공1공", 1) + "⟧",
    _with_invisible(_joined("-")), _with_invisible(_joined("")), _with_invisible(_joined(" ")), _with_invisible(_joined(".")),
)  # fmt: skip


def _land(shape: str) -> Form:
    return lambda draw: "⟦" + shape.format(*numbers.land(draw)) + "⟧"


def _land_abroad(shape: str) -> Form:
    def written(draw: random.Random) -> str:
        area, exchange, last = numbers.land(draw)
        return "⟦" + shape.format(area[1:], exchange, last) + "⟧"

    return written


def _land_spelled(shape: str) -> Form:
    return lambda draw: "⟦" + shape.format(*(hands.spelled(each) for each in numbers.land(draw))) + "⟧"


LAND: Final[tuple[Form, ...]] = (
    _land("{0}-{1}-{2}"), _land("{0}){1}-{2}"), _land("{0}.{1}.{2}"), _land("({0}){1}-{2}"),
    _land("{0} {1} {2}"), _land("({0}) {1}-{2}"), _land("{0}{1}{2}"), _land("{0} {1}-{2}"),
    _land("{0}) {1}-{2}"), _land("{0}-{1} {2}"), _land("{0}ㅡ{1}ㅡ{2}"), _land("{0}–{1}–{2}"),
    _land("{0} - {1} - {2}"), _land("{0}/{1}-{2}"), _land("{0} {1}{2}"), _land("{0}·{1}·{2}"),
    _land_abroad("+82-{0}-{1}-{2}"), _land_abroad("+82 {0} {1} {2}"), _land_abroad("+82){0}-{1}-{2}"), _land_abroad("(+82){0}-{1}-{2}"),
    _each(_land("{0}-{1}-{2}"), hands.wide), _each(_land("({0}){1}-{2}"), hands.wide), _land_spelled("{0} {1} {2}"), _land_spelled("{0}에 {1}에 {2}"),
    _land("{0}-{1}-{2}⟧(내선 12번)⟦"), _land("{0}-{1}-{2}⟧, 교환 34⟦"), _with_invisible(_land("{0}-{1}-{2}")), _with_invisible(_land("{0}) {1} {2}")),
)  # fmt: skip


def _resident(shape: str, *, foreign: bool = False, checked: bool = False) -> Form:
    def written(draw: random.Random) -> str:
        born, rest = numbers.resident_checked(draw) if checked else numbers.resident(draw, foreign=foreign)
        return "⟦" + shape.format(born, rest, rest[0]) + "⟧"

    return written


RESIDENT: Final[tuple[Form, ...]] = (
    _resident("{0}-{1}"), _resident("{0}-{1}", foreign=True), _resident("{0} {1}"), _resident("{0}-{1}", checked=True),
    _resident("{0} - {1}"), _resident("{0}–{1}"), _resident("{0}ㅡ{1}"), _resident("{0}‑{1}", foreign=True),
    _resident("{0}{1}", checked=True), _resident("⟧주민번호 ⟦{0}{1}"), _resident("{0}-{2}******"), _resident("{0}-{2}XXXXXX"),
    _resident("⟧주민등록번호: ⟦{0}{1}"), _resident("⟧외국인등록번호 ⟦{0}{1}", foreign=True), _resident("{0}-{2}●●●●●●"), _resident("{0}-{2}○○○○○○"),
    _each(_resident("{0}-{1}"), hands.wide), _each(_resident("{0}-{1}", foreign=True), hands.wide),
    _with_invisible(_resident("{0}-{1}")), _with_invisible(_resident("{0}-{1}", foreign=True)),
    _resident("{0}.{1}"), _resident("{0}/{1}"), _resident("{0}-\n{1}"), _resident("{0}\n-{1}"),
    lambda draw: "주민번호 앞 ⟦{}⟧ 뒤 ⟦{}⟧".format(*numbers.resident(draw)),
    lambda draw: "주민번호 앞자리 ⟦{}⟧, 뒷자리 ⟦{}⟧".format(*numbers.resident(draw)),
    lambda draw: "주민번호 ⟦{} 다시 {}⟧".format(*map(hands.spelled, numbers.resident(draw))).replace(" 다시 ", "⟧ 다시 ⟦"),
    lambda draw: "⟦{} {}⟧".format(*map(hands.spelled, numbers.resident(draw))),
)  # fmt: skip


def _business(shape: str) -> Form:
    return lambda draw: shape.format("⟦", "⟧", *numbers.business(draw))


BUSINESS: Final[tuple[Form, ...]] = (
    _business("{0}{2}-{3}-{4}{1}"), _business("사업자번호 {0}{2}-{3}-{4}{1}"), _business("사업자등록번호: {0}{2}{3}{4}{1}"), _business("사업자번호 {0}{2}{3}{4}{1}"),
    _business("{0}{2} - {3} - {4}{1}"), _business("{0}{2}–{3}–{4}{1}"), _business("사업자번호는 {0}{2} {3} {4}{1}"), _business("사업자등록번호가 {0}{2} {3} {4}{1}"),
    _business("사업자 {0}{2}.{3}.{4}{1}"), _business("(사업자번호){0}{2}{3}{4}{1}"), _business("{0}{2}ㅡ{3}ㅡ{4}{1}"), _business("{0}{2}‑{3}‑{4}{1}"),
    _each(_business("{0}{2}-{3}-{4}{1}"), hands.wide), _each(_business("사업자번호 {0}{2}{3}{4}{1}"), hands.wide),
    _business("사업자등록증 {0}{2}-{3}-{4}{1}"), _business("BRN {0}{2}-{3}-{4}{1}"),
    lambda draw: "사업자번호 ⟦{} {} {}⟧".format(*map(hands.spelled, numbers.business(draw))),
    lambda draw: "사업자번호는 ⟦{}⟧ 다시 ⟦{}⟧ 다시 ⟦{}⟧".format(*map(hands.spelled, numbers.business(draw))),
)  # fmt: skip


def _card(form: str) -> Form:
    def written(draw: random.Random) -> str:
        number = numbers.card(draw)
        return "⟦" + form.format(*(number[at : at + 4] for at in range(0, 16, 4))) + "⟧"

    return written


CARD: Final[tuple[Form, ...]] = (
    _card("{}-{}-{}-{}"), _card("{} {} {} {}"), _card("{}{}{}{}"), _card("{}.{}.{}.{}"),
    _card("{} - {} - {} - {}"), _card("{}–{}–{}–{}"), _card("{}/{}/{}/{}"), _card("{}ㅡ{}ㅡ{}ㅡ{}"),
    _each(_card("{}-{}-{}-{}"), hands.wide), _each(_card("{} {} {} {}"), hands.wide),
    _with_invisible(_card("{}-{}-{}-{}")), _with_invisible(_card("{} {} {} {}")),
    _card("{}  {}  {}  {}"), _card("{}\n{}\n{}\n{}"),
)  # fmt: skip
