"""One note of somebody else is taken out for a person whom it names: as its author would, on record, shown to nobody."""

import asyncio
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.access_log import Why
from bot.domain.errors import Refusal
from bot.domain.feedback import AlreadyWithdrawn, NoteKind, Source, Speaker
from bot.domain.ids import NoteId
from bot.domain.request import Answer, Request, RequestClosed, RequestKind
from bot.services.note_keeping import change_note
from bot.services.purge import Purge
from bot.services.requests.answering import Answering, RequestUnknown
from bot.services.requests.taking_out import (
    TAKEN_OUT,
    Cited,
    NoSuchNote,
    NotAskedFor,
    TakenOutAlready,
    take_out,
)
from bot.services.revisions import before_notes_change, note_changed
from storage.database import Database
from storage.repositories.audit import AuditEntry
from tests.services.test_purge_bytes import occurrences
from tests.support import kept
from tests.support.chat import MANAGER, STAFF
from tests.support.feedback import LUNCH, notes_of, revision_due
from tests.support.kept import JEONBUK
from tests.support.locks import waits_or_is_done
from tests.support.plans import DAY, SEOUL, at
from tests.support.report_day import EVENING, ReportDay, manager, report_day

NAMING = "가상인물canary 과장이 통근버스를 약속했습니다."
OFFICE = Answering(SEOUL)
LATER = at("21:10")


async def asked(day: ReportDay, kind: RequestKind = RequestKind.DELETION) -> Request:
    async with day.database.open_unit() as unit:
        request = await OFFICE.write_down(unit, kind, DAY, "", now=day.clock.now())
        await unit.commit()
    return request


async def cited(day: ReportDay, note: str) -> Cited:
    return Cited(JEONBUK, DAY, (await day.numbers())[note] or "")


async def takes_out(day: ReportDay, code: str, note: Cited) -> None:
    async with day.database.open_unit() as unit:
        await take_out(unit, code, note, now=day.clock.now())
        await unit.commit()


async def acts(database: Database) -> list[AuditEntry]:
    async with database.open_unit(read_only=True) as unit:
        return list(await unit.audit.since(at("00:00"), TAKEN_OUT))


async def published(database: Database) -> tuple[ReportDay, Cited]:
    """A digest that went out with the note in it, and others beside it."""
    day = await report_day(database)
    await manager(database, MANAGER)
    note = await day.says(NAMING)
    for place in range(6):
        await day.says(f"통근버스가 {place}번 늦었습니다.")
    assert await day.publishes(EVENING) == 1
    await day.arrives()
    assert "canary" in await day.bodies()
    day.clock.jump_to(LATER)
    return day, await cited(day, note)


async def test_it_is_withdrawn_as_its_author_would_and_the_digest_is_issued_again(database: Database) -> None:
    day, note = await published(database)
    request = await asked(day)
    await takes_out(day, request.number.lower(), note)
    [gone] = [one.note for one in await notes_of(database) if one.note.withdrawn]
    assert (gone.number, gone.words, gone.rating, gone.topic) == (note.number, "", None, None)
    assert await revision_due(database) == LATER, "at once, as for a withdrawal"
    assert await day.publishes(LATER) == 1
    assert [row.revision for row in await day.revisions()] == [1, 2]
    assert "canary" not in await day.bodies()
    assert len(await day.sent()) == 2


async def test_it_is_on_record_with_the_request_which_goes_on_waiting(database: Database) -> None:
    day, note = await published(database)
    request = await asked(day)
    await takes_out(day, request.number, note)
    assert await acts(database) == [
        AuditEntry(LATER, None, TAKEN_OUT, request.number, {}, f"전북 {DAY}", Why.RIGHTS)
    ]
    async with database.open_unit(read_only=True) as unit:
        assert list(await unit.requests.waiting()) == [request]
        assert await unit.deliveries.arrived_of(f"notice:request:{request.id}:answer:") == {}


async def test_the_name_goes_with_the_last_note_and_so_does_what_staff_said_before(
    database: Database,
) -> None:
    day = await report_day(database)
    async with database.open_unit() as unit:
        await before_notes_change(unit)
        person = await kept.person(unit, STAFF.id)
        voice = await kept.voice(unit, Speaker.STAFF, of=person.id, about=LUNCH.id)
        known = await unit.voices.by_id(voice)
        assert known is not None
        await unit.voices.keep(known.named("가상이름"))
        note = kept.note(voice, about=LUNCH.id, source=Source.STAFF, number="전북-417")
        await unit.notes.keep(note)
        await unit.notes.record_revision("revision", note.id, NAMING, NoteKind.REMARK, day.clock.now())
        await note_changed(unit, note, now=day.clock.now())
        await unit.commit()
    request = await asked(day, RequestKind.SUSPENSION)
    apart = Cited.typed(unicodedata.normalize("NFD", "전북"), DAY, unicodedata.normalize("NFD", " 전북-417 "))
    await takes_out(day, request.number, apart)
    async with database.open_unit(read_only=True) as unit:
        after = await unit.voices.by_id(voice)
        assert after is not None
        assert after.name is None
        assert await unit.voices.of_staff(person.id, LUNCH.id) == after, "still its author's"
        rows = (await unit._session.connection()).exec_driver_sql("SELECT count(*) FROM note_revisions")
        assert (await rows).scalar() == 0


@pytest.mark.parametrize("kind", [RequestKind.ACCESS, RequestKind.CORRECTION])
async def test_a_request_of_another_kind_takes_nothing_out(database: Database, kind: RequestKind) -> None:
    day, note = await published(database)
    await _refused(day, (await asked(day, kind)).number, note, NotAskedFor)


async def test_a_request_that_is_closed_or_unknown_takes_nothing_out(database: Database) -> None:
    day, note = await published(database)
    request = await asked(day)
    async with database.open_unit() as unit:
        await OFFICE.answer(unit, None, request.id, Answer.DONE, "", now=LATER)
        await unit.commit()
    await _refused(day, request.number, note, RequestClosed)
    await _refused(day, "ZZZZZZZ", note, RequestUnknown)


async def test_a_number_of_another_day_or_region_is_not_there(database: Database) -> None:
    day, note = await published(database)
    code = (await asked(day)).number
    for other in (
        replace(note, day=DAY + timedelta(days=1)),
        replace(note, region=kept.GANGWON),
        replace(note, number=f"{note.number}0"),
    ):
        await _refused(day, code, other, NoSuchNote)


async def test_once_more_changes_nothing_and_says_so(database: Database) -> None:
    day, note = await published(database)
    code = (await asked(day)).number
    await takes_out(day, code, note)
    await day.publishes(LATER)
    with pytest.raises(TakenOutAlready):
        await takes_out(day, code, note)
    assert len(await acts(database)) == 1
    assert await revision_due(database) is None


async def _refused(day: ReportDay, code: str, note: Cited, why: type[Refusal]) -> None:
    with pytest.raises(why):
        await takes_out(day, code, note)
    assert "canary" in str(await notes_of(day.database))
    assert await revision_due(day.database) is None
    assert await acts(day.database) == []


async def test_an_author_who_changes_it_in_that_instant_finds_it_withdrawn(database: Database) -> None:
    """The author waits before the note is read: read earlier, its words would come back, or the database would refuse."""
    day, note = await published(database)
    code = (await asked(day)).number

    async def changes() -> None:
        async with database.open_unit() as author:
            await before_notes_change(author)
            own = await author.notes.by_number(note.region, note.day, note.number)
            assert own is not None
            await change_note(author, own, lambda one: one.saying("가상인물canary 고친 말"), now=LATER)
            await author.commit()

    async with database.open_unit() as taking:
        await take_out(taking, code, note, now=LATER)
        changing = asyncio.create_task(changes())
        await waits_or_is_done(taking, changing)
        assert not changing.done()
        await taking.commit()
    with pytest.raises(AlreadyWithdrawn):
        await changing
    assert "canary" not in str(await notes_of(database))


async def test_not_a_byte_of_it_is_left_after_the_purge(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await manager(sqlite, MANAGER)
    notes = [NoteId(await day.says(f"지울canary{n:03d} " + "가나다라 " * (n * 9))) for n in range(24)]
    await day.publishes(EVENING)
    purge = Purge(day.clock, SEOUL, 90)
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    code = (await asked(day)).number
    assert occurrences(sqlite, b"canary001") > 0, "the search finds what is there"
    day.clock.jump_to(LATER)
    for note in notes[1::2]:
        await takes_out(day, code, await cited(day, note))
    assert await day.publishes(LATER) == 1
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    left = {n for n in range(24) if occurrences(sqlite, f"지울canary{n:03d}".encode())}
    assert left == set(range(0, 24, 2))
