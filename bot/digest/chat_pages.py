"""The pages of a digest in chat: what stands on each and in which order."""

from dataclasses import asdict, astuple

from bot.digest.chat_page import Page
from bot.digest.chat_parts import Block
from bot.digest.chat_sides import TOLD, side_by_side, theme_heading, theme_leads, theme_point
from bot.digest.edition import edition
from bot.digest.ports import Trouble
from bot.digest.shield import Hidden
from bot.domain.approval import ApprovalState
from bot.domain.digest import SHIELD_BELOW, EngineKind, FindingKind
from bot.domain.values import Value


def summary_page(page: Page) -> list[Block]:
    digest = page.digest
    page.line("title", titled=True, leads=True)
    if not digest.numbers.notes:
        page.line("all_withdrawn" if digest.ledger.received else "no_notes")
        return page.blocks
    numbers = digest.numbers
    page.gap()
    page.line("overview", leads=True)
    counted: dict[str, Value] = {
        "meetings": numbers.meetings,
        "notes": page.count(numbers.notes, numbers.voices),
        "voices": page.count(numbers.voices),
    }
    page.line("overview_numbers", counted, indent=1)
    if digest.interim is not None:
        begun: dict[str, Value] = {
            "meetings": numbers.meetings,
            "begun": digest.begun,
            "as_of": digest.interim,
        }
        page.line("interim_mark.begun", begun, indent=1)
    page.speakers(numbers.by_speaker, indent=1)
    page.rating(numbers.rating_average, numbers.rated_voices, indent=1)
    if digest.themes:
        page.gap()
        page.line("themes", leads=True)
    for place in range(len(digest.themes)):
        _theme_in_summary(page, place)
    if any(theme.title_quotes for theme in digest.themes):
        page.line("voices.legend")
    if digest.unplaced:
        page.gap()
        page.line("unplaced_line")
    page.gap()
    page.line("ledger", leads=True)
    _ledger_line(page)
    stamp(page)
    return page.blocks


def _theme_in_summary(page: Page, place: int) -> None:
    theme = page.digest.themes[place]
    theme_heading(page, place)
    if not theme_leads(page, place):
        told = any(finding.kind is not FindingKind.MINORITY for finding in theme.findings)
        page.line("theme_lead_long" if told else "theme_no_words", indent=2)
    if any(finding.kind is FindingKind.MINORITY for finding in theme.findings):
        page.line("theme_minority", indent=2)


def _ledger_line(page: Page) -> None:
    ledger = page.digest.ledger
    if page.digest.numbers.voices < SHIELD_BELOW:
        page.line("ledger_few", indent=1)
        return
    counts: dict[str, Value] = {
        "received": ledger.received,
        "cited": len(ledger.cited),
        "covered": len(ledger.covered),
        "unplaced": len(ledger.unplaced),
        "merged": sum(len(merged.notes) for merged in ledger.merged),
        "set_aside": sum(len(aside.notes) for aside in ledger.set_aside),
        "withdrawn": ledger.withdrawn,
    }
    page.line("ledger_line", counts, indent=1)


def _placed_by(page: Page) -> None:
    """By whom notes were put into themes; a digest of an earlier version does not tell."""
    by = page.digest.placed_by
    if any(astuple(by)):
        key = "ai.placed_by" if by.model else "triage.placed_by"
        page.line(
            key, {name: count for name, count in asdict(by).items() if by.model or name != "model"}, indent=1
        )


def stamp(page: Page) -> None:
    """How it was made, which revision it is, and the share of findings that passed the checks."""
    digest = page.digest
    if digest.heard:
        page.line("media.cited_note")
    if digest.late:
        page.line("errata.late_note")
    approval_line(page)
    values: dict[str, Value] = {
        "passed": digest.checks.passed,
        "findings": digest.checks.findings,
        "edition": edition(digest, page.words),
    }
    engine = digest.engine
    if digest.placed_by.model and digest.numbers.voices >= SHIELD_BELOW:  # counts, as the ledger's
        page.line("ai.placed", asdict(digest.placed_by))
    if engine.kind is EngineKind.LANGUAGE_MODEL:
        written_by: dict[str, Value] = {
            "model": engine.model or "-",
            "prompt_version": engine.prompt_version or "-",
            "tokens": engine.tokens,
        }
        if engine.fallback_reason:
            page.line("ai.stamp_partly", values | written_by | {"reason": _reason(page)})
        else:
            page.line("ai.stamp", values | written_by)
    elif engine.fallback_reason:
        page.line("stamp_fallback", values | {"reason": _reason(page)})
    else:
        page.line("stamp_extractive", values)


def approval_line(page: Page) -> bool:
    """What became of its approval (결재), and what an editor left out or had written again. Whether there is such a line."""
    approval, revision = page.digest.approval, page.digest.revision
    if approval is None:
        return False
    changed = [
        page.words(f"approval.stamp_{name}", {"count": count})
        for name, count in (("dropped", approval.dropped), ("again", approval.again))
        if count
    ]
    key, values = f"approval.stamp_{approval.state.value}", dict[str, Value]()
    if approval.state is ApprovalState.APPROVED and approval.office and approval.at:
        values = {"by": page.words(f"approval.office_{approval.office.value}"), "at": approval.at}
    if approval.state is not ApprovalState.DRAFT and revision > approval.revision:
        key, values["revision"] = f"{key}_before", approval.revision
    page.line("approval.stamp", {"told": " · ".join([page.words(key, values), *changed])})
    return True


def _reason(page: Page) -> str:
    """Why a model did not write it, in words; a reason of another version as it stands."""
    reason = page.digest.engine.fallback_reason or ""
    return page.words(f"ai.reason_{Trouble(reason).value}") if reason in set(Trouble) else reason


_PARTS_OF_A_THEME = (
    (FindingKind.FINDING, "theme_findings", None),
    (FindingKind.REQUEST, "requests", None),
    (FindingKind.PROMISE, "promises", "promises_note"),
    (FindingKind.HEARSAY, "hearsay", "hearsay_note"),
    (FindingKind.MINORITY, "minority", "minority_note"),
)


def theme_page(page: Page, place: int) -> list[Block]:
    theme = page.digest.themes[place]
    counted: dict[str, Value] = {
        "notes": page.theme_count(place, len(theme.notes)),
        "voices": page.theme_count(place),
    }
    theme_point(page, place)
    page.line("theme_numbers", counted, indent=1)
    page.theme_speakers(place, indent=1)
    page.theme_rating(place, indent=1)
    apart = side_by_side(page, place)
    for kind, heading, note in _PARTS_OF_A_THEME:
        findings = [
            finding for finding in theme.findings if finding.kind is kind and not (apart and kind in TOLD)
        ]
        if findings:
            page.gap()
            page.line(heading, leads=True)
            if note:
                page.line(note, leads=True)
        for finding in findings:
            page.finding(finding, indent=1, context=True)
    _rest_of_theme(page, place)
    return page.blocks


def _rest_of_theme(page: Page, place: int) -> None:
    """The numbers of what is not quoted, unless they could be counted where the count is hidden."""
    theme = page.digest.themes[place]
    cited = {note for finding in theme.findings for note in finding.notes}
    rest = [note for note in theme.notes if note not in cited]
    if not rest:
        return
    page.gap()
    if isinstance(page.theme_voices[place], Hidden):
        page.line("theme_rest_hidden")
    else:
        page.numbers("theme_rest", rest, indent=0)


def unplaced_page(page: Page) -> list[Block]:
    page.line("unplaced_note", leads=True)
    dropped = page.digest.approval.left_out if page.digest.approval else ()
    for one in page.digest.unplaced:
        page.gap()
        if one.meeting_title is None:
            page.line("unplaced_meeting_unknown", leads=True)
        else:
            page.line("under", {"title": one.meeting_title}, leads=True)
        for quote in one.quotes:
            page.quoted(quote, indent=1)
        quoted = {quote.note for quote in one.quotes}
        page.numbers("approval.left_out_notes", (note for note in one.notes if note in dropped), indent=1)
        silent = (note for note in one.notes if note not in quoted and note not in dropped)
        page.numbers("withheld", silent, indent=1)
    return page.blocks


def ledger_page(page: Page) -> list[Block]:
    ledger = page.digest.ledger
    _ledger_line(page)
    if page.digest.numbers.voices >= SHIELD_BELOW:
        page.line("ledger_note")
        _placed_by(page)
        page.numbers("ledger_cited", ledger.cited, indent=1)
        page.numbers("ledger_covered", ledger.covered, indent=1)
        page.numbers("ledger_unplaced", ledger.unplaced, indent=1)
        for merged in ledger.merged:
            page.numbers("ledger_merged", merged.notes, indent=1, into=merged.into)
        for aside in ledger.set_aside:
            page.numbers(f"ledger_{aside.reason.value}", aside.notes, indent=1)
        if ledger.withdrawn:
            page.line("ledger_withdrawn", {"count": ledger.withdrawn}, indent=1)
    stamp(page)
    return page.blocks
