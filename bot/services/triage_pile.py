"""The notes that wait for staff to sort them: what the digest that readers may see shows as 주제 미분류, and nothing else.

Staff read no note that /digest does not show them (decision 23): a card quotes an unplaced note of the day's newest digest,
sent or interim, letter for letter. Where that is being made anew because something changed, there are no cards.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.digest import Quote, Topic
from bot.domain.ids import NoteId
from bot.services.digest_subject import RegionDay, is_withheld
from bot.services.digests import digest_of
from bot.services.unit import Unit
from storage.repositories.digests import StoredDigest
from storage.repositories.triage import Sorted


@dataclass(frozen=True, slots=True)
class Unsorted:
    """A note of the pile. `quotes` are all of its words that the digest shows; `same`: notes of the same wording that were merged into it."""

    number: str
    note: NoteId
    meeting: str | None
    quotes: tuple[Quote, ...]
    same: tuple[NoteId, ...]


@dataclass(frozen=True, slots=True)
class Pile:
    """A region-day's unplaced notes in the digest's order, those that were sorted since among them."""

    stored: StoredDigest
    topics: tuple[Topic, ...]
    notes: tuple[Unsorted, ...]
    sorted: Mapping[NoteId, Sorted]

    @property
    def open(self) -> tuple[Unsorted, ...]:
        """Those that nobody sorted under a topic that the tour still has."""
        keys = {topic.key for topic in self.topics}
        return tuple(
            one
            for one in self.notes
            if one.note not in self.sorted or self.sorted[one.note].topic not in keys
        )

    def of(self, note: NoteId) -> Unsorted | None:
        return next((one for one in self.notes if one.note == note), None)

    def after(self, note: NoteId) -> Unsorted | None:
        """The next open one behind a note; the first where that is not in the pile any more. None: there is none behind it."""
        order = {one.note: place for place, one in enumerate(self.notes)}
        at = order.get(note, -1)
        return next((one for one in self.open if order[one.note] > at), None)


async def pile_of(unit: Unit, subject: RegionDay) -> Pile | None:
    """None: there is nothing that may be shown. Reads only; of ten thousand notes it takes a good part of a second."""
    stored = await _shown(unit, subject)
    if stored is None:
        return None
    digest = digest_of(stored)
    numbers = await unit.notes.numbers_of(subject.region, subject.day)
    ids = {number: note for note, number in numbers.items() if number is not None}
    merged = {one.into: one.notes for one in digest.ledger.merged}
    quotes: dict[str, list[Quote]] = {}
    for quote in (quote for one in digest.unplaced for quote in one.quotes):
        quotes.setdefault(quote.note, []).append(quote)
    notes = [
        Unsorted(
            number,
            ids[number],
            one.meeting_title,
            tuple(quotes.get(number, ())),
            tuple(ids[other] for other in merged.get(number, ()) if other in ids),
        )
        for one in digest.unplaced
        for number in one.notes
        if number in ids
    ]
    return Pile(
        stored,
        (await unit.tours.by_id(subject.tour)).topics,
        tuple(one for one in notes if one.quotes),
        await unit.triage.of_day(subject.region, subject.day),
    )


async def _shown(unit: Unit, subject: RegionDay) -> StoredDigest | None:
    """A digest that went out and is to be revised may quote words that are not so any more."""
    key = (subject.tour, subject.region, subject.day)
    newest = await unit.digests.newest(*key)
    if newest is None or not newest.readable:
        return None
    if is_withheld(newest) and await unit.approvals.of(newest.id) is not None:
        return None  # a draft that awaits its approval is for its approvers
    if newest.published_at is not None and await unit.digests.called(*key) is not None:
        return None
    return newest
