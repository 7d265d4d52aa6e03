"""The account of every note received: each in exactly one class, or the digest is not sent."""

from collections import Counter
from collections.abc import Iterator

from bot.digest.group import Grouped
from bot.digest.numbering import number_key
from bot.digest.write import Written
from bot.domain.digest import DayInput, Digest, Finding, Ledger, Theme, Unplaced


class Unbalanced(Exception):
    """A digest does not account for its notes. A fault of ours, never of a note; nothing is sent."""


def _all_findings(
    themes: tuple[Theme, ...], minority: tuple[Finding, ...], apart: tuple[Finding, ...]
) -> Iterator[Finding]:
    for theme in themes:
        yield from theme.findings
    yield from minority
    yield from apart


def _in_order(numbers: set[str]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=number_key))


def settle(day: DayInput, grouped: Grouped, written: Written) -> tuple[Ledger, tuple[Unplaced, ...]]:
    """The ledger of what is left after the checks, and the unplaced notes: those whose only finding was
    dropped outside a theme are among them, under no meeting."""
    merged = {number for one in grouped.merged for number in one.notes}
    aside = {number for one in grouped.set_aside for number in one.notes}
    cited = {n for f in _all_findings(written.themes, written.minority, written.apart) for n in f.notes}
    covered = {number for theme in written.themes for number in theme.notes} - cited - merged
    placed = {number for one in written.unplaced for number in one.notes}
    lost = {note.number for note in day.notes} - merged - aside - cited - covered - placed
    unplaced = written.unplaced
    if lost:
        unplaced = (*unplaced, Unplaced(None, None, _in_order(lost), ()))
    return (
        Ledger(
            received=len(day.notes) + day.withdrawn,
            cited=_in_order(cited),
            covered=_in_order(covered),
            unplaced=_in_order(placed | lost),
            merged=grouped.merged,
            set_aside=grouped.set_aside,
            withdrawn=day.withdrawn,
        ),
        unplaced,
    )


def _require(condition: bool, what: str) -> None:
    """An assertion that python -O does not remove."""
    if not condition:
        raise Unbalanced(what)


def verify(digest: Digest, day: DayInput) -> None:
    """Raises Unbalanced unless every note of `day` is in exactly one class and the text cites what the ledger says."""
    ledger = digest.ledger
    classes = Counter((*ledger.cited, *ledger.covered, *ledger.unplaced))
    for merged in ledger.merged:
        classes.update(merged.notes)
    for aside in ledger.set_aside:
        classes.update(aside.notes)
    known = {note.number for note in day.notes}
    _require(len(known) == len(day.notes), "two notes have one number")
    _require(not [number for number, times in classes.items() if times > 1], "a note is in two classes")
    _require(not classes.keys() - known, "a note is in the ledger that was not received")
    _require(not known - classes.keys(), "a note is in no class")
    _require(ledger.withdrawn == day.withdrawn, "withdrawn notes are not counted as they were")
    _require(ledger.received == classes.total() + ledger.withdrawn, "received is not the sum")
    standing = set(ledger.cited) | set(ledger.covered) | set(ledger.unplaced)
    _require(
        all(merged.into in standing for merged in ledger.merged),
        "a note is merged into one that does not stand",
    )
    _verify_text(digest, known)


def _verify_text(digest: Digest, known: set[str]) -> None:
    ledger = digest.ledger
    cited = {n for f in _all_findings(digest.themes, digest.minority, digest.apart) for n in f.notes}
    _require(cited == set(ledger.cited), "the text cites other notes than the ledger")
    themed = Counter(number for theme in digest.themes for number in theme.notes)
    _require(all(times == 1 for times in themed.values()), "a note is in two themes")
    _require(set(ledger.covered) <= themed.keys(), "a covered note is in no theme")
    shown = Counter(number for one in digest.unplaced for number in one.notes)
    _require(all(times == 1 for times in shown.values()), "a note is shown as unplaced twice")
    _require(shown.keys() == set(ledger.unplaced), "the unplaced notes are not those of the ledger")
    _require(digest.numbers.notes == len(known), "the notes are not counted as they were received")
