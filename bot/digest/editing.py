"""An editor's decisions about a digest's sentences: what is left out of it. Pure functions over values.

A note whose sentence is left out stays in the ledger: as covered where it is in a theme, else as unplaced under its
meeting, without its words. Nothing else changes, and no number is counted anew.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.digest.numbering import number_key
from bot.digest.titles import settled
from bot.domain.approval import Approval, ApprovalState, Editing, mark_of
from bot.domain.digest import DayInput, Digest, Finding, FindingKind, Theme, Unplaced

Places = Mapping[str, tuple[str | None, str | None]]
"""Of notes, by number: the key and the title of their meeting."""
WRITTEN = frozenset({FindingKind.FINDING, FindingKind.REQUEST})
"""What may be written again, within a theme: of what staff marked and of what stands apart there is only one wording."""


UNPLACED = "unplaced"
"""The kind of words under 주제 미분류; of all others it is their finding's."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What an editor can choose: words with the notes (numbers) that they rest on."""

    kind: str
    text: str
    notes: tuple[str, ...]

    @property
    def mark(self) -> str:
        return mark_of(self.text, self.notes)


def sentences_of(digest: Digest) -> tuple[Sentence, ...]:
    """All that can be left out, in the order of the digest."""
    findings = [finding for theme in digest.themes for finding in theme.findings]
    findings += [*digest.minority, *digest.apart]
    quotes = [quote for one in digest.unplaced for quote in one.quotes]
    return (
        *(Sentence(one.kind.value, one.text, one.notes) for one in findings),
        *(Sentence(UNPLACED, quote.text, (quote.note,)) for quote in quotes),
    )


def numbers_in(digest: Digest) -> frozenset[str]:
    """The notes that a digest counts."""
    ledger = digest.ledger
    merged = [number for one in ledger.merged for number in one.notes]
    aside = [number for one in ledger.set_aside for number in one.notes]
    return frozenset((*ledger.cited, *ledger.covered, *ledger.unplaced, *merged, *aside))


def rewritable(digest: Digest) -> frozenset[int]:
    """The places in `sentences_of` of what may be written again."""
    themed = sum(len(theme.findings) for theme in digest.themes)
    return frozenset(place for place, one in enumerate(sentences_of(digest)[:themed]) if one.kind in WRITTEN)


PAGE = 10
"""Sentences in one message of a list, each with a button."""
LEAVE_OUT, WRITE_AGAIN = "d", "w"
"""The lists of sentences: of all, and of those that may be written again. A page is called by both, as d0."""
_LIST = re.compile(rf"(?P<which>{LEAVE_OUT}|{WRITE_AGAIN})(?P<page>\d{{1,4}})", re.ASCII)


def listed(digest: Digest, which: str) -> list[int]:
    """The places in `sentences_of` of what a list holds."""
    return list(range(len(sentences_of(digest)))) if which == LEAVE_OUT else sorted(rewritable(digest))


def listed_in(digest: Digest, page: str) -> list[int] | None:
    """The places on a page of a list; None where it is none."""
    match = _LIST.fullmatch(page)
    if match is None:
        return None
    first = int(match["page"]) * PAGE
    return listed(digest, match["which"])[first : first + PAGE]


def places_in(day: DayInput) -> Places:
    titles = {meeting.key: meeting.title for meeting in day.meetings}
    return {
        note.number: (note.meeting, titles.get(note.meeting) if note.meeting else None) for note in day.notes
    }


def edited(digest: Digest, editing: Editing, places: Places) -> Digest:
    """The digest with these decisions; as it is where there are none. Counts are of what was really left out, in all."""
    if editing.is_empty:
        return digest
    shorter = left_out(digest, editing.dropped_marks | _elsewhere(digest, editing), places)
    approval = shorter.approval or Approval(ApprovalState.DRAFT)
    return replace(shorter, approval=replace(approval, again=len(editing.again)))


def _elsewhere(digest: Digest, editing: Editing) -> set[str]:
    """The sentences (marks) in which words would come back that an editor left out: where a sentence is not there any more as
    it was, because its notes were sorted since or merged into another, nothing that rests on those notes is said."""
    there = {one.mark for one in sentences_of(digest)}
    into = {number: one.into for one in digest.ledger.merged for number in one.notes}
    lost = {into.get(note, note) for one in editing.dropped if one.mark not in there for note in one.notes}
    return {one.mark for one in sentences_of(digest) if lost.intersection(one.notes)}


def left_out(digest: Digest, marks: AbstractSet[str], places: Places) -> Digest:
    """Without the sentences that have these marks. The ledger balances as before: classes change, no note is lost."""
    gone = [one for one in sentences_of(digest) if one.mark in marks]
    if not gone:
        return digest
    left = replace(
        digest,
        themes=tuple(_theme(theme, marks) for theme in digest.themes),
        minority=_left(digest.minority, marks),
        apart=_left(digest.apart, marks),
    )
    cited = {note for one in sentences_of(left) if one.kind != UNPLACED for note in one.notes}
    themed = {note for theme in digest.themes for note in theme.notes}
    moved = set(digest.ledger.cited) - cited
    homeless = moved - themed
    unplaced = tuple(_silenced(one, marks) for one in digest.unplaced)
    silenced = {note for one in unplaced for note in one.notes if _is_silent(note, one)} & {
        note for one in gone if one.kind == UNPLACED for note in one.notes
    }
    ledger = replace(
        digest.ledger,
        cited=_sorted(cited),
        covered=_sorted({*digest.ledger.covered, *(moved & themed)}),
        unplaced=_sorted({*digest.ledger.unplaced, *homeless}),
    )
    approval = digest.approval or Approval(ApprovalState.DRAFT)
    approval = replace(
        approval,
        dropped=approval.dropped + len(gone),
        left_out=_sorted({*approval.left_out, *homeless, *silenced}),
    )
    return replace(left, ledger=ledger, unplaced=_under(unplaced, homeless, places), approval=approval)


def _left(findings: Iterable[Finding], marks: AbstractSet[str]) -> tuple[Finding, ...]:
    return tuple(one for one in findings if mark_of(one.text, one.notes) not in marks)


def _silenced(unplaced: Unplaced, marks: AbstractSet[str]) -> Unplaced:
    quotes = tuple(one for one in unplaced.quotes if mark_of(one.text, (one.note,)) not in marks)
    return replace(unplaced, quotes=quotes)


def _is_silent(note: str, unplaced: Unplaced) -> bool:
    return all(quote.note != note for quote in unplaced.quotes)


def _theme(theme: Theme, marks: AbstractSet[str]) -> Theme:
    """A title does not say what was left out: it goes back to the theme's name."""
    findings = _left(theme.findings, marks)
    if len(findings) == len(theme.findings):
        return theme
    gone = [one for one in theme.findings if one not in findings]
    said = {
        note: " ".join(one.text for one in gone if note in one.notes) for one in gone for note in one.notes
    }
    words = {
        quote.note: quote.text
        for quote in theme.title_quotes
        if quote.text.strip(" .") not in said.get(quote.note, "")
    }
    return settled(replace(theme, findings=findings), words)


def _under(unplaced: tuple[Unplaced, ...], numbers: AbstractSet[str], places: Places) -> tuple[Unplaced, ...]:
    """With these notes under their meetings, without words."""
    by_meeting: dict[tuple[str | None, str | None], set[str]] = {}
    for number in numbers:
        by_meeting.setdefault(places.get(number, (None, None)), set()).add(number)
    found = []
    for one in unplaced:
        more = by_meeting.pop((one.meeting, one.meeting_title), set())
        found.append(replace(one, notes=(*one.notes, *_sorted(more))))
    added = sorted(
        by_meeting.items(), key=lambda item: (item[0][0] is None, number_key(min(item[1], key=number_key)))
    )
    return (
        *found,
        *(Unplaced(meeting, title, _sorted(more), ()) for (meeting, title), more in added),
    )


def _sorted(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(numbers), key=number_key))
