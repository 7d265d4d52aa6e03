"""What a restored database does with what was planned, and what it keeps ended, on both databases."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta

import pytest

from bot.domain.ids import NoteId
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderKind, ReminderState
from bot.gateways.clock import SteppedClock
from bot.services.carried import Ended, Held, ended_since, hold_to
from bot.services.inbox import InboxService
from bot.services.people import People
from bot.services.ports import RawUpdate
from bot.services.purge import Purge
from bot.services.reminders import Reminders
from bot.services.restored import RESTORED, TAKEN, cut_ties, knows_of, settle_returned
from storage.database import Database
from storage.models import ReminderRow
from storage.repositories.audit import AuditEntry
from tests.support.chat import MANAGER, STAFF, grant
from tests.support.feedback import LUNCH, notes_of, on_tour, revision_due
from tests.support.lived import EARLIER, GUESTS, JEONBUK, NOON, lived, rows_of, states
from tests.support.plans import SEOUL

AFTER = NOON + timedelta(hours=2)


async def test_what_fell_due_is_closed_and_what_is_to_come_waits(database: Database) -> None:
    await lived(database)
    async with database.open_unit() as unit:
        returned = await settle_returned(unit, now=AFTER)
        await unit.commit()
    assert await states(database) == {
        "past": "expired",
        "private": "expired",
        "sending": "unknown",
        "doubtful": "unknown",
        "sent": "sent",
        "future": "planned due",
    }
    assert (returned.expired, returned.unknown, returned.waiting) == (2, 2, 1)
    assert [(one.meeting, one.lead_minutes) for one in returned.missed] == [(LUNCH.id, 60), (LUNCH.id, 10)]
    async with database.open_unit(read_only=True) as unit:
        assert await unit.reminders.due(AFTER, 10) == []
        assert await unit.deliveries.left_sending() == []
        assert not await unit.deliveries.resends_wait()
        [act] = await unit.audit.since(AFTER, RESTORED)
    counts = {"expired": 2, "unknown": 2, "missed": 2}
    assert act.details == {**counts, "carried": True, "held": 0}


async def test_settling_twice_changes_nothing_more(database: Database) -> None:
    await lived(database)
    async with database.open_unit() as unit:
        await settle_returned(unit, now=AFTER)
        again = await settle_returned(unit, now=AFTER)
        await unit.commit()
    assert (again.expired, again.unknown, again.waiting, again.missed) == (0, 0, 1, [])


async def test_an_update_that_came_before_the_backup_is_not_taken_a_second_time(database: Database) -> None:
    await lived(database)
    async with database.open_unit() as unit:
        await settle_returned(unit, now=AFTER)
        await unit.commit()
    inbox = InboxService(database.open_unit, SteppedClock(AFTER), lambda _event: None)
    assert await inbox.receive([RawUpdate(801, "{}"), RawUpdate(800, "{}")]) == 0


async def test_no_tie_between_chats_and_notes_is_left_in_a_copy(database: Database) -> None:
    await lived(database)
    purge = Purge(SteppedClock(NOON), SEOUL, 90)
    await cut_ties(database.open_unit, purge, now=NOON)
    rows = await rows_of(database)
    assert rows["dialogues"] == []
    assert not [row for table in rows.values() for row in table for chat in GUESTS if str(chat) in row]
    assert len(rows["inbox"]) == 1, "what staff sent waits on"
    assert len(rows["seen_updates"]) == 2
    assert len(await notes_of(database)) == 4


async def test_what_was_ended_since_stays_ended(database: Database) -> None:
    staff = await lived(database)
    manager = await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK), Grant(Role.STAFF, JEONBUK))
    [first, *_] = [one.note for one in await notes_of(database) if one.name is None]
    ended = Ended(
        frozenset({first.id, NoteId("nobody knows")}),
        {staff.id: frozenset(), manager.id: frozenset({Grant(Role.MANAGER, JEONBUK)})},
    )
    async with database.open_unit() as unit:
        held = await hold_to(unit, ended, now=AFTER)
        again = await hold_to(unit, ended, now=AFTER)
        await unit.commit()
    assert (held, again) == (Held(1, 2), Held(0, 0))
    async with database.open_unit(read_only=True) as unit:
        assert await unit.people.by_id(staff.id) is None
        left = await unit.people.by_id(manager.id)
        note = await unit.notes.by_id(first.id)
    assert left is not None
    assert left.grants == {Grant(Role.MANAGER, JEONBUK)}
    assert note is not None
    assert note.withdrawn
    assert note.words == ""
    assert await revision_due(database) == AFTER, "the digest that was published is issued again"
    assert "future" not in await states(database), "nothing more is sent to somebody who left"


async def test_what_stands_tells_what_was_ended_and_only_since_then(database: Database) -> None:
    staff = await lived(database)
    async with database.open_unit() as unit:
        await People().revoke(unit, None, staff.id, now=NOON)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        told, later = await ended_since(unit, EARLIER), await ended_since(unit, AFTER)
    assert (told.notes, told.roles) == (frozenset(), {staff.id: frozenset()})
    assert (later.notes, later.roles) == (frozenset(), {})


async def test_somebody_who_left_and_came_back_keeps_what_they_hold_now(database: Database) -> None:
    staff = await lived(database)
    async with database.open_unit() as unit:
        await People().revoke(unit, None, staff.id, now=NOON)
        await unit.commit()
    await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit(read_only=True) as unit:
        known = await ended_since(unit, EARLIER)
    assert known.roles == {staff.id: frozenset()}, "the new person is another one on file"


@pytest.mark.parametrize(
    ("at", "details", "known"),
    [
        (NOON, {"rows": 1, "stamp": NOON.isoformat()}, True),
        (NOON, {"rows": 1, "stamp": (NOON + timedelta(seconds=1)).isoformat()}, False),
        (NOON, {"rows": 1}, True),
        (NOON - timedelta(milliseconds=9), {"rows": 1}, True),
        (NOON - timedelta(seconds=6), {"rows": 1}, False),
        (NOON + timedelta(milliseconds=9), {"rows": 1}, False),
    ],
)
async def test_a_backup_is_known_by_its_stamp_or_as_older_programs_wrote_it(
    sqlite: Database, at: datetime, details: Mapping[str, str | int], known: bool
) -> None:
    async with sqlite.open_unit() as unit:
        await unit.audit.record(AuditEntry(at, None, TAKEN, "backup", details))
        assert await knows_of(unit, NOON) is known


@pytest.mark.parametrize(
    ("held", "carried", "known"), [(0, False, False), (0, True, True), (1, False, True), (2, False, True)]
)
async def test_a_backup_is_not_gone_on_from_when_an_earlier_one_came_back_without_what_followed(
    sqlite: Database, held: int, carried: bool, known: bool
) -> None:
    """`held`: 0, the backup that came back was taken before this one; 1 and 2, it knew of this one itself."""
    async with sqlite.open_unit() as unit:
        await unit.audit.record(AuditEntry(NOON, None, TAKEN, "backup", {"stamp": NOON.isoformat()}))
        await unit.commit()
    async with sqlite.open_unit() as unit:
        await settle_returned(unit, now=AFTER, carried=carried, held=held)
        await unit.commit()
    async with sqlite.open_unit(read_only=True) as unit:
        assert await knows_of(unit, NOON) is known


async def test_a_made_up_reminder_holds_up_neither_a_restore_nor_the_clock(database: Database) -> None:
    """Its subject is none of ours: no decision about it finds its row."""
    await on_tour(database)
    past, to_come = AFTER - timedelta(minutes=5), AFTER + timedelta(hours=1)
    async with database.open_unit() as unit:
        for subject, due in (("가상 past", past), ("가상 to come", to_come)):
            unit._session.add(
                ReminderRow(
                    subject=subject,
                    kind=ReminderKind.BEFORE_MEETING,
                    tour_id=LUNCH.tour,
                    meeting_id=LUNCH.id,
                    lead_minutes=60,
                    region=LUNCH.region,
                    day=LUNCH.day,
                    due=due,
                    pointless=due + timedelta(minutes=50),
                    state=ReminderState.PENDING,
                )
            )
        await unit.commit()
    async with asyncio.timeout(20), database.open_unit() as unit:
        assert len((await settle_returned(unit, now=AFTER)).missed) == 1
        while await Reminders(SEOUL, time(18)).plan_due(unit, now=to_come):
            pass
        await unit.commit()
