"""One digest from one day: all stages in order, and the proof that nothing was lost."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.digest.check import check
from bot.digest.count import numbers, placed_by
from bot.digest.editing import edited, places_in
from bot.digest.group import Grouped, group
from bot.digest.grouping.proposals import NOTHING, Proposals
from bot.digest.ledger import settle, verify
from bot.digest.prepare import Prepared, prepare
from bot.digest.write import Written, write
from bot.domain.digest import DayInput, Digest, Engine, Finding


@dataclass(frozen=True, slots=True)
class Outline:
    """A day up to the words: redacted, grouped, and written extractively. Whoever writes otherwise begins here."""

    day: DayInput
    notes: tuple[Prepared, ...]
    grouped: Grouped
    written: Written
    by_model: frozenset[str] = frozenset()
    """The notes that a language model placed."""


def outline(day: DayInput, proposals: Proposals = NOTHING) -> Outline:
    notes = prepare(day)
    grouped = group(day, notes, proposals)
    return Outline(day, notes, grouped, write(day, grouped), proposals.by_model)


def finish(
    made: Outline,
    written: Written,
    engine: Engine,
    *,
    free: AbstractSet[Finding] = frozenset(),
    dropped: int = 0,
) -> Digest:
    """The digest of what was written. `free`: the findings that need not be quotes themselves; `dropped`: how many
    were given up before. Raises bot.digest.ledger.Unbalanced."""
    day = made.day
    written, checks = check(written, {note.number: note.words for note in made.notes}, free)
    checks = replace(checks, findings=checks.findings + dropped, dropped=checks.dropped + dropped)
    ledger, unplaced = settle(day, made.grouped, written)
    digest = Digest(
        region=day.region,
        day=day.day,
        revision=day.revision,
        engine=engine,
        heard=tuple(note.number for note in made.notes if note.note.heard),
        ledger=ledger,
        numbers=numbers(day),
        themes=written.themes,
        minority=written.minority,
        unplaced=unplaced,
        checks=checks,
        apart=written.apart,
        placed_by=placed_by(day, made.grouped, made.by_model),
    )
    digest = edited(digest, day.editing, places_in(day))
    verify(digest, day)
    return digest


def make_digest(day: DayInput, engine: Engine | None = None, *, proposals: Proposals = NOTHING) -> Digest:
    """The day's digest, written extractively. The same for the same notes in whatever order they come.

    `proposals` (bot.digest.grouping.propose) place notes whose authors chose no topic.

    Raises bot.digest.ledger.Unbalanced when a note would be lost or counted twice; such a digest is not sent.
    Ten thousand notes take a few seconds of one processor.
    """
    made = outline(day, proposals)
    return finish(made, made.written, engine or Engine())
