"""The numbers table and the charts of a report: themes by voice, and ratings. Shielded as the lines beside them are.

Ratings are shown as averages only: how often each was given could be computed from few votes and the average together.
"""

from collections.abc import Mapping

from bot.digest.chat_page import Page
from bot.digest.report import Bar, Chart, Item, Segment, Table
from bot.digest.shield import Hidden, shown_average, table
from bot.domain.digest import SHIELD_BELOW
from bot.domain.feedback import Speaker

BEST_RATING = 5


def figures(page: Page) -> tuple[Item, ...]:
    """What stands in the overview of a day that has themes."""
    if not page.digest.themes:
        return ()
    charts = (_voices(page), _ratings(page))
    return (_numbers(page), *(chart for chart in charts if chart.bars))


def _speakers(page: Page) -> list[Speaker]:
    """Those of whom somebody spoke that day, in their order; none when every theme's have to be hidden."""
    if not any(page.theme_cells(place) for place in range(len(page.digest.themes))):
        return []
    return [speaker for speaker in Speaker if page.digest.numbers.by_speaker.get(speaker)]


def _numbers(page: Page) -> Table:
    speakers = _speakers(page)
    numbers = page.digest.numbers
    rows = [_theme_row(page, place, speakers) for place in range(len(page.digest.themes))]
    whole = table(numbers.by_speaker)
    rows.append(
        (
            page.words("report.row_all"),
            page.count(numbers.notes, numbers.voices),
            page.count(numbers.voices),
            *_cells(page, whole, speakers),
            _rating(page, shown_average(numbers.rating_average, numbers.rated_voices), numbers.rated_voices),
        )
    )
    columns = (page.words(f"report.column_{name}") for name in ("theme", "notes", "voices"))
    head = (*columns, *map(page.speaker, speakers), page.words("report.column_rating"))
    return Table(page.words("report.table"), head, tuple(rows), page.words("report.table_note"))


def _theme_row(page: Page, place: int, speakers: list[Speaker]) -> tuple[str, ...]:
    theme = page.digest.themes[place]
    return (
        _title(page, place),
        page.theme_count(place, len(theme.notes)),
        page.theme_count(place),
        *_cells(page, page.theme_cells(place), speakers),
        _rating(page, page.theme_average(place), theme.rated_voices),
    )


def _cells(page: Page, cells: Mapping[Speaker, int | None] | None, speakers: list[Speaker]) -> list[str]:
    if cells is None:
        return [page.words("report.hidden")] * len(speakers)
    counts = (cells.get(speaker, 0) for speaker in speakers)
    return [page.words("digest.few") if count is None else str(count) for count in counts]


def _rating(page: Page, average: float | None, voices: int) -> str:
    """As the chat: that it is of too few is said; that it would tell another is not."""
    if average is not None:
        return f"{average:.1f}"
    return page.words("digest.few" if 0 < voices < SHIELD_BELOW else "report.no_rating")


def _title(page: Page, place: int) -> str:
    """A row's name: the topic's, which is short; the theme's title says its point in a line of its own."""
    theme = page.digest.themes[place]
    return page.shown_words(theme.category or theme.title, one_line=True)


def _voices(page: Page) -> Chart:
    speakers = _speakers(page)
    unknown = len(speakers)
    totals = [voices for voices in page.theme_voices.values() if not isinstance(voices, Hidden)]
    bars = tuple(
        Bar(_title(page, place), _segments(page, place, speakers), page.theme_count(place))
        for place in range(len(page.digest.themes) if totals else 0)
    )
    most = max(totals, default=1)
    if not speakers:
        title = page.words("report.chart_voices_whole")
        return Chart(title, ("",), bars, most, _spoken(title, ("",), bars))
    hides = any(one.series == unknown for bar in bars for one in bar.segments)
    legend = (*map(page.speaker, speakers), *([page.words("report.series_hidden")] if hides else []))
    title = page.words("report.chart_voices")
    return Chart(title, legend, bars, most, _spoken(title, legend, bars), unknown if hides else None)


def _segments(page: Page, place: int, speakers: list[Speaker]) -> tuple[Segment, ...]:
    """A theme's voices by speaker; those that are hidden together as what is left of their sum."""
    total = page.theme_voices[place]
    if isinstance(total, Hidden):
        return ()
    cells = page.theme_cells(place) or {}
    told = [(at, cells.get(speaker) or 0) for at, speaker in enumerate(speakers)]
    segments = [Segment(at, count, str(count)) for at, count in told if count]
    rest = total - sum(count for _, count in told)
    return (*segments, Segment(len(speakers), rest, "")) if rest else tuple(segments)


def _ratings(page: Page) -> Chart:
    numbers = page.digest.numbers
    bars = [
        _rating_bar(_title(page, place), average)
        for place in range(len(page.digest.themes))
        if (average := page.theme_average(place)) is not None
    ]
    whole = shown_average(numbers.rating_average, numbers.rated_voices)
    if bars and whole is not None:
        bars.append(_rating_bar(page.words("report.row_all"), whole))
    title = page.words("report.chart_ratings")
    return Chart(title, ("",), tuple(bars), BEST_RATING, _spoken(title, ("",), tuple(bars)))


def _rating_bar(label: str, average: float) -> Bar:
    """As long as the number behind it says: a picture can be measured."""
    return Bar(label, (Segment(0, round(average, 1), ""),), f"{average:.1f}")


def _spoken(title: str, legend: tuple[str, ...], bars: tuple[Bar, ...]) -> str:
    """The chart in words."""
    told = []
    for bar in bars:
        parts = ", ".join(f"{legend[one.series]} {one.text}" for one in bar.segments if one.text)
        told.append(f"{bar.label} {bar.end}" + (f" ({parts})" if parts else ""))
    return f"{title}: {'; '.join(told)}"
