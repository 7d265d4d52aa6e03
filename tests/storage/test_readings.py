"""What was read in notes: kept only of words that stand, gone with them."""

import asyncio
from dataclasses import replace

from bot.domain.ids import NoteId, Region
from storage.database import Database
from storage.repositories.readings import Kept
from storage.unit import Unit
from tests.support import kept
from tests.support.feedback import LUNCH, on_tour
from tests.support.kept import JEONBUK
from tests.support.plans import DAY

V1, V2 = "가상 1판", "가상 2판"


async def _note(unit: Unit, ident: str, words: str = "가상 의견", region: Region = JEONBUK) -> NoteId:
    voice = await kept.voice(unit, about=LUNCH.id)
    note = kept.note(voice, ident=NoteId(ident), words=words, about=LUNCH.id, region=region)
    await unit.notes.keep(note)
    return note.id


def _of(words: str = "가상 의견", data: bytes = b"\x00read\xff") -> Kept:
    return Kept(words, None, data)


async def readings_of(unit: Unit, version: str) -> dict[NoteId, bytes]:
    """Of the day in 전북."""
    pages = unit.readings.of_day(version, JEONBUK, DAY)
    return {note: data async for page in pages for note, data in page.items()}


async def test_who_reads_everything_goes_on_behind_what_was_found(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        for ident in "dbca":
            await _note(unit, ident, region=Region("강원") if ident in "ab" else JEONBUK)
        first = await unit.readings.unread(V1, 2)
        assert [one.note.id for one in first] == ["d", "c"]
        last = first[-1].note
        behind = (last.day, last.region, last.id)
        rest = await unit.readings.unread(V1, 9, behind=behind)
        assert [one.note.id for one in rest] == ["b", "a"]
        same_day = await unit.readings.unread_of_day(V1, JEONBUK, DAY, 9, behind=(DAY, JEONBUK, NoteId("d")))
        assert [one.note.id for one in same_day] == ["c"]
        assert await unit.readings.any_of_day(JEONBUK, DAY) is False
        await unit.readings.keep(V1, {NoteId("c"): _of()})
        assert await unit.readings.any_of_day(JEONBUK, DAY) is True
        assert await unit.readings.any_of_day(Region("강원"), DAY) is False


async def test_unread_are_those_with_words_and_without_this_versions_reading(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        one, two = await _note(unit, "one"), await _note(unit, "two", region=Region("강원"))
        await _note(unit, "wordless", words="")
        gone = await unit.notes.by_id(await _note(unit, "gone"))
        assert gone is not None
        await unit.notes.keep(gone.taken_back())
        assert {spoken.note.id for spoken in await unit.readings.unread(V1, 9)} == {one, two}
        assert len(await unit.readings.unread(V1, 1)) == 1
        assert await unit.readings.keep(V1, {one: _of()}) == 1
        assert [spoken.note.id for spoken in await unit.readings.unread(V1, 9)] == [two]
        assert await unit.readings.unread_of_day(V1, JEONBUK, DAY, 9) == []
        assert [spoken.note.id for spoken in await unit.readings.unread_of_day(V2, JEONBUK, DAY, 9)] == [one]
        assert await unit.readings.count(V1) == (1, 1)
        assert await unit.readings.count(V2) == (0, 2)


async def test_a_reading_is_found_by_day_and_version_and_made_over(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        one = await _note(unit, "one")
        await unit.readings.keep(V1, {one: _of(data=b"first")})
        await unit.readings.keep(V2, {one: _of(data=b"second")})
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        assert await readings_of(unit, V1) == {}
        assert await readings_of(unit, V2) == {one: b"second"}
        assert await unit.readings.versions_of_day(JEONBUK, DAY) == {one: V2}
        assert await unit.readings.versions_of_day(Region("강원"), DAY) == {}


async def test_what_was_read_of_other_words_is_not_kept(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        one, back = await _note(unit, "one"), await unit.notes.by_id(await _note(unit, "back"))
        assert back is not None
        await unit.notes.keep(back.taken_back())
        asked = {one: _of("먼저 쓴 말"), back.id: _of(), NoteId("nowhere"): _of()}
        assert await unit.readings.keep(V1, asked) == 0
        assert await unit.readings.versions_of_day(JEONBUK, DAY) == {}


async def test_other_changes_of_a_note_leave_its_reading(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        note = await unit.notes.by_id(await _note(unit, "one"))
        assert note is not None
        await unit.readings.keep(V1, {note.id: _of()})
        await unit.notes.keep(replace(note, rating=1, topic="living", number="전북-9"))
        voice = await unit.voices.by_id(note.voice)
        assert voice is not None
        await unit.voices.keep(voice)
        assert await unit.readings.versions_of_day(JEONBUK, DAY) == {note.id: V1}
        await unit.notes.keep(replace(note, words="고친 말"))
        assert await unit.readings.versions_of_day(JEONBUK, DAY) == {}


async def test_many_are_kept_in_few_statements(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        voice = await kept.voice(unit, about=LUNCH.id)
        notes = [kept.note(voice, ident=NoteId(f"n{at}"), words="말", about=LUNCH.id) for at in range(1_201)]
        await unit.notes.add(notes)
        assert await unit.readings.keep(V1, {note.id: _of("말") for note in notes}) == 1_201
        assert len(await readings_of(unit, V1)) == 1_201
        await unit.readings.destroy_all()
        assert await unit.readings.count(V1) == (0, 1_201)


async def test_a_change_that_waits_for_a_reading_destroys_it(database: Database) -> None:
    """Whoever keeps a reading holds its note: a change comes before, and it is not kept, or after, and it is gone."""
    await on_tour(database)
    async with database.open_unit() as unit:
        note = await unit.notes.by_id(await _note(unit, "one"))
        await unit.commit()
    assert note is not None

    async def changes() -> None:
        async with database.open_unit() as unit:
            stands = await unit.notes.by_id(note.id)
            assert stands is not None
            await unit.notes.keep(replace(stands, words="고친 말"))
            await unit.commit()

    async with database.open_unit() as reading:
        assert await reading.readings.keep(V1, {note.id: _of()}) == 1
        changing = asyncio.create_task(changes())
        done, _ = await asyncio.wait({changing}, timeout=0.2)
        assert not done
        await reading.commit()
    await changing
    async with database.open_unit(read_only=True) as unit:
        assert await unit.readings.versions_of_day(JEONBUK, DAY) == {}


async def test_what_was_read_before_a_name_was_left_is_not_kept(database: Database) -> None:
    await on_tour(database)
    async with database.open_unit() as unit:
        one = await _note(unit, "one")
        assert await unit.readings.keep(V1, {one: Kept("가상 의견", "가상이름", b"read")}) == 0
        assert await unit.readings.keep(V1, {one: _of()}) == 1
