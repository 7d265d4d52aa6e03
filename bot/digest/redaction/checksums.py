"""Check digits of Korean and international numbers. All take a string of ASCII digits."""

_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_FOREIGNER_DIGITS = "5678"


def luhn(digits: str) -> bool:
    """Payment cards (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def business(digits: str) -> bool:
    """사업자등록번호, ten digits: the National Tax Service's check digit."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _BUSINESS_WEIGHTS, strict=False))
    total += int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


def resident(digits: str) -> bool:
    """주민등록번호 or 외국인등록번호, thirteen digits.

    Numbers given out since October 2020 end in random digits: a failed check proves nothing, so it is only
    asked where nothing else (a hyphen, a word before it) speaks for the number.
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits, _RESIDENT_WEIGHTS, strict=False))
    base = 13 if digits[6] in _FOREIGNER_DIGITS else 11
    return (base - total % 11) % 10 == int(digits[12])
