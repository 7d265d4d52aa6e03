"""Registration numbers, accounts, cards, plates, passports and licences.

A number alone is seldom enough in Korean field notes full of document numbers, budgets and voltages: each
recogniser wants a check digit, a telling form, or a telling word nearby.
"""

import re
from collections.abc import Iterator

from bot.digest.redaction import checksums

Span = tuple[int, int]
_BEFORE, _AFTER = 24, 12
"""How far before and after a number its telling word may stand, in characters."""

_GAP = r"[-. ]{0,3}"
_RESIDENT = re.compile(
    r"(?<!\d)(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))([-~. ]{0,3})([1-8])(\d{6}|[\d*xX●○]{6})(?![\d*])"
)
_RESIDENT_FRONT = re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8](?!\d)")
_RESIDENT_WORDS = re.compile(r"주민|외국인|등록\s?번호|등록증|생년|민번")
_BUSINESS = re.compile(r"(?<!\d)(?<!\d-)(\d{3})([-. ]{0,3})(\d{2})([-. ]{0,3})(\d{5})(?!\d)(?!-\d)")
_BUSINESS_WORDS = re.compile(r"사업자")
_ACCOUNT = re.compile(r"(?<![\d-])\d{2,6}(?:[-. ]\d{1,8}){1,4}(?![\d-])|(?<![\d-])\d{10,16}(?![\d-])")
_BANK_WORDS = re.compile(
    r"계좌|은행|입금|송금|예금주|이체|환급|농협|수협|신협|새마을금고|우체국|뱅크|토스|저축|증권|IBK|KB|NH|(?:"
    r"국민|신한|우리|하나|기업|부산|광주|전북|경남|대구|제주)\s?:?\s?$",
    re.IGNORECASE,
)
_CARD = re.compile(
    r"(?<![\d-])(?:\d{4}([- .]{0,3})\d{4}\1\d{4}\1\d{3,4}|3[47]\d{2}[- ]?\d{6}[- ]?\d{5})(?![\d-])"
)
_CARD_WORDS = re.compile(r"카드")
_PLATE = re.compile(
    r"(?<!\d)\d{2,3}(\s?)([가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호])(\s?)\d{4}(?!\d)"
)
_ALSO_WORDS = frozenset("조주호도로부자수구보사소서라다가나오")
"""Plate letters that are also counters, particles or units after a number (12조, 101호, 20주)."""
_CAR_WORDS = re.compile(r"차|번호판|주차|트럭|택시|화물|SUV|운전|불법")
_AMOUNT_AFTER = re.compile(r"\s?(?:[,.]\d|[억만원명년개건호톤%㎡월회대세km]|kV)")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])(?:[MSRODGmsrodg]\d{8}|[Mm]\d{3}[A-Za-z]\d{4})(?![A-Za-z0-9])")
_PASSPORT_FORM = re.compile(r"M(?:\d{8}|\d{3}[A-Z]\d{4})")
_PASSPORT_WORDS = re.compile(r"여권|passport", re.IGNORECASE)
_LICENCE = re.compile(r"(?<![\d-])(?:1[1-9]|2[0-8])([- ]{0,2})\d{2}\1\d{6}\1\d{2}(?![\d-])")
_LICENCE_WORDS = re.compile(r"면허")


def _near(words: re.Pattern[str], text: str, span: Span) -> bool:
    start, end = span
    return bool(words.search(text[max(0, start - _BEFORE) : start]) or words.search(text[end : end + _AFTER]))


def residents(text: str) -> Iterator[Span]:
    for match in _RESIDENT.finditer(text):
        digits = re.sub(r"[-~. ]", "", match.group())
        telling = bool(match.group(2)) or _near(_RESIDENT_WORDS, text, match.span())
        if telling or (digits.isdecimal() and checksums.resident(digits)):
            yield match.span()
    for match in _RESIDENT_FRONT.finditer(text):
        if _near(_RESIDENT_WORDS, text, match.span()):
            yield match.span()


def businesses(text: str) -> Iterator[Span]:
    for match in _BUSINESS.finditer(text):
        named = _near(_BUSINESS_WORDS, text, match.span())
        written_so = match.group(2).strip() == "-" and match.group(4).strip() == "-"
        checked = checksums.business(match.group(1) + match.group(3) + match.group(5))
        if (named and (checked or written_so)) or (checked and written_so):
            yield match.span()


def accounts(text: str) -> Iterator[Span]:
    for match in _ACCOUNT.finditer(text):
        count = sum(character.isdecimal() for character in match.group())
        if 10 <= count <= 16 and _near(_BANK_WORDS, text, match.span()):
            yield match.span()


def cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, match.group()))
        if checksums.luhn(digits) or (match.group(1) and _near(_CARD_WORDS, text, match.span())):
            yield match.span()


def plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        doubtful = match.group(2) in _ALSO_WORDS
        if doubtful and _AMOUNT_AFTER.match(text, match.end()):
            continue
        spaced_oddly = bool(match.group(1)) or (doubtful and bool(match.group(3)))
        if not spaced_oddly or _near(_CAR_WORDS, text, match.span()):
            yield match.span()


def passports(text: str) -> Iterator[Span]:
    for match in _PASSPORT.finditer(text):
        if _PASSPORT_FORM.fullmatch(match.group()) or _near(_PASSPORT_WORDS, text, match.span()):
            yield match.span()


def licences(text: str) -> Iterator[Span]:
    for match in _LICENCE.finditer(text):
        if match.group(1) == "-" or _near(_LICENCE_WORDS, text, match.span()):
            yield match.span()
