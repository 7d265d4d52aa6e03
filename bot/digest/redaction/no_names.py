"""Words that are shaped like a name of three syllables and stand where names do: before a title, after a label.

Two ways to know them: a last syllable that ends no given name, and, where a syllable ends both (이번주 and 현주, 전기용 and
재용), the words themselves. Districts and counties are the closed list of 행정안전부 (행정구역), as far as their names begin
like a surname. A word missing here costs a word of somebody's note; a name listed by mistake stays readable.
"""

import re
from typing import Final

from bot.digest.redaction.words import WORDS

TITLES: Final = (
    "대표이사|대표님|대표|부대표|이사장|이사님|이사|전무이사|상무이사|전무|상무|본부장|부본부장|지점장|지부장|지사장|공장장|부장|차장|과장|대리|"
    "사원|주임|팀장|파트장|그룹장|실장|소장|반장|조장|이장|계장|단장|센터장|조합장|교수|박사|책임연구원|선임연구원|수석연구원|연구위원|연구원|"
    "주무관|사무관|서기관|행정관|국장|사무국장|처장|사무처장|시장|부시장|군수|부군수|구청장|도지사|부지사|지사|청장|원장|회장|부회장|사장|부사장|총장|학장|교장|"
    "위원장|의원|위원|장관|차관|비서관|보좌관|간사|감독|매니저|변호사|회계사|세무사|노무사|선생님|선생|어르신|기사님|학생|씨|님"
)
TITLE: Final = re.compile(TITLES)
NO_NAMES: Final = re.compile(
    "전북대|전주대|원광대|군산대|조선대|전남대|강원대|제주대|여직원|고졸자|구직자|"
    "기업인|노동자|근로자|담당자|사업자|외국인|한국인|이용자|전문가|주민인|고객님|선생님|연구원|주무관|박람회|공무원|"
    "이번에|정부는|전략적|기획재|성장률|이번주|현장의|지역의|소상공|유학생|고등생|대학생|신입생|졸업생|우즈벡|여성인|"
    "장애인|임산부|이주민|귀농인|상인회|어민회|조합원|공기업|중소기|중견기|대기업|전공자|신청자|참석자|책임자|실무자|"
    "관리자|운영자|이장님|한전의|도청의|시청의|군청의|국회의|기관의|기업의|회사의|공장의|현대차|기아차|원청의|하청의|"
    "우리의|저희의|전기차|수소차"
)
_NEVER_LAST: Final = frozenset(
    "팀과계실청회처측들반의는가사장적위된될할등및간내외부업째씩번년월읍면시에를로와님단급권란관조왕층직집점생대교"
)
_ALSO_WORDS: Final = re.compile(
    "(?:안전|정책|기획|지원|문화|도시|전략|성장|노동|고용|여성|주택|인사|홍보|조직|연구|기술|우정|방송|공보|조사|예산|공공|심사|조정|지방|지역|민생|"
    "민원|소방|수산|원자|주민|국제|기업|기후)국|"
    "(?:전라|강원|제주|전북|전남|선호|신뢰|인지|이해|난이|위험|기여|성숙|노후|주민|기업|기관|정부|우리|여기|지역|현장)도|"
    "(?:지역|기업|기관|공정|연령|현장|전공|주제|유형|연도|노선|권역|인원|국가|제품|품목)별|"
    "(?:고용|이번|지난|기업|소유|공장|선박|농장|임대|전세|예금)주|"
    "(?:전기|주택|임대|공업|농업|차량|선박|기업|주거|영업|연구|수출|민간|공공|안전)용|"
    "(?:지역|기업|주거|고급|정주|현장|성장|공공|선도|미래)형|"
    "(?:유능|노련|성실|진정|유명|정확|공정|유력|소중|현명|심각|엄격|강력|진지|신속|우수|안전|유일|위대|인자|편안|조용|명확|선량|성급|주요)한|"
    "(?:공휴|기념|지정|신청|마감|접수|시행|이십|주중|휴무|명절|진행|방문)일|"
    "(?:기술|이용|소비|연구|지원|신청|참가|입주|임차|임대|이직|이주|유공|고령|전임|후임|선임|기획|설계|설립|소유|주최|주관|진행|안내|공급|수급|수요|"
    "우승|지도|전달|조정|조력|정년|강연)자|"
    "(?:기술|정치|원로|고령|전문|지역|현지|도시)인|"
    "(?:고시|배송|배달|설치|유치|요양|수도|연수|기술|진흥|문화|정보|국정|한의|소년|식물|양로|조정|임상|"
    "조합|공무|정규|안내|구조|조사|소방|지도|구성|노조|판매|선발)원|"
    "(?:연구|조선|정비|주유|변전|제작|인쇄|세탁|정류|제련|안내|이발|강습|유치|임대|보건)소|"
    "(?:주민|기업|정부|우리|여기|이름|지방|소수|현장|공장)[만을도서]|"
    "[이여구육오][십러]명|한두[명분개]|여러[분개]|"
    "(?:고창|진안|장수|임실|고성|고흥|강진|장흥|함평|함양|함안|남해|하동|성주|고령|옥천|진천|서천|홍성|홍천|인제|양구|양양|정선|연천|양평|"
    "기장|장성|신안|구례|진도|남원)군|"
    "(?:강남|강동|강북|강서|구로|금천|노원|도봉|마포|서초|성동|성북|송파|양천|용산|은평|금정|남동|수성|연제|연수|유성|계양|권선|기흥|장안|"
    "소사|오정|만안|덕양|수지|서원|덕진|성산|마산|진해|지역|선거|공업|어항|자유|전국|이동)구|"
    ".의원|(?:민간|정신)인|(?:노인|동호)정|(?:소방|우편)서|(?:장애|신생|지체)아|차관보"
)
_PARTICLE_LAST: Final = frozenset("이은")
_NO_PARTICLE: Final = re.compile(r"[^가고나다라보서소시예정주지채하혜가]은")
"""은 ends many given names (하은, 지은); after other syllables it is the particle (현장은 팀장이 …)."""
_GIVEN: Final = re.compile(
    "[가강건결경고관광교구국권규균근금기길나남노누다단달대덕도동두라란람랑래련령록룡루류률리린림마만명모목무문미민범별병보복봄봉비빈빛산상새샘서석"
    "선섭설성세솔송수숙순슬승식신실심아안애양언연열엽영예오옥온완요용우욱운웅원위유윤율은을음의이익인일임자재전정제조종주준중지진찬창채천철청초"
    "춘출충치태택평표필하학한해향허헌혁현협형혜호홍화환황효후훈휘휴희흔흠"
    "갑걸곤공귀균꺽난능돈몽묵방배백범벽부삼쌍암언엄여올울융응작점증차척탁탄풍합항행환활]{1,3}"
)
"""Syllables that given names are made of; the first of them come from lists of given names, so many a word falls out."""
_SURNAME: Final = re.compile("^(?:남궁|황보|제갈|선우|독고|사공|서문|동방|.)")


def may_be_name(name: str) -> bool:
    """Whether letters where a name is expected (surname first) may be one."""
    if (
        NO_NAMES.fullmatch(name)
        or TITLE.fullmatch(name)
        or WORDS.fullmatch(name)
        or _ALSO_WORDS.fullmatch(name)
    ):
        return False
    if name[-1] in _NEVER_LAST or _NO_PARTICLE.match(name[1:]):
        return False
    if not _GIVEN.fullmatch(_SURNAME.sub("", name, count=1)):
        return False
    return not (name[-1] in _PARTICLE_LAST and WORDS.fullmatch(name[:2]))
