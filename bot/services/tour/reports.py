"""A tour's report of what was sent: who may read which of its regions, and the value for them, made on demand."""

from datetime import datetime

from bot.digest.tour.collect import tour_report
from bot.digest.tour.values import Missing, TourReport, WhyMissing
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.ids import Region, TourId
from bot.domain.person import Action, Person
from bot.domain.tour import Tour
from bot.services.digest_days import DigestDays
from bot.services.digests import digest_of
from bot.services.tour.scope import Scope
from bot.services.unit import Unit

WORTH_IT = 2
"""Digests from which on the tour's report is offered: of one it says what that says."""


class NothingYet(Refusal):
    """No digest of the tour was sent that the person may read."""

    def __init__(self) -> None:
        super().__init__("tour.nothing_yet")


class TourReports:
    """`days` knows when a region-day's digest is due."""

    def __init__(self, days: DigestDays) -> None:
        self._days = days

    async def offered(self, unit: Unit, person: Person) -> list[Tour]:
        """The tours whose report has something to add to the digests that the person may read."""
        if not person.may_somewhere(Action.READ_TOUR):
            return []
        found = []
        for tour in await unit.tours.all():
            days = await unit.digests.published_days(tour.id)
            if sum(person.may(Action.READ_TOUR, region) for region, _ in days) >= WORTH_IT:
                found.append(tour)
        return found

    async def scope(self, unit: Unit, person: Person, tour: TourId) -> Scope:
        """What of this tour the person may read. Raises NotAllowed, whether or not there is such a tour."""
        person.require_somewhere(Action.READ_TOUR)
        if person.may(Action.READ_TOUR, None):
            return Scope(tour, None)
        there = dict.fromkeys(region for region, _ in await self._region_days(unit, tour))
        may = tuple(person.regions_for(Action.READ_TOUR, list(there)))
        if not may:
            raise NotAllowed
        return Scope(tour, may)

    async def report(self, unit: Unit, scope: Scope, *, now: datetime, closing: bool = False) -> TourReport:
        """The report as of now. `closing`: it is asked for as the last one; it is by itself when no day is to come.

        A day whose digest has to be issued again, because a note was changed or taken back, is left out until it is,
        and named. Raises NothingYet when there is no such tour.
        """
        tour = next((one for one in await unit.tours.all() if one.id == scope.tour), None)
        if tour is None:
            raise NothingYet
        called = await unit.digests.called_of(tour.id, now)
        stored = {(one.region, one.day): one for one in await unit.digests.published_of(tour.id)}
        planned = await unit.meetings.days_of(tour.id)
        missing, digests = list[Missing](), []
        for region, day in dict.fromkeys((*planned, *stored)):
            one = stored.get((region, day))
            if one is None:
                why = WhyMissing.TO_COME if now < self._days.due_at(day) else WhyMissing.NOT_SENT
                missing.append(Missing(region, day, why))
            elif not one.readable or (region, day) in called:
                missing.append(Missing(region, day, WhyMissing.IN_REVISION))
            else:
                digests.append(digest_of(one))
        may = None if scope.regions is None else frozenset(scope.regions)
        regions = dict.fromkeys(region for region, _ in (*planned, *stored))
        over = not any(one.why is WhyMissing.TO_COME for one in missing)
        return tour_report(
            tour.name,
            (one for one in digests if may is None or one.region in may),
            (one for one in missing if may is None or one.region in may),
            closing=closing or over,
            only=None if may is None or may >= regions.keys() else [one for one in regions if one in may],
        )

    async def regions(self, unit: Unit, scope: Scope) -> tuple[Region, ...]:
        """Those whose words its report may hold."""
        there = dict.fromkeys(region for region, _ in await self._region_days(unit, scope.tour))
        return tuple(one for one in there if scope.regions is None or one in scope.regions)

    async def _region_days(self, unit: Unit, tour: TourId) -> list[tuple[Region, object]]:
        planned, published = await unit.meetings.days_of(tour), await unit.digests.published_days(tour)
        return list(dict.fromkeys((*planned, *published)))
