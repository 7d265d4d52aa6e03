"""Puts the digests of a tour's region-days together: which themes are one, what is new, what recurs, who asked for what.

Nothing is counted anew and nothing is guessed: two themes are one when the tour's file gives them one topic, and without a
topic only when they are called the same.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.digest.as_chat import findings_about
from bot.digest.ledger import Unbalanced
from bot.digest.tour.shown import ShownTour
from bot.digest.tour.values import Missing, Place, Told, TourReport, TourTheme, account_of
from bot.domain.digest import Digest, FindingKind, Theme
from bot.domain.ids import Region


def tour_report(
    name: str,
    digests: Iterable[Digest],
    missing: Iterable[Missing] = (),
    *,
    closing: bool = False,
    only: Sequence[Region] | None = None,
) -> TourReport:
    """The report of these region-days, each once. Raises Unbalanced when one does not account for its notes."""
    days = tuple(sorted(digests, key=lambda one: one.day))
    if len({(one.region, one.day) for one in days}) < len(days):
        raise Unbalanced("a region's day is in the tour twice")
    if not all(account_of(one).balances for one in days):
        raise Unbalanced("a day of the tour does not balance")
    themes = _themes(days)
    report = TourReport(
        name=name,
        closing=closing,
        days=days,
        missing=tuple(sorted(missing, key=lambda one: (one.day, one.region))),
        themes=themes,
        requests=_told(days, themes, FindingKind.REQUEST),
        promises=_told(days, themes, FindingKind.PROMISE),
        hearsay=_told(days, themes, FindingKind.HEARSAY),
        minority=_told(days, themes, FindingKind.MINORITY),
        only=None if only is None else tuple(only),
    )
    return _strongest_first(report)


def same_name(name: str) -> str:
    """What two names must share: letters and digits, whatever their case, width and punctuation."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _themes(days: Sequence[Digest]) -> tuple[TourTheme, ...]:
    """In the order in which they were first seen. Each is called as on the last day that has it."""
    topics = {same_name(_name(one)): one.topic for day in days for one in day.themes if one.topic}
    found: dict[str, list[Place]] = {}
    for at, day in enumerate(days):
        for place, theme in enumerate(day.themes):
            known = theme.topic or topics.get(same_name(_name(theme)))
            key = f"topic {known}" if known else f"name {same_name(_name(theme)) or _name(theme)}"
            found.setdefault(key, []).append(Place(at, place))
    return tuple(_theme(days, tuple(places)) for places in found.values())


def _theme(days: Sequence[Digest], places: tuple[Place, ...]) -> TourTheme:
    themes = [days[one.day].themes[one.theme] for one in places]
    topic = next((one.topic for one in reversed(themes) if one.topic), "")
    last = next((one for one in reversed(themes) if one.topic == topic), themes[-1])
    seen: list[date] = [days[one.day].day for one in places]
    return TourTheme(
        name=_name(last),
        topic=topic,
        places=places,
        regions=tuple(dict.fromkeys(days[one.day].region for one in places)),
        is_new=days[0].day < days[-1].day == min(seen),
    )


def _name(theme: Theme) -> str:
    """What it is about; its title says a point of one day."""
    return theme.category or theme.title


def _told(days: Sequence[Digest], themes: Sequence[TourTheme], kind: FindingKind) -> tuple[Told, ...]:
    names = {
        (place.day, _name(days[place.day].themes[place.theme])): theme.name
        for theme in themes
        for place in theme.places
    }
    return tuple(
        Told(at, finding, None if about is None else names.get((at, about), about))
        for at, day in enumerate(days)
        for about, findings in findings_about(day, kind)
        for finding in findings
    )


def _strongest_first(report: TourReport) -> TourReport:
    """By the voices that everybody may see: an order by the others would tell of them."""
    counts = ShownTour(report)

    def strength(theme: TourTheme) -> tuple[int, int, str]:
        return -counts.voices(theme).known, -len(theme.regions), theme.name

    return replace(report, themes=tuple(sorted(report.themes, key=strength)))
