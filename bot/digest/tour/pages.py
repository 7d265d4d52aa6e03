"""The other pages of the tour's report: themes by region, requests, promises, minority views, numbers and their sources."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.digest.chat_sides import theme_leads
from bot.digest.numbering import number_key
from bot.digest.shield import Hidden
from bot.digest.tour.page import TourPage
from bot.digest.tour.shown import day_notes, day_voices, shown_account
from bot.digest.tour.summary import account_lines, bodies_of, counted, missing_lines
from bot.digest.tour.values import Place, Told, TourTheme
from bot.domain.values import Value

LIST_LENGTH = 900
"""Characters of a list of numbers in one line, as on a digest's own page."""


def themes_page(page: TourPage) -> None:
    """Each theme with what each region said of it."""
    for theme in page.report.themes:
        page.gap()
        values: dict[str, Value] = {
            "theme": page.theme(theme),
            "voices": page.sum(page.counts.voices(theme)),
            "regions": len(page.report.regions),
            "count": len(theme.regions),
        }
        page.line("theme", values, leads=True)
        for place in theme.places:
            _appearance(page, place)


def _appearance(page: TourPage, place: Place) -> None:
    day, theme = page.day(place.day), page.report.theme_at(place)
    values: dict[str, Value] = {"voices": day.theme_count(place.theme)}
    page.line("appearance", _head(page, place.day) | values, indent=1, leads=True)
    if theme.title_quotes:
        point = theme.title.removeprefix(f"{theme.category}: ")  # its name stands above
        title = day.shown_words(point, one_line=True)
        notes = ", ".join(day.number(quote.note) for quote in theme.title_quotes)
        page.line("said", {"title": title, "notes": notes}, indent=2)
    told = theme_leads(day, place.theme)
    if not told and not theme.title_quotes:
        page.line("digest.theme_no_words", indent=2)
    day.theme_speakers(place.theme, indent=2)
    day.theme_rating(place.theme, indent=2)


def _head(page: TourPage, at: int) -> dict[str, Value]:
    digest = page.report.days[at]
    return {"region": digest.region, "day": digest.day, "edition": page.day(at).edition}


def requests_page(page: TourPage) -> None:
    """By the public body that a request itself names, as often as it names one; then the others by theme."""
    page.line("requests_note")
    by_body = requests_by_body(page.report.requests)
    for body, asked in by_body:
        page.gap()
        values: dict[str, Value] = {
            "body": body,
            "count": len(asked),
            "regions": ", ".join(regions_of(page, asked)),
        }
        page.line("requests_of", values, leads=True)
        for one in asked:
            page.day(one.day).finding(one.finding, indent=1)
    rest = [one for one in page.report.requests if not bodies_of(one)]
    if rest:
        page.gap()
        page.line("requests_unnamed", leads=True)
        _by_theme(page, rest)


def requests_by_body(requests: Sequence[Told]) -> list[tuple[str, list[Told]]]:
    """Those named oftenest first."""
    found: dict[str, list[Told]] = {}
    for one in requests:
        for body in bodies_of(one):
            found.setdefault(body, []).append(one)
    return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))


def regions_of(page: TourPage, told: Iterable[Told]) -> list[str]:
    regions = {page.report.days[one.day].region for one in told}
    return [region for region in page.report.regions if region in regions]


def _by_theme(page: TourPage, told: Sequence[Told]) -> None:
    by_theme: dict[str | None, list[Told]] = {}
    for one in told:
        by_theme.setdefault(one.theme, []).append(one)
    order = [*dict.fromkeys(theme.name for theme in page.report.themes), None]
    for name in sorted(by_theme, key=lambda name: order.index(name) if name in order else len(order)):
        if name is None:
            page.line("digest.under_none", leads=True)
        else:
            title = page.day(by_theme[name][0].day).shown_words(name, one_line=True)
            page.line("digest.under", {"title": title}, leads=True)
        for one in by_theme[name]:
            page.day(one.day).finding(one.finding, indent=1)


def promises_page(page: TourPage) -> None:
    """What was promised, and apart from it what was only heard of."""
    if page.report.promises:
        page.line("digest.promises", leads=True)
        page.line("digest.promises_note", leads=True)
        _by_day(page, page.report.promises)
    if page.report.hearsay:
        page.gap()
        page.line("digest.hearsay", leads=True)
        page.line("digest.hearsay_note", leads=True)
        _by_day(page, page.report.hearsay)


def minority_page(page: TourPage) -> None:
    page.line("digest.minority_note", leads=True)
    _by_day(page, page.report.minority)


def _by_day(page: TourPage, told: Sequence[Told]) -> None:
    for at, found in groupby(told, key=lambda one: one.day):
        digest = page.report.days[at]
        page.line("of_region", {"region": digest.region, "day": digest.day}, indent=1, leads=True)
        for one in found:
            page.day(at).finding(one.finding, indent=2)


def days_page(page: TourPage) -> None:
    """Each region-day's numbers and ledger, and the ledgers together."""
    for at, digest in enumerate(page.report.days):
        values: dict[str, Value] = {
            "meetings": digest.numbers.meetings,
            "notes": _part(page, day_notes(digest)),
            "voices": _part(page, day_voices(digest)),
        }
        page.line("day_line", _head(page, at) | values, leads=True)
        day = page.day(at)
        day.speakers(digest.numbers.by_speaker, indent=1)
        day.rating(digest.numbers.rating_average, digest.numbers.rated_voices, indent=1)
        account = shown_account(digest)
        if account is None:
            page.line("account_hidden", indent=1)
        else:
            page.line("account", counted(account), indent=1)
    missing_lines(page)
    page.gap()
    account_lines(page)


def _part(page: TourPage, count: int | Hidden) -> str:
    return page.words("digest.few") if isinstance(count, Hidden) else str(count)


def sources_page(page: TourPage) -> None:
    """Behind each count of a theme, the notes that were counted: a reader can find them in that region's digest."""
    page.line("source_note", leads=True)
    for theme in page.report.themes:
        page.line("digest.under", {"title": page.theme(theme)}, leads=True)
        _sources(page, theme)


def _sources(page: TourPage, theme: TourTheme) -> None:
    for place in theme.places:
        day, found = page.day(place.day), page.report.theme_at(place)
        hidden = isinstance(day.theme_voices[place.theme], Hidden)
        cited = list(dict.fromkeys(note for one in found.findings for note in one.notes))
        notes = cited if hidden else list(found.notes)
        if not notes:
            page.line("source_hidden", _head(page, place.day), indent=1)
        for row in _rows([day.short(note) for note in sorted(notes, key=number_key)]):
            values = _head(page, place.day) | {"notes": ", ".join(row)}
            page.line("source_part" if hidden else "source", values, indent=1)


def _rows(numbers: Iterable[str]) -> list[list[str]]:
    """In as many lines as they need."""
    rows: list[list[str]] = [[]]
    for number in numbers:
        if rows[-1] and sum(len(one) + 2 for one in rows[-1]) + len(number) > LIST_LENGTH:
            rows.append([])
        rows[-1].append(number)
    return [row for row in rows if row]
