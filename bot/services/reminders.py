"""Reminders that fell due: rows decide, deliveries carry. Planning them when the schedule moves is here too."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.delivery import DeliveryKind, Draft, Need, briefing_key, reminder_key
from bot.domain.ids import MeetingId, PersonId, Region, TourId
from bot.domain.meeting import Meeting, in_order
from bot.domain.person import Action
from bot.domain.reminder import Reminder, ReminderKind, ReminderState, before_meeting, briefing, decide
from bot.domain.values import Phrase
from bot.services.audience import schedule_listeners
from bot.services.fitting import fitting
from bot.services.places import map_buttons
from bot.services.saying import Planned, Recipient, plan_all
from bot.services.unit import Unit

AT_ONCE = 200
"""Reminders decided in one transaction …"""
MOST_PLANNED = 500
"""… and messages after which no further one is begun: whoever asks something meanwhile waits for its commit."""


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
            if await unit.deliveries.withdraw_unsent([reminder_key(meeting.id, lead, "")], now):
                await unit.reminders.reopen(meeting.id, lead)
            if meeting.cancelled:
                await unit.reminders.cancel(reminder)
            elif now < reminder.pointless:
                await unit.reminders.plan(reminder, now)
            else:
                await unit.reminders.give_up(reminder, now)

    async def plan_briefing(
        self, unit: Unit, tour: TourId, region: Region, day: date, *, now: datetime
    ) -> None:
        """Plans the briefing of a region's day as it stands now."""
        if await unit.deliveries.withdraw_unsent([briefing_key(tour, region, day, PersonId(""))], now):
            await unit.reminders.reopen_briefing(tour, region, day)
        meetings = await unit.meetings.of_days(tour, [(region, day)])
        reminder = briefing(meetings, self._briefing_at, self._zone)
        if reminder is None:
            await unit.reminders.cancel_briefing(tour, region, day)
        elif now < reminder.pointless:
            await unit.reminders.plan(reminder, now)
        else:
            await unit.reminders.give_up(reminder, now)

    async def plan_due(self, unit: Unit, *, now: datetime) -> int:
        """Turns reminders that fell due into deliveries; pointless ones are recorded as missed. How many were decided.

        As many as one transaction should hold: commit and repeat until none was.
        """
        decided = planned = 0
        for reminder in await unit.reminders.due(now, AT_ONCE):
            if planned >= MOST_PLANNED:
                break
            state = decide(reminder, now)
            if not await unit.reminders.decide(reminder, state, now):
                continue
            decided += 1
            if state is ReminderState.PLANNED:
                messages = await self._messages(unit, reminder)
                await plan_all(unit, DeliveryKind.REMINDER, messages, now=now)
                planned += len(messages)
        return decided

    async def _messages(self, unit: Unit, reminder: Reminder) -> list[Planned]:
        match reminder.kind:
            case ReminderKind.BRIEFING:
                return await self._briefings(unit, reminder)
            case ReminderKind.BEFORE_MEETING if reminder.meeting is not None and reminder.lead_minutes:
                return await self._reminders(unit, reminder.meeting, reminder.lead_minutes)
        return []

    async def _reminders(self, unit: Unit, ident: MeetingId, lead: int) -> list[Planned]:
        meeting = await unit.meetings.by_id(ident)
        if meeting is None or meeting.cancelled:
            return []
        listeners = await schedule_listeners(unit, meeting.region)
        draft, private = reminder_draft(meeting), participant_draft(meeting)
        told = {listener.to.chat for listener in listeners}
        return [
            *(Planned(reminder_key(meeting.id, lead, one.ident), one.to, draft) for one in listeners),
            *(
                Planned(reminder_key(meeting.id, lead, one.id), Recipient(one.chat, one.language), private)
                for one in await unit.subscriptions.of_meetings([meeting.id])
                if one.chat not in told
            ),
        ]

    async def _briefings(self, unit: Unit, reminder: Reminder) -> list[Planned]:
        day = await unit.meetings.of_days(reminder.tour, [(reminder.region, reminder.day)])
        meetings = [m for m in day if not m.cancelled]
        if not meetings:
            return []
        draft = briefing_draft(reminder.region, reminder.day, meetings)
        return [
            Planned(
                briefing_key(reminder.tour, reminder.region, reminder.day, PersonId(one.ident)),
                one.to,
                draft,
            )
            for one in await schedule_listeners(unit, reminder.region)
        ]


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
        needs=(Need(Action.SEE_SCHEDULE, meeting.region),),
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
        needs=(Need(Action.SEE_SCHEDULE, region),),
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
