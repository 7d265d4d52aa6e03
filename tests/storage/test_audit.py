"""Acts are appended, read in order, and destroyed when their time is over."""

from datetime import timedelta

from bot.domain.ids import PersonId
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.support.kept import NOON

FIRST = AuditEntry(
    NOON, PersonId("p1"), "schedule_changed", "tour", {"meetings": 2, "dry": False, "why": None}
)
SECOND = AuditEntry(NOON + timedelta(minutes=1), None, "update_parked", "ref", {"failure": "RuntimeError"})


async def test_acts_come_back_in_order_from_a_moment_on(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.audit.record(FIRST)
        await unit.audit.record(SECOND)
        assert await unit.audit.since(NOON) == [FIRST, SECOND]
        assert await unit.audit.since(SECOND.at) == [SECOND]
        assert await unit.audit.since(NOON, "schedule_changed") == [FIRST]
        assert await unit.audit.count_since(NOON, "update_parked") == 1
        assert await unit.audit.count_since(SECOND.at + timedelta(seconds=1), "update_parked") == 0


async def test_what_is_older_than_a_moment_is_destroyed(database: Database) -> None:
    async with database.open_unit() as unit:
        await unit.audit.record(FIRST)
        await unit.audit.record(SECOND)
        await unit.audit.destroy_before(SECOND.at)
        assert await unit.audit.since(NOON) == [SECOND]
