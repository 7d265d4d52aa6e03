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

_GAP = r"[-./·_\s]{0,4}"
_BORN = r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_RESIDENT = re.compile(rf"({_BORN})([-~./·_\s]{{0,4}})([1-8])(\d{{6}}|[\d*xX●○]{{6}})(?![\d*])")
_RESIDENT_FRONT = re.compile(rf"{_BORN}-[1-8](?!\d)")
_RESIDENT_APART = re.compile(
    rf"{_BORN}\W{{0,4}}(?:[뒤뒷](?:\s?자리|\s?번호)?|다시|대시|에)\W{{0,3}}[1-8]\d{{6}}(?!\d)"
)
"""앞 970101, 뒤 3…: the two halves of a number that forms ask for one by one."""
_CORPORATE = re.compile(r"법인(?:\s?등록)?\s?(?:번호)?\W{0,2}(?:는|은)?\s?$")
"""A company's registration number has the same length and stands in a public register."""
_RESIDENT_WORDS = re.compile(r"주민|외국인|등록\s?번호|등록증|생년|민번")
_BUSINESS = re.compile(rf"(?<!\d)(?<!\d-)(\d{{3}})({_GAP})(\d{{2}})({_GAP})(\d{{5}})(?!\d)(?!-\d)")
_BUSINESS_WORDS = re.compile(r"사업자")
_ACCOUNT = re.compile(
    r"(?<![\d-])\d{2,6}(?:(?:\s?[-./·]\s?|\s{1,2})\d{1,8}){1,4}(?![\d-])|(?<![\d-])\d{10,16}(?![\d-])"
)
_DATES = re.compile(
    r"(?:19|20)\d\d(?:[-./·]\s?|\s)(?:0?[1-9]|1[0-2])(?:[-./·]\s?|\s)[0-3]?\d(?!\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])\s?-\s?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?!\d)"
)
"""A day or two months beside a bank's name are no account."""
_WORD_BANKS = "국민|신한|우리|하나|기업|산업|부산|광주|전북|경남|대구|제주"
"""Banks whose short name is a word or a region: only right beside the number."""
_BANK_WORDS = re.compile(
    r"계좌|통장|은행|입금|송금|예금주|이체|환급|농협|수협|신협|새마을금고|우체국|뱅크|토스|카뱅|케뱅|저축|증권|IBK|KB|NH|SC|iM"
    rf"|(?:{_WORD_BANKS})(?:으로|로|이고|은|는)?\s?[:,/(]?\s?$",
    re.IGNORECASE,
)
_BANK_BEHIND = re.compile(rf"\s?[(/,]?\s?(?:{_WORD_BANKS})(?![가-힣])")
_CARD = re.compile(
    rf"(?<![\d-])(?:\d{{4}}({_GAP})\d{{4}}\1\d{{4}}\1\d{{3,4}}|3[47]\d{{2}}[- ]?\d{{6}}[- ]?\d{{5}})(?![\d-])"
)
_CARD_WORDS = re.compile(r"카드")
_PLATE = re.compile(
    r"(?<!\d)\d{2,3}(\s?)([가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호])((?:\s?-?)\s?)\d{4}(?!\d)"
)
_ENDS_THERE = re.compile(
    r"(?![\w가-힣.,~-])|(?:입니다|이고|이에요|예요|인데|번|은|는|이|가|을|를|으?로|의|에|도|차)(?![가-힣])|입니다|인데"
)
"""Behind an amount stands its unit, behind a plate nothing or a particle."""
_PLATE_REGION = re.compile(
    r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)\s?$"
)
"""Plates of before 2004 and of all commercial vehicles begin with the region (자동차등록번호판 등의 기준에 관한 고시)."""
_ALSO_WORDS = frozenset("조주호도로부자수구보사소서라다가나오")
"""Plate letters that are also counters, particles or units after a number (12조, 101호, 20주)."""
_CAR_WORDS = re.compile(r"차|번호판|주차|트럭|택시|화물|SUV|운전|불법")
_AMOUNT_AFTER = re.compile(r"\s?(?:[,.]\d|[억만원명년개건호톤%㎡월회대세km]|kV)")
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[MSRODGmsrodg](?:[ -]?\d{8}|[ -]?\d{3}[A-Za-z]\d{4})(?![A-Za-z0-9])")
_PASSPORT_FORM = re.compile(r"[MSRDG](?:\d{3}[A-Z]\d{4}|\d{8})")
"""Kinds of passports: M many journeys, S one, R resident abroad, D diplomatic, G official; since 2021 a letter within
(외교부, 차세대 전자여권)."""
_PASSPORT_WORDS = re.compile(r"여권|passport", re.IGNORECASE)
_THINGS = re.compile(
    r"품번|모델|부품|제품|자재|장비|설비|도면|시리얼|코드|S/N|P/N|관리번호|자산번호", re.IGNORECASE
)
_LICENCE = re.compile(r"(?<![\d-])(?:1[1-9]|2[0-8])([- ]{0,2})\d{2}\1\d{6}\1\d{2}(?![\d-])")
_LICENCE_WORDS = re.compile(r"면허")


def _near(words: re.Pattern[str], text: str, span: Span) -> bool:
    start, end = span
    return bool(words.search(text[max(0, start - _BEFORE) : start]) or words.search(text[end : end + _AFTER]))


def residents(text: str) -> Iterator[Span]:
    for match in _RESIDENT.finditer(text):
        if _CORPORATE.search(text[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        digits = re.sub(r"[-~./·_\s]", "", match.group())
        telling = bool(match.group(2)) or _near(_RESIDENT_WORDS, text, match.span())
        if telling or (digits.isdecimal() and checksums.resident(digits)):
            yield match.span()
    for pattern in (_RESIDENT_APART, _RESIDENT_FRONT):
        for match in pattern.finditer(text):
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
        if not 10 <= count <= 16 or _DATES.match(match.group()):
            continue
        if _near(_BANK_WORDS, text, match.span()) or _BANK_BEHIND.match(text, match.end()):
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
        written_so = not match.group(1) and not (doubtful and match.group(3).isspace())
        stands = not match.group(1) and bool(_ENDS_THERE.match(text, match.end()))
        region = _PLATE_REGION.search(text, max(0, match.start() - 3), match.start())
        if written_so or stands or region or _near(_CAR_WORDS, text, match.span()):
            yield match.span()


def passports(text: str) -> Iterator[Span]:
    for match in _PASSPORT.finditer(text):
        named = _near(_PASSPORT_WORDS, text, match.span())
        if named or (_PASSPORT_FORM.fullmatch(match.group()) and not _near(_THINGS, text, match.span())):
            yield match.span()


def licences(text: str) -> Iterator[Span]:
    for match in _LICENCE.finditer(text):
        if match.group(1) == "-" or _near(_LICENCE_WORDS, text, match.span()):
            yield match.span()
