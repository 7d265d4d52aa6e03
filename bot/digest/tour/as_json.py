"""A tour's report as JSON: the operator's full form, not shielded, as a digest's (bot.digest.as_json).

Every count stands beside the region, day, revision and note numbers that it is counted from. The digests themselves are in
their own JSON; here they are told in numbers.
"""

from bot.digest.as_json import Json
from bot.digest.bodies import bodies_in
from bot.digest.sides import voices_by_side
from bot.digest.tour.values import Account, Place, Told, TourReport, TourTheme, account_of
from bot.domain.digest import Digest
from bot.domain.feedback import Speaker


def to_json(report: TourReport) -> Json:
    days = report.days
    return {
        "tour": report.name,
        "closing": report.closing,
        "regions": list(report.regions),
        "only": None if report.only is None else list(report.only),
        "days": [_day(one) for one in days],
        "missing": [
            {"region": one.region, "date": one.day.isoformat(), "why": one.why.value}
            for one in report.missing
        ],
        "ledger": _account(sum(map(account_of, days), Account())),
        "numbers": {
            "meetings": sum(one.numbers.meetings for one in days),
            "notes": sum(one.numbers.notes for one in days),
            "voices": sum(one.numbers.voices for one in days),
            "by_speaker": _by_speaker([one.numbers.by_speaker for one in days]),
        },
        "themes": [_theme(report, one) for one in report.themes],
        "requests": [_told(report, one) for one in report.requests],
        "promises": [_told(report, one) for one in report.promises],
        "hearsay": [_told(report, one) for one in report.hearsay],
        "minority": [_told(report, one) for one in report.minority],
        "checks": {
            "findings": sum(one.checks.findings for one in days),
            "passed": sum(one.checks.passed for one in days),
            "dropped": sum(one.checks.dropped for one in days),
        },
    }


def _which(digest: Digest) -> Json:
    return {"region": digest.region, "date": digest.day.isoformat(), "revision": digest.revision}


def _day(digest: Digest) -> Json:
    numbers, engine = digest.numbers, digest.engine
    return _which(digest) | {
        "engine": {
            "kind": engine.kind.value,
            "model": engine.model,
            "prompt_version": engine.prompt_version,
            "fallback_reason": engine.fallback_reason,
            "tokens": engine.tokens,
        },
        "ledger": _account(account_of(digest)),
        "numbers": {
            "meetings": numbers.meetings,
            "notes": numbers.notes,
            "voices": numbers.voices,
            "by_speaker": _by_speaker([numbers.by_speaker]),
            "rating_average": numbers.rating_average,
            "rating_counts": {str(rating): count for rating, count in numbers.rating_counts.items()},
            "rated_voices": numbers.rated_voices,
        },
    }


def _account(account: Account) -> Json:
    return {
        "received": account.received,
        "cited": account.cited,
        "covered": account.covered,
        "unplaced": account.unplaced,
        "merged": account.merged,
        "set_aside": account.set_aside,
        "withdrawn": account.withdrawn,
    }


def _by_speaker(tables: list[dict[Speaker, int]]) -> dict[str, int]:
    sums = {one.value: sum(table.get(one, 0) for table in tables) for one in Speaker}
    return {name: count for name, count in sums.items() if count}


def _theme(report: TourReport, theme: TourTheme) -> Json:
    themes = [report.theme_at(place) for place in theme.places]
    tables = [one.by_speaker for one in themes]
    together = {one: sum(table.get(one, 0) for table in tables) for one in Speaker}
    return {
        "title": theme.name,
        "topic": theme.topic or None,
        "regions": list(theme.regions),
        "recurs": theme.recurs,
        "new": theme.is_new,
        "voices": sum(one.voices for one in themes),
        "by_speaker": _by_speaker(tables),
        "sides": {side.value: voices for side, voices in voices_by_side(together).items()},
        "days": [_appearance(report, place) for place in theme.places],
    }


def _appearance(report: TourReport, place: Place) -> Json:
    theme = report.theme_at(place)
    return _which(report.days[place.day]) | {
        "title": theme.title,
        "note_ids": list(theme.notes),
        "voices": theme.voices,
        "by_speaker": _by_speaker([theme.by_speaker]),
        "rating_average": theme.rating_average,
        "rated_voices": theme.rated_voices,
    }


def _told(report: TourReport, told: Told) -> Json:
    finding = told.finding
    return _which(report.days[told.day]) | {
        "theme": told.theme,
        "kind": finding.kind.value,
        "text": finding.text,
        "note_ids": list(finding.notes),
        "quotes": [{"note_id": one.note, "text": one.text} for one in finding.quotes],
        "bodies": list(bodies_in(" ".join(one.text for one in finding.quotes))),
    }
