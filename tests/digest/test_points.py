"""Which words a title is made of: understood alone, backed by several notes, of two sides where two speak."""

import pytest

from bot.digest.clauses import rated_clauses, reads_alone
from bot.digest.grouping.library import library_of, shipped_topics
from bot.digest.keywords import Names, Words, keys
from bot.digest.leads import leads
from bot.digest.matters import Matters
from bot.digest.pipeline import make_digest
from bot.digest.support import Support
from bot.domain.digest import Theme, Topic
from bot.domain.feedback import Speaker
from tests.support.days import day_of, note

ROOM = 46
GOOD = 0.51
BUTTON = next(topic for topic in shipped_topics() if topic.key == "money")
BUSES = [
    "가상역에서 산단 가는 통근버스 노선이 없습니다",
    "통근버스 배차가 두 시간에 한 번이라 출근이 어렵습니다",
    "야간조가 타는 통근버스 막차를 늦춰 주세요",
    "통근버스 정류장이 공장에서 너무 멉니다",
    "산단 통근버스 운행을 늘려 주세요",
]


def theme_of(*texts: str, speakers: tuple[Speaker, ...] = (Speaker.COMPANY,)) -> Theme:
    notes = [
        note(f"전북-{place}", text, speaker=speakers[place % len(speakers)])
        for place, text in enumerate(texts, start=1)
    ]
    return make_digest(day_of(*notes)).themes[0]


@pytest.mark.parametrize(
    "clause",
    [
        "산단 통근버스 막차 시간을 늦춰 주세요",
        "원자재 값이 오르는 동안 납품단가는 그대로라 부담입니다",
        "의료기기 심사기관이 국내에 없어 18개월을 기다립니다",
        "청년 공공임대를 더 지어 주십시오",
    ],
)
def test_whole_sentences_with_subject_and_object_are_understood_alone(clause: str) -> None:
    assert reads_alone(clause, ROOM) >= GOOD


@pytest.mark.parametrize(
    "clause",
    [
        "이런 제도는 없애 주십시오",  # which
        "그 기간 동안 버틸 자금이 필요합니다",
        "저희 회사만 대상에서 빠졌습니다",  # whose
        "담당자한테 두 번 문의했는데 답이 없습니다",  # one's own doing
        "수출 물류센터를 사업에 대해 포함해 주십시오",  # into what
        "폴란드 물량 덕에 직원을 늘렸습니다",  # what goes well
        "교육장에 갔더니 다른 것만 가르치더라구요",
        "발전용량이 2기분이에요?",
        "전기요금을 내려 주세요(기업) / 노선을 없애 주세요",  # the title's own form
        "예산이 없습니다 [전화번호]",
        "오늘 간담회 준비하느라 고생하셨습니다",
    ],
)
def test_what_leans_on_something_unsaid_is_no_title(clause: str) -> None:
    assert reads_alone(clause, ROOM) < GOOD


def test_a_sentence_that_follows_another_leans_on_it_unless_it_names_the_matter() -> None:
    whole = "인증비 지원이 부처마다 달라 헷갈립니다. 확정 일정을 발표해 주십시오. 의료기기 인증 기간을 줄여 주십시오."
    rated = dict(rated_clauses(whole, whole, Names(("의료기기",)), ROOM))
    assert rated["인증비 지원이 부처마다 달라 헷갈립니다"] >= GOOD
    assert rated["확정 일정을 발표해 주십시오"] < GOOD
    assert rated["의료기기 인증 기간을 줄여 주십시오"] >= GOOD


def test_general_words_are_no_keys() -> None:
    assert dict(keys("우리 지역 회사에 지원 사업이 필요합니다")) == {}
    assert dict(keys("통근버스를 늘려 주세요")) == {"통근버스": True}


def test_a_note_backs_a_clause_by_words_that_others_share() -> None:
    notes = [*BUSES, "월세가 올라 부담이 큽니다"]
    day = Words([*notes, *(f"가상 원료 {n}번의 값이 올랐습니다" for n in range(30))])
    support = Support(notes, day, "주거·교통")
    assert sum(support.backing(BUSES[0], BUSES[0])) > 2.5
    alone = support.backing("월세가 올라 부담이 큽니다", notes[-1])
    assert alone == [0.0] * len(BUSES) + [1.0]


def test_a_striking_note_of_its_own_does_not_stand_for_the_theme() -> None:
    theme = theme_of(*BUSES, "임금을 두 달 못 받고 기숙사에서도 쫓겨나 막막합니다")
    assert "통근버스" in theme.title_quotes[0].text


def test_two_points_say_two_things() -> None:
    same = theme_of(*(f"가상 부품사 {n}곳이 사람을 구하지 못합니다" for n in range(2, 10)))
    assert len(same.title_quotes) == 1
    two = theme_of(*BUSES, *(f"{n}단지 기숙사 방이 모자라 월세를 냅니다" for n in range(1, 5)))
    assert {"통근버스" in quote.text for quote in two.title_quotes} == {True, False}


def test_another_side_has_its_own_point() -> None:
    texts = []
    for place in range(1, 7):
        texts += [
            f"교대제 개편은 {place}공장에서 인건비 부담이 큽니다",
            "밤근무를 줄이고 교대제를 바꿔 주세요",
        ]
    theme = theme_of(*texts, speakers=(Speaker.WORKER, Speaker.COMPANY))
    assert {quote.speaker for quote in theme.title_quotes} == {Speaker.WORKER, Speaker.COMPANY}
    assert "큼(기업)" in theme.title
    assert "요청(청년·근로자)" in theme.title


def label(*notes: str, topic: Topic = BUTTON) -> str:
    day = [*notes, *(f"가상 도로 {n}번이 좁아 막힙니다" for n in range(20))]
    return Matters(library_of(shipped_topics()), day).label(topic, notes)


def test_a_wide_button_gives_way_to_the_matter_that_its_notes_name() -> None:
    chemistry = (
        "석유화학 공장이 감축에 들어갑니다",
        "석유화학 협력사 대출이 막혔습니다",
        "나프타 원료값이 올랐습니다",
        "석유화학 재편에 세제 지원이 필요합니다",
    )
    assert label(*chemistry) == "석유화학"
    assert label(*(f"부품사 {n}곳이 힘듭니다" for n in range(6))) == BUTTON.title, "one word may be chance"
    assert label("감축에 들어갑니다", "대출이 막혔습니다") == BUTTON.title
    assert label(*chemistry, topic=Topic("own", "화학 단지")) == "화학 단지", "a name of one matter is kept"


def test_a_proposed_theme_of_two_matters_is_called_by_the_one_that_is_spoken_of() -> None:
    both = Topic("", "석유화학, R&D 과제·연구비")
    assert label(*(f"석유화학 {n}공장이 멈춥니다" for n in range(5)), topic=both) == "석유화학"
    assert label("석유화학 공장이 멈춥니다", "연구비 정산이 복잡합니다", topic=both) == both.title


def test_personal_data_come_last_among_leads() -> None:
    theme = theme_of(
        "청년 월세지원이 끊겼습니다. 제 번호는 010-0123-4567 이니 연락 주세요",
        "청년 월세지원 나이를 높여 주십시오",
        speakers=(Speaker.YOUTH,),
    )
    assert "[전화번호]" not in leads(theme)[0].text
