"""A digest as a report: nothing in its table and charts tells more than the lines beside them, and all of it fits a file."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.digest.as_chat import compose, sections
from bot.digest.as_report import clean, report
from bot.digest.chat_page import Page
from bot.digest.pipeline import make_digest
from bot.digest.report import Chart, Line, LineKind, Report, Table
from bot.digest.shield import Hidden
from bot.domain.digest import SHIELD_BELOW, DayInput, DayNote, Digest
from bot.domain.feedback import Speaker
from bot.domain.markup import without_markup
from tests.support.chat import MESSAGES
from tests.support.corpus import corpus_day
from tests.support.days import day_of, days, note

NOW = datetime(2026, 1, 22, 12, 0, tzinfo=UTC)


def tables(made: Report) -> list[Table]:
    return [item for part in made.parts for item in part.items if isinstance(item, Table)]


def charts(made: Report) -> list[Chart]:
    return [item for part in made.parts for item in part.items if isinstance(item, Chart)]


def a_table(digest: Digest) -> Table:
    (table,) = tables(report(digest, MESSAGES, NOW))
    return table


@st.composite
def crowds(draw: st.DrawFn) -> DayInput:
    """Days on which some groups are large enough to be shown."""
    made: list[DayNote] = []
    for topic in ("jobs", "living"):
        for speaker in (Speaker.YOUTH, Speaker.COMPANY, Speaker.WORKER):
            for n in range(draw(st.integers(0, 14))):
                number = f"전북-{len(made) + 1}"
                words = f"{speaker.value} {topic} {n}번 통근버스가 부족합니다."
                made.append(
                    note(
                        number,
                        words,
                        topic=topic,
                        speaker=speaker,
                        rating=draw(st.sampled_from([None, 2, 5])),
                    )
                )
    return day_of(*made)


@given(crowds())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_number_is_of_fewer_than_five_voices_and_hidden_ones_stay_hidden(day: DayInput) -> None:
    digest = make_digest(day)
    made = report(digest, MESSAGES, NOW)
    page = Page(digest, MESSAGES, NOW, "ko")
    for table in tables(made):
        for row in table.rows:
            assert len(row) == len(table.head)
            assert not [cell for cell in row[2:-1] if cell.isdecimal() and 0 < int(cell) < SHIELD_BELOW]
        for place, row in enumerate(table.rows[:-1]):
            if isinstance(page.theme_voices[place], Hidden):
                assert not [cell for cell in row[1:-1] if cell.isdecimal()]
    for chart in charts(made):
        for bar in chart.bars:
            hidden = [one for one in bar.segments if one.series == chart.unknown]
            assert not [one for one in hidden if one.text or one.size < SHIELD_BELOW]
            assert all(int(one.text) >= SHIELD_BELOW for one in bar.segments if one.text)
            assert bar.segments or not bar.end.isdecimal()


def test_a_bar_is_as_long_as_its_theme_has_voices() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    chart = charts(report(digest, MESSAGES, NOW))[0]
    drawn = [bar for bar in chart.bars if bar.segments]
    assert len(drawn) >= 3
    assert all(sum(one.size for one in bar.segments) == int(bar.end) for bar in drawn)
    assert all(f"{bar.label} {bar.end}" in chart.spoken for bar in chart.bars)


def test_a_bar_of_an_average_can_be_measured_and_tells_no_more_than_its_number() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    ratings = charts(report(digest, MESSAGES, NOW))[1]
    assert ratings.bars
    assert all(str(float(bar.segments[0].size)) == bar.end for bar in ratings.bars)


def test_the_table_says_what_the_lines_say() -> None:
    digest = make_digest(corpus_day("jeonbuk_2026-01-22", every_nth_without_topic=3))
    table = a_table(digest)
    whole = dict(zip(table.head, table.rows[-1], strict=True))
    assert (whole["의견"], whole["연인원"]) == ("130", "130")
    assert whole["기업"] == str(digest.numbers.by_speaker[Speaker.COMPANY])
    assert whole["평점"] == f"{digest.numbers.rating_average:.1f}"


def test_speakers_that_all_themes_hide_take_no_columns() -> None:
    made = [
        note(f"전북-{n}", f"{n}번 버스가 부족합니다.", speaker=Speaker.YOUTH if n % 2 else Speaker.COMPANY)
        for n in range(1, 9)
    ]
    assert a_table(make_digest(day_of(*made))).head == ("주제", "의견", "연인원", "평점")


@given(days())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_line_of_the_chat_is_a_line_of_it(day: DayInput) -> None:
    digest = make_digest(day)
    made = report(digest, MESSAGES, NOW)
    told = re.sub(r"\s", "", "".join(line.text for part in made.parts for line in part.lines))
    for section in sections(digest):
        for message in compose(digest, section.key, MESSAGES, NOW):
            _, *lines = without_markup(message).split("\n")
            assert [one for one in lines if clean(re.sub(r"\s", "", one)) not in told] == []


def test_the_figures_stand_in_the_overview_and_an_empty_day_has_none() -> None:
    digest = make_digest(corpus_day("southeast_2026-01-23"))
    items = report(digest, MESSAGES, NOW).parts[0].items
    kinds = [item.kind if isinstance(item, Line) else item.type for item in items]
    assert kinds[: kinds.index("table")].count(LineKind.HEAD) == 1
    empty = report(make_digest(replace(corpus_day("southeast_2026-01-23"), notes=())), MESSAGES, NOW)
    assert [type(item) for item in empty.parts[0].items] == [Line]


@given(st.text())
def test_what_is_left_fits_xml(text: str) -> None:
    kept = clean(text)
    assert all(
        code in (9, 10) or 32 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF
        for code in map(ord, kept)
    )
