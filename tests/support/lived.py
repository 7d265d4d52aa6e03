"""A database on which a service has lived until noon: rows of every kind that a backup must carry, and their comparison."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from bot.domain.ids import ChatId, DeliveryId, Region
from bot.domain.person import Grant, Person, Role
from bot.domain.reminder import before_meeting
from bot.domain.request import RequestKind, asked
from bot.services.staff_notes import StaffNotes
from storage.database import Database
from storage.models import Base
from storage.repositories.audit import AuditEntry
from storage.repositories.inbox import Received
from tests.support import kept
from tests.support.chat import ADMIN, MANAGER, STAFF, grant
from tests.support.feedback import DINNER, LUNCH, noted, on_tour, publish
from tests.support.plans import SEOUL, at

NOON = at("12:00")
EARLIER, LATER = NOON - timedelta(minutes=30), NOON + timedelta(hours=5)
GUESTS = [ChatId(7_456_000_001 + 131 * n) for n in range(3)]
ASKER = ChatId(7_456_900_001)
"""Somebody who asked about their data."""
JEONBUK = Region("전북")

Rows = Mapping[str, list[str]]


async def rows_of(database: Database) -> Rows:
    """Every row of every table, as values, in no order that matters."""
    async with database.snapshot() as connection:
        return {
            table.name: sorted([repr(tuple(row)) for row in await connection.execute(select(table))])
            for table in Base.metadata.sorted_tables
        }


async def lived(database: Database) -> Person:
    """A noon in the middle of a tour: people, notes, deliveries in every state. The staff member."""
    await on_tour(database)
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    staff = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        await StaffNotes(SEOUL).write(unit, staff, "가상 메모: 통근버스를 약속하였습니다.", now=NOON)
        await unit.audit.record(AuditEntry(NOON, staff.id, "notes_imported", "가상", {"count": 1}))
        await unit.inbox.receive([Received(800, ChatId(STAFF.id), "{}")], NOON.date(), NOON)
        await unit.inbox.receive([Received(801, GUESTS[0], '{"가상": "말씀"}')], NOON.date(), NOON)
        await unit.facts.put("가상 사실", "값")
        day = NOON.date()
        await unit.requests.keep(
            asked(RequestKind.ACCESS, day, day, chat=ASKER, language="ko", words="가상 요구")
        )
        for meeting in (LUNCH, DINNER):
            for reminder in before_meeting(meeting):
                await unit.reminders.plan(reminder, EARLIER)
        await unit.commit()
    for number, guest in enumerate(GUESTS):
        await noted(database, f"가상 의견 {number}: 월세가 비쌉니다.", guest)
    await publish(database, NOON)
    await _deliveries(database, staff)
    return staff


async def _deliveries(database: Database, staff: Person) -> None:
    """One due earlier and one later; one being sent; one sent; one of unknown fate with its resend to come."""
    async with database.open_unit() as unit:
        for key in ("past", "sending", "sent", "doubtful", "future"):
            due = LATER if key == "future" else EARLIER
            one = kept.delivery(key, chat=STAFF.id, person=staff.id, due=due, planned=EARLIER)
            await unit.deliveries.plan(one)
        await unit.deliveries.plan(kept.delivery("private", chat=GUESTS[0], planned=NOON, private=True))
        await unit.deliveries.claim([DeliveryId(key) for key in ("sending", "sent", "doubtful")], EARLIER)
        await unit.deliveries.sent(DeliveryId("sent"), 77, EARLIER)
        await unit.deliveries.unknown(DeliveryId("doubtful"), EARLIER, NOON + timedelta(minutes=1))
        await unit.commit()


async def states(database: Database) -> dict[str, str]:
    """The deliveries planned here, by key: their state, and `due` when they wait."""
    table = Base.metadata.tables["deliveries"]
    async with database.snapshot() as connection:
        found = (await connection.execute(select(table))).mappings().all()
    return {
        row["dedup"]: f"{row['state'].value}{' due' if row['due_at'] else ''}"
        for row in found
        if not row["dedup"].startswith("gone:")
    }
