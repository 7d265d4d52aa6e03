"""Requests kept in mind: who is told when, two answers at once, a chat that is blocked, and what a restore brings back."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryKind, Draft
from bot.domain.ids import ChatId, Region
from bot.domain.person import Action, Grant, Person, Role
from bot.domain.request import Answer, Request, RequestKind, RequestState, asked
from bot.gateways.clock import SteppedClock
from bot.services.carried import ended_since, hold_to
from bot.services.requests import Answering, Asking, Minding
from bot.services.requests.answering import Outcome, ReceivedInFuture
from bot.services.requests.records import DESTROYED, record
from bot.services.saying import Recipient, plan
from storage.backups import sqlite_url
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, User, grant, said
from tests.support.plans import SEOUL, at

NOON = at("12:00")
GUEST = ChatId(7_200_000_001)
ASKING, ANSWERING = Asking(SEOUL), Answering(SEOUL)
SECOND = User(7_300_000_011, "가상둘째관리자")


async def files(
    database: Database, kind: RequestKind = RequestKind.ACCESS, chat: ChatId = GUEST, now: datetime = NOON
) -> Request:
    async with database.open_unit() as unit:
        filed = await ASKING.file(unit, chat, kind, "ko", now=now)
        await unit.commit()
    return filed.request


async def answers(
    database: Database, person: Person | None, request: Request, answer: Answer, now: datetime = NOON
) -> Outcome:
    async with database.open_unit() as unit:
        outcome = await ANSWERING.answer(unit, person, request.id, answer, "가상 답", now=now)
        await unit.commit()
    return outcome


async def on_file(database: Database, request: Request) -> Request | None:
    async with database.open_unit(read_only=True) as unit:
        return await unit.requests.by_id(request.id)


async def told(database: Database, who: User = ADMIN) -> list[str]:
    """What an administrator was told, in order, without the first part of the key."""
    return [
        one.key.removeprefix("requests.told_")
        for one in await said(database, NOON)
        if one.chat == who.id and one.key.startswith("requests.told_")
    ]


async def looks(database: Database, now: datetime) -> None:
    """The tick, at a moment."""
    await Minding(database.open_unit, SteppedClock(now), SEOUL, lambda: None).run()


async def test_administrators_hear_on_day_seven_and_nine_on_the_last_and_after_it(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await files(database)
    for day in range(14):
        for hour in (0, 21, 21):  # noon; nine in the morning of the next day, twice
            await looks(database, NOON + timedelta(days=day, hours=hour))
    assert await told(database) == ["new", "again", "again", "overdue", "overdue", "overdue"]
    again = [one for one in await said(database, NOON) if one.key == "requests.told_again"]
    assert ["4일 남았습니다" in again[0].text, "2일 남았습니다" in again[1].text] == [True, True]


async def test_nobody_is_told_before_nine_in_the_morning(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await files(database)
    seventh = date(2026, 1, 29)
    await looks(database, datetime.combine(seventh, time(8, 59), tzinfo=SEOUL))
    assert await told(database) == ["new"]
    await looks(database, datetime.combine(seventh, time(9), tzinfo=SEOUL))
    assert await told(database) == ["new", "again"]


async def test_a_clock_that_jumps_over_the_last_day_says_once_that_it_is_over(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    request = await files(database)
    far = NOON + timedelta(days=40)
    for _ in range(3):
        await looks(database, far)
    assert await told(database) == ["new", "overdue"]
    outcome = await answers(database, None, request, Answer.DONE, far)
    assert outcome.request.was_late
    async with database.open_unit(read_only=True) as unit:
        [act] = await unit.audit.since(NOON - timedelta(days=1), "request_answered")
    assert act.details["late"] is True


async def test_a_clock_that_is_set_back_tells_nothing_twice(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await files(database)
    await looks(database, NOON + timedelta(days=9))
    await looks(database, NOON + timedelta(days=7))
    await looks(database, NOON + timedelta(days=9))
    assert await told(database) == ["new", "again"]


async def test_the_last_day_is_said_where_it_is_no_other_day(database: Database) -> None:
    """Received on a Monday, due on a Thursday: day nine is the Wednesday, the last day is told of no more than that."""
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    monday = NOON + timedelta(days=4)
    await files(database, now=monday)
    await looks(database, monday + timedelta(days=10))
    [_, last] = [one for one in await said(database, NOON) if one.key.startswith("requests.told_")]
    assert last.key == "requests.told_last_day"


async def test_what_was_answered_is_not_brought_up_again(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    request = await files(database)
    await answers(database, admin, request, Answer.DONE)
    assert await told(database) == [], "what had not been sent yet is taken back"
    await looks(database, NOON + timedelta(days=20))
    assert await told(database) == []


async def test_who_cannot_be_reached_or_is_no_administrator_any_more_is_not_told(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, SECOND, Grant(Role.ADMIN, None))
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(ChatId(ADMIN.id), reachable=False)
        await unit.commit()
    await files(database)
    assert (await told(database), await told(database, SECOND)) == ([], ["new"])
    [notice] = [one for one in await said(database, NOON) if one.chat == SECOND.id]
    former = await grant(database, SECOND, Grant(Role.STAFF, None), Grant(Role.ADMIN, Region("강원")))
    assert not any(former.may(need.action, need.region) for need in notice.draft.needs)
    assert {need.action for need in notice.draft.needs} == {Action.ANSWER_REQUESTS}


async def test_two_administrators_at_once_give_one_answer(database: Database) -> None:
    first = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    second = await grant(database, SECOND, Grant(Role.ADMIN, None))
    for n in range(5):
        request = await files(database, chat=ChatId(GUEST + n))
        outcomes = await asyncio.gather(
            answers(database, first, request, Answer.DONE),
            answers(database, second, request, Answer.REFUSED),
        )
        [given] = [one for one in outcomes if one.answer is not None]
        kept = await on_file(database, request)
        assert kept == given.request
        sent = [one for one in await said(database, NOON) if one.chat == GUEST + n]
        assert [one.key for one in sent] == [f"requests.answer_{kept.state.value}"]


async def test_an_answer_and_a_withdrawal_at_once_are_one_of_them(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))

    async def withdraws(request: Request) -> None:
        async with database.open_unit() as unit:
            await ASKING.withdraw(unit, GUEST, request.id, now=NOON)
            await unit.commit()

    for _ in range(5):
        request = await files(database)
        await asyncio.gather(
            answers(database, admin, request, Answer.DONE), withdraws(request), return_exceptions=True
        )
        kept = await on_file(database, request)
        assert kept is not None
        sent = [one for one in await said(database, NOON) if one.chat == GUEST and request.number in one.text]
        assert len(sent) == (kept.state is RequestState.DONE)


async def test_the_same_kind_asked_twice_at_once_is_one_request(database: Database) -> None:
    outcomes = await asyncio.gather(*(files(database) for _ in range(4)), return_exceptions=True)
    made = {one.id for one in outcomes if isinstance(one, Request)}
    assert len(made) == 1, "whoever lost is tried again by the inbox and finds the first"
    assert len({(await files(database)).id, *made}) == 1


async def test_who_has_blocked_the_bot_loses_no_request(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    await grant(database, STAFF, Grant(Role.STAFF, Region("전북")))
    request = await files(database, chat=ChatId(STAFF.id))
    async with database.open_unit() as unit:
        await unit.people.mark_reachable(ChatId(STAFF.id), reachable=False)
        await unit.commit()
    await answers(database, admin, request, Answer.DONE)
    async with database.open_unit(read_only=True) as unit:
        [kept] = await ASKING.own(unit, ChatId(STAFF.id))
    assert kept.answer == "가상 답", "it is read again with /privacy by whoever comes back"


async def test_an_answer_that_did_not_arrive_is_told_once(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    request, other = await files(database), await files(database, chat=ChatId(GUEST + 1))
    for one in (request, other):
        await answers(database, admin, one, Answer.DONE)
    await looks(database, NOON)
    assert await told(database) == []
    async with database.open_unit() as unit:
        [waiting] = [
            one for one in await unit.deliveries.due(NOON, frozenset(), 10) if one.chat == request.chat
        ]
        await unit.deliveries.claim([waiting.id], NOON)
        await unit.deliveries.failed(waiting.id, "blocked", NOON)
        await unit.commit()
    for _ in range(3):
        await looks(database, NOON + timedelta(minutes=1))
    assert await told(database) == ["lost"]


async def fails(database: Database, request: Request, now: datetime) -> None:
    """What waits for the asker's chat does not arrive."""
    async with database.open_unit() as unit:
        [waiting] = [one for one in await unit.deliveries.due(now, [], 10) if one.chat == request.chat]
        await unit.deliveries.claim([waiting.id], now)
        await unit.deliveries.failed(waiting.id, "blocked", now)
        await unit.commit()


async def test_a_lost_answer_after_a_lost_postponement_is_told_too(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    request = await files(database)
    for answer, days in ((Answer.POSTPONED, 0), (Answer.DONE, 1)):
        now = NOON + timedelta(days=days)
        await answers(database, admin, request, answer, now)
        await fails(database, request, now)
        await looks(database, now)
        await looks(database, now)
        async with database.open_unit() as unit:  # the administrator has it
            for one in await unit.deliveries.due(now, [], 10):
                await unit.deliveries.claim([one.id], now)
                await unit.deliveries.sent(one.id, 5, now)
            await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        keys = await unit.deliveries.arrived_of(f"notice:request:{request.id}:admin:lost")
    assert sorted(key.split(":")[4] for key in keys) == ["lost-done", "lost-postponed"]


async def test_while_nobody_can_be_reached_nothing_is_tried_and_whoever_comes_back_is_told(
    database: Database,
) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    request, due = await files(database), await files(database, RequestKind.DELETION)
    await answers(database, admin, request, Answer.DONE)
    await fails(database, request, NOON)
    chat, day = ChatId(ADMIN.id), NOON + timedelta(days=7)
    woken: list[bool] = []
    for reachable in (False, False, True, True):
        async with database.open_unit() as unit:
            await unit.people.mark_reachable(chat, reachable=reachable)
            await unit.commit()
        await Minding(database.open_unit, SteppedClock(day), SEOUL, lambda: woken.append(True)).run()
    assert woken == [True], "once somebody can be told"
    assert sorted(await told(database)) == ["again", "lost", "new"]
    kept = await on_file(database, due)
    assert kept is not None
    assert kept.told_on == day.date()


async def test_many_that_are_told_of_on_no_such_day_hide_none_that_is(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    day = NOON.date() + timedelta(days=4)  # a Monday: those of the day before are due a day earlier
    urgent = [
        asked(RequestKind.DELETION, day - timedelta(days=1), day, chat=ChatId(9_100 + n), language="ko")
        for n in range(201)
    ]
    async with database.open_unit() as unit:
        for one in [*urgent, asked(RequestKind.ACCESS, day, day, chat=GUEST, language="ko")]:
            told_on = one.counted_from + timedelta(days=7)  # those of yesterday were told of yesterday
            await unit.requests.keep(replace(one, told_on=told_on if one.chat != GUEST else day))
        await unit.commit()
    await looks(database, NOON + timedelta(days=11))
    assert await told(database) == ["again"]


async def test_a_stop_of_use_takes_back_what_waits_and_ends_reminders_and_digests(database: Database) -> None:
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    manager = await grant(database, MANAGER, Grant(Role.MANAGER, Region("전북")), wants_reminders=True)
    async with database.open_unit() as unit:
        to = Recipient(manager.chat, "ko", manager.id)
        await plan(unit, DeliveryKind.DIGEST, "가상", to, Draft("settings.always"), now=NOON)
        await unit.commit()
    request = await files(database, RequestKind.SUSPENSION, manager.chat)
    await answers(database, admin, request, Answer.DONE)
    mine = [one for one in await said(database, NOON) if one.chat == manager.chat]
    assert [one.key for one in mine] == ["requests.answer_done"]
    assert "다시 받기" in mine[0].text
    async with database.open_unit(read_only=True) as unit:
        assert await unit.people.reachable_with(Role.MANAGER, Region("전북")) == []


async def test_a_letter_has_its_days_from_when_it_came(database: Database) -> None:
    await grant(database, ADMIN, Grant(Role.ADMIN, None))
    async with database.open_unit() as unit:
        early = await ANSWERING.write_down(
            unit, RequestKind.DELETION, date(2026, 1, 5), "가상 편지", now=NOON
        )
        await unit.commit()
    assert early.due_on == date(2026, 1, 15)
    assert await told(database) == ["new"]
    await looks(database, NOON + timedelta(days=1))
    assert await told(database) == ["new", "overdue"]
    with pytest.raises(ReceivedInFuture):
        async with database.open_unit() as unit:
            await ANSWERING.write_down(unit, RequestKind.DELETION, date(2026, 1, 23), "", now=NOON)


async def test_a_restore_brings_back_no_request_that_ended_and_loses_none_that_came(
    database: Database, template: Path, tmp_path: Path
) -> None:
    """`back` is what a backup brings: it knows one that was answered since, one that was destroyed, one that is known
    nowhere else; and nothing of the newest.
    """
    (tmp_path / "back.db").write_bytes(template.read_bytes())
    back = Database(sqlite_url(tmp_path / "back.db"))
    admin = await grant(database, ADMIN, Grant(Role.ADMIN, None))
    answered = await files(database)
    gone = asked(RequestKind.DELETION, NOON.date(), NOON.date(), chat=GUEST, language="ko", words="가상")
    unknown_there = asked(RequestKind.CORRECTION, NOON.date(), NOON.date(), chat=GUEST, language="ko")
    async with back.open_unit() as unit:
        for one in (answered, gone, unknown_there):
            await unit.requests.keep(one)
        await unit.people.keep(admin)
        await unit.commit()
    await answers(database, admin, answered, Answer.REFUSED)
    later = await files(database, RequestKind.SUSPENSION)
    async with database.open_unit() as unit:
        await record(unit, DESTROYED, gone, now=NOON)
        await unit.people.pause(admin.chat, paused=True)
        await unit.commit()
    async with database.open_unit(read_only=True) as unit:
        ended = await ended_since(unit, NOON - timedelta(hours=1))
    async with back.open_unit() as unit:
        await hold_to(unit, ended, now=NOON)
        await unit.commit()
    async with back.open_unit(read_only=True) as unit:
        states = {one.number: one.state for one in await unit.requests.all()}
        person = await unit.people.by_id(admin.id)
    await back.close()
    assert states == {
        answered.number: RequestState.REFUSED,
        unknown_there.number: RequestState.OPEN,
        later.number: RequestState.OPEN,
    }
    assert person is not None
    assert person.paused
