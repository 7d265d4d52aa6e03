"""Names of people whom nothing here knows: before a title or after "이름은".

A name in front of a title is a guess (about four in five are right); the stop list keeps the
commonest words of field notes out of it. The title stays: what was said about a role is content.
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석"
    "선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
TITLES = (
    "대표이사|대표님|대표|이사님|이사|전무|상무|본부장|부장|차장|과장|대리|사원|주임|팀장|실장|소장|반장|조장|센터장|교수|박사|"
    "연구원|주무관|사무관|서기관|국장|시장|군수|도지사|지사|청장|원장|회장|사장|위원장|의원|위원|장관|차관|선생님|선생|기사님|씨|님|학생"
)
AFTER_TITLE = r"(?:님|께서|이|가|은|는|을|를|의|와|과|께|도|에게|한테|입니다|이라|하고|만|$|[^가-힣])"
_WITH_TITLE = re.compile(rf"(?<![가-힣])([{SURNAMES}][가-힣]{{2}})(?=\s?(?:{TITLES}){AFTER_TITLE})")
_INTRODUCED = re.compile(
    rf"(?:이름|성함|성명|예금주)\s?(?:은|는|:)?\s?([{SURNAMES}][가-힣]{{2}})"
    r"(?=입니다|이고|이며|이라|이에요|예요|[,.()/\d]|\s*$|\s+\d)"
)
_NEVER_LAST = frozenset(
    "팀과실국청회처측들반의는가도사장적위한된할될등및간내외부업소단별째씩번주년월일형급용측군구시읍면동"
)
"""Last syllables of words that stand before titles without being names (지원팀 과장, 협력사 대표, 주민들 대표)."""
NO_NAMES = re.compile(
    "전북대|전주대|원광대|군산대|조선대|전남대|강원대|제주대|여직원|고졸자|구직자|"
    "기업인|노동자|근로자|담당자|사업자|외국인|한국인|이용자|전문가|주민인|고객님|선생님|연구원|주무관|박람회|공무원|"
    "이번에|정부는|전략적|기획재|성장률|이번주|현장의|지역의|소상공|유학생|고등생|대학생|신입생|졸업생|우즈벡|여성인|"
    "장애인|임산부|이주민|귀농인|상인회|어민회|조합원|공기업|중소기|중견기|대기업|전공자|신청자|참석자|책임자|실무자|"
    "관리자|운영자|이장님|한전의|도청의|시청의|군청의|국회의|기관의|기업의|회사의|공장의|현대차|기아차|원청의|하청의|"
    "우리의|저희의|전기차|수소차"
)
_WITH_PARTICLE = re.compile(r"[^가고나다라보서소시예정주지채하혜]은")
"""은 ends many given names (하은, 지은); after other syllables it is the particle (현장은 팀장이 …)."""


def titled_names(text: str) -> Iterator[Span]:
    for match in _INTRODUCED.finditer(text):
        yield match.span(1)
    for match in _WITH_TITLE.finditer(text):
        name = match.group(1)
        if not (NO_NAMES.fullmatch(name) or name[-1] in _NEVER_LAST or _WITH_PARTICLE.match(name[1:])):
            yield match.span(1)
