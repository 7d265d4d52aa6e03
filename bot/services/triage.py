"""Staff sort notes that no topic button placed (주제 미분류): one tap a note, never forced, the first tap counts.

What is kept is the topic and who of staff chose it (storage.repositories.triage). It changes no word of a digest: what went
out is not sent again for it; an interim edition takes it in on the half hour, the evening's digest and any revision too.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.access_log import Why, region_day
from bot.domain.errors import ButtonUnknown, NotAllowed, Refusal
from bot.domain.feedback import Note
from bot.domain.ids import MeetingId, NoteId
from bot.domain.meeting import Meeting
from bot.domain.person import Action, Person
from bot.services.digest_reading import note_opened
from bot.services.digests import Digests, NotAtOnce, RegionDay
from bot.services.revisions import before_notes_change
from bot.services.triage_pile import Pile, Unsorted, pile_of
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry

SORTED, UNSORTED = "note_sorted", "note_unsorted"
_LOOK_BACK = timedelta(days=1)
"""Yesterday's notes may still be sorted: feedback goes on for a day after a meeting."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A region-day that has notes to sort: `meeting` is its first one, `count` how many wait."""

    meeting: Meeting
    count: int


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody sees next. `card` None: they have seen all, and `left` were passed over.

    `last`: the note that they came from, to go back to. `told`: a message's key, what became of their tap.
    """

    pile: Pile
    card: Unsorted | None
    left: int
    last: NoteId | None = None
    told: str | None = None


class Triage:
    """Every method asks anew whether the person may sort notes of the region (NotAllowed)."""

    def __init__(self, zone: ZoneInfo, digests: Digests) -> None:
        self._zone = zone
        self._digests = digests

    async def choices(self, unit: Unit, person: Person, *, now: datetime) -> list[Choice]:
        """The person's region-days of today and yesterday on which notes wait, newest first. Makes what may be shown.

        Raises NotAtOnce when there is none and one is too large to be made while somebody waits.
        """
        person.require_somewhere(Action.SORT_NOTES)
        found, large = list[Choice](), list[NotAtOnce]()
        for first in await self._days(unit, person, now):
            try:
                pile = await self._made(unit, _subject(first), now)
            except NotAtOnce as refusal:
                large.append(refusal)
                continue
            if pile is not None and pile.open:
                found.append(Choice(first, len(pile.open)))
        if large and not found:
            raise large[0]
        return found

    async def waiting(self, unit: Unit, person: Person, subject: RegionDay) -> int:
        """How many notes of a region-day the person may sort now; 0 where they may not."""
        if not person.may(Action.SORT_NOTES, subject.region):
            return 0
        pile = await pile_of(unit, subject)
        return 0 if pile is None else len(pile.open)

    async def begin(self, unit: Unit, person: Person, meeting: MeetingId, *, now: datetime) -> Turn | None:
        """The first card of a meeting's region-day; None: nothing may be shown there. Raises NotAllowed."""
        found = await unit.meetings.by_id(meeting)
        if found is None:
            raise NotAllowed
        person.require(Action.SORT_NOTES, found.region)
        pile = await pile_of(unit, _subject(found))
        return None if pile is None else await self._turn(unit, person, pile, _first(pile), now)

    async def again(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Turn | None:
        """From the first card that is left of the note's day. Raises NotAllowed."""
        _, pile = await self._opened(unit, person, note)
        return None if pile is None else await self._turn(unit, person, pile, _first(pile), now)

    async def skip(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Turn | None:
        """Leaves a note as it is: the next card. Raises NotAllowed."""
        _, pile = await self._opened(unit, person, note)
        return (
            None if pile is None else await self._turn(unit, person, pile, pile.after(note), now, last=note)
        )

    async def sort(
        self, unit: Unit, person: Person, note: NoteId, topic: str, *, now: datetime
    ) -> Turn | None:
        """Sorts a note, and those of the same wording with it: the next card. What somebody else did first stands.

        Raises NotAllowed, ButtonUnknown for a topic that the tour does not have.
        """
        held, pile = await self._opened(unit, person, note)
        if pile is None:
            return None
        if topic not in {one.key for one in pile.topics}:
            raise ButtonUnknown
        told = await self._sort(unit, person, held, topic, pile, now)
        pile = await pile_of(unit, await self._subject_of(unit, held)) or pile
        return await self._turn(unit, person, pile, pile.after(note), now, last=note, told=told)

    async def back(self, unit: Unit, person: Person, note: NoteId, *, now: datetime) -> Turn | None:
        """Back to a note; what the person sorted it under is taken back. Raises NotAllowed."""
        held, pile = await self._opened(unit, person, note)
        if pile is None:
            return None
        card = pile.of(note)
        told = None
        if await unit.triage.undo([note, *(card.same if card else ())], person.id):
            await _record(unit, person, held, UNSORTED, now)
            pile = await pile_of(unit, await self._subject_of(unit, held)) or pile
            told = "triage.undone"
        if card is None or card not in pile.open:  # somebody else's, or not to be shown any more
            return await self._turn(
                unit, person, pile, pile.after(note), now, told=told or "triage.not_yours"
            )
        return await self._turn(unit, person, pile, card, now, told=told)

    async def _sort(
        self, unit: Unit, person: Person, held: Note, topic: str, pile: Pile, now: datetime
    ) -> str:
        card = pile.of(held.id)
        if card is None or held.withdrawn:
            return "triage.moved_on"
        known = pile.sorted.get(held.id)
        if known is not None and card in pile.open:  # under a topic that the tour has not any more
            await unit.triage.destroy([held.id, *card.same])
            known = None
        if known is not None or not await unit.triage.sort(held.id, topic, person.id):
            return "triage.kept" if known is not None and known.by == person.id else "triage.was_sorted"
        for other in card.same:
            await unit.triage.sort(other, topic, person.id)
        await _record(unit, person, held, SORTED, now)
        return "triage.sorted"

    async def _opened(self, unit: Unit, person: Person, note: NoteId) -> tuple[Note, Pile | None]:
        """The note of a button, held, and its pile. A note that is nowhere is refused as one of another region is."""
        person.require_somewhere(Action.SORT_NOTES)
        await before_notes_change(unit)
        held = await unit.triage.held(note)
        if held is None:
            raise NotAllowed
        person.require(Action.SORT_NOTES, held.region)
        return held, await pile_of(unit, await self._subject_of(unit, held))

    async def _subject_of(self, unit: Unit, note: Note) -> RegionDay:
        return await self._digests.subject(unit, note.region, note.day)

    async def _turn(
        self,
        unit: Unit,
        person: Person,
        pile: Pile,
        card: Unsorted | None,
        now: datetime,
        *,
        last: NoteId | None = None,
        told: str | None = None,
    ) -> Turn:
        """What is shown is read: a line in the access log, one an hour (bot.services.digest_reading)."""
        if card is not None:
            await note_opened(unit, person, pile.stored, now=now)
        return Turn(pile, card, len(pile.open), last, told)

    async def _days(self, unit: Unit, person: Person, now: datetime) -> list[Meeting]:
        """The first standing meeting of each region-day."""
        today = now.astimezone(self._zone).date()
        first: dict[RegionDay, Meeting] = {}
        for meeting in await unit.meetings.between(today - _LOOK_BACK, today):
            if not meeting.cancelled and person.may(Action.SORT_NOTES, meeting.region):
                first.setdefault(_subject(meeting), meeting)
        return sorted(first.values(), key=lambda one: (one.day, one.start), reverse=True)

    async def _made(self, unit: Unit, subject: RegionDay, now: datetime) -> Pile | None:
        pile = await pile_of(unit, subject)
        if pile is not None:
            return pile
        with suppress(Refusal):  # too few spoke, or something was taken back
            await self._digests.ready(unit, subject, now=now)
        return await pile_of(unit, subject)


def _subject(meeting: Meeting) -> RegionDay:
    return RegionDay(meeting.tour, meeting.region, meeting.day)


def _first(pile: Pile) -> Unsorted | None:
    return next(iter(pile.open), None)


async def _record(unit: Unit, person: Person, note: Note, action: str, now: datetime) -> None:
    """Who sorted which note, by its number; not under what: a topic says something of words that may be gone by then."""
    details = {"note": note.number}
    whose = region_day(note.region, note.day)
    await unit.audit.record(AuditEntry(now, person.id, action, whose, details, whose, Why.DUTY))
