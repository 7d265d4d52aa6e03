"""The schedule: bringing a tour in, moving it, and telling everybody concerned once what changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest import Topic
from bot.domain.errors import Refusal
from bot.domain.ids import MeetingId, Region, TourId, new_code, new_id
from bot.domain.meeting import Meeting, MeetingPlan
from bot.domain.person import Action, Person
from bot.domain.schedule import Comparison, Delay, MeetingGone, compare, delay, next_meeting, of_today
from bot.domain.tour import Tour
from bot.services.change_notices import Altered, tell_changes
from bot.services.reminders import Reminders
from bot.services.unit import Unit
from storage.repositories.audit import AuditEntry


class ScheduleMoved(Refusal):
    """The schedule changed between the preview and its confirmation: look again, then decide."""

    def __init__(self) -> None:
        super().__init__("late.moved_meanwhile")


class DayOfAnotherTour(Refusal):
    """A region's day stands in another tour: its notes and its digest could not be told apart."""

    def __init__(self, region: Region, day: date, tour: str) -> None:
        super().__init__("import.day_of_another_tour", {"region": region, "day": day, "tour": tour})


@dataclass(frozen=True, slots=True)
class Preview:
    """A delay to look at, and the schedule's revision that it was made from."""

    delay: Delay
    revision: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did (or, dry, would do) to the schedule."""

    tour: Tour
    comparison: Comparison
    dry: bool


class Schedule:
    """What stands, what comes next, and how it moves. `zone` says which day it is for people."""

    def __init__(self, zone: ZoneInfo, reminders: Reminders) -> None:
        self._zone = zone
        self._reminders = reminders

    async def bring_in(
        self,
        unit: Unit,
        plans: Sequence[MeetingPlan],
        *,
        tour_name: str,
        topics: Sequence[Topic] | None,
        cancel_missing: bool,
        dry: bool,
        now: datetime,
        actor: Person | None = None,
    ) -> Applied:
        """Compares `plans` with what stands and applies the difference in this transaction.

        `actor` None is the console; somebody else sees in the answer what they changed and is not told again. `topics` None keeps the tour's own. Region-days that are not in the plans are not touched. Raises DayOfAnotherTour.
        """
        known = await unit.tours.named(tour_name)
        tour = known or Tour(id=TourId(new_id()), name=tour_name, topics=tuple(topics or ()))
        if topics is not None:
            tour = replace(tour, topics=tuple(topics))
        by_key = await unit.meetings.by_keys(tour.id, [plan.key for plan in plans])
        days = {(plan.region, plan.day) for plan in plans}
        await _require_free(unit, tour.id, days)
        standing = {m.id: m for m in await unit.meetings.of_days(tour.id, days)}
        standing.update({m.id: m for m in by_key.values()})
        comparison = compare(list(standing.values()), plans, cancel_missing=cancel_missing)
        if dry:
            return Applied(tour, comparison, dry=True)
        if known != tour:
            await unit.tours.keep(tour)
        altered = _altered(tour.id, comparison, list(standing.values()))
        if altered:
            await self._apply(unit, tour, altered, actor=actor, now=now)
        return Applied(tour, comparison, dry=False)

    async def some_tour(self, unit: Unit, name: str, topics: Sequence[Topic]) -> Tour:
        """The first tour there is; notes may come before any schedule, and then one called `name` is begun."""
        tours = await unit.tours.all()
        if tours:
            return tours[0]
        tour = Tour(id=TourId(new_id()), name=name, topics=tuple(topics))
        await unit.tours.keep(tour)
        return tour

    async def regions(self, unit: Unit) -> list[Region]:
        """The regions that are visited, in that order."""
        return await unit.meetings.regions()

    def today(self, now: datetime) -> date:
        """The day that it is for people."""
        return now.astimezone(self._zone).date()

    async def next_for(self, unit: Unit, person: Person, *, now: datetime) -> Meeting | None:
        """The meeting in progress or next to begin in the person's regions."""
        regions = person.regions_for(Action.SEE_SCHEDULE, await unit.meetings.regions())
        return next_meeting(await unit.meetings.ending_after(now, regions, 20), now)

    async def today_for(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """Today's meetings in the person's regions, in order; cancelled ones too."""
        today = self.today(now)
        meetings = await unit.meetings.between(today - timedelta(days=1), today)
        return [m for m in of_today(meetings, now, self._zone) if person.may(Action.SEE_SCHEDULE, m.region)]

    async def delayable(self, unit: Unit, person: Person, *, now: datetime) -> list[Meeting]:
        """Today's meetings that are not over and that the person may move, in order."""
        meetings = await self.today_for(unit, person, now=now)
        return [
            m
            for m in meetings
            if not m.cancelled and now < m.end and person.may(Action.CHANGE_SCHEDULE, m.region)
        ]

    async def seen(self, unit: Unit, person: Person, meeting: MeetingId, action: Action) -> Meeting:
        """A standing meeting for somebody who may do `action` with it. Raises NotAllowed, MeetingGone."""
        found = await unit.meetings.by_id(meeting)
        person.require(action, found.region if found else None)
        if found is None or found.cancelled:
            raise MeetingGone
        return found

    async def preview_delay(
        self, unit: Unit, person: Person, meeting: MeetingId, minutes: int, *, following: bool, now: datetime
    ) -> Preview:
        """What a delay would do. Raises NotAllowed and the refusals of bot.domain.schedule.delay.

        Whoever applies it afterwards must not have been overtaken: the tour is locked until the transaction ends.
        """
        found = await self.seen(unit, person, meeting, Action.CHANGE_SCHEDULE)
        tour = await unit.tours.held(found.tour)
        day = await unit.meetings.of_days(found.tour, [(found.region, found.day)])
        return Preview(delay(day, meeting, minutes, following=following, now=now), tour.revision)

    async def apply_delay(
        self,
        unit: Unit,
        person: Person,
        meeting: MeetingId,
        minutes: int,
        *,
        following: bool,
        revision: int,
        now: datetime,
    ) -> Delay:
        """Does what the preview showed, once. `revision` is the schedule's at the preview.

        Raises ScheduleMoved when it changed since (a second tap included), and what `preview_delay` raises.
        """
        seen = await self.preview_delay(unit, person, meeting, minutes, following=following, now=now)
        if seen.revision != revision:
            raise ScheduleMoved
        decided = seen.delay
        tour = await unit.tours.by_id(decided.moves[0].meeting.tour)
        altered = [Altered(move.meeting, move.meeting.replanned(move.plan)) for move in decided.moves]
        await self._apply(unit, tour, altered, actor=person, now=now)
        return decided

    async def _apply(
        self, unit: Unit, tour: Tour, altered: list[Altered], *, actor: Person | None, now: datetime
    ) -> None:
        """Keeps changed meetings, re-plans what is pending, plans the notices: all in this transaction."""
        tour = replace(tour, revision=tour.revision + 1)
        await unit.tours.keep(tour)
        days = {(m.region, m.day) for one in altered for m in (one.before, one.after) if m is not None}
        await unit.reminders.hold(
            [one.after.id for one in altered], [(tour.id, region, day) for region, day in days]
        )
        for one in altered:
            await unit.meetings.keep(one.after)
            await self._reminders.plan_meeting(unit, one.after, now=now)
        for region, day in sorted(days):
            await self._reminders.plan_briefing(unit, tour.id, region, day, now=now)
        await tell_changes(unit, tour, altered, actor=actor, now=now)
        details = {"meetings": len(altered), "revision": tour.revision}
        entry = AuditEntry(now, actor.id if actor else None, "schedule_changed", tour.id, details)
        await unit.audit.record(entry)


async def _require_free(unit: Unit, tour: TourId, days: Collection[tuple[Region, date]]) -> None:
    """A region's day is one tour's: notes and digests are found by it. What was called off stands in nobody's way."""
    for region, day in sorted(days):
        for meeting in await unit.meetings.of_day(region, day):
            if meeting.tour != tour and not meeting.cancelled:
                raise DayOfAnotherTour(region, day, (await unit.tours.by_id(meeting.tour)).name)


def _altered(tour: TourId, comparison: Comparison, standing: Sequence[Meeting]) -> list[Altered]:
    """What a comparison makes of meetings. Additions to a day that had none are no news to anybody."""
    known_days = {(m.region, m.day) for m in standing if not m.cancelled}
    altered = [
        Altered(
            None,
            Meeting(id=MeetingId(new_id()), tour=tour, code=new_code(), plan=plan),
            worth_telling=(plan.region, plan.day) in known_days,
        )
        for plan in comparison.added
    ]
    altered += [
        Altered(change.meeting, change.meeting.replanned(change.plan)) for change in comparison.changed
    ]
    altered += [Altered(meeting, meeting.called_off()) for meeting in comparison.cancelled]
    return altered
