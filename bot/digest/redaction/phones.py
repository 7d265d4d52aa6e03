"""Telephone numbers of people and offices, in any spacing, with +82. Spelled ones come as figures (spoken.py).

Public service numbers (15xx-, 16xx-, 18xx-, 080-, three digits) stay: they belong to nobody.
Area codes and lengths: 전기통신번호관리세칙 (과학기술정보통신부 고시).
"""

import re
from collections.abc import Iterator

_GAP = r"[-. )(/·_~]{0,3}"
_ANY_GAP = r"(?:[^\w\ufffc]|_){0,4}(?:(?:다시|대시|하이픈|에|점)[^\w\ufffc]{0,3})?"
"""Between the three parts of a mobile number anything may stand: its head and its lengths are telling enough."""
_AREA = r"(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d)"
_COUNTRY = r"(?:\+ ?82|0082|(?<![\d.,])82)[-. )]{0,2}(?:\(0\)|0)?[-. ]?"
_LAND_GAP, _LAND_REST = r"(?:[-. )/·_\]\n]{1,3}|에 ?)", r"(?:[-. /·_\n]{0,4}|에 ?)"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_COUNTRY}1[016789](?:{_GAP}\d){{7,8}}(?!\d)",
        rf"(?<!\d){_COUNTRY}{_AREA}[-. )]{{1,2}}\d{{3,4}}[-. ]{{0,2}}\d{{4}}(?!\d)",
        rf"(?<!\d)[\[(]?01[016789](?:{_GAP}\d){{7,8}}(?!\d)",
        rf"(?<!\d)[\[(]?01[016789]{_ANY_GAP}\d{{3,4}}{_ANY_GAP}\d{{4}}(?!\d)",
        r"(?<!\d)0[-. ]1[-. ][016789](?:[-. ]{1,3}\d){7,8}(?!\d)",
        rf"(?<!\d)(?<!\d[-./])[\[(]?0{_AREA}(?:{_LAND_GAP}\d{{3,4}}{_LAND_REST}\d{{4}}|\d{{3,4}}[-. ]?\d{{4}})(?!\d)",
    )
)
_TAIL = re.compile(r"-\d{1,4}(?!\d)")
"""What hangs on a number by a hyphen is a part of it, even of one that turns out to be no telephone's."""


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Spans of telephone numbers in a shadow."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            tail = _TAIL.match(text, match.end())
            yield match.start(), tail.end() if tail else match.end()
