"""The first page of the tour's report: what there is to know in a minute, the conclusion first."""

from collections.abc import Sequence

from bot.digest.bodies import bodies_in
from bot.digest.tour.page import TourPage
from bot.digest.tour.shown import accounts, average, day_notes, day_voices, sum_of
from bot.digest.tour.values import Account, Told, TourTheme, WhyMissing
from bot.domain.digest import EngineKind
from bot.domain.values import Value

STRONGEST = 3
"""Themes that the conclusion names; all of them stand below it."""
NAMED = 8
"""Themes that a line of the conclusion names of those that recur or are new; it tells how many there are."""


def summary_page(page: TourPage) -> None:
    page.line("title", {"name": page.name()}, leads=True)
    if page.report.only is not None:
        page.line("only", {"regions": ", ".join(page.report.only)})
    if page.report.days:
        page.gap()
        page.line("point", leads=True)
        _overview(page)
        _conclusion(page)
        missing_lines(page)
        page.gap()
        page.line("themes", leads=True)
        for theme in page.report.themes:
            _theme(page, theme)
        if not all(page.counts.voices(one).is_whole for one in page.report.themes):
            page.line("sums_note")
        page.gap()
        account_lines(page)
    else:
        page.line("no_days")
        missing_lines(page)
    stamp(page)


def _overview(page: TourPage) -> None:
    report = page.report
    values: dict[str, Value] = {
        "regions": len(report.regions),
        "days": len(report.days),
        "notes": page.sum(sum_of(map(day_notes, report.days))),
        "voices": page.sum(sum_of(map(day_voices, report.days))),
    }
    page.line("overview", values, indent=1)
    if (value := average(report)) is not None:
        page.line("overview_rating", {"average": f"{value:.1f}"}, indent=1)


def _conclusion(page: TourPage) -> None:
    report = page.report
    if report.themes:
        page.line("strongest", {"themes": _named(page, report.themes[:STRONGEST])}, indent=1)
    if len(report.regions) > 1:
        _counted(page, "recurring", [one for one in report.themes if one.recurs], {})
    if report.days[0].day < report.days[-1].day:
        _counted(page, "new", [one for one in report.themes if one.is_new], {"day": report.days[-1].day})
    counts: dict[str, Value] = {
        "requests": len(report.requests),
        "named": sum(bool(bodies_of(one)) for one in report.requests),
        "promises": len(report.promises),
        "hearsay": len(report.hearsay),
        "minority": len(report.minority),
    }
    page.line("apart", counts, indent=1)


def _counted(page: TourPage, name: str, themes: Sequence[TourTheme], values: dict[str, Value]) -> None:
    if not themes:
        page.line(f"{name}_none", values, indent=1)
        return
    more = "…" if len(themes) > NAMED else ""
    named: dict[str, Value] = {"count": len(themes), "themes": _named(page, themes[:NAMED]) + more}
    page.line(name, values | named, indent=1)


def _named(page: TourPage, themes: Sequence[TourTheme]) -> str:
    return ", ".join(
        page.words(
            "tour.in_regions",
            {
                "theme": page.theme(one),
                "voices": page.sum(page.counts.voices(one)),
                "count": len(one.regions),
            },
        )
        for one in themes
    )


def bodies_of(told: Told) -> tuple[str, ...]:
    """The public bodies that a request itself names."""
    return bodies_in(" ".join(quote.text for quote in told.finding.quotes))


def missing_lines(page: TourPage) -> None:
    """Region-days that the report is made without, each by name."""
    for why in WhyMissing:
        days = [(one.region, one.day) for one in page.report.missing if one.why is why]
        if days:
            page.line(f"missing_{why.value}", {"days": page.region_days(days)}, indent=1)


def _theme(page: TourPage, theme: TourTheme) -> None:
    values: dict[str, Value] = {
        "theme": page.theme(theme),
        "voices": page.sum(page.counts.voices(theme)),
        "regions": len(page.report.regions),
        "count": len(theme.regions),
    }
    page.line("theme_line_new" if theme.is_new else "theme_line", values, indent=1, leads=True)
    regions = (f"{one} {page.sum(page.counts.voices(theme, one))}" for one in theme.regions)
    page.line("theme_regions", {"regions": ", ".join(regions)}, indent=2)


def counted(account: Account) -> dict[str, Value]:
    return {
        "received": account.received,
        "cited": account.cited,
        "covered": account.covered,
        "unplaced": account.unplaced,
        "merged": account.merged,
        "set_aside": account.set_aside,
        "withdrawn": account.withdrawn,
    }


def account_lines(page: TourPage) -> None:
    """The ledgers together, of the days whose own may be shown."""
    total, days = accounts(page.report)
    page.line("accounts", leads=True)
    if not days:
        page.line("accounts_none", indent=1)
        return
    page.line("accounts_of", {"days": days, **counted(total)}, indent=1)
    if days < len(page.report.days):
        page.line("accounts_left_out", {"days": len(page.report.days) - days}, indent=1)


def stamp(page: TourPage) -> None:
    """Which editions it is made of, how those were made, and the share of findings that passed; the foot comes last."""
    report = page.report
    if any(one.heard for one in report.days):
        page.line("media.cited_note")
    if any(one.late for one in report.days):
        page.line("errata.late_note")
    if report.days:
        page.line("editions", {"editions": ", ".join(_editions(page))})
    values: dict[str, Value] = {
        "passed": sum(one.checks.passed for one in report.days),
        "findings": sum(one.checks.findings for one in report.days),
    }
    written = [one for one in report.days if one.engine.kind is EngineKind.LANGUAGE_MODEL]
    if not written:
        page.line("stamp_extractive", values)
        return
    models = {
        page.words(
            "tour.model",
            {"model": one.engine.model or "-", "prompt_version": one.engine.prompt_version or "-"},
        )
        for one in written
    }
    values |= {"written": len(written), "extracted": len(report.days) - len(written)}
    page.line("stamp_written", values | {"models": " / ".join(sorted(models))})


def _editions(page: TourPage) -> list[str]:
    return [
        page.words("tour.edition_of", {"region": one.region, "day": one.day, "edition": page.day(at).edition})
        for at, one in enumerate(page.report.days)
    ]
