"""Wrong states are impossible: the database itself refuses them, whoever writes."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Enum, Table, insert, inspect, update
from sqlalchemy.exc import IntegrityError

from bot.domain.delivery import DeliveryKind, DeliveryState
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import hash_of
from bot.domain.invitation import Invitation
from bot.domain.person import Grant, Role
from bot.domain.reminder import ReminderKind, ReminderState
from bot.services.unit import Unit
from storage.database import Database
from storage.models import Base
from tests.support.kept import NOON, delivery, note, person, tour_with, voice
from tests.support.plans import DAY, at, meeting

TOKEN = hash_of("an invented token")
REMINDER: dict[str, Any] = {
    "subject": "s",
    "kind": ReminderKind.BEFORE_MEETING,
    "tour_id": "tour",
    "region": "전북",
    "day": DAY,
    "meeting_id": "id-a",
    "lead_minutes": 60,
    "due": NOON,
    "pointless": at("13:00"),
    "state": ReminderState.PENDING,
}


@pytest.fixture
async def unit(database: Database) -> AsyncIterator[Unit]:
    """A tour with meeting a, a staff member in chat 41 with a voice, a youth's note, an invitation, a delivery."""
    async with database.open_unit() as opened:
        await tour_with(opened, meeting("a"), meeting("b", "13:00", "14:00"))
        staff = await person(opened, 41, Grant(Role.STAFF, None))
        await voice(opened, Speaker.STAFF, of=staff.id)
        await opened.notes.keep(note(await voice(opened), ident="n", number="1"))
        await opened.invitations.keep(Invitation(TOKEN, Grant(Role.STAFF, None), staff.id, NOON))
        await opened.deliveries.plan(delivery("k"))
        yield opened


def table(name: str) -> Table:
    return Base.metadata.tables[name]


async def refused(unit: Unit, statement: Any, constraint: str) -> None:
    """The statement fails, and for the reason that is meant (SQLite names no unique and foreign keys)."""
    with pytest.raises(IntegrityError) as caught:
        async with unit.savepoint():
            await unit._session.execute(statement)
    said = str(caught.value.orig)
    assert constraint in said or "UNIQUE" in said or "FOREIGN KEY" in said or "NOT NULL" in said, said
    if constraint.startswith("ck_"):
        assert constraint in said, said


WRONG_CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("notes", {"rating": 6}, "ck_notes_rating_in_range"),
    ("notes", {"rating": 0}, "ck_notes_rating_in_range"),
    ("notes", {"withdrawn": True}, "ck_notes_withdrawn_says_nothing"),
    ("notes", {"withdrawn": True, "words": "", "rating": None}, "ck_notes_withdrawn_says_nothing"),
    ("notes", {"kind": NoteKind.PROMISE}, "ck_notes_promises_from_staff"),
    ("notes", {"kind": NoteKind.PROMISE, "source": Source.PAGE}, "ck_notes_promises_from_staff"),
    ("notes", {"meeting_id": "unknown"}, "fk_notes_meeting_id_meetings"),
    ("meetings", {"ends": at("06:00")}, "ck_meetings_ends_after_start"),
    ("invitations", {"claimed_chat": 41}, "ck_invitations_claimed_by_somebody"),
    ("invitations", {"role": Role.PARTICIPANT}, "ck_invitations_participants_need_none"),
    ("deliveries", {"chat_id": None}, "ck_deliveries_open_ones_are_whole"),
    ("deliveries", {"draft": None}, "ck_deliveries_open_ones_are_whole"),
    ("deliveries", {"planned_at": None}, "ck_deliveries_open_ones_are_whole"),
    ("deliveries", {"due_at": None}, "ck_deliveries_planned_ones_fall_due"),
    (
        "deliveries",
        {"state": DeliveryState.SENDING, "due_at": None, "draft": None},
        "ck_deliveries_open_ones_are_whole",
    ),
    ("deliveries", {"state": DeliveryState.UNKNOWN, "draft": None}, "ck_deliveries_open_ones_are_whole"),
    ("deliveries", {"state": DeliveryState.SENT, "due_at": None}, "ck_deliveries_ended_ones_say_nothing"),
    ("deliveries", {"state": DeliveryState.UNKNOWN, "due_at": None}, "ck_deliveries_ended_ones_say_nothing"),
    ("deliveries", {"state": DeliveryState.SENDING}, "ck_deliveries_only_waiting_ones_fall_due"),
    ("grants", {"role": Role.PARTICIPANT}, "ck_grants_participants_hold_none"),
]


async def test_a_change_into_a_wrong_state_is_refused(unit: Unit) -> None:
    for name, values, constraint in WRONG_CHANGES:
        statement = update(table(name)).values(values)
        if name == "meetings":
            statement = statement.where(table(name).c.key == "a")
        await refused(unit, statement, constraint)


WRONG_ROWS: list[tuple[str, dict[str, Any], str]] = [
    (
        "people",
        {
            "id": "p2",
            "chat_id": 41,
            "name": "가상",
            "language": "ko",
            "wants_reminders": False,
            "reachable": True,
        },
        "uq_people_chat_id",
    ),
    ("tours", {"id": "t2", "name": "가상 현장 행보", "topics": [], "revision": 0}, "uq_tours_name"),
    (
        "voices",
        {"id": "v", "meeting_id": "unknown", "speaker": Speaker.YOUTH},
        "fk_voices_meeting_id_meetings",
    ),
    (
        "consents",
        {"voice_id": "unknown", "purpose": "feedback", "version": "1", "day": DAY},
        "fk_consents_voice_id_voices",
    ),
    (
        "subscriptions",
        {"id": "s", "meeting_id": "unknown", "chat_id": 1, "language": "ko"},
        "fk_subscriptions",
    ),
    (
        "digests",
        {
            "id": "d",
            "tour_id": "tour",
            "region": "전북",
            "day": DAY,
            "revision": 0,
            "fingerprint": "",
            "body": {},
        },
        "ck_digests_revision_from_one",
    ),
    ("reminders", {**REMINDER, "meeting_id": None}, "ck_reminders_shape"),
    ("reminders", {**REMINDER, "lead_minutes": None}, "ck_reminders_shape"),
    ("reminders", {**REMINDER, "kind": ReminderKind.BRIEFING}, "ck_reminders_shape"),
    ("reminders", {**REMINDER, "pointless": NOON}, "ck_reminders_useful_for_a_while"),
    ("reminders", {**REMINDER, "meeting_id": "unknown"}, "fk_reminders_meeting_id_meetings"),
]


async def test_a_row_in_a_wrong_state_is_refused(unit: Unit) -> None:
    for name, values, constraint in WRONG_ROWS:
        await refused(unit, insert(table(name)).values(values), constraint)


async def test_a_participants_voice_cannot_be_tied_to_a_person(unit: Unit) -> None:
    known = await unit.people.with_role(Role.STAFF)
    with pytest.raises(IntegrityError, match="only_staff_are_known"):
        await voice(unit, Speaker.YOUTH, of=known[0].id)


async def test_one_staff_member_has_one_voice_a_meeting(unit: Unit) -> None:
    known = await unit.people.with_role(Role.STAFF)
    with pytest.raises(IntegrityError):
        await voice(unit, Speaker.STAFF, of=known[0].id)


async def test_a_number_is_dealt_once_a_region_and_day(unit: Unit) -> None:
    with pytest.raises(IntegrityError):
        await unit.notes.keep(note(await voice(unit), number="1"))


async def test_a_subscription_is_once_a_chat_and_meeting(unit: Unit) -> None:
    row = {"meeting_id": "id-a", "chat_id": 1, "language": "ko"}
    await unit._session.execute(insert(table("subscriptions")).values(id="s1", **row))
    await refused(unit, insert(table("subscriptions")).values(id="s2", **row), "uq_subscriptions_meeting_id")


async def test_staff_may_note_a_promise(unit: Unit) -> None:
    await unit.notes.keep(note(await voice(unit, Speaker.STAFF), source=Source.STAFF, kind=NoteKind.PROMISE))


async def test_every_choice_is_checked_by_the_database_and_holds_the_enums_values(database: Database) -> None:
    def allowed(connection: Connection) -> dict[str, list[set[str]]]:
        inspector = inspect(connection)
        return {
            name: [set(re.findall("'([^']*)'", c["sqltext"])) for c in inspector.get_check_constraints(name)]
            for name in Base.metadata.tables
        }

    async with database._writer.connect() as connection:
        checks = await connection.run_sync(allowed)
    choices = [
        (name, column.name, set(column.type.enums))
        for name, described in Base.metadata.tables.items()
        for column in described.columns
        if isinstance(column.type, Enum)
    ]
    assert len(choices) > 10
    missing = [choice for choice in choices if choice[2] not in checks[choice[0]]]
    assert missing == []


async def test_every_table_of_the_models_is_in_the_migrations_alike(database: Database) -> None:
    """No table, column, index or constraint that only one of them knows."""

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database._writer.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_check_of_the_models_is_in_the_migrations(database: Database) -> None:
    """Alembic does not compare CHECK constraints; their names are compared here."""
    wanted = {
        str(constraint.name)
        for described in Base.metadata.tables.values()
        for constraint in described.constraints
        if isinstance(constraint, CheckConstraint)
    }

    def names(connection: Connection) -> set[str]:
        inspector = inspect(connection)
        return {
            str(check["name"])
            for name in Base.metadata.tables
            for check in inspector.get_check_constraints(name)
        }

    async with database._writer.connect() as connection:
        assert await connection.run_sync(names) == wanted
    assert "ck_deliveries_planned_ones_fall_due" in wanted


async def test_tables_of_anonymous_notes_have_no_hidden_order_on_sqlite(sqlite: Database) -> None:
    """A rowid would tell who wrote before whom."""
    for name in ("voices", "notes", "consents", "subscriptions"):
        async with sqlite._reader.connect() as connection:
            with pytest.raises(Exception, match="no such column: rowid"):
                await connection.exec_driver_sql(f"SELECT rowid FROM {name}")


def test_tables_of_anonymous_notes_hold_no_time() -> None:
    for name in ("voices", "notes", "consents"):
        kinds = {type(column.type).__name__ for column in table(name).columns}
        assert not kinds & {"UtcDateTime", "DateTime"}, name


async def test_a_kind_is_stored_by_its_value(unit: Unit) -> None:
    raw = await unit._session.execute(
        table("deliveries").select().with_only_columns(table("deliveries").c.kind)
    )
    assert raw.scalar_one() is DeliveryKind.REPLY
