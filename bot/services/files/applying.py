"""Bringing in what a file says, in one transaction: everybody concerned is told once, and the act is on record."""

from datetime import datetime

from bot.domain.access_log import Why
from bot.domain.incoming import IncomingFile
from bot.domain.person import Person
from bot.domain.reading import NotesTable
from bot.services.files.weighing import FirstTour, NotesWeighed, Table, TourWeighed, Weighed
from bot.services.notes_import import keep_notes
from bot.services.revisions import before_notes_change
from bot.services.schedule import Schedule
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry


class Applying:
    """`first` is the tour that a file begins when there is none."""

    def __init__(self, schedule: Schedule, first: FirstTour) -> None:
        self._schedule = schedule
        self._first = first

    async def before(self, unit: Unit, table: Table) -> None:
        """What must be held before anything is read in the transaction that applies."""
        if isinstance(table, NotesTable):
            await before_notes_change(unit)

    async def apply(
        self, unit: Unit, file: IncomingFile, weighed: Weighed, person: Person, *, now: datetime
    ) -> None:
        """Does what was weighed in this transaction. What is missing is called off when the person chose that."""
        match weighed:
            case TourWeighed():
                await self._apply_tour(unit, file, weighed, person, now)
                found = weighed.applied.comparison
                gone = weighed.missing.cancelled if file.cancels else ()
                counts = {"added": len(found.added), "changed": len(found.changed), "cancelled": len(gone)}
                refused = len(weighed.refused)
            case NotesWeighed(difference=difference):
                await self._schedule.some_tour(unit, self._first.name, self._first.topics)
                await keep_notes(unit, difference, now=now, actor=person.id)
                counts = {"added": len(difference.added), "changed": len(difference.changed)}
                refused = len(difference.refused)
        kind = None if file.kind is None else file.kind.value
        details: dict[str, str | int | bool | None] = {"kind": kind, **counts, "refused": refused}
        entry = AuditEntry(now, person.id, "file_applied", file.id, details, file.id, Why.IMPORT)
        await unit.audit.record(entry)

    async def _apply_tour(
        self, unit: Unit, file: IncomingFile, weighed: TourWeighed, person: Person, now: datetime
    ) -> None:
        await self._schedule.bring_in(
            unit,
            weighed.plans,
            tour_name=weighed.applied.tour.name,
            topics=weighed.topics,
            cancel_missing=file.cancels and weighed.whole,
            dry=False,
            now=now,
            actor=person,
        )
