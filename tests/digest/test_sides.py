"""Voices side by side: each side's own words, counts that are no more than may be shown, and nothing claimed."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from bot.digest.as_chat import compose, sections
from bot.digest.bodies import bodies_in
from bot.digest.contrast import ENOUGH, contrast
from bot.digest.pipeline import make_digest
from bot.digest.sides import Side, large_sides, voices_by_side
from bot.domain.digest import SHIELD_BELOW, DayInput, Digest, FindingKind
from bot.domain.feedback import Speaker
from prompts.messages import Messages
from tests.support.corpus import labelled_day, marked_views
from tests.support.days import day_of, days, note

_NOW = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)
_MESSAGES = Messages(ZoneInfo("Asia/Seoul"))
_NAMES = "청년·근로자|기업|지방정부·기관"


def page_of(digest: Digest, category: str) -> str:
    (place,) = [place for place, theme in enumerate(digest.themes) if theme.category == category]
    return "\n".join(compose(digest, f"t{place}", _MESSAGES, _NOW))


def test_a_contested_theme_shows_each_sides_words_and_how_many_they_are() -> None:
    digest = make_digest(labelled_day("southeast_2026-01-23"))
    page = page_of(digest, "근로시간·특별연장근로")
    people, companies = (
        page.index("○ <b>청년·근로자</b> (연인원 10~14)"),
        page.index("○ <b>기업</b> (연인원 10~14)"),
    )
    assert "(근로자 · se-" in page[people:companies]
    assert "(기업 · se-" in page[companies:]
    assert "연장 늘리지 마세요" in page[people:companies]
    assert "판단하지 않음" in page
    assert not re.search("합의|의견이 갈|의견 일치", page.replace("의견이 정면으로 갈려", ""))


def test_exact_numbers_stand_where_the_table_shows_them() -> None:
    speakers = [Speaker.COMPANY] * 7 + [Speaker.WORKER] * 6 + [Speaker.YOUTH] * 5
    notes = [
        note(f"전북-{n}", f"통근버스 {n}번 노선이 교대 시간과 안 맞습니다", speaker=speaker)
        for n, speaker in enumerate(speakers, start=1)
    ]
    page = page_of(make_digest(day_of(*notes)), "일자리·임금")
    assert "○ <b>청년·근로자</b> (연인원 11)" in page
    assert "○ <b>기업</b> (연인원 7)" in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_no_page_of_any_day_tells_a_side_of_fewer_than_five(day: DayInput) -> None:
    digest = make_digest(day)
    for section in sections(digest):
        for part in compose(digest, section.key, _MESSAGES, _NOW):
            for counted in re.findall(rf"<b>(?:{_NAMES})</b> \(연인원 (\d+)", part):
                assert int(counted) >= SHIELD_BELOW


def test_who_may_not_be_named_stands_under_no_side() -> None:
    speakers = [Speaker.COMPANY] * 6 + [Speaker.WORKER] * 5 + [Speaker.INSTITUTION] * 2
    notes = [
        note(f"전북-{n}", f"통근버스 {n}번 노선이 교대 시간과 안 맞습니다", speaker=speaker)
        for n, speaker in enumerate(speakers, start=1)
    ]
    page = page_of(make_digest(day_of(*notes)), "일자리·임금")
    assert "지방정부·기관" not in page
    unnamed = page[page.index("발언 구분을 밝히지 않는 의견") :]
    assert re.search(r"“[^”]+” <i>\(전북-1[23]\)</i>", unnamed)


def test_sides_are_large_only_where_no_small_one_follows_from_it() -> None:
    assert large_sides({Speaker.COMPANY: 5, Speaker.WORKER: 5, Speaker.GOVERNMENT: 1}) == (Side.PEOPLE,)
    assert large_sides({Speaker.COMPANY: 9, Speaker.WORKER: 6}) == (Side.COMPANIES, Side.PEOPLE)
    assert voices_by_side({Speaker.YOUTH: 2, Speaker.WORKER: 3}) == {Side.PEOPLE: 5}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("산업부-교육부가 같이 정리해주시면 좋겠습니다", ("산업부", "교육부")),
        ("환경부 산업부 말이 다릅니다. 산업부가 정리해 주세요", ("환경부", "산업부")),
        ("담당 부서가 두 번 바뀌었습니다", ()),
        ("장관님께 건의드립니다", ()),
        ("무보 중소한도 늘려주세요", ("무보",)),
    ],
)
def test_a_request_shows_the_bodies_that_it_names(words: str, named: tuple[str, ...]) -> None:
    assert bodies_in(words) == named


def test_requests_show_who_is_named_and_guess_nobody() -> None:
    day = day_of(
        *(note(f"전북-{n}", f"{n}호 인증 기준을 식약처가 빨리 정해 주세요") for n in range(1, 4)),
        *(note(f"전북-{n}", f"{n}호 라벨 비용을 낮춰 주세요", topic="living") for n in range(4, 7)),
    )
    (page,) = compose(make_digest(day), "req", _MESSAGES, _NOW)
    assert page.count("※ 원문에 나온 기관: 식약처") == 3
    assert page.count("원문에 나온 기관") == 3


@pytest.mark.parametrize(
    "words",
    [
        "공장을 더 짓자는 말씀들 많은데 저는 물부터 봐야 한다고 봅니다",
        "도로 도로 하는데 저는 걸어 다니는 길이 먼저입니다",
        "다들 늘리자고 하는데 오히려 줄여야 합니다",
        "솔직히 저는 새 건물은 반대합니다",
        "지원금 줘봤자 임대료로 다 나갑니다",
        "불편하다고들 하는데 저는 지금이 잘됐다고 봅니다",
    ],
)
def test_a_note_that_sets_itself_against_the_others_is_told_by_how_it_speaks(words: str) -> None:
    assert contrast(words) >= ENOUGH


@pytest.mark.parametrize(
    "words",
    [
        "솔직히 버스가 너무 없습니다",
        "전기요금이 작년보다 두 배입니다. 낮춰 주세요",
        "사람이 없는 게 제일 문제입니다",
        "저는 네팔에서 왔습니다. 한국어 수업이 있으면 좋겠습니다",
        "신청하라고 하셨는데 창구가 없습니다",
    ],
)
def test_a_plain_complaint_does_not(words: str) -> None:
    assert contrast(words) < ENOUGH


_VIEWS = {"jeonbuk_2026-01-22": 3, "southeast_2026-01-23": 3, "edge_cases": 1}
_OTHERS = {"plain_gangwon_2026-02-04": 7, "plain_chungcheong_2026-02-06": 6, "indirect_daily_life": 2}
"""Of eight, eight and three: written by somebody else, and read before the signs of contrast were written down."""


@pytest.mark.parametrize(("corpus", "reached"), [*_VIEWS.items(), *_OTHERS.items()])
def test_minority_views_that_the_corpora_mark_reach_the_reader(corpus: str, reached: int) -> None:
    digest = make_digest(labelled_day(corpus))
    findings = [*digest.minority, *(finding for theme in digest.themes for finding in theme.findings)]
    shown = {n for finding in findings if finding.kind is FindingKind.MINORITY for n in finding.notes}
    assert len(marked_views(corpus) & shown) >= reached
    assert len(shown) <= 0.13 * len(labelled_day(corpus).notes)
