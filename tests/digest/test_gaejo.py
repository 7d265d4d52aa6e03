"""The report's endings: nothing but the ending is touched, and what is not surely convertible is left alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest.gaejo import report_form
from bot.digest.sentences import sentences
from tests.support.corpus import rows

CONVERTED = """
통근버스가 한 시간에 한 대입니다. → 통근버스가 한 시간에 한 대임
교대 시간과 하나도 안 맞습니다 → 교대 시간과 하나도 안 맞음
공장을 다 지어 놓고 전기를 못 받습니다. → 공장을 다 지어 놓고 전기를 못 받음
설명회가 한 번도 없었어요 → 설명회가 한 번도 없었음
버스가 없어요 ㅠㅠ → 버스가 없음
버스가 없다 → 버스가 없음
사람이 너무 많아요^^ → 사람이 너무 많음
인건비가 너무 높아요. → 인건비가 너무 높음
월세가 비쌉니다 → 월세가 비쌈
월세가 비싸요!! → 월세가 비쌈
전기요금이 올랐습니다. → 전기요금이 올랐음
전기요금이 자꾸 오릅니다 → 전기요금이 자꾸 오름
담당자가 자주 바뀝니다 → 담당자가 자주 바뀜
예약이 한 달씩 밀려요 → 예약이 한 달씩 밀림
접수에 두 달이 걸립니다 → 접수에 두 달이 걸림
수요가 줄어듭니다 → 수요가 줄어듦
일하기 힘들어요 → 일하기 힘듦
서류 준비가 힘듭니다 → 서류 준비가 힘듦
절차가 너무 까다롭습니다 → 절차가 너무 까다로움
밤길이 무섭습니다 → 밤길이 무서움
밤길이 무서워요 → 밤길이 무서움
혼자서는 어렵습니다. → 혼자서는 어려움
혼자서는 어려워요 → 혼자서는 어려움
기준이 부처마다 다릅니다 → 기준이 부처마다 다름
기준이 부처마다 달라요 → 기준이 부처마다 다름
언제 되는지 몰라요 → 언제 되는지 모름
무엇을 내야 하는지 모르겠습니다 → 무엇을 내야 하는지 모르겠음
집을 못 구하겠어요 → 집을 못 구하겠음
교육장이 너무 좁습니다 → 교육장이 너무 좁음
보고서를 세 번 썼습니다 → 보고서를 세 번 썼음
예산이 부족해요 → 예산이 부족함
예산이 부족합니다 → 예산이 부족함
예산이 부족하다 → 예산이 부족함
장비가 낡았다 → 장비가 낡았음
비용이 많이 든다 → 비용이 많이 듦
인력이 빠져나간다 → 인력이 빠져나감
신규 현장이 안 생깁니다 → 신규 현장이 안 생김
수출이 막혀요 → 수출이 막힘
원료가 끊깁니다 → 원료가 끊김
데이터를 공개하지 않습니다 → 데이터를 공개하지 않음
데이터를 공개하지 않아요 → 데이터를 공개하지 않음
받는 사람이 아무도 없습니다 → 받는 사람이 아무도 없음
의무는 아닙니다 → 의무는 아님
원스톱이 아니에요 → 원스톱이 아님
회사 혼자 풀 문제가 아니다 → 회사 혼자 풀 문제가 아님
구조가 되어야 합니다 → 구조가 되어야 함
기준을 다시 봐야 해요 → 기준을 다시 봐야 함
사람이 먼저라고 생각합니다 → 사람이 먼저라고 생각함
지역에 남고 싶어요 → 지역에 남고 싶음
걱정될 것 같습니다 → 걱정될 것 같음
교육이 일요일뿐이에요 → 교육이 일요일뿐임
규제 때문입니다 → 규제 때문임
결국 사람이 나가는 거예요 → 결국 사람이 나가는 것임
지원이 끊기는거에요 → 지원이 끊기는 것임
예산을 편성 중입니다 → 예산을 편성 중임
통근버스를 늘려 주세요 → 통근버스를 늘려 줄 것을 요청
통근버스 늘려주세요!! → 통근버스 늘려줄 것을 요청
안전하게 해 주세요 → 안전하게 해 줄 것을 요청
접수 결과를 안내해 주십시오. → 접수 결과를 안내해 줄 것을 요청
부두를 넓혀주십쇼 → 부두를 넓혀줄 것을 요청
업종 전체를 나쁘게 보지 말아 주세요 → 업종 전체를 나쁘게 보지 말아 줄 것을 요청
연장을 늘리지 마세요 → 연장을 늘리지 말 것을 요청
서류를 또 받지 마십시오 → 서류를 또 받지 말 것을 요청
쿼터를 상시화해 주시기 바랍니다. → 쿼터를 상시화해 주기 바람
기간을 늘려주시길 바랍니다 → 기간을 늘려주기 바람
공모를 열어 주시길 건의드립니다. → 공모를 열어 줄 것을 건의
노선을 조정해 주시면 좋겠습니다 → 노선을 조정해 주기를 희망
노선을 조정해주면 좋겠어요 → 노선을 조정해주기를 희망
일정표를 주셨으면 합니다 → 일정표를 주기를 희망
교육부터 해주셨으면 → 교육부터 해주기를 희망
평일 수업이 있으면 좋겠습니다 → 평일 수업이 있기를 희망
이런 차별이 없었으면 좋겠어요 → 이런 차별이 없기를 희망
창구를 하나로 했으면 합니다 → 창구를 하나로 하기를 희망
빨리 해결됐으면 좋겠습니다 → 빨리 해결되기를 희망
지정 검토를 요청드립니다. → 지정 검토를 요청
장비 교체 예산 부탁드립니다 → 장비 교체 예산 부탁
권한 이양을 건의합니다 → 권한 이양을 건의
운전자금이 필요합니다 → 운전자금이 필요
공동 인증이 필요해요. → 공동 인증이 필요
빠른 처리 바랍니다 → 빠른 처리 바람
수심이 얕아서 만조만 기다립니다. → 수심이 얕아서 만조만 기다림
도면을 하나 내려면 두 달이 걸렸어요 → 도면을 하나 내려면 두 달이 걸렸음
금리를 깎아 주면 투자합니다 → 금리를 깎아 주면 투자함
사람이 없으면 못 돌립니다 → 사람이 없으면 못 돌림
기술 좋은 회사는 떨어짐. → 기술 좋은 회사는 떨어짐
인증시험 지연. → 인증시험 지연
단속 요청 → 단속 요청
"""
LEFT_ALONE = """
담당자가 답을 안 해 주세요
민원 답변을 안 주세요
본사에서 자료를 안주세요
회의록을 못 주세요
신청해도 답을 안 해 주세요
문의했는데 설명을 못 해 주세요
서류를 왜 다시 돌려 주세요
과장님이 늘 기다리라고 해 주세요
공무원분들은 전화를 안 받아 주세요
무슨 말인지 도통 안 알려 주세요
그냥 돌아가라고만 해 주세요
버스는 언제 되나요?
전기 언제되요
왜 우리만 빠졌어요
이게 동의입니까
누가 오겠습니까
그게 나라 경제에 도움이 되나요
요금제 없나요?
이거 위법 아닌가요?
어떻게 하면 좋을까요
지원이 끊긴다면서요
몰아서 쉰다고요?
교육 갔더니 파이썬을 가르치더라고요
가 보니 문을 닫았더라구요
작년에도 그랬거든요
다 아는 얘기잖아요
산재 처리를 하지 말래요
다른 분들도 못 받았대요
예산이 없대요
가지 말라던데요
집값이 내려간다는데
통역이 한 명이라도 있으면
30%만 되면
수도권으로 가려고요
남는 게 없고요
사고도 잦고요
말씀하세요
그만 늘리세요
수고하십니다
답변을 주십니다
전기세 때문에 죽겠심더
국비 지원 해주이소
차고지 만들어주쇼
나는 반댈세
너무한 거 아입니까
비 오면 안전화가 물통이 됩니더
한도좀
정리좀
통역 상주 1명만
환승 두 번이요
버스가 없어요 막차가 아홉 시예요
라인이 섰습니다 사람도 나갔습니다
요금이 올랐음 공정은 하루 종일 돌려야 하는데 감당이 안됩니다
바로 증설하겠습니다
같이 해요
우리 같이 바꿔요
조심해요
배차 간격이 너무 깁니다
시내까지 멉니다
그렇게 삽니다
저도 압니다
전자제품을 팝니다
부처를 열 곳 돕니다
한 시간씩 섭니다
그 말을 들어요
한 번만 들어 줘요
사장님이 봐줘요
죽으라는 소립니다
말도 안 되는 논립니다
버스가 없에요
"다닐 만한" 일자리가 없습니다
요금폭탄ㅡㅡ 가스보다 비쌉니다
ㅋㅋㅋ 웃깁니다
제발
Please help us
…
"""


def _pairs() -> list[tuple[str, str]]:
    return [tuple(line.split(" → ")) for line in CONVERTED.strip().splitlines()]  # type: ignore[misc]


@pytest.mark.parametrize(("said", "written"), _pairs())
def test_endings_that_are_plain_become_the_reports(said: str, written: str) -> None:
    assert report_form(said) == written


@pytest.mark.parametrize("said", LEFT_ALONE.strip().splitlines())
def test_what_is_not_surely_convertible_is_left_alone(said: str) -> None:
    assert report_form(said) is None


_ENDS = ("줄 것을 요청", "말 것을 요청", "줄 것을 건의", "주기를 희망", "기를 희망", "주기 바람", "것임")
_DENIALS = re.compile(r"안|못|없|않|아니|아닙|아님|지\s?말|지\s?마")


@pytest.mark.parametrize("corpus", ["jeonbuk_2026-01-22", "southeast_2026-01-23", "edge_cases"])
def test_nothing_before_the_ending_is_touched_and_no_denial_is_lost(corpus: str) -> None:
    converted = 0
    for row in rows(corpus):
        for sentence in sentences(row["text"]):
            form = report_form(sentence.text)
            if form is None:
                continue
            converted += 1
            kept = next((form.removesuffix(end) for end in _ENDS if form.endswith(end)), form[:-1])
            assert sentence.text.startswith(kept.rstrip()[:-1]), form
            assert len(_DENIALS.findall(form)) == len(_DENIALS.findall(sentence.text)), form
            assert [c for c in form if c.isdigit()] == [c for c in sentence.text if c.isdigit()]
    assert converted > 50


@given(st.text(max_size=60))
def test_any_text_is_left_alone_or_begins_as_it_was(text: str) -> None:
    form = report_form(text)
    assert form is None or "\n" not in form
