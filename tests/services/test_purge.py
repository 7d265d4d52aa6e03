"""What is destroyed when, on both databases: fifteen minutes, a day, the retention."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind, Draft
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.purge import AT_ONCE, TRIES, Purge
from bot.services.saying import Recipient, plan
from storage.database import Database, LogBusy
from storage.repositories.audit import AuditEntry
from storage.repositories.dialogues import Dialogue
from storage.repositories.inbox import Received
from storage.repositories.subscriptions import Subscription
from tests.support.chat import STAFF, grant
from tests.support.feedback import DINNER, LUNCH, noted, notes_of, on_tour, publish
from tests.support.plans import SEOUL, at

NOON = at("12:00")
GUEST, NAMED = ChatId(7_300_000_001), ChatId(STAFF.id)


async def purge(database: Database, minutes: float, *, retention: bool = False) -> None:
    """A run so many minutes after noon."""
    clock = SteppedClock(NOON + timedelta(minutes=minutes))
    await Purge(clock, SEOUL, 90).run(database.open_unit, database.truncate_log, retention=retention)


async def receives(database: Database, chat: ChatId, update_id: int, *, minutes: float = 0) -> None:
    async with database.open_unit() as unit:
        now = NOON + timedelta(minutes=minutes)
        await unit.inbox.receive([Received(update_id, chat, "{}")], now.date(), now)
        await unit.commit()


async def steps(database: Database, chat: ChatId, *, minutes: float = 0, private: bool = True) -> None:
    async with database.open_unit() as unit:
        row = Dialogue(chat, "feedback.words", {}, private, NOON + timedelta(minutes=minutes))
        await unit.dialogues.keep(row)
        await unit.commit()


async def says(database: Database, chat: ChatId, key: str, *, private: bool = True) -> None:
    async with database.open_unit() as unit:
        draft = Draft("common.sorry", {"reference": key}, private=private)
        await plan(unit, DeliveryKind.REPLY, key, Recipient(chat, "ko"), draft, now=NOON)
        await unit.commit()


async def count(database: Database, what: str) -> int:
    async with database.open_unit(read_only=True) as unit:
        return int((await unit._session.execute(text(f"SELECT count(*) FROM {what}"))).scalar_one())


@pytest.mark.parametrize(("minutes", "left"), [(14.9, 1), (15, 0)])
async def test_a_dialogue_lives_fifteen_minutes_after_its_last_step(
    database: Database, minutes: float, left: int
) -> None:
    await steps(database, GUEST)
    await receives(database, GUEST, 1)
    await says(database, GUEST, "reply:1:0")
    await purge(database, minutes)
    assert await count(database, "dialogues") == left
    assert await count(database, "inbox") == left
    assert await count(database, "deliveries WHERE chat_id IS NOT NULL") == left


async def test_a_step_keeps_what_came_before_it(database: Database) -> None:
    await receives(database, GUEST, 1)
    await says(database, GUEST, "reply:1:0")
    await steps(database, GUEST, minutes=10)
    await purge(database, 20)
    assert await count(database, "deliveries WHERE chat_id IS NOT NULL") == 1
    await purge(database, 25)
    assert await count(database, "deliveries WHERE chat_id IS NOT NULL") == 0


async def test_who_only_said_hello_is_forgotten_too(database: Database) -> None:
    await receives(database, GUEST, 1)
    await says(database, GUEST, "reply:1:0")
    await purge(database, 15)
    assert await count(database, "inbox") == 0
    assert await count(database, "deliveries WHERE chat_id IS NOT NULL") == 0


async def test_settled_parked_or_not_a_guests_updates_go(database: Database) -> None:
    for update_id in (1, 2, 3):
        await receives(database, GUEST, update_id)
    async with database.open_unit() as unit:
        await unit.inbox.settle(1)
        await unit.inbox.park(2, "ValueError")
        await unit.commit()
    await purge(database, 15)
    assert await count(database, "inbox") == 0


async def test_a_named_persons_updates_wait_and_a_parked_one_stays_a_day(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, None))
    for update_id in (1, 2, 3):
        await receives(database, NAMED, update_id)
    async with database.open_unit() as unit:
        await unit.inbox.settle(1)
        await unit.inbox.park(2, "ValueError")
        await unit.commit()
    await purge(database, 15)
    assert await count(database, "inbox") == 2
    await purge(database, 24 * 60)
    assert await count(database, "inbox WHERE state = 'waiting'") == 1
    assert await count(database, "inbox") == 1


async def test_a_named_person_who_took_part_is_treated_like_anybody(database: Database) -> None:
    await grant(database, STAFF, Grant(Role.STAFF, None))
    await steps(database, NAMED)
    await receives(database, NAMED, 1)
    await says(database, NAMED, "reply:1:0")
    await says(database, NAMED, "reply:2:0", private=False)
    await receives(database, NAMED, 3, minutes=10)
    await purge(database, 15)
    assert await count(database, "dialogues") == 0
    assert await count(database, "inbox") == 1
    assert await count(database, "deliveries WHERE chat_id IS NOT NULL") == 1


async def test_an_unsent_answer_ends_expired_and_is_never_sent(database: Database) -> None:
    await says(database, GUEST, "reply:1:0")
    await purge(database, 1)  # the day's retention is behind us
    await purge(database, 15)
    assert await count(database, "deliveries WHERE state = 'expired'") == 1
    async with database.open_unit(read_only=True) as unit:
        assert await unit.deliveries.due(NOON + timedelta(days=1), frozenset(), 10) == []


async def test_more_chats_than_one_transaction_takes_are_all_forgotten(sqlite: Database) -> None:
    async with sqlite.open_unit() as unit:
        guests = [ChatId(GUEST + n) for n in range(AT_ONCE + 20)]
        updates = [Received(n, chat, "{}") for n, chat in enumerate(guests)]
        await unit.inbox.receive(updates, NOON.date(), NOON)
        await unit.commit()
    await purge(sqlite, 15)
    assert await count(sqlite, "inbox") == 0


async def test_a_groups_updates_go_when_they_are_settled(database: Database) -> None:
    group = ChatId(-1_007_300_000_001)
    await receives(database, group, 1)
    await receives(database, group, 2)
    async with database.open_unit() as unit:
        await unit.inbox.settle(1)
        await unit.commit()
    await purge(database, 15)
    assert await count(database, "inbox") == 1


async def test_notes_and_what_hangs_on_them_live_for_the_retention(database: Database) -> None:
    await on_tour(database)
    await noted(database)
    await publish(database, NOON)
    day = 24 * 60
    await purge(database, 90 * day)
    assert len(await notes_of(database)) == 1
    await purge(database, 91 * day)
    assert await notes_of(database) == []
    for table in ("voices", "consents", "digests"):
        assert await count(database, table) == 0
    async with database.open_unit(read_only=True) as unit:
        entry = (await unit.audit.since(NOON, "destroyed"))[-1]
    assert (entry.details["notes"], entry.details["digests"]) == (1, 1)


async def test_small_things_have_their_periods(database: Database) -> None:
    await on_tour(database)
    await receives(database, GUEST, 1)
    async with database.open_unit() as unit:
        await unit.subscriptions.keep(Subscription("over", LUNCH.id, GUEST, "ko"))
        await unit.subscriptions.keep(Subscription("to come", DINNER.id, GUEST, "ko"))
        await unit.audit.record(AuditEntry(NOON - timedelta(days=731), None, "old", "x", {}))
        await unit.audit.record(AuditEntry(NOON - timedelta(days=729), None, "young", "x", {}))
        await unit.commit()
    await purge(database, 120)
    assert await count(database, "subscriptions") == 1
    assert await count(database, "audit WHERE action IN ('young', 'old')") == 1
    assert await count(database, "seen_updates") == 1
    await purge(database, 8 * 24 * 60)
    assert await count(database, "seen_updates") == 0


async def test_retention_runs_once_a_day_and_on_demand(database: Database) -> None:
    await purge(database, 0)
    async with database.open_unit() as unit:
        await unit.audit.record(AuditEntry(NOON - timedelta(days=731), None, "old", "x", {}))
        await unit.commit()
    await purge(database, 120)
    assert await count(database, "audit WHERE action = 'old'") == 1
    await purge(database, 120, retention=True)
    assert await count(database, "audit WHERE action = 'old'") == 0


async def test_who_asked_to_be_told_is_forgotten_once_the_meeting_is_over(database: Database) -> None:
    """As the words at the button say; not only in the next night's retention."""
    await purge(database, 0)
    await on_tour(database)
    async with database.open_unit() as unit:
        await unit.subscriptions.keep(Subscription("over", LUNCH.id, GUEST, "ko"))
        await unit.commit()
    await purge(database, 120)
    assert await count(database, "subscriptions") == 0


async def test_the_log_is_tried_again_while_somebody_reads_and_then_given_up(sqlite: Database) -> None:
    tried: list[bool] = []

    held = TRIES - 1

    async def truncate(*, rewrite: bool = False) -> bool:
        tried.append(rewrite)
        if len(tried) <= held:
            raise LogBusy
        return False

    runner = Purge(SteppedClock(NOON), SEOUL, 90)
    await runner.run(sqlite.open_unit, truncate)
    assert tried == [True, False, False], "the file is written anew once; the log is tried again"
    tried.clear()
    held = TRIES
    with pytest.raises(LogBusy):
        await runner.run(sqlite.open_unit, truncate)


async def test_the_file_is_written_anew_when_something_went_but_not_all_the_time(sqlite: Database) -> None:
    rewritten: list[bool] = []
    clock = SteppedClock(NOON)
    takes, wrote = 0.0, False

    async def truncate(*, rewrite: bool = False) -> bool:
        rewritten.append(rewrite)
        if rewrite:
            clock.advance_to(clock.now() + timedelta(seconds=takes))
        return wrote

    runner = Purge(clock, SEOUL, 90)

    async def after(seconds: float, *, update: int | None = None) -> bool:
        if update is not None:
            await receives(sqlite, GUEST, update, minutes=-20)
        clock.advance_to(clock.now() + timedelta(seconds=seconds))
        await runner.run(sqlite.open_unit, truncate)
        return rewritten[-1]

    assert await after(0), "what an earlier process left behind is not known"
    assert not await after(100), "nothing went"
    assert await after(0, update=1)
    assert not await after(20, update=2)
    takes = 4.0
    assert await after(40)
    assert not await after(190, update=3)
    assert await after(10)
    takes, wrote = 0.0, True
    assert not await after(300), "nothing went that the purge knows of; something was written"
    assert await after(30), "and so it may have gone"


async def test_nothing_about_one_persons_purge_is_written_down(database: Database) -> None:
    """A line at a time would tell when somebody wrote."""
    await purge(database, 0)
    await steps(database, GUEST)
    await purge(database, 15)
    async with database.open_unit(read_only=True) as unit:
        assert await unit.audit.since(NOON - timedelta(days=1)) == []
