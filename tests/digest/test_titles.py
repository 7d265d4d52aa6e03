"""Titles say a point that a cited note made, in its own words, and nobody's view passes for everybody's."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from bot.digest.clauses import clauses
from bot.digest.gaejo import report_form
from bot.digest.leads import LONGEST_LEAD, leads
from bot.digest.pipeline import make_digest
from bot.digest.prepare import prepare
from bot.digest.sides import Side, side_of
from bot.digest.titles import LONGEST_CLAUSE, LONGEST_POINTS, settled, title_of
from bot.domain.digest import DayInput, Digest, FindingKind, Quote, Theme
from bot.domain.feedback import Speaker
from tests.support.corpus import labelled_day
from tests.support.days import day_of, days, note

CORPORA = [
    "jeonbuk_2026-01-22",
    "southeast_2026-01-23",
    "edge_cases",
    "plain_gangwon_2026-02-04",
    "plain_chungcheong_2026-02-06",
    "indirect_daily_life",
]
_FORM = ("청년·근로자", "기업", "지방정부·기관", "등", "것을", "요청", "희망", "건의", "바람", "부탁")


def hold(day: DayInput, digest: Digest) -> None:
    """What must be true of every title: its clauses stand in notes that the theme cites, and nothing else is in it."""
    words = {one.number: one.words for one in prepare(day)}
    for theme in digest.themes:
        cited = {number for finding in theme.findings for number in finding.notes}
        minority = {n for f in theme.findings if f.kind is FindingKind.MINORITY for n in f.notes}
        assert theme.title == title_of(theme.label or theme.category, theme.title_quotes, theme.voices)
        for quote in theme.title_quotes:
            assert quote.text in words[quote.note]
            assert quote.note in cited - minority
        said = " ".join(quote.text for quote in theme.title_quotes)
        numbers = re.findall(r"\d+", theme.title.removeprefix(theme.label))
        assert all(number in said for number in numbers)
        if not theme.title_quotes:
            assert theme.title == theme.category


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days())
def test_every_title_of_any_day_rests_on_words_of_cited_notes(day: DayInput) -> None:
    hold(day, make_digest(day))


@pytest.mark.parametrize("corpus", CORPORA)
def test_titles_of_the_corpora_say_a_point_in_few_characters(corpus: str) -> None:
    day = labelled_day(corpus)
    digest = make_digest(day)
    hold(day, digest)
    pointed = [theme for theme in digest.themes if theme.title_quotes]
    assert len(pointed) >= 0.9 * len(digest.themes)
    for theme in pointed:
        one = len(theme.title_quotes) == 1
        said = sum(len(quote.text) for quote in theme.title_quotes)
        assert said <= (LONGEST_CLAUSE if one else LONGEST_POINTS) + 4, theme.title
        for quote in theme.title_quotes:
            assert (report_form(quote.text) or quote.text) in theme.title


@pytest.mark.parametrize("corpus", CORPORA)
def test_leads_are_findings_in_two_lines_one_for_each_side(corpus: str) -> None:
    for theme in make_digest(labelled_day(corpus)).themes:
        found = leads(theme)
        sides = [lead.side for lead in found]
        assert len(sides) == len(set(sides)) or set(sides) == {None}
        for lead in found:
            assert lead.finding in theme.findings
            assert len(lead.text) <= LONGEST_LEAD + 10
            assert lead.text == lead.finding.text if lead.verbatim else lead.text != ""


def contested(digest: Digest) -> Theme:
    return next(theme for theme in digest.themes if theme.category == "근로시간·특별연장근로")


def test_a_contested_theme_names_both_sides_and_claims_nothing() -> None:
    theme = contested(make_digest(labelled_day("southeast_2026-01-23")))
    assert {side_of(finding) for finding in theme.findings} >= {Side.PEOPLE, Side.COMPANIES}
    assert {quote.speaker for quote in theme.title_quotes} == {Speaker.WORKER, Speaker.COMPANY}
    assert theme.title.startswith("근로시간·특별연장근로: ")
    assert "(기업)" in theme.title
    assert "(청년·근로자)" in theme.title
    assert not re.search("갈림|대립|합의|동의(?!서)|일치", theme.title)
    assert {lead.side for lead in leads(theme)} >= {Side.PEOPLE, Side.COMPANIES}
    for side in (Side.PEOPLE, Side.COMPANIES):
        assert sum(side_of(finding) is side for finding in theme.findings) >= 3


def test_one_sides_point_is_said_to_be_its_own() -> None:
    notes = [
        note(f"전북-{n}", f"주4일제는 중소 제조업에 강요하지 말아 주세요 {n}공장도 어렵습니다")
        for n in range(1, 8)
    ]
    (theme,) = make_digest(day_of(*notes)).themes
    assert "(기업)" in theme.title


def test_a_view_against_the_others_is_no_title() -> None:
    notes = [note(f"전북-{n}", f"통근버스 노선이 없어서 {n}단지는 출근이 어렵습니다") for n in range(1, 9)]
    notes.append(note("전북-9", "솔직히 통근버스 노선 늘리는 건 반대합니다"))
    (theme,) = make_digest(day_of(*notes)).themes
    assert "반대" not in theme.title
    assert [f.notes for f in theme.findings if f.kind is FindingKind.MINORITY] == [("전북-9",)]


def test_a_view_that_meets_the_other_side_half_way_is_no_title() -> None:
    notes = [note(f"전북-{n}", f"{n}공장은 연장근로를 늘리지 마세요") for n in range(1, 5)]
    notes.append(
        note("전북-9", "연장근로 휴식은 꼭 지켜 주세요. 그것만 지켜지면 연장근로 더 하는 건 이해합니다")
    )
    (theme,) = make_digest(day_of(*notes)).themes
    assert theme.title_quotes
    assert "전북-9" not in {quote.note for quote in theme.title_quotes}


def test_a_title_whose_sentence_was_dropped_falls_back_to_the_topics_name() -> None:
    notes = [note(f"전북-{n}", f"통근버스 노선이 없어서 {n}단지는 출근이 어렵습니다") for n in range(1, 9)]
    day = day_of(*notes)
    (theme,) = make_digest(day).themes
    words = {one.number: one.words for one in prepare(day)}
    assert settled(theme, words).title == theme.title != theme.category
    bare = replace(theme, findings=())
    assert settled(bare, words).title == theme.category
    forged = replace(theme, title_quotes=(Quote(theme.title_quotes[0].note, "통근버스를 없애기로 함"),))
    assert settled(forged, words).title == theme.category


@pytest.mark.parametrize(
    "text",
    [
        "요금을 낮춰 주면 좋은데 그렇지 않으면 공장이 멈춥니다",
        "지원이 끊기면 어려운데 대신 사람을 뽑습니다",
        "예산이 없어도 된다는데 도로는 된다고 합니다",
        "단기 계약직 가운데 퇴직금을 받은 사람이 없습니다",
        "기숙사를 새로 지어 주지만 말고 통근버스를 늘려 주세요",
    ],
)
def test_a_clause_is_not_cut_from_its_condition_or_its_speaker(text: str) -> None:
    assert clauses(text) == [text]


def test_of_a_sentence_with_hundreds_of_joints_few_tails_are_read() -> None:
    """Each tail was: the work grew with the square of a note's length."""
    assert len(clauses("있는데 " * 490)) < 100


def test_a_clause_is_what_stands_behind_a_joint() -> None:
    assert clauses("공장은 지었는데 전기를 못 받습니다.")[1:] == ["전기를 못 받습니다"]
