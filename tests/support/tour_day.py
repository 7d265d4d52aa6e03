"""A day on tour for tests: plans come in, the clock ticks, messages leave; on a real database, without a messenger.

day = TourDay(database)
await day.brings_in(plan("a", "09:40", "11:00"), now=at("06:00"))
[reminder] = await day.ticks(at("08:40"))
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot.domain.delivery import DeliveryState
from bot.domain.digest import Topic
from bot.domain.ids import ChatId, MeetingId, new_id
from bot.domain.meeting import Meeting, MeetingPlan
from bot.domain.reminder import Reminder, ReminderState
from bot.services.reminders import Reminders
from bot.services.schedule import Applied, Schedule
from storage.database import Database
from storage.models import DeliveryRow
from storage.repositories.subscriptions import Subscription
from tests.support.chat import Said, User, said
from tests.support.plans import SEOUL, at

TOUR = "가상 현장 행보"


class TourDay:
    """Drives schedule and reminders. Everything commits at once, as their callers do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reminders = Reminders(SEOUL, time(20))
        self.schedule = Schedule(SEOUL, self.reminders)

    async def brings_in(
        self,
        *plans: MeetingPlan,
        now: datetime,
        tour: str = TOUR,
        topics: Sequence[Topic] | None = None,
        cancel_missing: bool = False,
        dry: bool = False,
    ) -> Applied:
        """Imports a file with these lines."""
        async with self.database.open_unit() as unit:
            applied = await self.schedule.bring_in(
                unit,
                plans,
                tour_name=tour,
                topics=topics,
                cancel_missing=cancel_missing,
                dry=dry,
                now=now,
            )
            await unit.commit()
        return applied

    async def begins(self, *plans: MeetingPlan) -> None:
        """These plans were brought in the evening before, and whoever is to be briefed has been."""
        evening = at("20:00", day=min(plan.day for plan in plans) - timedelta(days=1))
        await self.brings_in(*plans, now=evening - timedelta(hours=2))
        await self.ticks(evening)
        await self.sends(evening)

    async def ticks(self, now: datetime) -> list[Said]:
        """The clock's edge looks for due reminders; what was planned then."""
        before = await self.last_row()
        async with self.database.open_unit() as unit:
            await self.reminders.plan_due(unit, now=now)
            await unit.commit()
        return await said(self.database, now, after=before)

    async def sends(self, now: datetime, *, to: User | None = None) -> int:
        """The messenger accepts everything that is due (`to`: for one person); how many went."""
        count = 0
        async with self.database.open_unit() as unit:
            while due := [
                one
                for one in await unit.deliveries.due(now, [], 1000)
                if to is None or one.chat == ChatId(to.id)
            ]:
                for ident in await unit.deliveries.claim([one.id for one in due], now):
                    count += 1
                    await unit.deliveries.sent(ident, count, now)
            await unit.commit()
        return count

    async def planned(self, now: datetime) -> list[Said]:
        """What has not left yet."""
        return [
            one for one in await said(self.database, now) if await self.state(one) is DeliveryState.PLANNED
        ]

    async def state(self, of: Said) -> DeliveryState | None:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit._session.scalar(select(DeliveryRow.state).where(DeliveryRow.dedup == of.dedup))

    async def last_row(self) -> int:
        async with self.database.open_unit(read_only=True) as unit:
            newest = select(DeliveryRow.seq).order_by(DeliveryRow.seq.desc()).limit(1)
            return await unit._session.scalar(newest) or 0

    async def meeting(self, key: str, *, tour: str = TOUR) -> Meeting:
        async with self.database.open_unit() as unit:
            known = await unit.tours.named(tour)
            assert known is not None
            return (await unit.meetings.by_keys(known.id, [key]))[key]

    async def reminders_of(self, key: str, *, tour: str = TOUR) -> list[Reminder]:
        """60 minutes before, then 10."""
        meeting = await self.meeting(key, tour=tour)
        async with self.database.open_unit(read_only=True) as unit:
            found = await unit.reminders.of_meeting(meeting.id)
        return sorted(found, key=lambda reminder: -(reminder.lead_minutes or 0))

    async def states_of(self, key: str) -> list[ReminderState]:
        return [reminder.state for reminder in await self.reminders_of(key)]

    async def subscribes(self, user: User, meeting: MeetingId) -> Subscription:
        async with self.database.open_unit() as unit:
            wish = Subscription(id=new_id(), meeting=meeting, chat=ChatId(user.id), language="ko")
            await unit.subscriptions.keep(wish)
            await unit.commit()
        return wish


def chats(messages: Sequence[Said]) -> list[int]:
    """Who is told, in no order that matters; twice told is there twice."""
    return sorted(one.chat for one in messages)
