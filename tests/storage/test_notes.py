"""Notes of voices, meetings and region-days; no answer tells in which order they came."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import event, func, select, text

from bot.domain.feedback import Consent, NoteKind, Purpose, Source, Speaker
from bot.domain.ids import NoteId, PersonId, hash_of
from bot.domain.person import Grant, Role
from bot.services.unit import Unit
from storage.database import Database
from storage.models import NoteRevisionRow
from tests.support.kept import GANGWON, JEONBUK, NOON, note, person, tour_with, voice
from tests.support.plans import DAY

TOMORROW = DAY + timedelta(days=1)


async def revisions(unit: Unit) -> int:
    return await unit._session.scalar(select(func.count()).select_from(NoteRevisionRow)) or 0


async def test_a_note_comes_back_as_it_was_kept_and_found_by_its_secret(database: Database) -> None:
    secret = hash_of("a secret")
    async with database.open_unit() as unit:
        await tour_with(unit)
        one = replace(note(await voice(unit), words="“따옴표” & <기호>\n둘째 줄"), secret=secret)
        await unit.notes.keep(one)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await unit.notes.by_secret(secret) == one
        assert await unit.notes.by_secret(hash_of("another")) is None
        assert await unit.notes.of_voice(one.voice) == [one]


async def test_keeping_again_changes_it_and_taking_back_leaves_that_it_was_there(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        one = note(await voice(unit))
        await unit.notes.keep(one)
        changed = one.saying("다른 말").rated(1).on_topic(None)
        await unit.notes.keep(changed)
        assert await unit.notes.of_voice(one.voice) == [changed]
        await unit.notes.keep(changed.taken_back())
        assert await unit.notes.of_voice(one.voice) == [changed.taken_back()]


async def test_a_regions_day_holds_its_notes_and_who_speaks_ordered_by_their_random_ids(
    database: Database,
) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        youth, company = await voice(unit), await voice(unit, Speaker.COMPANY, about=None)
        for one in (
            note(youth, ident="c"),
            note(company, ident="a", about=None),
            note(youth, ident="b").taken_back(),
            note(youth, ident="x", region=GANGWON),
            note(youth, ident="y", day=TOMORROW),
        ):
            await unit.notes.keep(one)
        spoken = await unit.notes.of_day(JEONBUK, DAY)
        assert [(one.note.id, one.speaker, one.name) for one in spoken] == [
            ("a", Speaker.COMPANY, None),
            ("b", Speaker.YOUTH, None),
            ("c", Speaker.YOUTH, None),
        ]


async def test_numbers_are_dealt_and_found_by_region_and_day(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        youth = await voice(unit)
        await unit.notes.keep(note(youth, ident="a", number="jb-1"))
        await unit.notes.keep(note(youth, ident="b"))
        await unit.notes.keep(note(youth, ident="c", region=GANGWON, number="jb-1"))
        assert await unit.notes.numbers_of(JEONBUK, DAY) == {"a": "jb-1", "b": None}
        await unit.notes.deal({NoteId("b"): "전북-2"})
        assert await unit.notes.numbers_of(JEONBUK, DAY) == {"a": "jb-1", "b": "전북-2"}


async def test_numbers_are_dealt_in_one_statement_however_many_they_are(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        youth = await voice(unit)
        one, *_ = kept = [note(youth, ident=f"n{place:02}") for place in range(40)]
        for each in kept:
            await unit.notes.keep(each)
        statements: list[str] = []
        connection = await unit._session.connection()

        def heard(*told: Any) -> None:
            statements.append(told[2])

        event.listen(connection.sync_connection, "before_cursor_execute", heard)
        await unit.notes.deal({each.id: f"전북-{place}" for place, each in enumerate(kept)})
        await unit.notes.deal({})
        assert len(statements) == 1
        event.remove(connection.sync_connection, "before_cursor_execute", heard)
        await unit.notes.keep(replace(one, number="전북-0", words="고친 말입니다."))
        numbers = await unit.notes.numbers_of(JEONBUK, DAY)
        assert numbers == {each.id: f"전북-{place}" for place, each in enumerate(kept)}
        assert [each.number for each in await unit.notes.of_voice(youth)] == [f"전북-{n}" for n in range(40)]


async def test_a_days_notes_are_counted_withdrawn_ones_too(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        youth = await voice(unit)
        await unit.notes.keep(note(youth, ident="a"))
        await unit.notes.keep(note(youth, ident="b").taken_back())
        await unit.notes.keep(note(youth, ident="c", region=GANGWON))
        assert await unit.notes.count_of_day(JEONBUK, DAY) == 2
        assert await unit.notes.count_of_day(JEONBUK, TOMORROW) == 0


async def test_the_days_of_notes_are_found_without_reading_the_notes(sqlite: Database) -> None:
    """It is asked every second."""
    async with sqlite.open_unit(read_only=True) as unit:
        asked: list[str] = []
        connection = await unit._session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
        await unit.notes.days_between(DAY, TOMORROW)
        plan = await unit._session.execute(
            text(f"EXPLAIN QUERY PLAN {asked[0].replace('?', repr(DAY.isoformat()))}")
        )
        steps = " ".join(row.detail for row in plan)
    assert "SEARCH notes USING COVERING INDEX ix_notes_day_region" in steps


async def test_staff_find_their_own_notes_and_nobody_elses(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        known = await person(unit, 41, Grant(Role.STAFF, None))
        mine = note(await voice(unit, Speaker.STAFF, of=known.id), source=Source.STAFF, kind=NoteKind.PROMISE)
        theirs = note(await voice(unit))
        await unit.notes.keep(mine)
        await unit.notes.keep(theirs)
        assert await unit.notes.of_staff(known.id) == [mine]
        assert await unit.notes.of_staff(PersonId("other")) == []
        assert await unit.notes.of_person(known.id, mine.id) == mine
        assert await unit.notes.of_person(known.id, theirs.id) is None


async def test_what_a_staff_note_said_before_is_kept_until_it_is_forgotten(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        one = note(await voice(unit, Speaker.STAFF), source=Source.STAFF)
        await unit.notes.keep(one)
        await unit.notes.record_revision("r1", one.id, "먼저 한 말", NoteKind.OBSERVATION, NOON)
        await unit.notes.record_revision("r2", one.id, "그다음 말", NoteKind.REQUEST, NOON)
        assert await revisions(unit) == 2
        await unit.notes.forget_revisions(one.id)
        assert await revisions(unit) == 0


async def test_old_notes_are_destroyed_with_their_voices_agreements_and_revisions(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        old, both, young = [await voice(unit) for _ in range(3)]
        for one in (old, both, young):
            await unit.voices.agree(Consent(one, Purpose.FEEDBACK, "1", DAY))
        await unit.notes.keep(note(old, ident="o1"))
        await unit.notes.keep(note(old, ident="o2"))
        await unit.notes.keep(note(both, ident="b1"))
        await unit.notes.keep(note(both, ident="b2", day=TOMORROW))
        await unit.notes.keep(note(young, ident="y1", day=TOMORROW))
        await unit.notes.record_revision("r", NoteId("o1"), "먼저 한 말", NoteKind.REMARK, NOON)
        assert await unit.notes.destroy_before(DAY) == 0
        assert await unit.notes.destroy_before(TOMORROW) == 2
        assert await unit.voices.by_id(old) is None
        assert await unit.voices.agreements(old) == {}
        assert await revisions(unit) == 0
        assert [n.id for n in await unit.notes.of_voice(both)] == ["b1", "b2"], "a voice goes as a whole"
        assert await unit.voices.by_id(young) is not None
