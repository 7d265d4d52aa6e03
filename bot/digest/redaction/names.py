"""Names of people whom nothing here knows: beside a title, after a label such as "성명:", before 드림.

A name beside a title is a guess; no_names.py keeps the commonest words of field notes out of it. The title stays: what
was said about a role is content. Of given names of one syllable (허준) and surnames alone (김 과장님) nothing is taken:
too many words look the same.
"""

import re
from collections.abc import Iterator

from bot.digest.redaction.no_names import TITLES, may_be_name

Span = tuple[int, int]
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석"
    "선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
DOUBLE = "남궁|황보|제갈|선우|독고|사공|서문|동방"
_NATIVE = "가람별하늘빛나슬기찬아름다운솔새봄결온누리샛르초롱벼든해달"
"""Syllables of names made of Korean words, the only ones that are commonly three long."""
AFTER_TITLE = r"(?:님|께서|이|가|은|는|을|를|의|와|과|께|도|에게|한테|입니다|이라|하고|만|으로|로부터|처럼|보다|이랑|랑|라고|라는|인데|$|[^가-힣])"
_NAME = rf"((?:{DOUBLE})[가-힣]{{1,2}}|[{SURNAMES}](?:[가-힣]{{2}}|[{_NATIVE}]{{3}}))"
_SAYS_SO = r"(?=입니다|이고|이며|이라|라고|이에요|예요|인데|님|씨|[,.()/\d]|\s*$|\s+\d)"
_INTRODUCED = re.compile(rf"(?:이름|성함|성명|예금주)\s?(?:은|는|:)?\s?{_NAME}{_SAYS_SO}")
_PERSONS = r"이름|성함|성명|예금주|작성자|신청인|신청자|제출자|보호자|대표자|담당자?|연락\s?담당|접수자|문의처?|(?:받는|보내는)\s?(?:분|사람)"
_PLACED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![가-힣]){_NAME}(?=\s?(?:{TITLES}){AFTER_TITLE})",
        rf"(?:{_PERSONS})\s?[:=]\s?{_NAME}(?![가-힣])",
        rf"(?:이름|성함|성명|예금주|작성자|신청인)\s{_NAME}(?![가-힣])",
        rf"(?<![가-힣])(?:{TITLES}|담당자?)\s{_NAME}(?=입니다|이라고|라고|이에요|예요|인데요|\s?드림|\s?배상)",
        rf"(?<![가-힣]){_NAME}(?=이?라고\s?(?:합니다|해요|하는\s사람|불러)|이라\s?합니다|\s?(?:드림|배상)(?![가-힣]))",
    )
)
"""Beside a title; after a label; in a form without a colon; after one's title; where somebody introduces themself or signs."""


def unknown_names(text: str) -> Iterator[Span]:
    """Spans of what is a name by its place and its shape."""
    for match in _INTRODUCED.finditer(text):
        yield match.span(1)
    for pattern in _PLACED:
        for match in pattern.finditer(text):
            if may_be_name(match.group(1)):
                yield match.span(1)
