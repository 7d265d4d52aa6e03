"""A third set, written after the recogniser was mended for the first two and measured once before anything was changed.

Its names end as many given names do and many words too (용, 주, 일 …); they stay unmistakably invented.
"""

import random
from typing import Final

from tests.redaction import numbers
from tests.redaction.secrets import Form, shaped

_ODD: Final = ["제가용", "탁가일", "표가한", "맹가동", "편가국", "옥가별", "육가형", "모가도", "왕가서", "남가은", "설가인", "위가원", "여가정", "명가현", "진가영", "노가민", "우가현"]  # fmt: skip
_TITLES: Final = [
    "과장님",
    "팀장이",
    "대표님께",
    "박사님",
    "의원님이",
    "이사",
    "씨가",
    "부장",
    "주임님",
    "교수님",
]


def _named(shape: str) -> Form:
    return lambda draw: shape.format(n=draw.choice(_ODD), t=draw.choice(_TITLES))


def _filled(shape: str, make: Form) -> Form:
    return lambda draw: shape.format(make(draw))


_mobile: Final = shaped("{0}-{1}-{2}")


def _resident(draw: random.Random) -> str:
    return "⟦{}-{}⟧".format(*numbers.resident(draw))


def _business(draw: random.Random) -> str:
    return "⟦{}-{}-{}⟧".format(*numbers.business(draw))


FORMS: Final[tuple[Form, ...]] = (
    _named("⟦{n}⟧ {t} 답변이 늦어요"), _named("전북도 ⟦{n}⟧ {t} 만났습니다"), _named("그때 ⟦{n}⟧{t} 있었어요"),
    _named("산단공의 ⟦{n}⟧ {t} 소개로 왔어요"), _named("안녕하세요, ⟦{n}⟧이라고 합니다"), _named("담당: ⟦{n}⟧"),
    _named("성명 ⟦{n}⟧ / 나이 30대"), _named("이름 ⟦{n}⟧, 3년 차"), _named("문의처: ⟦{n}⟧ {t}"), _named("⟦{n}⟧ 드림"),
    _filled("{}번으로 12시 30분에 문자 주세요", _mobile), _filled("H.P {} 입니다", _mobile), _filled("☎{}", _mobile), _filled("Tel.{}", _mobile),
    _filled("휴대폰번호{}이구요", _mobile), _filled("전화{}번이고 3번 걸었음", _mobile), _filled("{}(가상)", _mobile), _filled("{}\r\n끝", _mobile),
    shaped("{0}:{1}:{2}⟧ 로 연락⟦"), shaped("{0}={1}={2}"), shaped("{0} {1} - {2}⟧ 입니다⟦"), shaped("{0}--{1}--{2}"),
    shaped("⟧「⟦{0}-{1}-{2}⟧」 로⟦"), shaped("{0}.-{1}.-{2}"), shaped("⟧T.⟦{0}-{1}-{2}"), shaped("⟧C.P. ⟦{0}.{1}.{2}"),
    _filled("등록번호 {}", _resident), _filled("{}번 맞아요", _resident), _filled("주민등록번호({})", _resident), _filled("RRN={}", _resident),
    _filled("사업자 {} 가상상사", _business), _filled("가상상사({})", _business), _filled("등록증 {} 첨부", _business), _filled("번호 {}번", _business),
    lambda draw: f"카드번호 ⟦{numbers.card(draw)}⟧ 결제 오류", lambda draw: f"법인카드 ⟦{numbers.card(draw)}⟧",
    lambda draw: f"보내실 곳 국민 ⟦{numbers.digits(draw, 6)}-{numbers.digits(draw, 2)}-{numbers.digits(draw, 6)}⟧ 가상상사",
    lambda draw: f"⟦{numbers.digits(draw, 3)}-{numbers.digits(draw, 4)}-{numbers.digits(draw, 4)}-{numbers.digits(draw, 2)}⟧ (농협은행)",
    lambda draw: f"카카오뱅크⟦3333{numbers.digits(draw, 9)}⟧", lambda draw: f"계좌 ⟦{numbers.digits(draw, 12)}⟧ 우리",
    lambda draw: f"차량 ⟦{numbers.digits(draw, 3)}고{numbers.digits(draw, 4)}⟧ 주차", lambda draw: f"⟦12바 {numbers.digits(draw, 4)}⟧번 버스 기사님",
    lambda draw: f"여권 M⟦{numbers.digits(draw, 8)}⟧", lambda draw: f"여권번호(M⟦{numbers.digits(draw, 3)}C{numbers.digits(draw, 4)}⟧)",
    lambda draw: f"메일주소 ⟦gasang{numbers.digits(draw, 2)}@example.com⟧이구요", lambda draw: f"e-mail:⟦gasang.{numbers.digits(draw, 2)}@gasang.example⟧.",
    lambda draw: f"⟦gasang{numbers.digits(draw, 2)}⟧ 골뱅이 다음 점 넷", lambda draw: f"⟦gasang-{numbers.digits(draw, 2)}＠example．com⟧",
)  # fmt: skip
TRAPS: Final = (
    "주간조 반장님", "야간조 반장", "생산직 사원들", "정규직 사원", "계약직 사원", "고령층 어르신", "이웃집 어르신", "고시원 원장님",
    "기술원 원장님", "조선업 대표님", "제조업 대표", "하청업체 사장님", "원하청 대표", "주유소 사장님", "편의점 사장님", "김밥집 사장님",
    "이사회 의장", "노인정 회장님", "민간인 위원", "전국구 의원", "구의원님", "도의원님", "시의원님", "변호사님",
    "노무사님", "차관보님", "전문관님", "정책관님", "서기관님", "주무관님", "지도사님", "안내원님",
    "조합원님", "한의사님", "배송원 님", "방송국 기자님", "연금공단 지사장", "고용센터 팀장님", "구직센터 센터장님", "장애아 학생",
    "고교생 학생", "남학생", "여학생", "전학생", "유치원생", "석박사 연구원", "전임 연구원", "공동대표 체제", "공무직 대표", "이주민 대표",
    "오전반 선생님", "오후반 선생님", "주말반 선생님", "이공대 교수님", "의과대 교수님", "공과대 교수", "지역대 총장님", "국립대 총장", "전문대 학생", "한국계 학생",
    "용접사 씨름단", "성과급 대리 지급", "주차장 대리 기사", "안전관리자 선임", "소방서 소장님", "원자로 박사", "선박왕 회장", "서울대 박사",
    "2026. 1. 22. 1차 회의", "10-2026-0^##### 특허", "전용면적 59.^#㎡ 24세대", "3.^ : 6.^ 비율", "1^:30~1^:00 교대", "전화 12^통", "휴대폰 3^대",
    "계좌 12^개 정지", "카드 4^장 발급", "차량 2^대와 버스 1^대", "여권 발급 12^건", "주민 1^,###명 서명", "사업자 2,^##명 폐업", "통장 3^개",
    "송금 한도 1,^##만원", "은행 이자 ^.^#%, 10-15년 상환", "농협 하나로마트 2026년 1월", "국민 100명 중 2^명", "우리 회사 2026-2030 계획", "하나 둘 셋 넷",
    "기업 2^개사 1,^##명", "제주 2^-1호선", "부산 1^-2^번 출구", "대구 3^도 2026년", "경남 12로 2^길", "전북 2^개 시군",
    "이 일 사이에 오륙 명", "공사 구일 이사", "일이 사오일 밀려", "오이 삼사 개", "이일 저일 구이 이삼 인분", "영이 사는 동네 이오 단지",
    "1^동 20^호 2026년", "23^4-56^8-90^", "No. 2026-^###-####", "S/N M1^345^78 장비", "모델명 S1234567^", "주문번호 20260^1234567^", "0^:00~0^:30, 02:00", "010 센터",
)  # fmt: skip
