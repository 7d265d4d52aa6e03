"""Reminders that fell due: rows decide, deliveries carry. Planning them when the schedule moves is here too."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryKind, Draft, briefing_key, reminder_key
from bot.domain.ids import MeetingId, PersonId, Region, TourId
from bot.domain.meeting import Meeting, in_order
from bot.domain.reminder import Reminder, ReminderKind, ReminderState, before_meeting, briefing, decide
from bot.domain.values import Phrase
from bot.services.audience import schedule_listeners
from bot.services.fitting import fitting
from bot.services.places import map_buttons
from bot.services.saying import Recipient, plan
from bot.services.unit import Unit

AT_ONCE = 200
"""Reminders decided in one transaction."""


class Reminders:
    """Plans reminders when the schedule changes, and turns due ones into deliveries.

    `briefing_at` is the local time in `zone` of the evening-before briefing.
    """

    def __init__(self, zone: ZoneInfo, briefing_at: time) -> None:
        self._zone = zone
        self._briefing_at = briefing_at

    async def plan_meeting(self, unit: Unit, meeting: Meeting, *, now: datetime) -> None:
        """Plans what is still useful of a meeting's reminders; what is pending moves along.

        Messages that have not left yet are taken back, so that nobody reads a time that is not true any more; who
        had theirs gets no second one, because keys do not hold a time.
        """
        for reminder in before_meeting(meeting):
            lead = reminder.lead_minutes or 0
            if await unit.deliveries.withdraw_unsent([reminder_key(meeting.id, lead, "")]):
                await unit.reminders.reopen(meeting.id, lead)
            if now < reminder.pointless and not meeting.cancelled:
                await unit.reminders.plan(reminder, now)
            else:
                await unit.reminders.cancel(reminder)

    async def plan_briefing(
        self, unit: Unit, tour: TourId, region: Region, day: date, *, now: datetime
    ) -> None:
        """Plans the briefing of a region's day as it stands now."""
        if await unit.deliveries.withdraw_unsent([briefing_key(tour, region, day, PersonId(""))]):
            await unit.reminders.reopen_briefing(tour, region, day)
        meetings = await unit.meetings.of_days(tour, [(region, day)])
        reminder = briefing(meetings, self._briefing_at, self._zone)
        if reminder is None or now >= reminder.pointless:
            await unit.reminders.cancel_briefing(tour, region, day)
        else:
            await unit.reminders.plan(reminder, now)

    async def plan_due(self, unit: Unit, *, now: datetime) -> int:
        """Turns reminders that fell due into deliveries; pointless ones are recorded as missed. How many were due."""
        due = await unit.reminders.due(now, AT_ONCE)
        for reminder in due:
            state = decide(reminder, now)
            if not await unit.reminders.decide(reminder, state, now):
                continue
            if state is ReminderState.PLANNED:
                await self._tell(unit, reminder, now)
        return len(due)

    async def _tell(self, unit: Unit, reminder: Reminder, now: datetime) -> None:
        match reminder.kind:
            case ReminderKind.BRIEFING:
                await self._brief(unit, reminder, now)
            case ReminderKind.BEFORE_MEETING if reminder.meeting is not None and reminder.lead_minutes:
                await self._remind(unit, reminder.meeting, reminder.lead_minutes, now)

    async def _remind(self, unit: Unit, ident: MeetingId, lead: int, now: datetime) -> None:
        meeting = await unit.meetings.by_id(ident)
        if meeting is None or meeting.cancelled:
            return
        listeners = await schedule_listeners(unit, meeting.region)
        for listener in listeners:
            key = reminder_key(meeting.id, lead, listener.ident)
            await plan(unit, DeliveryKind.REMINDER, key, listener.to, reminder_draft(meeting), now=now)
        told = {listener.to.chat for listener in listeners}
        for subscription in await unit.subscriptions.of_meetings([meeting.id]):
            if subscription.chat in told:
                continue
            key = reminder_key(meeting.id, lead, subscription.id)
            to = Recipient(subscription.chat, subscription.language)
            await plan(unit, DeliveryKind.REMINDER, key, to, participant_draft(meeting), now=now)

    async def _brief(self, unit: Unit, reminder: Reminder, now: datetime) -> None:
        day = await unit.meetings.of_days(reminder.tour, [(reminder.region, reminder.day)])
        meetings = [m for m in day if not m.cancelled]
        if not meetings:
            return
        draft = briefing_draft(reminder.region, reminder.day, meetings)
        for listener in await schedule_listeners(unit, reminder.region):
            key = briefing_key(reminder.tour, reminder.region, reminder.day, PersonId(listener.ident))
            await plan(unit, DeliveryKind.REMINDER, key, listener.to, draft, now=now)


def reminder_draft(meeting: Meeting) -> Draft:
    """What staff and managers read before a meeting. Pointless once it has begun."""
    plan_ = meeting.plan
    buttons = map_buttons(plan_)
    return Draft(
        key="reminder.before",
        values={
            "start": meeting.start,
            "title": meeting.title,
            "venue": plan_.venue,
            "details": details_of(meeting),
        },
        keyboard=(buttons,) if buttons else (),
        expires=meeting.start,
    )


def details_of(meeting: Meeting) -> tuple[Phrase, ...]:
    """The lines of a meeting that not every meeting has: address, host, remarks."""
    plan_ = meeting.plan
    lines = (("address", plan_.address), ("host", plan_.host), ("remarks", plan_.remarks))
    return tuple(Phrase(f"schedule.{name}", {name: text}) for name, text in lines if text)


def participant_draft(meeting: Meeting) -> Draft:
    """What a participant reads who asked to be told. Belongs to their private dialogue."""
    return Draft(
        key="reminder.participant",
        values={"start": meeting.start, "title": meeting.title, "venue": meeting.plan.venue},
        expires=meeting.start,
        private=True,
    )


def briefing_draft(region: Region, day: date, meetings: Sequence[Meeting]) -> Draft:
    """The evening-before briefing of a region's day."""
    standing = in_order([m for m in meetings if not m.cancelled])
    return Draft(
        key="reminder.briefing",
        values={
            "region": region,
            "day": day,
            "count": len(standing),
            "first": standing[0].start,
            "lines": fitting([line_of(meeting) for meeting in standing], "schedule.more"),
        },
        expires=standing[0].start,
    )


def line_of(meeting: Meeting) -> Phrase:
    """A meeting as one entry of a list."""
    key = "schedule.line_cancelled" if meeting.cancelled else "schedule.line"
    return Phrase(
        key,
        {
            "start": meeting.start,
            "end": meeting.end,
            "title": meeting.title,
            "venue": meeting.plan.venue,
        },
    )
