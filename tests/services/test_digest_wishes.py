"""Large days: whoever asks is promised the digest, nobody waits while it is made, and it is sent when it is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from bot.digest.ledger import Unbalanced
from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest
from bot.domain.feedback import Source
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services import digest_making, digests
from bot.services.agenda import Agenda
from bot.services.digest_wishes import OVERTAKEN_RESTS, DigestWishes
from bot.services.digests import TRIES, Digests, NotAtOnce, Overtaken
from handlers import digest as digest_handlers
from storage.database import Database
from tests.support.chat import MANAGER, STAFF, Chat, Said, grant, said, talking
from tests.support.feedback import DINNER, LUNCH
from tests.support.kept import GANGWON, JEONBUK
from tests.support.plans import SEOUL, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import triage

HERE = Grant(Role.STAFF, JEONBUK)
LARGE = 5
"""Notes that are many already, for these tests, and just enough for an interim digest."""


@pytest.fixture
async def day(database: Database, monkeypatch: pytest.MonkeyPatch) -> ReportDay:
    monkeypatch.setattr(digests, "AT_ONCE", LARGE - 1)
    day = await report_day(database, LUNCH, DINNER)
    for n in range(LARGE):
        await day.says(f"{n}번째 통근버스 의견입니다.")
    await day.half_hour(at("12:00"))
    return day


@pytest.fixture
async def chat(database: Database, day: ReportDay) -> AsyncIterator[Chat]:
    services = only(
        digests=day.digests,
        digest_view=day.view,
        schedule=TourDay(database).schedule,
        tour=day.tour,
        triage=triage(day),
    )
    async with talking(database, services, digest_handlers.register) as chat:
        await grant(database, STAFF, HERE)
        yield chat


def wishes(day: ReportDay) -> DigestWishes:
    return DigestWishes(day.database.open_unit, day.digests, day.view, day.clock)


async def told(day: ReportDay, *, after: int = 0) -> list[Said]:
    """All that was planned, without the first `after` messages."""
    return (await said(day.database, day.clock.now()))[after:]


def keys(messages: list[Said]) -> list[str]:
    return [one.key for one in messages]


def nothing_is_made_within(day: ReportDay, monkeypatch: pytest.MonkeyPatch) -> list[DayInput]:
    """Every making tries to write meanwhile, and gives up the test if it cannot."""
    made: list[DayInput] = []
    loop = asyncio.get_running_loop()

    async def writes() -> None:
        async with day.database.open_unit() as unit:
            await unit.tours.held(SUBJECT.tour)
            await unit.facts.put("written", "meanwhile")
            await unit.commit()

    def counted(input_: DayInput) -> Digest:
        asyncio.run_coroutine_threadsafe(asyncio.wait_for(writes(), 3), loop).result()
        made.append(input_)
        return make_digest(input_)

    monkeypatch.setattr(digest_making, "make_digest", counted)
    return made


async def test_a_large_day_is_promised_made_with_nothing_held_and_then_sent(
    chat: Chat, day: ReportDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = nothing_is_made_within(day, monkeypatch)
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.being_made"]
    assert made == []
    assert await wishes(day).answer() == 1
    assert len(made) == 1
    answer = await told(day, after=1)
    assert keys(answer) == ["digest.interim", "digest.section"]
    assert {one.chat for one in answer} == {STAFF.id}
    assert answer[-1].labels, "with the buttons of its sections"
    assert await wishes(day).answer() == 0
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.interim", "digest.section"], "it is made now"
    assert len(made) == 1


async def test_asked_twice_it_is_sent_once_and_asked_later_it_is_sent_again(
    chat: Chat, day: ReportDay
) -> None:
    await chat.says(STAFF, "/digest")
    await chat.says(STAFF, "/digest")
    await grant(day.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    await chat.says(MANAGER, "/digest")
    assert sum(await asyncio.gather(wishes(day).answer(), wishes(day).answer())) == 2
    assert sorted(one.chat for one in await told(day) if one.key == "digest.section") == sorted(
        [STAFF.id, MANAGER.id]
    )
    chat.clock.jump_to(chat.clock.now() + timedelta(minutes=30))
    day.clock.jump_to(chat.clock.now())
    for n in range(LARGE):
        await day.says(f"{n}번째 기숙사 의견입니다.")
    await day.half_hour(day.clock.now())
    await chat.says(STAFF, "/digest")
    assert await wishes(day).answer() == 1
    assert keys(await told(day)).count("digest.section") == 3


async def test_a_button_on_an_emptied_draft_promises_too(chat: Chat, day: ReportDay) -> None:
    stored = await day.digests.make(day.database.open_unit, SUBJECT, readers_at=day.clock.now())
    [first, *_] = await day.numbers()
    await day.withdraws(first)
    for clock in (chat.clock, day.clock):
        clock.jump_to(at("12:30"))
    await day.says("가상 실무자의 메모", source=Source.STAFF)  # as many as before: a large day still
    await day.half_hour(at("12:30"))
    assert keys(await chat.presses(STAFF, f"dg:{stored.id}:t0", 5)) == ["digest.being_made"]
    assert await wishes(day).answer() == 1
    assert keys(await told(day, after=1)) == ["digest.interim", "digest.section"]


async def test_what_went_out_is_shown_until_a_revision_is_due(chat: Chat, day: ReportDay) -> None:
    await day.publishes(EVENING)
    chat.clock.jump_to(EVENING)
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.section"]
    late = await day.says("늦게 낸 의견입니다.")
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.section"]
    await day.withdraws(late)
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.being_made"]
    await wishes(day).answer()
    assert keys(await chat.says(STAFF, "/digest")) == ["digest.interim_revision", "digest.section"]


@pytest.mark.parametrize("grants", [[], [Grant(Role.STAFF, GANGWON)], [Grant(Role.ADMIN, None)]])
async def test_who_lost_the_role_meanwhile_is_sent_nothing(
    chat: Chat, day: ReportDay, grants: list[Grant]
) -> None:
    await chat.says(STAFF, "/digest")
    await grant(day.database, STAFF, *grants)
    assert await wishes(day).answer() == 1
    assert keys(await told(day)) == ["digest.being_made"]
    async with day.database.open_unit(read_only=True) as unit:
        assert await unit.digests.wished() == []


async def test_who_is_forgotten_wishes_nothing_any_more(chat: Chat, day: ReportDay) -> None:
    await chat.says(STAFF, "/digest")
    async with day.database.open_unit() as unit:
        person = await unit.people.by_chat(ChatId(STAFF.id))
        assert person is not None
        await unit.people.remove(person.id)
        await unit.commit()
    assert await wishes(day).answer() == 0


async def test_a_digest_that_fails_is_said_to_have_failed(
    chat: Chat, day: ReportDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: DayInput) -> Digest:
        raise Unbalanced("a note is in no class")

    monkeypatch.setattr(digest_making, "make_digest", broken)
    await chat.says(STAFF, "/digest")
    assert await wishes(day).answer() == 1
    assert keys(await told(day, after=1)) == ["digest.not_made"]


async def test_while_notes_keep_coming_it_is_neither_made_within_nor_published_and_the_wish_stays(
    chat: Chat, day: ReportDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat.says(STAFF, "/digest")
    loop, tried = asyncio.get_running_loop(), 0

    def overtaken(input_: DayInput) -> Digest:
        nonlocal tried
        tried += 1
        asyncio.run_coroutine_threadsafe(day.says(f"{tried}번째로 끼어든 말"), loop).result()
        return make_digest(input_)

    answering = wishes(day)
    with monkeypatch.context() as busy:
        busy.setattr(digest_making, "make_digest", overtaken)
        with pytest.raises(Overtaken):
            await day.digests.make(day.database.open_unit, SUBJECT)
        assert tried == TRIES
        assert await day.publishes(EVENING) == 0
        assert await answering.answer() == 0
        assert tried == 3 * TRIES
        assert await answering.answer() == 0
        assert tried == 3 * TRIES, "left alone for a while"
    assert day.alerts == []
    day.clock.jump_to(EVENING + OVERTAKEN_RESTS)
    assert await answering.answer() == 1
    assert await day.publishes(EVENING + OVERTAKEN_RESTS) == 1
    [published] = await day.revisions()
    assert published.body["ledger"]["received"] == LARGE + 3 * TRIES


async def test_a_large_day_is_not_made_in_a_callers_transaction(day: ReportDay) -> None:
    async with day.database.open_unit() as unit:
        with pytest.raises(NotAtOnce):
            await day.digests.current(unit, SUBJECT)
        with pytest.raises(NotAtOnce):
            await day.digests.ready(unit, SUBJECT, now=day.clock.now())


async def test_a_stepped_clock_stops_where_a_wish_is_looked_at(chat: Chat, day: ReportDay) -> None:
    now = at("13:00")
    agenda = Agenda(day.database.open_unit, Digests(SEOUL, time(21)))
    assert await agenda.next_moment(now) != now + timedelta(seconds=1)
    await chat.says(STAFF, "/digest")
    assert await agenda.next_moment(now) == now + timedelta(seconds=1)
