"""Names of people whom nothing here knows: beside a title, after a label such as "성명:", before 드림.

A name beside a title is a guess; no_names.py keeps the commonest words of field notes out of it. The title stays: what
was said about a role is content. Of given names of one syllable (허준) and surnames alone (김 과장님) nothing is taken:
too many words look the same.
"""

import re
from collections.abc import Iterator

from bot.digest.redaction.no_names import may_be_name, sounds_given

Span = tuple[int, int]
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석"
    "선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
DOUBLE = "남궁|황보|제갈|선우|독고|사공|서문|동방"
_NATIVE = "가람별하늘빛나슬기찬아름다운솔새봄결온누리샛르초롱벼든해달"
"""Syllables of names made of Korean words, the only ones that are commonly three long."""
TITLES = (
    "대표이사|대표님|대표|부대표|이사장|이사님|이사|전무이사|상무이사|전무|상무|본부장|부본부장|지점장|지부장|지사장|공장장|부장|차장|과장|대리|"
    "사원|주임|팀장|파트장|그룹장|실장|소장|반장|조장|이장|계장|단장|센터장|조합장|교수|박사|책임연구원|선임연구원|수석연구원|연구위원|연구원|"
    "주무관|사무관|서기관|행정관|국장|사무국장|처장|사무처장|시장|부시장|군수|부군수|구청장|도지사|부지사|지사|청장|원장|회장|부회장|사장|부사장|총장|학장|교장|"
    "위원장|의원|위원|장관|차관|비서관|보좌관|간사|감독|매니저|변호사|회계사|세무사|노무사|선생님|선생|어르신|기사님|학생|씨|님"
)
AFTER_TITLE = r"(?:님|께서|이|가|은|는|을|를|의|와|과|께|도|에게|한테|입니다|이라|하고|만|으로|로부터|처럼|보다|이랑|랑|라고|라는|인데|$|[^가-힣])"
_NAME = rf"((?:{DOUBLE})[가-힣]{{1,2}}|[{SURNAMES}](?:[가-힣]{{2}}|[{_NATIVE}]{{3}}))"
_WITH_TITLE = re.compile(rf"(?<![가-힣]){_NAME}(?=\s?(?:{TITLES}){AFTER_TITLE})")
_SAYS_SO = r"(?=입니다|이고|이며|이라|라고|이에요|예요|인데|님|씨|[,.()/\d]|\s*$|\s+\d)"
_INTRODUCED = re.compile(rf"(?:이름|성함|성명|예금주)\s?(?:은|는|:)?\s?{_NAME}{_SAYS_SO}")
_PERSONS = r"이름|성함|성명|예금주|작성자|신청인|신청자|제출자|보호자|대표자|담당자|연락\s?담당|접수자|받는\s?(?:분|사람)|보내는\s?(?:분|사람)"
_LABELLED = re.compile(rf"(?:{_PERSONS})\s?[:=]\s?{_NAME}(?![가-힣])")
_FORM = re.compile(rf"(?:성함|성명|예금주|작성자|신청인)\s{_NAME}(?![가-힣])")
"""As forms are filled in, without a colon."""
_TITLE_FIRST = re.compile(
    rf"(?<![가-힣])(?:{TITLES}|담당자?)\s{_NAME}(?=입니다|이라고|라고|이에요|예요|인데요|\s?드림|\s?배상)"
)
_SELF = re.compile(rf"(?<![가-힣])(?:저는|나는|제가)\s?{_NAME}(?=이?라고\s?(?:합|해|하|불)|이라\s?합)")


def unknown_names(text: str) -> Iterator[Span]:
    """Spans of what is a name by its place and its shape."""
    for match in _INTRODUCED.finditer(text):
        yield match.span(1)
    for pattern in (_WITH_TITLE, _LABELLED, _SELF):
        for match in pattern.finditer(text):
            if may_be_name(match.group(1)):
                yield match.span(1)
    for pattern in (_FORM, _TITLE_FIRST):
        for match in pattern.finditer(text):
            if may_be_name(match.group(1)) and sounds_given(match.group(1)):
                yield match.span(1)
