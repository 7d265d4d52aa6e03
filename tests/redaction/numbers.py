"""Invented numbers that obey their own rules (check digits, dates) and lie where nobody has one."""

import random
from typing import Final

_BUSINESS_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_CARD_HEADS: Final = ("400000", "424242", "510510", "555555", "601100", "356600")


def digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def mobile(draw: random.Random) -> tuple[str, str, str]:
    """010-0xxx and 010-1xxx are not given out; the older 011 … 019 had three or four figures in the middle."""
    if draw.random() < 0.85:
        return "010", draw.choice("01") + digits(draw, 3), digits(draw, 4)
    return (
        draw.choice(("011", "016", "017", "018", "019")),
        "0" + digits(draw, draw.choice((2, 3))),
        digits(draw, 4),
    )


def land(draw: random.Random) -> tuple[str, str, str]:
    """Area code, an exchange that begins with 0 (there is none), the rest. 070 and 050x are numbers of persons too."""
    area = draw.choice(
        [
            "02",
            "031",
            "032",
            "033",
            "041",
            "042",
            "043",
            "044",
            "051",
            "052",
            "053",
            "054",
            "055",
            "061",
            "062",
            "063",
            "064",
            "070",
            "0507",
        ]
    )
    exchange = "0" + digits(draw, 3 if area in ("070", "0507") or draw.random() < 0.3 else 2)
    return area, exchange, digits(draw, 4)


def resident(draw: random.Random, *, foreign: bool = False) -> tuple[str, str]:
    """Born in the 2090s. The last six are drawn freely, as for all numbers since October 2020."""
    born = f"9{digits(draw, 1)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
    return born, draw.choice("78" if foreign else "34") + digits(draw, 6)


def resident_checked(draw: random.Random) -> tuple[str, str]:
    """With the check digit of before October 2020: weights 2…9, 2…5, (11 - sum mod 11) mod 10."""
    born, rest = resident(draw)
    body = born + rest[:-1]
    total = sum(
        int(each) * weight for each, weight in zip(body, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), strict=True)
    )
    return born, rest[:-1] + str((11 - total % 11) % 10)


def business(draw: random.Random) -> tuple[str, str, str]:
    """The middle 00 is given to nobody; the last figure is the National Tax Service's check digit."""
    body = f"{draw.randint(101, 899)}00{digits(draw, 4)}"
    total = sum(int(each) * weight for each, weight in zip(body, _BUSINESS_WEIGHTS, strict=True))
    total += int(body[8]) * 5 // 10
    return body[:3], body[3:5], body[5:] + str((10 - total % 10) % 10)


def card(draw: random.Random) -> str:
    """Sixteen figures on the heads that payment companies reserve for trials, with Luhn's check digit."""
    body = draw.choice(_CARD_HEADS) + digits(draw, 9)
    total = 0
    for at, each in enumerate(reversed(body)):
        value = int(each) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str((10 - total % 10) % 10)
