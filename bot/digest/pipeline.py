"""One digest from one day: all stages in order, and the proof that nothing was lost."""

from bot.digest.check import check
from bot.digest.count import numbers
from bot.digest.group import group
from bot.digest.ledger import settle, verify
from bot.digest.prepare import prepare
from bot.digest.write import write
from bot.domain.digest import DayInput, Digest, Engine


def make_digest(day: DayInput) -> Digest:
    """The day's digest, written extractively. The same for the same notes in whatever order they come.

    Raises bot.digest.ledger.Unbalanced when a note would be lost or counted twice; such a digest is not sent.
    Ten thousand notes take a few seconds of one processor.
    """
    notes = prepare(day)
    grouped = group(day, notes)
    written, checks = check(write(day, grouped), {note.number: note.words for note in notes})
    ledger, unplaced = settle(day, grouped, written)
    digest = Digest(
        region=day.region,
        day=day.day,
        revision=day.revision,
        engine=Engine(),
        ledger=ledger,
        numbers=numbers(day),
        themes=written.themes,
        minority=written.minority,
        unplaced=unplaced,
        checks=checks,
        apart=written.apart,
    )
    verify(digest, day)
    return digest
