"""What a file would do, for the person who sent it: read it, keep to their regions, compare it with what stands.

Reading takes up to a second and is done outside of transactions; comparing is done in the one that applies, too.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.ids import Region
from bot.domain.meeting import MeetingPlan
from bot.domain.person import Action, Person
from bot.domain.reading import NotesTable, TableKind, TourTable, kind_of, read_notes, read_tour
from bot.domain.schedule import Comparison
from bot.domain.tables.grid import Source
from bot.domain.tables.sheet import RefusedLine
from bot.domain.tour import Tour
from bot.services.notes_import import Difference, compare_notes
from bot.services.schedule import Applied, Schedule
from bot.services.unit import Unit

MOST_MEETINGS = 500
"""That one file may change: applying so many takes two or three seconds, in which nobody else writes (SQLite)."""

OpenTable = Callable[[bytes], Source]
"""Bytes of any file to the table in it. Raises FileRefused, in words."""


class KindUnknown(Refusal):
    """The columns are neither a schedule's nor those of notes."""

    def __init__(self) -> None:
        super().__init__("files.kind_unknown")


class SeveralTours(Refusal):
    """The region-days of a file belong to more than one tour."""

    def __init__(self) -> None:
        super().__init__("files.several_tours")


class TooManyMeetings(Refusal):
    """More meetings would change than one transaction should hold up everybody's replies for."""

    def __init__(self) -> None:
        super().__init__("files.too_many_meetings", {"limit": MOST_MEETINGS})


@dataclass(frozen=True, slots=True)
class FirstTour:
    """The tour that a file begins when there is none: its name and its topics."""

    name: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class TourWeighed:
    """What a schedule's file would do. `missing` holds what could be called off; empty unless every line was read."""

    applied: Applied
    plans: tuple[MeetingPlan, ...]
    refused: tuple[RefusedLine, ...]
    missing: Comparison
    whole: bool
    topics: tuple[Topic, ...] | None

    @property
    def changes_nothing(self) -> bool:
        return self.applied.comparison.changes_nothing and not self.missing.cancelled

    @property
    def fingerprint(self) -> str:
        tour = self.applied.tour
        known = None if self.topics is not None else (tour.id, tour.revision)
        return _fingerprint(known, tour.name, self.applied.comparison, self.missing, self.refused)


@dataclass(frozen=True, slots=True)
class NotesWeighed:
    """What a file of notes would do."""

    difference: Difference

    @property
    def changes_nothing(self) -> bool:
        return self.difference.report.changes_nothing

    @property
    def fingerprint(self) -> str:
        return _fingerprint(self.difference)


Table = TourTable | NotesTable
Weighed = TourWeighed | NotesWeighed


class Weighing:
    """`first` is what the very first file begins; days and times of files are meant in `zone`."""

    def __init__(self, open_table: OpenTable, schedule: Schedule, zone: ZoneInfo, first: FirstTour) -> None:
        self._open_table = open_table
        self._schedule = schedule
        self._zone = zone
        self.first = first

    def read(self, content: bytes, topics: Sequence[Topic]) -> Table:
        """The lines of a file. Raises FileRefused, KindUnknown. No database; up to a second."""
        source = self._open_table(content)
        match kind_of(source):
            case TableKind.TOUR:
                return read_tour(source, self._zone)
            case TableKind.NOTES:
                return read_notes(source, self._zone, topics)
            case None:
                raise KindUnknown

    async def topics(self, unit: Unit) -> tuple[Topic, ...]:
        """Those that a notes file may name."""
        tours = await unit.tours.all()
        return tours[0].topics if tours else self.first.topics

    async def weigh(self, unit: Unit, table: Table, person: Person, *, now: datetime) -> Weighed:
        """Raises SeveralTours, DayOfAnotherTour, TooManyMeetings."""
        if isinstance(table, TourTable):
            return await self._weigh_tour(unit, table, person, now)
        notes = tuple(n for n in table.notes if person.may(Action.IMPORT_NOTES, n.region))
        others = [n.region for n in table.notes if not person.may(Action.IMPORT_NOTES, n.region)]
        refused = (*table.refused, *_not_yours(others))
        return NotesWeighed(await compare_notes(unit, replace(table, notes=notes, refused=refused)))

    async def _weigh_tour(self, unit: Unit, table: TourTable, person: Person, now: datetime) -> TourWeighed:
        tour = await _tour_of(unit, table.plans)
        name, topics = (tour.name, None) if tour else (self.first.name, self.first.topics)
        where = {} if tour is None else await unit.meetings.by_keys(tour.id, [p.key for p in table.plans])
        plans: list[MeetingPlan] = []
        others: list[Region] = []
        for plan in table.plans:
            standing = where.get(plan.key)
            regions = [plan.region, *([standing.region] if standing else [])]
            closed = [region for region in regions if not person.may(Action.IMPORT_TOUR, region)]
            others += closed[:1]
            plans += [] if closed else [plan]
        both = [
            await self._schedule.bring_in(
                unit, plans, tour_name=name, topics=topics, cancel_missing=cancelling, dry=True, now=now
            )
            for cancelling in (False, True)
        ]
        if _altered(both[1].comparison) > MOST_MEETINGS:
            raise TooManyMeetings
        whole = not table.refused
        missing = Comparison(cancelled=both[1].comparison.cancelled if whole else ())
        refused = (*table.refused, *_not_yours(others))
        return TourWeighed(both[0], tuple(plans), refused, missing, whole, topics)


def _altered(found: Comparison) -> int:
    return len(found.added) + len(found.changed) + len(found.cancelled)


async def _tour_of(unit: Unit, plans: Sequence[MeetingPlan]) -> Tour | None:
    """The tour whose meetings stand on the days of the plans; else the only one there is. None: there is none yet."""
    found = {
        meeting.tour
        for region, day in {(plan.region, plan.day) for plan in plans}
        for meeting in await unit.meetings.of_day(region, day)
        if not meeting.cancelled
    }
    if len(found) > 1:
        raise SeveralTours
    if found:
        return await unit.tours.by_id(found.pop())
    tours = await unit.tours.all()
    return tours[0] if len(tours) == 1 else None


def _not_yours(regions: Iterable[Region]) -> list[RefusedLine]:
    """One word a region, however many lines."""
    return [
        RefusedLine(0, None, "files.region_not_yours", {"region": region, "count": count})
        for region, count in Counter(regions).items()
    ]


def _fingerprint(*parts: object) -> str:
    """Of everything that is shown and done: values whose repr is the same tomorrow."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
