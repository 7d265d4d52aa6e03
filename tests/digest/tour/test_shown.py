"""What the tour's report shows of counts: sums of what the digests show, and nothing by which a hidden one could be computed.

The main proof is that of non-interference: two tours whose digests show the same have the same report, in every line,
table and bar, whatever the hidden counts are. Then no reader of the report, however they add and subtract, learns more
than from the digests.
"""

from collections.abc import Sequence

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.digest.chat_page import Page
from bot.digest.report import Chart, Line, Report, Table
from bot.digest.shield import Hidden, table
from bot.digest.shown_counts import ShownCounts
from bot.digest.tour.collect import tour_report
from bot.digest.tour.sections import document
from bot.digest.tour.shown import ShownTour
from bot.domain.digest import SHIELD_BELOW, Digest
from bot.domain.feedback import Speaker
from tests.support.chat import MESSAGES
from tests.support.tour_report import NAME, NOW, Counts, counted_day, three_days

SPEAKERS = (Speaker.YOUTH, Speaker.COMPANY, Speaker.WORKER)
REGIONS = ("전북", "강원", "제주", "전북", "동남권")
FEW, LEFT_OUT, NONE = "5 미만", "비공개", "-"

cells = st.dictionaries(st.sampled_from(SPEAKERS), st.integers(1, 9), min_size=1, max_size=3)
counts = st.dictionaries(st.sampled_from("abcde"), cells, min_size=2, max_size=5)
tours = st.lists(counts, min_size=1, max_size=len(REGIONS))
in_time = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def digests(made: Sequence[Counts]) -> list[Digest]:
    return [counted_day(REGIONS[at], at, one, rated=True) for at, one in enumerate(made)]


def shown_of(digest: Digest) -> object:
    """All that a digest shows of its counts (tests/digest/test_as_report.py holds the forms to it)."""
    seen = ShownCounts(digest)
    return (
        seen.theme_voices,
        [seen.cells(at) for at in range(len(digest.themes))],
        seen.averages,
        table(digest.numbers.by_speaker),
    )


def the_report(days: Sequence[Digest]) -> Report:
    return document(tour_report(NAME, days), MESSAGES, NOW)


def tables(report: Report) -> dict[str, Table]:
    return {one.title: one for part in report.parts for one in part.items if isinstance(one, Table)}


@st.composite
def two_worlds(draw: st.DrawFn) -> tuple[list[Digest], list[Digest]]:
    """Two tours that differ in hidden counts of one day: a voice stands in another theme than in the first."""
    made = [{topic: dict(one) for topic, one in day.items()} for day in draw(tours)]
    at = draw(st.integers(0, len(made) - 1))
    seen = ShownCounts(counted_day(REGIONS[at], at, made[at], rated=True))
    hidden = [
        topic
        for place, topic in enumerate(made[at])
        if isinstance(seen.theme_voices[place], Hidden) or seen.cells(place) is None
    ]
    assume(len(hidden) > 1)
    giver, taker = draw(st.permutations(hidden))[:2]
    speaker = draw(st.sampled_from(sorted(made[at][giver])))
    other = [{topic: dict(one) for topic, one in day.items()} for day in made]
    other[at][giver][speaker] -= 1
    other[at][taker][speaker] = other[at][taker].get(speaker, 0) + 1
    assume(other[at][giver][speaker] > 0)
    return digests(made), digests(other)


@in_time
@given(two_worlds())
def test_what_digests_hide_changes_nothing_in_the_tours_report(
    worlds: tuple[list[Digest], list[Digest]],
) -> None:
    one, other = worlds
    assume([shown_of(day) for day in one] == [shown_of(day) for day in other])
    assert [day.themes for day in one] != [day.themes for day in other]
    assert the_report(one) == the_report(other)


def test_two_such_worlds() -> None:
    """Or the test above would have nothing to look at: one voice more or less in two hidden themes."""
    first = {"a": {Speaker.YOUTH: 3}, "b": {Speaker.YOUTH: 2}, "c": {Speaker.YOUTH: 30}}
    second = {"a": {Speaker.YOUTH: 2}, "b": {Speaker.YOUTH: 3}, "c": {Speaker.YOUTH: 30}}
    rest = counted_day("강원", 1, {"a": {Speaker.YOUTH: 9}, "b": {Speaker.YOUTH: 8}})
    worlds = [[counted_day("전북", 0, one), rest] for one in (first, second)]
    assert shown_of(worlds[0][0]) == shown_of(worlds[1][0])
    assert the_report(worlds[0]) == the_report(worlds[1])
    shown = the_report(worlds[0])
    matrix = tables(shown)["주제별·권역별 연인원"]
    assert {row[0]: row[1:] for row in matrix.rows} == {
        "주제 c": ("30", NONE, "30", "1/2"),
        "주제 a": (FEW, "9", "9 이상", "2/2"),
        "주제 b": (FEW, "8", "8 이상", "2/2"),
    }


@in_time
@given(tours)
def test_a_sum_is_exact_only_where_each_of_its_parts_is_shown(made: list[Counts]) -> None:
    """And then it is their sum: nothing hidden stands in any equation that a reader can write down."""
    matrix = tables(the_report(digests(made)))["주제별·권역별 연인원"]
    for row in matrix.rows:
        *parts, whole, _ = row[1:]
        known = sum(int(one.split()[0]) for one in parts if one[0].isdigit() and one != FEW)
        if whole.isdecimal():
            assert all(one.isdecimal() or one == NONE for one in parts)
            assert int(whole) == known
        else:
            assert any(not one.isdecimal() and one != NONE for one in parts)
            assert whole == f"{known} 이상" if known else whole in (FEW, LEFT_OUT)


@in_time
@given(tours)
def test_nothing_below_five_is_told_and_lower_bounds_are_true(made: list[Counts]) -> None:
    days = digests(made)
    report = tour_report(NAME, days)
    seen = ShownTour(report)
    for theme in report.themes:
        for region in (None, *report.regions):
            places = list(report.of_region(theme, region))
            true = sum(report.theme_at(place).voices for place in places)
            told = seen.voices(theme, region)
            assert told.known <= true
            assert told.is_whole == (told.known == true)
            assert told.known == 0 or told.known >= SHIELD_BELOW
        for speaker in Speaker:
            true = sum(report.theme_at(place).by_speaker.get(speaker, 0) for place in theme.places)
            assert seen.speaker(theme, speaker).known <= true


@in_time
@given(tours)
def test_ledgers_are_shown_as_they_balance(made: list[Counts]) -> None:
    days = digests(made)
    account = tables(the_report(days))["권역별 처리 내역"]
    told = [[int(one) for one in row[1:]] for row in account.rows if row[1].isdecimal()]
    assert all(received == sum(classes) for received, *classes in told)
    *each, total = told or [[0]]
    assert total == [sum(column) for column in zip(*each, strict=True)] if each else True
    hidden = [day for day in days if day.numbers.voices < SHIELD_BELOW]
    assert sum(LEFT_OUT in row for row in account.rows) == len(hidden) + (len(hidden) == len(days))


@in_time
@given(tours)
def test_bars_are_as_long_as_what_is_told(made: list[Counts]) -> None:
    report = the_report(digests(made))
    matrix = tables(report)["주제별·권역별 연인원"]
    charts = [one for part in report.parts for one in part.items if isinstance(one, Chart)]
    for chart in charts:
        for bar, row in zip(chart.bars, matrix.rows, strict=True):
            told = {name: cell.split()[0] for name, cell in zip(matrix.head[1:], row[1:], strict=True)}
            for segment in bar.segments:
                assert str(int(segment.size)) == segment.text == told[chart.legend[segment.series]]


def test_counts_of_days_with_few_voices_are_in_no_sum() -> None:
    days = [
        counted_day("전북", 0, {"a": {Speaker.YOUTH: 3}}, rated=True),
        counted_day("강원", 1, {"a": {Speaker.YOUTH: 20}}, rated=True),
    ]
    report = the_report(days)
    lines = [one.text for part in report.parts for one in part.items if isinstance(one, Line)]
    assert "○ 권역 2곳의 보고 2건을 모음: 의견 20 이상 · 연인원 20 이상" in lines
    assert "※ 의견을 낸 연인원이 5 미만인 보고 1건은 합계에 넣지 않음" in lines
    numbers = tables(report)["권역별 의견과 평점"]
    assert [row[3:] for row in numbers.rows] == [
        (FEW, FEW, NONE),
        ("20", "20", "3.0"),
        ("20 이상", "20 이상", "3.0"),
    ]


def test_the_digests_own_pages_show_what_the_tour_adds_up() -> None:
    """Both read the same counts, so that neither can show more than the other."""
    for digest in three_days():
        page, seen = Page(digest, MESSAGES, NOW, "ko"), ShownCounts(digest)
        for at in range(len(digest.themes)):
            assert page.theme_cells(at) == seen.cells(at)
            assert page.theme_average(at) == seen.average(at)
        assert page.theme_voices == seen.theme_voices


def test_many_regions_share_tables_and_a_colour() -> None:
    days = [counted_day(f"가상{at}권", at, {"a": {Speaker.YOUTH: 5 + at}}) for at in range(17)]
    report = the_report(days)
    parts = [one for title, one in tables(report).items() if title.startswith("주제별·권역별 연인원")]
    assert [len(one.head) for one in parts] == [8, 8, 6]
    assert parts[-1].rows[0][-2:] == (str(sum(range(5, 22))), "17/17")
    [chart] = [one for part in report.parts for one in part.items if isinstance(one, Chart)]
    assert len(chart.legend) == 7
    assert sum(one.size for one in chart.bars[0].segments) == sum(range(5, 22))
