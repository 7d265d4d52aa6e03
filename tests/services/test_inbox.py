"""Settling updates: everything of an update commits together, refusals keep their words, failures are parked."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import ButtonUnknown, NotAllowed
from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.inbox import Answer, InboxService
from bot.services.ports import RawUpdate
from storage.database import Database
from storage.models.traffic import InboxState
from tests.support import raw_updates
from tests.support.chat import STAFF, TEAM, YOUTH, grant
from tests.support.desk import NOON, Desk, Handlers


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_what_changed_what_is_said_and_settled_commit_together(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    assert await desk.settles(Handlers()) == [None]
    assert await desk.state(update) == (InboxState.SETTLED, 1, None)
    assert await desk.fact(update) == "1"
    [reply] = await desk.said()
    assert (reply.chat, reply.key, reply.dedup) == (YOUTH.id, "schedule.next_none", f"reply:{update}:0")
    assert reply.draft.private, "somebody without a grant is a participant"
    assert await desk.settles(Handlers()) == [], "settled once"


async def test_a_repeat_is_absorbed_also_long_after_it_was_settled(desk: Desk) -> None:
    await desk.receives(YOUTH)
    raw = RawUpdate(1, json.dumps({"update_id": 1, **raw_updates.text_message(YOUTH, "다시", 1, NOON)}))
    assert await desk.inbox.receive([raw]) == 0
    await desk.settles(Handlers())
    async with desk.database.open_unit() as unit:
        await unit.inbox.destroy_of_chats([ChatId(YOUTH.id)], NOON + timedelta(hours=1))
        await unit.commit()
    assert await desk.inbox.receive([raw, raw]) == 0
    assert await desk.inbox.ready(frozenset(), 9) == []


async def test_the_same_update_twice_in_one_batch_is_one(desk: Desk) -> None:
    raw = RawUpdate(1, "{}")
    assert await desk.inbox.receive([raw, raw, RawUpdate(2, "{}")]) == 2


async def test_replies_to_people_with_a_grant_are_theirs_and_not_private(desk: Desk) -> None:
    person = await grant(desk.database, STAFF, Grant(Role.STAFF, None), language="en")
    await desk.receives(STAFF)
    await desk.settles(Handlers())
    async with desk.database.open_unit(read_only=True) as unit:
        [reply] = await unit.deliveries.due(NOON, [], 9)
    assert (reply.person, reply.language, reply.draft.private) == (person.id, "en", False)


async def test_a_person_is_answered_in_their_own_choice_whatever_their_telegram_speaks(desk: Desk) -> None:
    await grant(desk.database, STAFF, Grant(Role.STAFF, None), language="en")
    await desk.receives(STAFF, where=TEAM)
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "x", 5, "press-1", NOON))
    answers = await desk.settles(Handlers([("settings.saved", {})]))
    assert [answer.language for answer in answers if answer is not None] == ["en"]
    assert [reply.text for reply in await desk.said()] == ["There are no further meetings."] * 2


async def test_somebody_without_a_role_is_answered_in_the_language_of_their_telegram(desk: Desk) -> None:
    for place, (language, words) in enumerate(
        [("ko-KR", "예정된 일정이 없습니다"), ("vi", "no further meetings"), (None, "예정된 일정이 없습니다")]
    ):
        await desk.receives(replace(YOUTH, id=YOUTH.id + place, language=language))
        await desk.settles(Handlers())
        assert words in (await desk.said())[-1].text


async def test_a_reply_into_a_group_is_not_private(desk: Desk) -> None:
    await desk.receives(YOUTH, where=TEAM)
    await desk.settles(Handlers())
    [reply] = await desk.said()
    assert (reply.chat, reply.draft.private) == (TEAM.id, False)


async def test_a_refusal_undoes_what_changed_and_keeps_its_words_and_the_settling(desk: Desk) -> None:
    update = await desk.receives(YOUTH)
    await desk.settles(Handlers([NotAllowed()]))
    assert await desk.state(update) == (InboxState.SETTLED, 1, None)
    assert await desk.fact(update) is None
    [reply] = await desk.said()
    assert (reply.key, reply.dedup) == ("common.not_allowed", f"reply:{update}:0")
    assert reply.draft.private
    assert desk.alerts == []


async def test_a_refusal_of_what_belongs_to_no_chat_is_said_to_nobody(desk: Desk) -> None:
    update = await desk.receives(YOUTH, body={"poll": {"id": "9"}})
    await desk.settles(Handlers([ButtonUnknown()], says=False))
    assert (await desk.state(update))[0] is InboxState.SETTLED
    assert await desk.said() == []


async def test_a_press_is_answered_after_the_commit_with_the_handlers_toast(desk: Desk) -> None:
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-1", NOON))
    [answer] = await desk.settles(Handlers([("late.stop", {})]))
    assert answer == Answer("press-1", "ko", "late.stop", {})
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-2", NOON))
    assert await desk.settles(Handlers()) == [Answer("press-2", "ko")], (
        "without words it only stops the spinner"
    )


async def test_a_press_that_was_refused_is_answered_too(desk: Desk) -> None:
    await desk.receives(STAFF, body=raw_updates.press(STAFF, "lt:x", 5, "press-1", NOON))
    assert await desk.settles(Handlers([ButtonUnknown()])) == [Answer("press-1", "ko")]
    assert await desk.keys() == ["common.button_unknown"]


async def test_a_busy_chat_is_left_alone(desk: Desk) -> None:
    await desk.receives(YOUTH)
    other = await desk.receives(STAFF)
    ready = await desk.inbox.ready(frozenset({ChatId(YOUTH.id)}), 9)
    assert [one.update_id for one in ready] == [other]


async def test_an_update_that_was_settled_meanwhile_is_not_handled_again(desk: Desk) -> None:
    await desk.receives(YOUTH)
    [stale] = await desk.inbox.ready(frozenset(), 9)
    await desk.settles(Handlers())
    handlers = Handlers()
    assert await desk.inbox.settle(stale, handlers) is None
    assert handlers.seen == []
    assert await desk.keys() == ["schedule.next_none"]


async def test_two_processes_that_settle_the_same_update_say_it_once(desk: Desk) -> None:
    await desk.receives(YOUTH)
    other = Database(desk.database.url.render_as_string(hide_password=False))
    second = InboxService(other.open_unit, desk.clock)
    [waiting] = await desk.inbox.ready(frozenset(), 9)
    try:
        await asyncio.gather(desk.inbox.settle(waiting, Handlers()), second.settle(waiting, Handlers()))
    finally:
        await other.close()
    assert (await desk.state(1))[0] is InboxState.SETTLED
    assert await desk.keys() == ["schedule.next_none"]
