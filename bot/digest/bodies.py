"""The public bodies that a note itself names, as it names them: a request shows them, nothing is guessed from its topic.

A closed list: ministries and agencies by their own and their everyday names. A body that is not listed is simply not shown.
"""

import re

_MINISTRIES = (
    "산업통상자원부|산업통상부|산업부|환경부|기후에너지환경부|고용노동부|고용부|노동부|국토교통부|국토부|교육부|농림축산식품부|농식품부|해양수산부|해수부"
    "|중소벤처기업부|중기부|과학기술정보통신부|과기정통부|과기부|기획재정부|기재부|재정경제부|법무부|행정안전부|행안부|보건복지부|복지부|문화체육관광부|문체부"
    "|국방부|외교부|국가보훈부|여성가족부|성평등가족부|기획예산처"
)
_AGENCIES = (
    "방위사업청|방사청|조달청|관세청|특허청|지식재산처|산림청|기상청|국세청|병무청|소방청|해경|해양경찰청|질병관리청|식품의약품안전처|식약처|금융위원회|금융위"
    "|공정거래위원회|공정위|원자력안전위원회|원안위|한국전력공사|한국전력|한전|전력거래소|한국수력원자력|한수원|무역보험공사|무보|근로복지공단|산업단지공단|산단공"
    "|산업안전보건공단|안전보건공단|코레일|철도공단|도로공사|토지주택공사|LH|코트라|KOTRA|폴리텍"
)
_BODIES = re.compile(rf"(?<![가-힣A-Za-z])(?:{_MINISTRIES}|{_AGENCIES})(?![A-Za-z])")
_MORE_NAME = re.compile(r"^(?:장|령|문)(?![가-힣])")


def bodies_in(words: str) -> tuple[str, ...]:
    """The bodies that these words name, each once, in the order in which they come."""
    found = [match for match in _BODIES.finditer(words) if not _MORE_NAME.match(words[match.end() :])]
    return tuple(dict.fromkeys(match.group() for match in found))
