"""What a clock that was ahead planned and put off goes on when it is set back, and nothing is sent before its time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import RESEND_AFTER, DeliveryKind, Draft, digest_key, reminder_key
from bot.domain.feedback import REISSUE_EVERY
from bot.domain.ids import ChatId, DeliveryId, MeetingId, PersonId, Region
from bot.domain.incoming import IncomingFile, IncomingState
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderState, before_meeting
from bot.domain.request import RequestKind, asked, due_day
from bot.gateways.clock import SteppedClock
from bot.services.media_work import LEASE
from bot.services.purge import Purge
from bot.services.reminders import Reminders
from bot.services.saying import Recipient, plan
from storage.database import Database
from storage.models import DeliveryRow
from storage.repositories.inbox import Received
from tests.support.chat import ADMIN, grant
from tests.support.feedback import DINNER, LUNCH, TOUR, on_tour
from tests.support.media_shop import guest_sends
from tests.support.plans import SEOUL, at

NOW = at("12:00")
TODAY = NOW.astimezone(SEOUL).date()
AHEAD = NOW + timedelta(days=1, minutes=7)
"""What the clock said before it was set back."""
TO = Recipient(ChatId(7_300_000_021), "ko")
JEONBUK = Region("전북")


async def set_back(database: Database, now: datetime = NOW) -> None:
    await Purge(SteppedClock(now), SEOUL, 90).run(database.open_unit, database.truncate_log)


async def planned(
    database: Database,
    key: str,
    kind: DeliveryKind,
    when: datetime,
    due: datetime | None = None,
    **draft: object,
) -> None:
    async with database.open_unit() as unit:
        said = Draft("common.sorry", {"reference": "가상"}, **draft)  # type: ignore[arg-type]
        assert await plan(unit, kind, key, TO, said, now=when, due=due)
        await unit.commit()


async def due_times(database: Database) -> Mapping[str, datetime | None]:
    async with database.open_unit(read_only=True) as unit:
        rows = await unit._session.execute(select(DeliveryRow.dedup, DeliveryRow.due_at))
        return {key: due for key, due in rows}  # noqa: C416 (rows are not pairs for the type checker)


@pytest.mark.parametrize(
    "kind", [DeliveryKind.NOTICE, DeliveryKind.CHANGE, DeliveryKind.REPLY, DeliveryKind.EDIT]
)
async def test_what_was_planned_ahead_is_due_now(database: Database, kind: DeliveryKind) -> None:
    await planned(database, "ahead", kind, AHEAD)
    await planned(database, "soon", kind, NOW + timedelta(minutes=20))
    await set_back(database)
    assert await due_times(database) == {"ahead": NOW, "soon": NOW}


async def test_what_was_put_off_ahead_is_due_now_and_a_resend_too(database: Database) -> None:
    await planned(database, "put off", DeliveryKind.REMINDER, NOW - timedelta(minutes=2), AHEAD)
    await planned(database, "resend", DeliveryKind.CHANGE, NOW - timedelta(minutes=2))
    async with database.open_unit() as unit:
        ident = await unit._session.scalar(select(DeliveryRow.id).where(DeliveryRow.dedup == "resend"))
        assert await unit.deliveries.claim([DeliveryId(ident or "")], AHEAD)
        await unit.deliveries.unknown(DeliveryId(ident or ""), AHEAD, AHEAD + RESEND_AFTER)
        await unit.commit()
    await set_back(database)
    assert await due_times(database) == {"put off": NOW, "resend": NOW}
    async with database.open_unit(read_only=True) as unit:
        assert {one.dedup: one.attempts for one in await unit.deliveries.due(NOW, [], 5)} in (
            {"put off": 0},
            {"resend": 1},
        ), "one chat, one at a time"


async def test_what_waits_as_long_as_it_may_goes_on_waiting(database: Database) -> None:
    """An asker's notice goes out on the half hour, a resend after a minute; clocks of processes differ a little."""
    half_past = NOW + REISSUE_EVERY
    await planned(database, "half hour", DeliveryKind.NOTICE, NOW, half_past)
    await planned(database, "other clock", DeliveryKind.NOTICE, NOW + timedelta(seconds=4))
    await set_back(database)
    assert await due_times(database) == {"half hour": half_past, "other clock": NOW + timedelta(seconds=4)}


async def test_a_reminder_and_a_digest_of_a_day_to_come_keep_their_time(database: Database) -> None:
    """The clock that was ahead planned them when it was their time. Yesterday's digest waits for nothing."""
    reminder = reminder_key(MeetingId("m"), 60, "p")
    tonight, yesterday = (
        digest_key(TOUR.id, JEONBUK, day, 1, PersonId("p")) for day in (TODAY, TODAY - timedelta(days=1))
    )
    await planned(database, reminder, DeliveryKind.REMINDER, AHEAD, private=True)
    await planned(database, tonight, DeliveryKind.DIGEST, AHEAD)
    await planned(database, yesterday, DeliveryKind.DIGEST, AHEAD)
    for _ in range(2):
        await set_back(database)
        assert await due_times(database) == {reminder: AHEAD, tonight: AHEAD, yesterday: NOW}
    midnight = NOW + timedelta(hours=13)
    await set_back(database, midnight)
    assert (await due_times(database))[tonight] == midnight, "its day is over"


async def test_nothing_becomes_pointless_later(database: Database) -> None:
    expires = NOW + timedelta(minutes=10)
    await planned(database, "change", DeliveryKind.CHANGE, AHEAD, expires=expires)
    await set_back(database)
    async with database.open_unit(read_only=True) as unit:
        [due] = await unit.deliveries.due(NOW, [], 5)
    assert due.draft.expires == expires


async def test_what_ended_ahead_lives_no_longer_for_it(database: Database) -> None:
    await planned(database, "over", DeliveryKind.NOTICE, NOW)
    async with database.open_unit() as unit:
        [one] = await unit.deliveries.due(NOW, [], 1)
        await unit.deliveries.claim([one.id], AHEAD)
        await unit.deliveries.sent(one.id, 7, AHEAD)
        await unit.commit()
    await set_back(database)
    async with database.open_unit() as unit:
        assert await unit.deliveries.destroy_settled(NOW + timedelta(seconds=1)) == 1


async def test_an_update_and_a_file_that_were_put_off_are_tried_now(database: Database) -> None:
    person = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    async with database.open_unit() as unit:
        await unit.inbox.receive([Received(1, TO.chat, "{}"), Received(2, ChatId(8), "{}")], TODAY, NOW)
        await unit.inbox.retry_later(1, AHEAD, "가상")
        await unit.inbox.retry_later(2, NOW + timedelta(seconds=30), "가상")
        for ident, later in (("ahead", AHEAD), ("resting", NOW + timedelta(minutes=10))):
            file = IncomingFile(
                id=ident,
                person=person.id,
                chat=TO.chat,
                file_id="f",
                name="가상.csv",
                size=1,
                created_at=NOW,
                next_try_at=later,
                state=IncomingState.RECEIVED,
            )
            await unit.incoming.keep(file)
        await unit.commit()
    await set_back(database)
    async with database.open_unit(read_only=True) as unit:
        assert [one.update_id for one in await unit.inbox.next_of_chats(NOW, [], 5)] == [1]
        assert list(await unit.incoming.due(NOW, 5)) == ["ahead"]


async def test_a_voice_that_was_put_off_or_claimed_is_taken_up_now(database: Database) -> None:
    await on_tour(database)
    await guest_sends(database)
    async with database.open_unit() as unit:
        claimed = await unit.media.claim(NOW, AHEAD + LEASE)
        assert claimed is not None
        await unit.commit()
    await set_back(database)
    async with database.open_unit() as unit:
        again = await unit.media.claim(NOW, NOW + LEASE)
        assert again is not None, "the claim is over"
        assert await unit.media.held(claimed) is None, "whoever had it writes nothing"
        await unit.media.put_off(again, AHEAD, orderly=True)
        await unit.commit()
    await set_back(database)
    async with database.open_unit() as unit:
        assert await unit.media.claim(NOW, NOW + LEASE) is not None, "the pause is over"
        await unit.commit()
    await set_back(database)
    async with database.open_unit() as unit:
        assert await unit.media.claim(NOW, NOW + LEASE) is None, "a claim as long as it may be stands"


async def test_a_revision_that_was_called_for_ahead_is_made_now(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        await unit.digests.call_revision(TOUR.id, JEONBUK, TODAY, AHEAD)
        await unit.digests.call_revision(TOUR.id, Region("제주"), TODAY, NOW + REISSUE_EVERY)
        await unit.commit()
    await set_back(database)
    async with database.open_unit(read_only=True) as unit:
        assert [region for _, region, _ in await unit.digests.due_revisions(NOW)] == [JEONBUK]


async def test_a_reminder_that_was_given_up_ahead_is_still_said(database: Database) -> None:
    """A clock that was years ahead for a second must not silence the whole tour."""
    await on_tour(database)
    async with database.open_unit() as unit:
        for reminder in before_meeting(DINNER):
            await unit.reminders.plan(reminder, NOW - timedelta(days=1))
        reminders = Reminders(SEOUL, at("18:00").time())
        while await reminders.plan_due(unit, now=NOW + timedelta(days=400)):
            pass
        missed = await unit.reminders.of_meeting(DINNER.id)
        assert {one.state for one in missed} == {ReminderState.MISSED}
        await unit.commit()
    await set_back(database)
    async with database.open_unit(read_only=True) as unit:
        again = await unit.reminders.of_meeting(DINNER.id)
    assert {one.state for one in again} == {ReminderState.PENDING}


async def test_the_ten_days_of_a_request_run_from_a_day_that_has_come(database: Database) -> None:
    future = TODAY + timedelta(days=400)
    filed = asked(RequestKind.ACCESS, future, future, chat=TO.chat, language="ko")
    old = asked(RequestKind.DELETION, TODAY, future, chat=TO.chat, language="ko")
    async with database.open_unit() as unit:
        await unit.requests.keep(filed)
        await unit.requests.keep(old)
        await unit.commit()
    await set_back(database)
    async with database.open_unit() as unit:
        for ident in (filed.id, old.id):
            request = await unit.requests.by_id(ident)
            assert request is not None
            assert (request.received_on, request.due_on, request.told_on) == (TODAY, due_day(TODAY), TODAY)


async def test_a_clock_that_is_right_changes_nothing(database: Database) -> None:
    await on_tour(database)
    await planned(database, "now", DeliveryKind.NOTICE, NOW)
    async with database.open_unit() as unit:
        for reminder in before_meeting(LUNCH):
            await unit.reminders.plan(reminder, NOW - timedelta(days=1))
        await unit.reminders.give_up(before_meeting(LUNCH)[0], NOW)
        await unit.commit()
    await set_back(database, NOW + timedelta(seconds=1))
    async with database.open_unit(read_only=True) as unit:
        states = [one.state for one in await unit.reminders.of_meeting(LUNCH.id)]
    assert await due_times(database) == {"now": NOW}
    assert ReminderState.MISSED in states
