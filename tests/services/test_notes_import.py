"""Notes from a file, on both databases: each once, under its own number, with a voice of its own."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.feedback import Source, Speaker
from bot.domain.ids import NoteId, Region
from bot.domain.reading import ImportedNote, NotesTable, read_notes
from bot.domain.tables.sheet import RefusedLine
from bot.services.notes_import import Report, import_notes
from storage.database import Database
from tests.support.corpus import DATA
from tests.support.feedback import LUNCH, NOON, noted, notes_of, on_tour, publish, revision_due
from tests.support.plans import DAY, SEOUL, at

FIRST = ImportedNote("jb-001", Region("전북"), DAY, NOON, "lunch", None, Speaker.YOUTH, 4, "jobs", "첫 의견")
SECOND = replace(FIRST, number="jb-002", meeting_key="unknown", speaker=Speaker.COMPANY, words="둘째 의견")
GANGWON = replace(FIRST, region=Region("강원"), meeting_key=None)


async def imports(database: Database, *notes: ImportedNote, refused: tuple[RefusedLine, ...] = ()) -> Report:
    async with database.open_unit() as unit:
        report = await import_notes(unit, NotesTable(notes, refused), now=at("21:10"))
        await unit.commit()
    return report


def done(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.unchanged, len(report.refused)


async def test_each_note_keeps_its_number_and_has_a_voice_of_its_own(database: Database) -> None:
    await on_tour(database)
    assert done(await imports(database, FIRST, SECOND, GANGWON)) == (3, 0, 0, 0)
    spoken = {one.note.number: one for one in await notes_of(database)}
    assert spoken.keys() == {"jb-001", "jb-002"}
    first, second = spoken["jb-001"], spoken["jb-002"]
    assert (first.note.meeting, first.speaker, first.note.rating) == (LUNCH.id, Speaker.YOUTH, 4)
    assert (first.note.words, first.note.topic, first.note.source) == ("첫 의견", "jobs", Source.IMPORT)
    assert (second.note.meeting, second.speaker) == (None, Speaker.COMPANY)
    assert first.note.voice != second.note.voice
    assert [one.note.number for one in await notes_of(database, "강원")] == ["jb-001"]


async def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    await on_tour(database)
    await imports(database, FIRST, SECOND)
    before = await notes_of(database)
    report = await imports(database, FIRST, SECOND)
    assert done(report) == (0, 0, 2, 0)
    assert report.changes_nothing
    assert await notes_of(database) == before


async def test_what_the_file_says_differently_is_changed_and_what_it_lacks_stays(database: Database) -> None:
    await on_tour(database)
    await imports(database, FIRST, SECOND)
    other = replace(FIRST, words="고친 의견", speaker=Speaker.WORKER, meeting_key="dinner")
    assert done(await imports(database, other)) == (0, 1, 0, 0)
    spoken = {one.note.number: one for one in await notes_of(database)}
    assert (spoken["jb-001"].note.words, spoken["jb-001"].speaker) == ("고친 의견", Speaker.WORKER)
    assert spoken["jb-002"].note.words == "둘째 의견"
    assert done(await imports(database, other)) == (0, 0, 1, 0)


async def test_a_note_finds_its_meeting_when_that_is_imported_later(database: Database) -> None:
    await imports(database, FIRST)
    assert [one.note.meeting for one in await notes_of(database)] == [None]
    await on_tour(database)
    assert done(await imports(database, FIRST)) == (0, 1, 0, 0)
    assert [one.note.meeting for one in await notes_of(database)] == [LUNCH.id]


async def test_numbers_of_our_own_form_are_refused_taken_or_not_in_the_same_words(database: Database) -> None:
    """A preview of all of them, each minute, must not tell which number was dealt in which minute."""
    await on_tour(database)
    ours = [
        replace(FIRST, number=number) for number in ("전북-1", "전북-2", "전북-003", "전북-４", "전 북 – 5")
    ]
    unread = (RefusedLine(7, None, "import.note_says_nothing"),)
    before = await imports(database, *ours, refused=unread)
    await noted(database, "참석자의 말씀")
    async with database.open_unit() as unit:
        [spoken] = await unit.notes.of_day(Region("전북"), DAY)
        await unit.notes.deal({NoteId(spoken.note.id): "전북-1"})
        await unit.commit()
    after = await imports(database, *ours, refused=unread)
    assert after == before
    assert done(after) == (0, 0, 0, 6)
    assert [one.reason for one in after.refused] == ["import.note_says_nothing", *["import.number_ours"] * 5]
    assert [one.note.words for one in await notes_of(database)] == ["참석자의 말씀"]


async def test_a_note_that_a_file_brought_under_such_a_number_before_is_still_changed(
    database: Database,
) -> None:
    await on_tour(database)
    await imports(database, FIRST)
    async with database.open_unit() as unit:
        [spoken] = await unit.notes.of_day(Region("전북"), DAY)
        await unit.notes.deal({NoteId(spoken.note.id): "전북-7"})
        await unit.commit()
    again = replace(FIRST, number="전북-7")
    assert done(await imports(database, again)) == (0, 0, 1, 0)
    assert done(await imports(database, replace(again, words="고친 의견"))) == (0, 1, 0, 0)


async def test_a_note_that_was_taken_back_does_not_come_back_with_the_file(database: Database) -> None:
    await on_tour(database)
    await imports(database, FIRST)
    async with database.open_unit() as unit:
        [spoken] = await unit.notes.of_day(Region("전북"), DAY)
        await unit.notes.keep(spoken.note.taken_back())
        await unit.commit()
    assert done(await imports(database, FIRST)) == (0, 0, 0, 1)
    assert [one.note.words for one in await notes_of(database)] == [""]


async def test_a_published_digest_is_called_again_only_when_something_changed(database: Database) -> None:
    await on_tour(database)
    await imports(database, FIRST)
    await publish(database, at("21:00"))
    await imports(database, FIRST)
    assert await revision_due(database) is None
    await imports(database, SECOND)
    assert await revision_due(database) == at("21:30")


async def test_an_import_is_written_down_by_counts(database: Database) -> None:
    await imports(database, FIRST)
    await imports(database, FIRST)
    async with database.open_unit(read_only=True) as unit:
        [entry] = await unit.audit.since(at("21:10") - timedelta(minutes=1), "notes_imported")
    assert entry.details == {"added": 1, "changed": 0, "refused": 0}


async def test_the_sample_day_comes_in_whole(sqlite: Database) -> None:
    table = read_notes((DATA / "jeonbuk_2026-01-22.csv").read_bytes(), SEOUL)
    report = await imports(sqlite, *table.notes)
    assert report.added == len(await notes_of(sqlite)) == 130
