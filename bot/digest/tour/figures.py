"""Tables and chart of the tour's report: themes by region and by who speaks, numbers and ledgers by region-day.

Every number in them is one that the lines beside them may show (bot.digest.tour.shown).
"""

from collections.abc import Sequence

from bot.digest.report import Bar, Chart, Item, Segment, Table
from bot.digest.shield import shown_average
from bot.digest.tour.page import TourPage
from bot.digest.tour.pages import regions_of, requests_by_body
from bot.digest.tour.shown import accounts, average, day_notes, day_voices, shown_account, sum_of
from bot.digest.tour.summary import counted
from bot.digest.tour.values import TourReport, TourTheme
from bot.domain.ids import Region

COLUMNS = 7
"""Regions that one table takes: more of them would not fit a page in portrait."""
SERIES = 7
"""Regions that a chart tells apart by colour."""
_ACCOUNT = ("received", "cited", "covered", "unplaced", "merged", "set_aside", "withdrawn")


def figures(page: TourPage) -> tuple[Item, ...]:
    """What stands in the overview of the report."""
    if not page.report.days:
        return ()
    found: list[Item] = []
    if page.report.themes:
        found += _matrix(page)
        found += [one for one in (_chart(page),) if one.bars]
        found.append(_sides(page))
    return (*found, _days(page), _accounts(page))


def _matrix(page: TourPage) -> list[Table]:
    """Themes by region; the sums stand in the last table where there are several."""
    regions = page.report.regions
    parts = [regions[at : at + COLUMNS] for at in range(0, len(regions), COLUMNS)]
    tables = []
    for at, some in enumerate(parts):
        last = at == len(parts) - 1
        title = page.words("tour.table_matrix")
        if len(parts) > 1:
            title = page.words("tour.table_matrix_part", {"part": at + 1, "parts": len(parts)})
        head = [page.words("report.column_theme"), *some]
        if last:
            head += [page.words("tour.column_all"), page.words("tour.column_recurs")]
        rows = tuple(_matrix_row(page, theme, some, last=last) for theme in page.report.themes)
        tables.append(Table(title, tuple(head), rows, page.words("tour.table_note")))
    return tables


def _matrix_row(
    page: TourPage, theme: TourTheme, regions: Sequence[Region], *, last: bool
) -> tuple[str, ...]:
    cells = [page.theme(theme), *(page.sum(page.counts.voices(theme, one)) for one in regions)]
    if last:
        cells += [page.sum(page.counts.voices(theme)), f"{len(theme.regions)}/{len(page.report.regions)}"]
    return tuple(cells)


def _sides(page: TourPage) -> Table:
    """Themes by who speaks, over all regions."""
    counts, speakers = page.counts, page.counts.speakers()
    names = [page.words(f"digest.speaker_{one.value}") for one in speakers]
    columns = [page.words(f"report.column_{name}") for name in ("theme", "notes", "voices")]
    rows = [
        (
            page.theme(theme),
            page.sum(counts.notes(theme)),
            page.sum(counts.voices(theme)),
            *(page.sum(counts.speaker(theme, one)) for one in speakers),
        )
        for theme in page.report.themes
    ]
    days = page.report.days
    rows.append(
        (
            page.words("report.row_all"),
            page.sum(sum_of(map(day_notes, days))),
            page.sum(sum_of(map(day_voices, days))),
            *(page.sum(counts.spoke(one)) for one in speakers),
        )
    )
    return Table(
        page.words("tour.table_sides"), (*columns, *names), tuple(rows), page.words("tour.table_note")
    )


def _days(page: TourPage) -> Table:
    rows = [
        (
            _region_day(page, at),
            page.day(at).edition,
            str(one.numbers.meetings),
            page.sum(sum_of([day_notes(one)])),
            page.sum(sum_of([day_voices(one)])),
            _rated(page, shown_average(one.numbers.rating_average, one.numbers.rated_voices)),
        )
        for at, one in enumerate(page.report.days)
    ]
    days = page.report.days
    rows.append(
        (
            page.words("tour.row_all"),
            page.words("tour.none"),
            str(sum(one.numbers.meetings for one in days)),
            page.sum(sum_of(map(day_notes, days))),
            page.sum(sum_of(map(day_voices, days))),
            _rated(page, average(page.report)),
        )
    )
    names = ("tour.column_day", "tour.column_edition", "tour.column_meetings", "report.column_notes")
    head = tuple(map(page.words, (*names, "report.column_voices", "report.column_rating")))
    return Table(page.words("tour.table_days"), head, tuple(rows), page.words("tour.table_days_note"))


def _region_day(page: TourPage, at: int) -> str:
    digest = page.report.days[at]
    return page.region_days([(digest.region, digest.day)])


def _rated(page: TourPage, value: float | None) -> str:
    return page.words("report.no_rating") if value is None else f"{value:.1f}"


def _accounts(page: TourPage) -> Table:
    rows = []
    for at, one in enumerate(page.report.days):
        account = shown_account(one)
        cells = counted(account) if account else dict.fromkeys(_ACCOUNT, page.words("report.hidden"))
        rows.append((_region_day(page, at), *(str(cells[name]) for name in _ACCOUNT)))
    total, told = accounts(page.report)
    cells = counted(total) if told else dict.fromkeys(_ACCOUNT, page.words("report.hidden"))
    rows.append((page.words("tour.row_all"), *(str(cells[name]) for name in _ACCOUNT)))
    head = (page.words("tour.column_day"), *(page.words(f"tour.column_{name}") for name in _ACCOUNT))
    return Table(page.words("tour.table_accounts"), head, tuple(rows), page.words("tour.table_accounts_note"))


def requests_table(page: TourPage) -> tuple[Table, ...]:
    """Who is asked, how often and where; nothing when no request names anybody."""
    rows = tuple(
        (body, str(len(asked)), ", ".join(regions_of(page, asked)))
        for body, asked in requests_by_body(page.report.requests)
    )
    head = tuple(page.words(f"tour.column_{name}") for name in ("body", "requests", "regions"))
    title, note = page.words("tour.table_requests"), page.words("tour.table_requests_note")
    return (Table(title, head, rows, note),) if rows else ()


def _chart(page: TourPage) -> Chart:
    """Themes by region: what is not shown of a bar is not drawn, and said behind it."""
    series, rest = _series(page.report)
    legend = [*series, *([page.words("tour.other_regions")] if rest else [])]
    bars, most = [], 1
    for theme in page.report.themes:
        whole = page.counts.voices(theme)
        sizes = [page.counts.voices(theme, one).known for one in series]
        if rest:
            sizes.append(sum(page.counts.voices(theme, one).known for one in rest))
        segments = tuple(Segment(at, size, str(size)) for at, size in enumerate(sizes) if size)
        bars.append(Bar(page.theme(theme), segments, page.sum(whole)))
        most = max(most, whole.known)
    title = page.words("tour.chart")
    spoken = "; ".join(
        f"{bar.label} {bar.end} ({', '.join(f'{legend[one.series]} {one.text}' for one in bar.segments)})"
        for bar in bars
    )
    drawn = any(bar.segments for bar in bars)
    return Chart(title, tuple(legend), tuple(bars) if drawn else (), most, f"{title}: {spoken}")


def _series(report: TourReport) -> tuple[tuple[Region, ...], tuple[Region, ...]]:
    """The regions with a colour of their own, and those that share one."""
    regions = report.regions
    return (regions, ()) if len(regions) <= SERIES else (regions[: SERIES - 1], regions[SERIES - 1 :])
