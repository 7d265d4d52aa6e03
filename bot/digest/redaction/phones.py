"""Telephone numbers of people and offices, in any spacing, with +82, spelled (공일공) or mixed.

Public service numbers (15xx-, 16xx-, 18xx-, 080-, three digits) stay: they belong to nobody.
"""

import re
from collections.abc import Iterator

_SPELLED = "공영령일이삼사오육륙칠팔구"
_GAP = r"[-. )(/·_~]{0,3}"
_AREA = r"(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d)"
_COUNTRY = r"(?:\+ ?82|0082|(?<![\d.,])82)[-. )]{0,2}(?:\(0\)|0)?[-. ]?"
_DIGIT = rf"[0-9{_SPELLED}]"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_COUNTRY}1[016789](?:{_GAP}\d){{7,8}}(?!\d)",
        rf"(?<!\d){_COUNTRY}{_AREA}[-. )]{{1,2}}\d{{3,4}}[-. ]{{0,2}}\d{{4}}(?!\d)",
        rf"(?<!\d)\(?01[016789](?:{_GAP}\d){{7,8}}(?!\d)",
        r"(?<!\d)0[-. ]1[-. ][016789](?:[-. ]{1,3}\d){7,8}(?!\d)",
        rf"(?<!\d)(?<!\d[-.])\(?0{_AREA}(?:[-. )]{{1,3}}\d{{3,4}}[-. ]{{0,3}}\d{{4}}|\d{{3,4}}[-. ]?\d{{4}})(?!\d)",
        rf"[공영0][-. ]?[일1][-. ]?[공영일육륙칠팔구016789](?:[-., ]{{0,3}}{_DIGIT}){{7,8}}(?!\d)",
    )
)
_PLAIN_ZERO = re.compile(r"^[\d\W]+$")


def phones(text: str) -> Iterator[tuple[int, int]]:
    """Spans of telephone numbers in a shadow."""
    *in_digits, spelled = _PATTERNS
    for pattern in in_digits:
        for match in pattern.finditer(text):
            yield match.span()
    for match in spelled.finditer(text):
        if not _PLAIN_ZERO.match(match.group()):
            yield match.span()
