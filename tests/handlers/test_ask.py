"""/ask: who may ask, what is said at once, and answers in the notes' own words with their numbers."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.domain.question import LONGEST_QUESTION, QUESTION_LIFE, QUESTIONS_AN_HOUR
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, grant
from tests.support.feedback import LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.question_desk import BUS, OTHER, Desk, asking


@pytest.fixture
async def desk(sqlite: Database) -> AsyncIterator[Desk]:
    async with asking(sqlite) as desk:
        yield desk


async def waiting(desk: Desk) -> int:
    async with desk.database.open_unit(read_only=True) as unit:
        return len(await unit.questions.waiting(100))


async def test_an_answer_is_the_notes_own_words_with_their_numbers(desk: Desk) -> None:
    await desk.published(*BUS, *OTHER)
    told = await desk.reads("통근버스에 대해 어떤 의견이 있습니까?")
    assert "관련된 의견 5건 이상 가운데 5건" in told
    assert "수소충전소" not in told
    assert sum(words in told for words in BUS) == 5
    assert sum(f"{number})" in told for number in (await desk.day.numbers()).values()) == 5
    assert "전북 · 1.22.(목) · 보고에 실린 의견 8건" in told


async def test_the_message_leads_to_its_report_and_needs_the_right_to_read_it(desk: Desk) -> None:
    await desk.published(*BUS)
    _, section = await desk.asks("통근버스")
    assert section.button("보고 보기").data == f"dg:{section.draft.values['digest']}:sum"
    assert [need.region for need in section.draft.needs] == [JEONBUK]
    assert all(words not in str(section.draft) for words in BUS), "no words of notes in a row"


async def test_nothing_found_is_said_with_what_was_searched(desk: Desk) -> None:
    await desk.published(*BUS)
    told = await desk.reads("공항 소음 피해 보상")
    assert "해당하는 의견을 찾지 못했습니다" in told
    assert "전북 · 1.22.(목) · 보고에 실린 의견 6건" in told


async def test_without_a_report_there_is_nothing_to_search(desk: Desk) -> None:
    for words in BUS:
        await desk.day.says(words)
    assert [one.key for one in await desk.asks("통근버스")] == ["ask.nothing_to_search"]


async def test_few_are_not_counted(desk: Desk) -> None:
    await desk.published(*BUS[:2], *OTHER, "셔틀 정류장이 멉니다.")
    told = await desk.reads("통근버스")
    assert "관련된 의견 2건을" in told
    assert "보고에 실린 의견 5건" in told


@pytest.mark.parametrize(
    ("grants", "answer"),
    [
        ([], ["common.not_allowed"]),
        ([Grant(Role.ADMIN, None)], ["common.not_allowed"]),
        ([Grant(Role.STAFF, JEONBUK)], ["ask.looking"]),
        ([Grant(Role.MANAGER, None)], ["ask.looking"]),
    ],
)
async def test_who_may_ask(desk: Desk, grants: list[Grant], answer: list[str]) -> None:
    await desk.published(*BUS)
    if grants:
        await grant(desk.database, STRANGER, *grants)
    assert await desk.says("통근버스", STRANGER) == answer
    assert await waiting(desk) == (answer == ["ask.looking"])


async def test_a_region_that_somebody_does_not_read_is_not_searched(desk: Desk) -> None:
    await desk.published(*BUS)
    await grant(desk.database, STAFF, Grant(Role.MANAGER, GANGWON))
    for question in ("통근버스", "전북 통근버스"):
        told = await desk.reads(question, STAFF)
        assert "찾아볼 수 있는 보고가 없습니다" in told
        assert "통근버스" not in told
    assert "찾아볼 수 있는 보고가 없습니다" in await desk.reads("강원 통근버스")


async def test_what_is_said_to_what_is_no_question(desk: Desk) -> None:
    assert await desk.says("") == ["ask.how"]
    assert await desk.says("?!") == ["ask.how"]
    assert await desk.says("가" * (LONGEST_QUESTION + 1)) == ["ask.too_long"]
    assert await waiting(desk) == 0


async def test_a_question_of_nothing_but_asking_is_said_to_be_one(desk: Desk) -> None:
    await desk.published(*BUS)
    assert [one.key for one in await desk.asks("전북 의견 알려줘")] == ["ask.no_words"]


async def test_one_question_at_a_time_and_twenty_an_hour(desk: Desk) -> None:
    await desk.published(*BUS)
    assert await desk.says("통근버스") == ["ask.looking"]
    assert await desk.says("기숙사") == ["ask.still_looking"]
    await desk.answers()
    for _ in range(QUESTIONS_AN_HOUR - 1):
        await desk.asks("통근버스")
    assert await desk.says("통근버스") == ["ask.too_many"]
    desk.day.clock.jump_to(desk.day.clock.now() + timedelta(hours=1, minutes=1))
    assert await desk.says("통근버스") == ["ask.looking"]


async def test_in_a_group_and_for_an_administrator_there_is_no_answer(desk: Desk) -> None:
    await grant(desk.database, ADMIN, Grant(Role.ADMIN, JEONBUK))
    said = await desk.chat.says(MANAGER, "/ask 통근버스", where=TEAM)
    assert [one.key for one in said] == ["common.write_in_private"]
    assert await desk.says("통근버스", ADMIN) == ["common.not_allowed"]


async def test_a_question_is_gone_with_its_answer_and_stands_in_no_line_and_no_message(desk: Desk) -> None:
    await desk.published(*BUS)
    said = await desk.asks("통근버스 불편")
    assert len(said) == 2
    assert "불편" not in str([one.draft for one in said])
    assert await waiting(desk) == 0
    async with desk.database.open_unit(read_only=True) as unit:
        lines = [line async for line in unit.audit.lines()]
    assert [line.action for line in lines][-2:] == ["notes_asked", "notes_answered"]
    assert "통근" not in str(lines)


async def test_what_nobody_answered_in_time_is_not_answered_later(desk: Desk) -> None:
    await desk.published(*BUS)
    await desk.says("통근버스")
    desk.day.clock.jump_to(desk.day.clock.now() + QUESTION_LIFE)
    assert [one.key for one in await desk.answers()] == ["ask.too_late"]
    assert await waiting(desk) == 0


async def test_who_lost_the_right_meanwhile_gets_nothing(desk: Desk) -> None:
    await desk.published(*BUS)
    await desk.says("통근버스")
    await grant(desk.database, MANAGER, Grant(Role.ADMIN, JEONBUK))
    assert await desk.answers() == []
    assert await waiting(desk) == 0


async def test_who_left_takes_the_question_along(desk: Desk) -> None:
    await desk.says("통근버스")
    async with desk.database.open_unit() as unit:
        person = await unit.people.by_chat(ChatId(MANAGER.id))
        assert person is not None
        await unit.people.remove(person.id)
        await unit.commit()
    assert await waiting(desk) == 0


async def test_a_day_and_a_meeting_narrow_the_answer(desk: Desk) -> None:
    for words in BUS:
        await desk.day.says(words, about=LUNCH)
    await desk.published("통근버스 정류장에 지붕이 없습니다.", speaker=Speaker.COMPANY)
    told = await desk.reads(f"{LUNCH.title}에서 나온 통근버스 의견")
    assert LUNCH.title in told
    assert "어제" not in told
    nothing = await desk.reads("어제 통근버스")
    assert "찾아볼 수 있는 보고가 없습니다" in nothing
    assert "관련된 의견 5건 이상" in await desk.reads("오늘 통근버스")
