"""What a sentence may only say where its notes say it: who spoke, how many agree, what was promised, when, where.

Words are looked up as they are written; of places all cities and provinces of Korea whose names are no other words,
and the countries that industry speaks of.
"""

import re
import unicodedata
from collections.abc import Sequence

_WHO = (
    "정부 부처 지자체 중앙 도청 시청 군청 노조 노동계 경영계 재계 사업주 사용자측 사장 대표 임원 직원 주민 시민 도민 군민 상인 어민 농민 농가 교수 연구자 "
    "연구원 학부모 여성 고령자 어르신 노인 장애인 이주민 내국인 원청 하청 협력사 대기업 중소기업 중견기업 참석자 참가자 참여자 위원 공무원 담당자 전문가 사업자 소상공인 "
    "대학생 졸업생 취업준비생 신입 구직자 외국인"
)
_HOW_MANY = (
    "지배적 전반적 공통 공감대 이견 거의 여러 다들 한결같 일제히 주류 중론 목소리 일반적 많은 다수 누구나 모두 전부 전원 대다수 대부분 과반 상당수 압도적 전체가 "
    "너나없이 입을모"
)
_OUTCOMES = (
    "예정 겠 방침 완료 확정 수용 밝힘 밝혔 답함 답변 답했 약속 확약 착수 승인 합의 의결 공언 단언 장담 결론 하기로 주기로 기로함 기로했 기로결 "
    "반영됨 해결됨 개선됨 추진함 추진중 시행됨 통과됨 보장"
)
_WHEN = (
    "올해 내년 작년 지난해 재작년 내후년 상반기 하반기 분기 오전 오후 아침 저녁 주말 평일 매달 매월 매년 매주 매일 하루 이틀 사흘 다음달 다음주 이번달 이번주 지난달 "
    "지난주 새벽 여름 겨울 봄철 가을 월요일 화요일 수요일 목요일 금요일 토요일 일요일 연말 연초 연내 조만간 곧바로 즉시"
)
_PLACES = (
    "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 충청 전라 경상 호남 영남 수도권 비수도권 동남권 대경권 중부권 서남권 "
    "새만금 전주 군산 익산 완주 정읍 김제 남원 고창 부안 임실 순창 무주 진안 장수군 창원 마산 진해 김해 거제 진주 양산 통영 사천시 밀양 함안 거창 하동 포항 구미 경산 경주 "
    "안동 영주시 영천 상주 문경 김천 칠곡 울진 영덕 봉화 청송 춘천 원주 강릉 삼척 동해시 속초 태백 홍천 횡성 영월 평창 철원 화천 양양 청주 충주 제천 괴산 진천 옥천 천안 "
    "아산 당진 서산 보령 논산 계룡 홍성 태안 서천군 여수 순천 광양 목포 나주 영암 대불 해남 무안 고흥 담양 곡성 구례 강진 영광 함평 완도 진도 신안 장흥 서귀포 수원 성남 용인 "
    "평택 안산 안양 부천 고양시 파주 김포 의정부 시흥 이천시 화성시 오산 송도 여의도 판교 "
    "미국 중국 일본 유럽 독일 프랑스 영국 이탈리아 폴란드 체코 헝가리 스페인 러시아 우크라이나 튀르키예 사우디 카타르 이집트 인도네시아 베트남 태국 필리핀 말레이시아 싱가포르 "
    "캄보디아 미얀마 라오스 네팔 스리랑카 방글라데시 파키스탄 우즈베키스탄 카자흐스탄 몽골 호주 캐나다 멕시코 브라질 칠레 대만 홍콩 아프리카 중동"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.&+-]*[A-Za-z0-9]|[A-Za-z]")
_SIDE = re.compile(r"(?<![가-힣])[가-힣]{2,6}?\s?(?:측은|측이|측에서|측의|들은|들이)(?![가-힣])")
"""Who speaks, as a report puts it before a sentence (기업 측은, 학생들이)."""
_PERSON = re.compile(
    r"[가-힣]{2,4}\s?(?:장관|차관|실장|국장|과장|팀장|대표|회장|사장|이사|교수|의원|시장|도지사|지사|군수|구청장|위원장|주무관|사무관|씨|님)(?![가-힣]{2})"
)
_BODY = re.compile(
    r"[가-힣A-Za-z]*(?:공사|공단|재단|협회|조합|대학교|대학|연구원|연구소|위원회|은행|그룹|중공업|전자|테크노파크|거래소|교육청|진흥원|감사원|의회|병원|보건소|세무서"
    r"|노동청|경찰서|시청|군청|도청|총리실|대통령실|산업부|산업통상부|국토부|고용부|노동부|중기부|환경부|교육부|기재부|과기부|해수부|농식품부|복지부|법무부|행안부"
    r"|외교부|국방부|관세청|국세청|특허청|조달청|방사청|코트라|코레일|한전|무보|산단공)"
)
_PLACE = re.compile(r"(?<![가-힣])(?:" + "|".join(sorted(_PLACES.split(), key=len, reverse=True)) + ")")
_CLAIMS = tuple(sorted(f"{_WHO} {_HOW_MANY} {_OUTCOMES} {_WHEN}".split(), key=len, reverse=True))


def squeezed(text: str) -> str:
    """NFKC, case folded, without spaces: how words are looked for."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def new_names(text: str, cited: Sequence[str], title: str) -> bool:
    """Whether it names a person, a body, a place or anything in Latin letters that stands in no cited note.

    The theme's title may be named too.
    """
    known = [squeezed(one) for one in (*cited, title)]
    normal = unicodedata.normalize("NFKC", text)
    names = [
        m.group() for pattern in (_LATIN, _PERSON, _BODY, _PLACE, _SIDE) for m in pattern.finditer(normal)
    ]
    return any(not any(squeezed(name) in one for one in known) for name in names)


def new_claims(text: str, cited: Sequence[str], title: str) -> bool:
    """Whether it says who spoke, how many agree, what became of it or when, in words that stand in no cited note.

    Words are sought at the beginnings of the sentence's words, spaces left out within them (다음 달).
    """
    known = [squeezed(one) for one in (*cited, title)]
    words = unicodedata.normalize("NFKC", text).casefold().split()
    tails = ["".join(words[at : at + 3]) for at in range(len(words))]
    inside = squeezed(text)
    said = [claim for claim in _CLAIMS if any(tail.startswith(claim) for tail in tails)]
    said += [claim for claim in _OUTCOMES.split() if claim in inside]
    return any(not any(claim in one for one in known) for claim in said)
