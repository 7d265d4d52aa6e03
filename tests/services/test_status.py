"""What /status knows: today's troubles, by region where they speak of schedules."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.delivery import DeliveryKind, DeliveryState, Draft
from bot.domain.errors import NotAllowed
from bot.domain.ids import ChatId, Region, TourId
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderState, before_meeting
from bot.domain.request import RequestKind, asked
from bot.domain.tour import Tour
from bot.gateways.clock import SteppedClock
from bot.services.intake_troubles import Trouble, Troubles
from bot.services.saying import Recipient, plan
from bot.services.sending.results import STOPPED
from bot.services.status import AiToday, Report, Status
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.support.chat import ADMIN, MANAGER, STAFF, User, grant
from tests.support.plans import DAY, SEOUL, at, meeting

NOW = at("12:00")
JEONBUK, GANGWON = Region("전북"), Region("강원")
STATUS = Status(SEOUL, 300_000)


async def a_day(database: Database) -> None:
    """A morning meeting whose reminder was missed and one of the afternoon, in each of two regions."""
    async with database.open_unit() as unit:
        await unit.tours.keep(Tour(TourId("tour"), "가상 순회", ()))
        for region in (JEONBUK, GANGWON):
            for key, start, end in (("a", "09:00", "10:00"), ("b", "15:00", "16:00")):
                one = meeting(f"{key}-{region}", start, end, region=region)
                await unit.meetings.keep(one)
                for reminder in before_meeting(one):
                    await unit.reminders.plan(reminder, NOW)
                    if key == "a":
                        await unit.reminders.decide(reminder, ReminderState.MISSED, NOW)
        await unit.commit()


async def report(database: Database, user: User) -> Report:
    async with database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(user.id))
        assert person is not None
        return await STATUS.report(unit, person, now=NOW)


async def test_a_quiet_day_reports_nothing_and_says_what_comes(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    quiet = await report(database, STAFF)
    assert quiet == Report(None, 0, {}, (), None)


async def test_what_a_language_model_took_today_is_told(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        for day in (DAY, DAY - timedelta(days=1)):
            assert await unit.ai_usage.reserve(day, 900, 300_000)
        await unit.ai_usage.settle(DAY, 900, 700, estimated=False)
        assert await unit.ai_usage.reserve(DAY, 50, 300_000)
        await unit.commit()
    assert (await report(database, STAFF)).ai == AiToday(calls=2, tokens=750, tokens_a_day=300_000)


async def test_reminders_are_told_by_region(database: Database) -> None:
    await a_day(database)
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    of_staff, of_admin = await report(database, STAFF), await report(database, ADMIN)
    assert {one.reminder.region for one in of_staff.missed} == {JEONBUK}
    assert {one.reminder.region for one in of_admin.missed} == {JEONBUK, GANGWON}
    assert of_staff.coming is not None
    assert of_staff.coming.reminder.due == at("14:00")
    assert (of_staff.coming.reminder.region, of_staff.coming.title) == (JEONBUK, "간담회 b-전북")


async def test_what_was_given_up_and_lost_today_is_counted_and_yesterdays_is_not(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    yesterday = at("00:00") - timedelta(seconds=1)
    async with database.open_unit() as unit:
        for when in (yesterday, at("00:00"), NOW):
            await unit.audit.record(AuditEntry(when, None, "update_parked", "x", {}))
        await unit.commit()
    await _lose(database, yesterday, DeliveryKind.REMINDER)
    await _lose(database, NOW, DeliveryKind.REMINDER)
    await _lose(database, NOW, DeliveryKind.DIGEST)
    found = await report(database, ADMIN)
    assert found.parked == 2
    assert found.lost == {
        DeliveryKind.REMINDER: {DeliveryState.FAILED: 1, DeliveryState.UNKNOWN: 1},
        DeliveryKind.DIGEST: {DeliveryState.FAILED: 1, DeliveryState.UNKNOWN: 1},
    }


async def _lose(database: Database, when: datetime, kind: DeliveryKind) -> None:
    """Of this kind: one that failed, one never to be known, and one whose resend is still to come."""
    async with database.open_unit() as unit:
        for end in ("failed", "unknown", "resend"):
            key = f"{kind.value}:{end}:{when.isoformat()}"
            await plan(unit, kind, key, Recipient(ChatId(5), "ko"), Draft("settings.always"), now=when)
            [delivery] = [d for d in await unit.deliveries.due(when, [], 10) if d.dedup == key]
            await unit.deliveries.claim([delivery.id], when)
            match end:
                case "failed":
                    await unit.deliveries.failed(delivery.id, "Rejected", when)
                case "unknown":
                    await unit.deliveries.unknown(delivery.id, when, None)
                case _:
                    await unit.deliveries.unknown(delivery.id, when, when + timedelta(days=1))
        await unit.commit()


async def test_what_was_never_sent_because_its_time_was_over_is_counted(database: Database) -> None:
    """A long outage: reminders that nobody could send before their meetings began. What was taken back is no trouble."""
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    over, to = NOW - timedelta(hours=2), Recipient(ChatId(5), "ko")
    drafts = {
        "late": (DeliveryKind.REMINDER, Draft("settings.always", expires=over)),
        "late, too": (DeliveryKind.REMINDER, Draft("settings.always", expires=NOW)),
        "a change": (DeliveryKind.CHANGE, Draft("settings.always", expires=over)),
        "taken back": (DeliveryKind.REMINDER, Draft("settings.always", expires=NOW + timedelta(hours=1))),
        "without a time": (DeliveryKind.REPLY, Draft("settings.always")),
        "a participant's": (DeliveryKind.REMINDER, Draft("settings.always", expires=over, private=True)),
    }
    async with database.open_unit() as unit:
        for number, (key, (kind, draft)) in enumerate(drafts.items()):
            await plan(unit, kind, key, replace(to, chat=ChatId(number)), draft, now=over)
        for delivery in await unit.deliveries.due(NOW, [], 10):
            await unit.deliveries.expired(delivery.id, NOW)
        await unit.commit()
    assert (await report(database, ADMIN)).late == {DeliveryKind.REMINDER: 2, DeliveryKind.CHANGE: 1}


async def test_it_says_since_when_nothing_can_be_sent(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        await unit.facts.put(STOPPED, NOW.isoformat())
        await unit.commit()
    assert (await report(database, STAFF)).stopped_since == NOW
    async with database.open_unit() as unit:
        await unit.facts.put(STOPPED, "")
        await unit.commit()
    assert (await report(database, STAFF)).stopped_since is None


async def test_requests_about_data_are_told_to_those_who_answer_them_only(sqlite: Database) -> None:
    await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    one = asked(RequestKind.ACCESS, NOW.date(), NOW.date(), chat=None, language="ko")
    async with sqlite.open_unit() as unit:
        await unit.requests.keep(one)
        await unit.commit()
    assert (await report(sqlite, STAFF)).requests == ()
    assert (await report(sqlite, ADMIN)).requests == (one.due_on,)


async def test_managers_are_not_told(database: Database) -> None:
    manager = await grant(database, MANAGER, Grant(Role.MANAGER, None))
    for person in (manager, replace(manager, grants=frozenset())):
        async with database.open_unit(read_only=True) as unit:
            with pytest.raises(NotAllowed):
                await STATUS.report(unit, person, now=NOW)


async def test_it_says_what_keeps_messages_from_coming_in(sqlite: Database) -> None:
    await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    troubles = Troubles(sqlite.open_unit, SteppedClock(NOW), lambda _: None)
    await troubles.noticed(Trouble.WEBHOOK_TAKEN)
    assert (await report(sqlite, STAFF)).intake == {Trouble.WEBHOOK_TAKEN: NOW}
    await troubles.over(Trouble.WEBHOOK_TAKEN)
    assert (await report(sqlite, STAFF)).intake == {}
