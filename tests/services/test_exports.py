"""What can be taken away as a table: notes without personal data, and the audit; the taking is audited too."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.access_log import BEGINNING, Why
from bot.domain.feedback import Speaker
from bot.domain.ids import PersonId, Region
from bot.services.exports import AUDIT_HEAD, CONSOLE, NOTES_HEAD, Exports, NothingToExport, Table
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.support.kept import GANGWON, JEONBUK, NOON, note, person, tour_with, voice
from tests.support.plans import DAY, meeting

SEOUL = ZoneInfo("Asia/Seoul")
exports = Exports(SEOUL)


def column(table: Table, name: str) -> list[object]:
    place = table.head.index(name)
    return [row[place] for row in table.rows]


async def notes_of(
    database: Database, *, region: Region | None = None, day: date | None = None, raw: bool = False
) -> Table:
    async with database.open_unit() as unit:
        table = await exports.notes(unit, region=region, day=day, raw=raw)
        await exports.record(unit, table, region=region, day=day, raw=raw, now=NOON)
        await unit.commit()
    return table


@pytest.fixture
async def kept(database: Database) -> Database:
    """Two regions, three notes; one is withdrawn, one has personal data in it."""
    async with database.open_unit() as unit:
        await tour_with(unit, meeting("a"), meeting("b", region=GANGWON))
        await person(unit, 41, name="김가상")
        young = await voice(unit)
        await unit.notes.keep(
            note(young, number="전북-2", words="김가상 010-0000-0000으로 연락 주세요. 버스가 적습니다.")
        )
        await unit.notes.keep(
            note(young, number="전북-10", words="임금이 낮습니다.", topic=None, rating=None)
        )
        company = await voice(unit, Speaker.COMPANY, about="id-b")
        gone = note(company, region=GANGWON, about="id-b").taken_back()
        await unit.notes.keep(replace(gone, number=None))
        await unit.commit()
    return database


async def test_notes_come_in_the_order_of_their_numbers_without_personal_data(kept: Database) -> None:
    table = await notes_of(kept, region=JEONBUK)
    assert table.head == NOTES_HEAD
    assert column(table, "note_id") == ["전북-2", "전북-10"]
    assert column(table, "date") == [DAY.isoformat()] * 2
    assert column(table, "topic") == ["일자리·임금", ""]
    assert column(table, "rating") == [4, None]
    first = str(column(table, "text")[0])
    assert "010-0000-0000" not in first
    assert "김가상" not in first
    assert "버스가 적습니다." in first


async def test_raw_words_are_given_only_when_asked_for_and_that_is_on_record(kept: Database) -> None:
    table = await notes_of(kept, region=JEONBUK, raw=True)
    assert "010-0000-0000" in str(column(table, "text")[0])
    async with kept.open_unit(read_only=True) as unit:
        entries = await unit.audit.since(NOON - timedelta(days=1), "notes_exported")
    assert [(one.subject, one.details["raw"], one.details["rows"]) for one in entries] == [("전북", True, 2)]


async def test_withdrawn_notes_are_there_and_say_nothing(kept: Database) -> None:
    table = await notes_of(kept, region=GANGWON, day=DAY)
    assert column(table, "withdrawn") == ["yes"]
    assert column(table, "text") == [""]
    assert column(table, "meeting_key") == ["b"]


async def test_everything_is_exported_when_nothing_is_said(kept: Database) -> None:
    assert len((await notes_of(kept)).rows) == 3


async def test_nothing_there_is_said_and_leaves_no_record(kept: Database) -> None:
    with pytest.raises(NothingToExport):
        await notes_of(kept, region=Region("제주"))
    with pytest.raises(NothingToExport):
        await notes_of(kept, day=DAY + timedelta(days=1))
    async with kept.open_unit(read_only=True) as unit:
        assert await unit.audit.since(NOON - timedelta(days=1), "notes_exported") == []


async def test_the_audit_is_given_by_local_day(database: Database) -> None:
    late = NOON.replace(hour=15, minute=30)  # half past midnight in Seoul
    async with database.open_unit() as unit:
        await unit.audit.record(
            AuditEntry(NOON, None, "digest_read", "전북", {"form": "json", "revision": 1})
        )
        reader = PersonId("reader".ljust(22, "r"))
        entry = AuditEntry(late, reader, "digest_opened", "d", {}, "강원 2026-01-23", Why.DUTY)
        await unit.audit.record(entry)
        await unit.commit()
    async with database.open_unit() as unit:
        table = await exports.audit(unit, day=NOON.astimezone(SEOUL).date())
        await exports.record(unit, table, day=NOON.astimezone(SEOUL).date(), now=late)
        await unit.commit()
        both = await exports.audit(unit, day=None)
    assert table.head == both.head == AUDIT_HEAD
    ((*told, previous, seal),) = table.rows
    assert told == [1, told[1], CONSOLE, "digest_read", "전북", "", "", "form=json revision=1"]
    assert str(told[1]).endswith("+09:00")
    assert [row[2:8] for row in both.rows[1:]] == [
        (reader, "digest_opened", "d", "강원 2026-01-23", "duty", ""),
        (CONSOLE, "audit_exported", "all", DAY.isoformat(), "export", "day=2026-01-22 raw=False rows=1"),
    ]  # the first taking is on record as well
    assert previous == BEGINNING.seal
    assert both.rows[1][8] == seal == both.rows[0][9]
