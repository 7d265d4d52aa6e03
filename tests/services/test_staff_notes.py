"""Staff notes as services on both databases: revisions, moves, and what a withdrawal destroys."""

from datetime import datetime

import pytest
from sqlalchemy import text

from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.feedback import NoteKind, WordsTooLong
from bot.domain.ids import MeetingId, NoteId, Region
from bot.domain.person import Grant, Person, Role
from bot.domain.staff_note import Choice, Filed, NoteWithdrawn, WordsGone, WordsWait
from bot.services.staff_notes import StaffNotes
from storage.database import Database
from tests.support.chat import STAFF, grant
from tests.support.feedback import DINNER, ELSEWHERE, LUNCH, notes_of, on_tour, publish, revision_due
from tests.support.plans import SEOUL, at

NOTES = StaffNotes(SEOUL)
NOON, AFTERNOON, EVENING = at("12:00"), at("15:00"), at("18:10")


async def staff(database: Database, region: str | None = "전북") -> Person:
    await on_tour(database)
    return await grant(database, STAFF, Grant(Role.STAFF, Region(region) if region else None))


async def filed(database: Database, person: Person, words: str = "메모", now: datetime = NOON) -> Filed:
    async with database.open_unit() as unit:
        outcome = await NOTES.write(unit, person, words, now=now)
        await unit.commit()
    assert isinstance(outcome, Filed)
    return outcome


async def revisions(database: Database) -> list[tuple[str, str]]:
    async with database.open_unit(read_only=True) as unit:
        rows = await unit._session.execute(
            text("SELECT words, kind FROM note_revisions ORDER BY changed_at, id")
        )
        return [(row.words, row.kind) for row in rows]


async def voices(database: Database) -> int:
    async with database.open_unit(read_only=True) as unit:
        return int((await unit._session.execute(text("SELECT count(*) FROM voices"))).scalar_one())


async def test_one_voice_a_person_and_meeting(database: Database) -> None:
    person = await staff(database)
    first, second = await filed(database, person, "하나"), await filed(database, person, "둘")
    dinner = await filed(database, person, "저녁", EVENING)
    assert first.note.voice == second.note.voice != dinner.note.voice


async def test_what_a_note_said_before_a_change_is_kept(database: Database) -> None:
    person = await staff(database)
    note = (await filed(database, person, "처음")).note.id
    async with database.open_unit() as unit:
        await NOTES.mark(unit, person, note, NoteKind.REQUEST, now=NOON)
        await NOTES.mark(unit, person, note, NoteKind.REQUEST, now=NOON)
        await NOTES.set_topic(unit, person, note, "jobs", now=NOON)
        await NOTES.ask_words(unit, person, note, now=NOON)
        await NOTES.write(unit, person, "나중", now=AFTERNOON.replace(hour=NOON.hour, minute=5))
        await unit.commit()
    assert await revisions(database) == [("처음", "remark"), ("처음", "request")]
    [spoken] = await notes_of(database)
    assert (spoken.note.words, spoken.note.kind, spoken.note.topic) == ("나중", NoteKind.REQUEST, "jobs")


async def test_a_withdrawal_destroys_what_the_note_ever_said(database: Database) -> None:
    person = await staff(database)
    note = (await filed(database, person)).note.id
    async with database.open_unit() as unit:
        await NOTES.mark(unit, person, note, NoteKind.PROMISE, now=NOON)
        for _ in range(2):
            gone = await NOTES.withdraw(unit, person, note, now=NOON)
            assert gone.note.withdrawn
        for attempt in (
            NOTES.mark(unit, person, note, NoteKind.REQUEST, now=NOON),
            NOTES.ask_words(unit, person, note, now=NOON),
            NOTES.elsewhere(unit, person, note, now=NOON),
            NOTES.move(unit, person, note, DINNER.id, now=NOON),
        ):
            with pytest.raises(NoteWithdrawn):
                await attempt
        await unit.commit()
    assert await revisions(database) == []


async def test_a_moved_note_takes_the_other_meetings_voice_and_day_and_loses_its_number_there(
    database: Database,
) -> None:
    person = await staff(database, None)
    note = (await filed(database, person, "옮길 메모", EVENING)).note
    async with database.open_unit() as unit:
        await unit.notes.deal({note.id: "전북-7"})
        await unit.commit()
    async with database.open_unit() as unit:
        same_day = await NOTES.move(unit, person, note.id, LUNCH.id, now=EVENING)
        assert same_day.note.number == "전북-7"
        elsewhere = await NOTES.move(unit, person, note.id, ELSEWHERE.id, now=EVENING)
        assert (elsewhere.note.number, elsewhere.note.region) == (None, ELSEWHERE.region)
        await unit.commit()
    assert await notes_of(database) == []
    [spoken] = await notes_of(database, "강원")
    assert spoken.note.voice != note.voice
    assert await voices(database) == 1, "a voice without notes would never be dated and destroyed"


async def test_a_move_calls_the_digests_of_both_days(database: Database) -> None:
    person = await staff(database, None)
    note = (await filed(database, person, "옮길 메모", EVENING)).note
    await publish(database, EVENING)
    async with database.open_unit() as unit:
        await NOTES.move(unit, person, note.id, ELSEWHERE.id, now=EVENING)
        await unit.commit()
    assert await revision_due(database) == at("18:30")


async def test_two_meetings_at_once_in_two_regions_are_asked_about(database: Database) -> None:
    person = await staff(database, None)
    async with database.open_unit() as unit:
        outcome = await NOTES.write(unit, person, "어디의 말인지", now=NOON)
        assert isinstance(outcome, Choice)
        assert {one.id for one in outcome.meetings} == {LUNCH.id, ELSEWHERE.id}
        chosen = await NOTES.choose(unit, person, ELSEWHERE.id, now=NOON)
        assert chosen.note.words == "어디의 말인지"


async def test_words_that_wait_are_not_lost_to_another_question(database: Database) -> None:
    person = await staff(database)
    note = (await filed(database, person)).note.id
    async with database.open_unit() as unit:
        await NOTES.write(unit, person, "기다리는 말", now=AFTERNOON)
        with pytest.raises(WordsWait):
            await NOTES.ask_words(unit, person, note, now=AFTERNOON)
        aimed = await NOTES.aim(unit, person, LUNCH.id, now=AFTERNOON)
        assert isinstance(aimed, Filed)
        assert aimed.note.words == "기다리는 말"
        with pytest.raises(WordsGone):
            await NOTES.choose(unit, person, LUNCH.id, now=AFTERNOON)


async def test_too_long_is_said_before_a_meeting_is_chosen(sqlite: Database) -> None:
    person = await staff(sqlite)
    async with sqlite.open_unit() as unit:
        with pytest.raises(WordsTooLong):
            await NOTES.write(unit, person, "가" * 2001, now=AFTERNOON)
        await NOTES.write(unit, person, "가" * 1500, now=AFTERNOON)
        with pytest.raises(WordsTooLong):
            await NOTES.write(unit, person, "가" * 1500, now=AFTERNOON)


async def test_another_regions_meeting_is_out_of_reach(sqlite: Database) -> None:
    person = await staff(sqlite)
    note = (await filed(sqlite, person)).note.id
    async with sqlite.open_unit() as unit:
        for attempt in (
            NOTES.move(unit, person, note, ELSEWHERE.id, now=NOON),
            NOTES.aim(unit, person, ELSEWHERE.id, now=NOON),
            NOTES.aim(unit, person, MeetingId("gone"), now=NOON),
        ):
            with pytest.raises(NotAllowed):
                await attempt
        for forged in (
            NOTES.show(unit, person, NoteId("somebody else's")),
            NOTES.mark(unit, person, note, NoteKind.REMARK, now=NOON),
            NOTES.set_topic(unit, person, note, "nonsense", now=NOON),
        ):
            with pytest.raises(ButtonUnknown):
                await forged
