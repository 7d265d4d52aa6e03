"""What a question asks for, where it looks, and which notes and words come of it."""

from dataclasses import replace
from datetime import date

import pytest

from bot.digest.grouping.reading import Reading
from bot.digest.prepare import Prepared
from bot.digest.search.passages import MOST_DAYS, MOST_POINTS, passage_of, passages
from bot.digest.search.ranking import MOST_LOOKED_AT, Tally, scores
from bot.digest.search.scope import scope_of
from bot.digest.search.terms import MOST_TERMS, Term, asked_for, asked_plainly, found_by
from bot.domain.ids import Region, VoiceId
from tests.support.corpus import corpus_day

JEONBUK, GANGWON = Region("전북"), Region("강원")
TODAY = date(2026, 1, 23)
SPAN = (date(2026, 1, 20), date(2026, 1, 23))


def note(words: str, number: str = "전북-1", voice: str = "v") -> Prepared:
    first = corpus_day("jeonbuk_2026-01-22").notes[0]
    return Prepared(replace(first, number=number, voice=VoiceId(voice), words=words), words, suspect=False)


@pytest.mark.parametrize(
    ("question", "regions", "days"),
    [
        ("통근버스 의견", {JEONBUK, GANGWON}, SPAN),
        ("전북 통근버스", {JEONBUK}, SPAN),
        ("전북대 앞 통근버스", {JEONBUK, GANGWON}, SPAN),
        ("전북대학교 통근버스", {JEONBUK, GANGWON}, SPAN),
        ("강원과 전북의 통근버스", {JEONBUK, GANGWON}, SPAN),
        ("어제 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 22), date(2026, 1, 22))),
        ("그제 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 21), date(2026, 1, 21))),
        ("오늘 전북에서", {JEONBUK}, (TODAY, TODAY)),
        ("1월 22일 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 22), date(2026, 1, 22))),
        ("1.22.(목) 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 22), date(2026, 1, 22))),
        ("12월 30일 통근버스", {JEONBUK, GANGWON}, (date(2025, 12, 30), date(2025, 12, 30))),
        ("2월 30일 통근버스", {JEONBUK, GANGWON}, SPAN),
        ("이번 주 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 19), date(2026, 1, 25))),
        ("지난주 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 12), date(2026, 1, 18))),
        ("최근 3일 통근버스", {JEONBUK, GANGWON}, (date(2026, 1, 21), TODAY)),
        ("불량률 3.1% 감소", {JEONBUK, GANGWON}, SPAN),
        ("주말에 통근버스", {JEONBUK, GANGWON}, SPAN),
    ],
)
def test_regions_and_days_of_a_question(question: str, regions: set[Region], days: tuple[date, date]) -> None:
    scope = scope_of(
        question, today=TODAY, regions=[JEONBUK, GANGWON], readable=[JEONBUK, GANGWON], days=SPAN
    )
    assert (set(scope.regions), (scope.first, scope.last)) == (regions, days)
    assert not scope.elsewhere


def test_a_region_that_the_asker_does_not_read_leaves_nothing_to_search() -> None:
    scope = scope_of("강원 버스", today=TODAY, regions=[JEONBUK, GANGWON], readable=[JEONBUK], days=SPAN)
    assert scope.elsewhere
    assert not scope.regions


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("통근버스에 대해 어떤 의견이 있습니까?", ["통근버스"]),
        ("기숙사는 상태가 어떻다고 합니까", ["기숙사", "상태"]),
        ("E-7-4 비자 서류를 알려줘", ["비자", "서류", "e-7-4"]),
        ("52시간 예외", ["예외", "52시간"]),
        ("특별연장근로를 반대하는 의견", ["특별연장근로", "반대"]),
        ("전북 의견 알려줘", []),
        ("?!", []),
    ],
)
def test_what_is_looked_for_without_an_analyst(question: str, terms: list[str]) -> None:
    assert [one.text for one in asked_plainly(question, {"전북"})] == terms


def test_what_is_looked_for_with_one() -> None:
    reading = Reading("1", words=("전북", "통근", "버스", "늘리다", "상태"), forms=("통근버스", "의견"))
    terms = asked_for("전북 통근버스를 늘리자는 상태 의견, 52시간", reading, {"전북"})
    assert [one.text for one in terms] == ["통근", "버스", "늘리다", "상태", "52시간"]
    assert terms[2].patterns == (" 늘리다 ",), "a verb only as itself"
    assert terms[3].weight < 1
    many = Reading("1", words=tuple(f"낱말{n}" for n in range(40)))
    assert len(asked_for(" ".join(many.words), many)) == MOST_TERMS


def test_words_by_which_a_note_is_found() -> None:
    reading = Reading("1", words=("버스", "늘리다", "버스"), forms=("버스", "통근버스", "두 낱말", "가" * 50))
    assert found_by(reading, "주52시간, RE100 버스를") == " 52시간 RE100 늘리다 버스 통근버스 "


def test_few_words_tell_more_than_common_ones_and_memory_is_bounded() -> None:
    tally: Tally[str] = Tally([Term("버스", ("버스",)), Term("쉼터", ("쉼터",)), Term("공항", ("공항",))])
    for place in range(5000):
        tally.add(0b001, f"버스 {place}")
    tally.add(0b010, "쉼터")
    tally.add(0b011, "둘")
    best = tally.best(6000)
    assert [name for _, name in best[:2]] == ["둘", "쉼터"]
    assert len(best) == MOST_LOOKED_AT
    assert sum(map(len, tally.kept.values())) <= MOST_LOOKED_AT + 2
    assert tally.unknown(), "nobody speaks of 공항"
    assert tally.counts[0b001] == 5000


def test_without_vectors_words_alone_are_the_score() -> None:
    assert scores([1.0, 0.5], b"", [b"", b""]) == pytest.approx([0.6, 0.3])
    assert scores([], b"", []) == []


TERMS = [Term("버스", ("버스",)), Term("늘리다", ("늘리",))]


def test_a_short_note_stands_whole_and_a_long_one_by_its_sentence() -> None:
    short = passage_of(note("통근버스를 늘려 주십시오."), TERMS)
    assert short is not None
    assert short.text == "통근버스를 늘려 주십시오."
    words = "기숙사 온수가 아침마다 끊깁니다. " * 10 + "통근버스 노선이 우리 동네를 지나지 않습니다."
    long = passage_of(note(words), TERMS)
    assert long is not None
    assert long.text == "통근버스 노선이 우리 동네를 지나지 않습니다."


def test_one_passage_a_voice_none_twice_and_few_days() -> None:
    ranked = [
        (note("통근버스 첫차가 너무 늦습니다.", "1", "a"), "day 1"),
        (note("같은 사람의 다른 의견입니다.", "2", "a"), "day 1"),
        (note("통근버스 첫차가 너무 늦습니다!", "3", "b"), "day 1"),
        *(
            (note(words, f"n{day}", f"v{day}"), f"day {day}")
            for day, words in enumerate(
                ("기숙사 온수가 끊깁니다.", "수소충전소가 고장 났습니다.", "식당이 멀어요."), 2
            )
        ),
    ]
    found = passages(ranked, TERMS)
    assert [one.note.number for one, _ in found] == ["1", "n2", "n3"]
    assert len({place for _, place in found}) == MOST_DAYS
    many = [
        (note(f"통근버스 {word}", str(place), f"v{place}"), "day")
        for place, word in enumerate(
            (
                "첫차가 늦음을 고쳐 주세요",
                "요금 부담이 큽니다",
                "노선에 동네를 넣어 주세요",
                "앱이 자꾸 멈춥니다",
                "의자가 딱딱해요",
                "기사님이 모자랍니다",
                "창문이 깨져 있어요",
            )
        )
    ]
    assert len(passages(many, TERMS)) == MOST_POINTS
