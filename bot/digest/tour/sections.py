"""The sections of the tour's report, as messages of a chat and as a report for files: the same lines in both."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.digest.as_chat import MOST_PARTS, Section
from bot.digest.as_report import clean, line_of
from bot.digest.chat_parts import pack
from bot.digest.report import Item, Line, LineKind, Part, Report
from bot.digest.tour.figures import figures, requests_table
from bot.digest.tour.page import TourPage
from bot.digest.tour.pages import (
    days_page,
    minority_page,
    promises_page,
    requests_page,
    sources_page,
    themes_page,
)
from bot.digest.tour.summary import stamp, summary_page
from bot.digest.tour.values import TourReport
from bot.domain.values import Value
from prompts.messages import FIRST_LANGUAGE, Messages

SUMMARY = "sum"
_PAGES: Mapping[str, Callable[[TourPage], None]] = {
    SUMMARY: summary_page,
    "thm": themes_page,
    "req": requests_page,
    "pro": promises_page,
    "min": minority_page,
    "day": days_page,
    "src": sources_page,
}
KEYS = frozenset(_PAGES)


def sections(report: TourReport) -> tuple[Section, ...]:
    """The sections that this report has, the summary first."""
    there = {
        SUMMARY: True,
        "thm": bool(report.themes),
        "req": bool(report.requests),
        "pro": bool(report.promises or report.hearsay),
        "min": bool(report.minority),
        "day": bool(report.days),
        "src": bool(report.themes),
    }
    return tuple(Section(key, f"tour.section_{key}") for key in _PAGES if there[key])


def compose(
    report: TourReport, section: str, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE
) -> list[str]:
    """A section as messages in Telegram's HTML, each within its limits, at most MOST_PARTS but for the summary.

    `now` (aware) is when they are read, `language` by whom. Raises KeyError for a section that is not there.
    """
    page = _page(report, section, messages, now, language)
    parts = pack(page.blocks)
    if section == SUMMARY or len(parts) <= MOST_PARTS:
        return parts
    return [*parts[: MOST_PARTS - 1], page.words("digest.cut")]


def document(report: TourReport, messages: Messages, now: datetime, language: str = FIRST_LANGUAGE) -> Report:
    """The whole of it for a file. `now` (aware) is when it is made."""
    page = TourPage(report, messages, now, language)
    return Report(
        name=clean(file_title(report, messages, now, language)),
        title=clean(page.name()),
        dated=_dated(page, now),
        foot=_foot(page),
        language=messages.language_for(language),
        made=now,
        parts=tuple(_part(report, one, messages, now, language) for one in sections(report)),
    )


def _dated(page: TourPage, now: datetime) -> str:
    """Of which days it is, and as of when it was put together."""
    days = page.report.days
    if not days:
        return page.words("tour.dated_none", {"made": now})
    period: dict[str, Value] = {"year": days[0].day.year, "first": days[0].day}
    if days[0].day == days[-1].day:
        told = page.words("tour.period_one", period)
    else:
        told = page.words("tour.period", period | {"last": days[-1].day})
    counts: dict[str, Value] = {"regions": len(page.report.regions), "days": len(days)}
    return page.words("tour.dated", {"period": told, "made": now, **counts})


def file_title(report: TourReport, messages: Messages, now: datetime, language: str) -> str:
    """Its name and day in one: for lists of files."""
    page = TourPage(report, messages, now, language)
    return page.words("tour.file_name", {"name": page.name(), "made": now})


def _page(report: TourReport, section: str, messages: Messages, now: datetime, language: str) -> TourPage:
    known = {one.key: one for one in sections(report)}
    page = TourPage(report, messages, now, language)
    if section != SUMMARY:
        values: dict[str, Value] = {"name": page.name(), "section": page.words(known[section].label)}
        page.line("title_of_section", values, leads=True)
    _PAGES[section](page)
    if page.has_written:
        models = sorted({one.engine.model for one in report.days if one.engine.model})
        page.line("ai.legend", {"model": ", ".join(models) or "-"})
    return page


def _part(report: TourReport, section: Section, messages: Messages, now: datetime, language: str) -> Part:
    page = _page(report, section.key, messages, now, language)
    items: list[Item] = [line_of(block) for block in page.blocks[1:] if block.html]
    if section.key == SUMMARY:
        place = _second_head(items)
        items = [*items[:place], *figures(page), *items[place:]]
    elif section.key == "req":
        items = [*requests_table(page), *items]
    return Part(section.key, clean(page.words(section.label)), tuple(items))


def _second_head(items: list[Item]) -> int:
    """Where the conclusion ends: tables and chart belong to it."""
    heads = [at for at, one in enumerate(items) if isinstance(one, Line) and one.kind is LineKind.HEAD]
    return heads[1] if len(heads) > 1 else len(items)


def _foot(page: TourPage) -> str:
    stamp(page)
    return line_of(page.blocks[-1]).text
