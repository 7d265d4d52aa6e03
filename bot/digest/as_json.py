"""A digest as JSON: the console's output and the stored form. The operator's full form, not shielded.

Beyond the shared names of the contract it holds what a Digest needs to come back whole: `apart`, `about`,
`speaker` of a quote, `rated_voices`, `meeting_title`, `as_of` (a time with its zone) and `begun` of an interim digest,
`late` notes, `placed_by` (by whom notes were put into themes). `approval` is there where a digest was to be approved, or an editor
left something out.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from bot.digest.leads import Lead, leads
from bot.digest.sides import voices_by_side
from bot.domain.approval import Approval
from bot.domain.digest import (
    Checks,
    Digest,
    Engine,
    EngineKind,
    Finding,
    FindingKind,
    Ledger,
    Merged,
    Numbers,
    PlacedBy,
    Quote,
    SetAside,
    SetAsideReason,
    Theme,
    Unplaced,
)
from bot.domain.feedback import Speaker
from bot.domain.ids import Region

Json = dict[str, Any]
"""What json.dumps takes and json.loads gives."""


def to_json(digest: Digest) -> Json:
    return {
        "region": digest.region,
        "date": digest.day.isoformat(),
        "revision": digest.revision,
        "engine": _engine(digest.engine),
        "ledger": _ledger(digest.ledger),
        "numbers": _numbers(digest.numbers),
        "themes": [_theme(theme) for theme in digest.themes],
        "minority": [_finding(finding) for finding in digest.minority],
        "unplaced": [_unplaced(one) for one in digest.unplaced],
        "checks": {
            "findings": digest.checks.findings,
            "passed": digest.checks.passed,
            "dropped": digest.checks.dropped,
        },
        "apart": [_finding(finding) for finding in digest.apart],
        "heard": list(digest.heard),
        "as_of": None if digest.interim is None else digest.interim.isoformat(),
        "begun": digest.begun,
        "late": sorted(digest.late),
        "placed_by": asdict(digest.placed_by),
    } | ({} if digest.approval is None else {"approval": digest.approval.to_json()})


def from_json(stored: Mapping[str, Any]) -> Digest:
    """The inverse of `to_json`. Raises KeyError or ValueError for what it did not write."""
    return Digest(
        region=Region(stored["region"]),
        day=date.fromisoformat(stored["date"]),
        revision=stored["revision"],
        engine=_read_engine(stored["engine"]),
        ledger=_read_ledger(stored["ledger"]),
        numbers=_read_numbers(stored["numbers"]),
        themes=tuple(_read_theme(theme) for theme in stored["themes"]),
        minority=tuple(_read_finding(finding) for finding in stored["minority"]),
        unplaced=tuple(_read_unplaced(one) for one in stored["unplaced"]),
        checks=Checks(**stored["checks"]),
        apart=tuple(_read_finding(finding) for finding in stored["apart"]),
        heard=tuple(stored.get("heard", ())),  # digests of the first version have none
        interim=datetime.fromisoformat(at) if (at := stored.get("as_of")) else None,
        begun=stored.get("begun", 0),
        late=frozenset(stored.get("late", ())),
        placed_by=PlacedBy(**stored.get("placed_by", {})),
        approval=Approval.from_json(kept) if (kept := stored.get("approval")) else None,
    )


def _engine(engine: Engine) -> Json:
    return {
        "kind": engine.kind.value,
        "model": engine.model,
        "prompt_version": engine.prompt_version,
        "fallback_reason": engine.fallback_reason,
        "tokens": engine.tokens,
    }


def _read_engine(stored: Json) -> Engine:
    return Engine(**{**stored, "kind": EngineKind(stored["kind"])})


def _ledger(ledger: Ledger) -> Json:
    return {
        "received": ledger.received,
        "cited": list(ledger.cited),
        "covered": list(ledger.covered),
        "unplaced": list(ledger.unplaced),
        "merged": [{"into": merged.into, "note_ids": list(merged.notes)} for merged in ledger.merged],
        "set_aside": [
            {"reason": aside.reason.value, "note_ids": list(aside.notes)} for aside in ledger.set_aside
        ],
        "withdrawn": ledger.withdrawn,
    }


def _read_ledger(stored: Json) -> Ledger:
    return Ledger(
        received=stored["received"],
        cited=tuple(stored["cited"]),
        covered=tuple(stored["covered"]),
        unplaced=tuple(stored["unplaced"]),
        merged=tuple(Merged(one["into"], tuple(one["note_ids"])) for one in stored["merged"]),
        set_aside=tuple(
            SetAside(SetAsideReason(one["reason"]), tuple(one["note_ids"])) for one in stored["set_aside"]
        ),
        withdrawn=stored["withdrawn"],
    )


def _numbers(numbers: Numbers) -> Json:
    return {
        "meetings": numbers.meetings,
        "notes": numbers.notes,
        "voices": numbers.voices,
        "by_speaker": _by_speaker(numbers.by_speaker),
        "rating_average": numbers.rating_average,
        "rating_counts": {str(rating): count for rating, count in numbers.rating_counts.items()},
        "rated_voices": numbers.rated_voices,
    }


def _read_numbers(stored: Json) -> Numbers:
    return Numbers(
        meetings=stored["meetings"],
        notes=stored["notes"],
        voices=stored["voices"],
        by_speaker=_read_by_speaker(stored["by_speaker"]),
        rating_average=stored["rating_average"],
        rating_counts={int(rating): count for rating, count in stored["rating_counts"].items()},
        rated_voices=stored["rated_voices"],
    )


def _by_speaker(counts: Mapping[Speaker, int]) -> dict[str, int]:
    return {speaker.value: count for speaker, count in counts.items()}


def _read_by_speaker(stored: Mapping[str, int]) -> dict[Speaker, int]:
    return {Speaker(speaker): count for speaker, count in stored.items()}


def _theme(theme: Theme) -> Json:
    return {
        "title": theme.title,
        "note_ids": list(theme.notes),
        "by_speaker": _by_speaker(theme.by_speaker),
        "rating_average": theme.rating_average,
        "findings": [_finding(finding) for finding in theme.findings],
        "rated_voices": theme.rated_voices,
        "category": theme.category,
        "title_quotes": [_quote(quote) for quote in theme.title_quotes],
        "label": theme.label,
        "leads": [_lead(lead) for lead in leads(theme)],
        "topic": theme.topic,
        "sides": {side.value: voices for side, voices in voices_by_side(theme.by_speaker).items()},
    }


def _lead(lead: Lead) -> Json:
    side = lead.side.value if lead.side else None
    return {"side": side, "text": lead.text, "verbatim": lead.verbatim, "note_ids": list(lead.finding.notes)}


def _read_theme(stored: Json) -> Theme:
    return Theme(
        title=stored["title"],
        notes=tuple(stored["note_ids"]),
        by_speaker=_read_by_speaker(stored["by_speaker"]),
        rating_average=stored["rating_average"],
        findings=tuple(_read_finding(finding) for finding in stored["findings"]),
        rated_voices=stored["rated_voices"],
        category=stored.get("category", ""),  # digests of the first version have neither
        title_quotes=tuple(_read_quote(quote) for quote in stored.get("title_quotes", ())),
        label=stored.get("label", ""),
        topic=stored.get("topic", ""),  # nor those before the tour's report
    )


def _finding(finding: Finding) -> Json:
    return {
        "kind": finding.kind.value,
        "text": finding.text,
        "note_ids": list(finding.notes),
        "quotes": [_quote(quote) for quote in finding.quotes],
        "about": finding.about,
    }


def _read_finding(stored: Json) -> Finding:
    return Finding(
        kind=FindingKind(stored["kind"]),
        text=stored["text"],
        notes=tuple(stored["note_ids"]),
        quotes=tuple(_read_quote(quote) for quote in stored["quotes"]),
        about=stored["about"],
    )


def _quote(quote: Quote) -> Json:
    return {
        "note_id": quote.note,
        "text": quote.text,
        "speaker": quote.speaker.value if quote.speaker else None,
    }


def _read_quote(stored: Json) -> Quote:
    speaker = cast("str | None", stored["speaker"])
    return Quote(stored["note_id"], stored["text"], Speaker(speaker) if speaker else None)


def _unplaced(one: Unplaced) -> Json:
    return {
        "meeting": one.meeting,
        "meeting_title": one.meeting_title,
        "note_ids": list(one.notes),
        "quotes": [_quote(quote) for quote in one.quotes],
    }


def _read_unplaced(stored: Json) -> Unplaced:
    return Unplaced(
        meeting=stored["meeting"],
        meeting_title=stored["meeting_title"],
        notes=tuple(stored["note_ids"]),
        quotes=tuple(_read_quote(quote) for quote in stored["quotes"]),
    )
