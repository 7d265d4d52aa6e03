"""What a question is answered from: what readers are shown of reports at that moment, and who it was stays unknown."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import DeliveryKind
from bot.domain.feedback import Speaker
from bot.domain.ids import DeliveryId
from bot.domain.question import NothingAsked
from bot.services.erasing import Erasing
from bot.services.note_reading import NoteReading
from bot.services.questions.asking import ask
from bot.services.reading_work import ReadingWork
from storage.database import Database
from storage.models import DeliveryRow, NoteTermsRow
from tests.support.analyst import FakeAnalyst
from tests.support.chat import said
from tests.support.feedback import DINNER, LUNCH
from tests.support.plans import at
from tests.support.question_desk import BUS, OTHER, Desk, asking
from tests.support.report_day import EVENING

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with asking(database) as desk:
        yield desk


async def test_before_its_time_only_what_the_interim_edition_shows_is_searched(desk: Desk) -> None:
    for words in BUS:
        await desk.day.says(words)
    await desk.day.half_hour(at("12:00"))
    assert "관련된 의견 5건 이상" in await desk.reads("통근버스")
    await desk.day.says("통근버스 의자가 불편합니다.")
    for _ in range(2):
        told = await desk.reads("통근버스 의자")
        assert "의자가" not in told
    assert "보고에 실린 의견 6건" in await desk.reads("통근버스")


async def test_a_late_note_waits_for_the_revision_that_tells_of_it(desk: Desk) -> None:
    await desk.published(*BUS)
    await desk.day.says("통근버스 의자가 불편합니다.")
    assert "의자가" not in await desk.reads("통근버스 의자 불편")
    await desk.day.publishes(EVENING + HALF_HOUR)
    assert "의자가 불편합니다" in await desk.reads("통근버스 의자")


async def test_what_was_taken_back_is_not_shown_and_a_revision_that_is_due_closes_the_day(desk: Desk) -> None:
    notes = await desk.published(*BUS)
    await desk.day.withdraws(notes[0])
    assert BUS[0] not in await desk.reads("통근버스 첫차")
    await desk.day.publishes(EVENING + timedelta(minutes=1))
    told = await desk.reads("통근버스")
    assert "관련된 의견 5건" in told
    assert BUS[0] not in told


async def test_what_was_put_right_since_is_neither_shown_nor_counted(desk: Desk) -> None:
    notes = await desk.published(*BUS)
    await desk.day.corrects(notes[0], "통근버스 첫차를 당겨 주십시오.")
    told = await desk.reads("통근버스")
    assert "관련된 의견 5건" in told
    assert "첫차" not in told


async def test_what_a_report_sets_aside_is_not_found(desk: Desk) -> None:
    await desk.published(*BUS, "ㅋㅋㅋ", "https://example.com/x")
    told = await desk.reads("통근버스")
    assert "보고에 실린 의견 6건" in told
    assert "example" not in told


async def test_words_changed_between_finding_and_sending_do_not_leave(desk: Desk) -> None:
    notes = await desk.published(BUS[0], *OTHER, *("셔틀이 늦습니다.", "식당이 멉니다.", "길이 막힙니다."))
    _, section = await desk.asks("통근버스")
    await desk.day.corrects(notes[0], "다른 말로 고쳤습니다.")
    assert "옮기지 않았습니다" in await desk.shown(section)


async def test_an_answer_that_was_sent_is_edited_away_with_the_words_it_shows(desk: Desk) -> None:
    notes = await desk.published(*BUS)
    await desk.asks("통근버스")
    await desk.day.arrives()
    async with desk.database.open_unit(read_only=True) as unit:
        shows = await unit._session.scalars(
            select(DeliveryRow.id).where(DeliveryRow.shows.is_not(None), DeliveryRow.dedup.like("answer:%"))
        )
        [shown] = [DeliveryId(one) for one in shows]
    await desk.day.withdraws(notes[0])
    await desk.day.publishes(EVENING + timedelta(minutes=1))
    await Erasing(desk.database.open_unit, desk.day.clock).look()
    edits = [
        one
        for one in await said(desk.database, desk.day.clock.now())
        if one.kind is DeliveryKind.EDIT and one.dedup == f"erased:{shown}"
    ]
    assert [one.key for one in edits] == ["errata.emptied"]


async def test_a_speaker_is_told_only_where_five_of_the_group_spoke_that_day(desk: Desk) -> None:
    for words in BUS[:5]:
        await desk.day.says(words, speaker=Speaker.YOUTH)
    await desk.published("협력사 통근버스 지원을 넓혀 주십시오.", speaker=Speaker.COMPANY)
    told = await desk.reads("협력사 통근버스 지원")
    assert "협력사 통근버스 지원을 넓혀 주십시오." in told
    assert "기업" not in told
    assert "청년" in await desk.reads("통근버스")


async def test_a_meeting_is_named_only_beside_five_voices_of_the_group_there(desk: Desk) -> None:
    for words in BUS:
        await desk.day.says(words, about=LUNCH)
    await desk.published("기숙사 온수가 끊깁니다.")
    assert LUNCH.title in await desk.reads("통근버스")
    for words in ("저녁 셔틀이 끊깁니다.", "저녁 셔틀이 늦습니다."):
        await desk.day.says(words, about=DINNER)
    await desk.day.publishes(EVENING + HALF_HOUR)
    told = await desk.reads(f"{DINNER.title} 셔틀")
    assert "셔틀이" in told
    assert "보고에 실린 의견 9건" in told, "too few spoke there: it narrows nothing"
    assert f"‘{DINNER.title}’: 그 일정이나 같은 날의 다른 일정에서" in told
    assert told.count(DINNER.title) == 1
    told = await desk.reads(f"{LUNCH.title} 통근버스")
    assert "보고에 실린 의견 9건" in told, "what is missing from it would be the dinner's"
    assert f"‘{LUNCH.title}’: 그 일정이나" in told


async def test_notes_that_were_read_are_found_by_the_words_of_the_reading(desk: Desk) -> None:
    analyst = FakeAnalyst()
    reading = NoteReading(analyst)
    desk.behind(reading)
    notes = await desk.published("가상 셔틀 증편", "가상 기숙사 온수", *BUS[:4])
    assert "셔틀" not in await desk.reads("셔틀 증편"), "nothing is read yet"
    await ReadingWork(desk.database.open_unit, reading, desk.day.clock, lambda _: None).run()
    assert "가상 셔틀 증편" in await desk.reads("셔틀 증편")
    analyst.fails = True
    assert "가상 셔틀 증편" in await desk.reads("셔틀 증편"), "then as they are written"
    async with desk.database.open_unit() as unit:
        terms = {str(row.note_id): row.terms for row in await unit._session.scalars(select(NoteTermsRow))}
    assert terms[notes[0]].split() == ["가상", "셔틀", "증편"]


@pytest.mark.parametrize(
    "question", ["%", "통근_버스 %", "' OR 1=1 --", "통근버스\\%", "[전화번호] 010-0000-1234"]
)
async def test_signs_in_a_question_are_signs(desk: Desk, question: str) -> None:
    await desk.published(*BUS, "연락처는 010-0000-1234 입니다.")
    async with desk.database.open_unit() as unit:
        [person] = await unit.people.all()
        with suppress(NothingAsked):
            await ask(unit, person, question, now=desk.day.clock.now())
        await unit.commit()
    told = "\n".join([await desk.shown(one) for one in await desk.answers()])
    assert "0000" not in told


async def test_two_processes_answer_a_question_once(desk: Desk) -> None:
    await desk.published(*BUS)
    await desk.says("통근버스")
    other = Desk(desk.chat, desk.day, desk.work)
    other.behind()
    assert [await desk.work.answer(), await other.work.answer()] == [1, 0]
