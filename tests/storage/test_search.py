"""Looking for notes by words, and questions that wait: named questions answered with frozen values, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.domain.ids import NoteId, new_id
from bot.domain.person import Grant, Role
from storage.database import Database
from storage.models import NoteTermsRow
from storage.repositories.questions import Question
from storage.repositories.readings import Kept
from storage.repositories.search import Within
from tests.support import kept
from tests.support.feedback import LUNCH
from tests.support.kept import JEONBUK
from tests.support.plans import DAY, at

V1 = "가상 판"
HERE = Within([JEONBUK], DAY, DAY)


async def on_tour(database: Database, *words: str) -> list[NoteId]:
    async with database.open_unit() as unit:
        await kept.tour_with(unit, LUNCH)
        notes = []
        for place, one in enumerate(words):
            voice = await kept.voice(unit, about=LUNCH.id)
            note = kept.note(voice, ident=new_id(), words=one, about=LUNCH.id, number=f"전북-{place + 1}")
            await unit.notes.keep(note)
            await unit.readings.keep(V1, {note.id: Kept(one, None, b"reading", f" {one.upper()} ")})
            notes.append(note.id)
        await unit.commit()
    return notes


async def masks(
    database: Database, words: list[list[str]], *, as_written: bool, within: Within = HERE
) -> dict[str, int]:
    async with database.open_unit(read_only=True) as unit:
        found = unit.search.matching(words, within, as_written=as_written)
        return {one.number: one.mask async for one in found}


@pytest.mark.parametrize("as_written", [False, True])
async def test_a_note_tells_which_of_the_words_it_holds(database: Database, as_written: bool) -> None:
    await on_tour(database, "통근버스 노선", "기숙사 온수", "버스 기숙사")
    found = await masks(database, [["버스"], ["기숙사", "숙소"], ["공항"]], as_written=as_written)
    assert found == {"전북-1": 0b001, "전북-2": 0b010, "전북-3": 0b011}
    assert await masks(database, [["%"], ["_"], ["\\"], ["'"]], as_written=as_written) == {}
    later = replace(HERE, first=DAY + timedelta(days=1), last=DAY + timedelta(days=2))
    assert await masks(database, [["버스"]], as_written=as_written, within=later) == {}


async def test_a_word_between_spaces_is_a_whole_word(database: Database) -> None:
    await on_tour(database, "통근버스 노선", "버스 기숙사")
    assert await masks(database, [[" 버스 "]], as_written=False) == {"전북-2": 1}
    assert await masks(database, [[" 버스", "버스 "]], as_written=False) == {"전북-1": 1, "전북-2": 1}


async def test_words_go_with_their_reading(database: Database) -> None:
    first, second = await on_tour(database, "통근버스 노선", "버스 기숙사")
    async with database.open_unit() as unit:
        note = await unit.notes.by_id(first)
        assert note is not None
        await unit.notes.keep(replace(note, words="고친 말"))
        await unit.commit()
    assert await masks(database, [["버스"]], as_written=False) == {"전북-2": 1}
    async with database.open_unit() as unit:
        await unit.readings.destroy_all()
        await unit.commit()
    assert await masks(database, [["버스"]], as_written=False) == {}
    async with database.open_unit(read_only=True) as unit:
        assert await unit.search.readings(V1, [first, second]) == {}
        assert {one.note.id for one in await unit.search.spoken([first, second])} == {first, second}
        assert [one.note.id for one in await unit.search.numbered(JEONBUK, DAY, ["전북-2"])] == [second]
        assert {one.number for one in await unit.search.who_spoke(JEONBUK, DAY)} == {"전북-1", "전북-2"}


async def test_what_was_read_before_there_were_such_words_is_read_again(database: Database) -> None:
    [note] = await on_tour(database, "통근버스 노선")
    async with database.open_unit() as unit:
        assert await unit.readings.unread(V1, 10) == []
        await unit._session.execute(delete(NoteTermsRow))
        assert [one.note.id for one in await unit.readings.unread(V1, 10)] == [note]


async def test_one_question_a_person_until_somebody_takes_it(database: Database) -> None:
    async with database.open_unit() as unit:
        person = await kept.person(unit, 7_100_000_001, Grant(Role.MANAGER, JEONBUK))
        other = await kept.person(unit, 7_100_000_002, Grant(Role.MANAGER, JEONBUK))
        first = Question("one", person.id, "가상 질문", at("12:00"))
        assert await unit.questions.keep(first)
        assert not await unit.questions.keep(replace(first, id="two"))
        assert await unit.questions.keep(Question("three", other.id, "가상 질문", at("11:00")))
        assert [one.id for one in await unit.questions.waiting(10)] == ["three", "one"]
        assert await unit.questions.take("one")
        assert not await unit.questions.take("one")
        assert await unit.questions.drop_until(at("11:00")) == 1
        assert await unit.questions.waiting(10) == []
