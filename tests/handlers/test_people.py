"""/people: the list, a second look, and the end of a grant."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import ChatId, PersonId, Region, new_id
from bot.domain.person import Grant, Role
from bot.services.people import People
from handlers import people
from handlers.people import PAGE
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.services import only

JEONBUK = Region("전북")


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
    async with talking(sqlite, only(people=People()), people.register) as chat:
        yield chat


async def test_an_administrator_looks_twice_and_takes_it_back(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, JEONBUK))
    [listed] = await chat.says(ADMIN, "/people")
    assert "2명" in listed.text
    assert "전북 실무자" in listed.text
    [sure] = await chat.taps(ADMIN, listed, STAFF.first_name)
    assert (sure.key, sure.draft.edits) == ("people.sure", listed.message_id)
    said = await chat.taps(ADMIN, sure, "권한 회수")
    assert {(one.chat, one.key) for one in said} == {
        (ADMIN.id, "people.ended"),
        (STAFF.id, "people.all_ended"),
    }
    [again] = await chat.taps(ADMIN, sure, "권한 회수")
    assert again.key == "people.gone"
    [listed] = await chat.says(ADMIN, "/people")
    assert listed.labels == [ADMIN.first_name]


async def test_going_back_shows_the_list_again(chat: Chat) -> None:
    [listed] = await chat.says(ADMIN, "/people")
    [sure] = await chat.taps(ADMIN, listed, ADMIN.first_name)
    [back] = await chat.taps(ADMIN, sure, "목록")
    assert (back.text, back.draft.edits) == (listed.text, listed.message_id)


async def test_the_last_administrator_cannot_leave(chat: Chat) -> None:
    [listed] = await chat.says(ADMIN, "/people")
    [sure] = await chat.taps(ADMIN, listed, ADMIN.first_name)
    [told] = await chat.taps(ADMIN, sure, "권한 회수")
    assert told.key == "people.last_admin"


async def test_many_people_come_in_pages(chat: Chat) -> None:
    for number in range(PAGE):
        await grant(chat.database, User(7_200_000_000 + number, f"가상 {number}"), Grant(Role.STAFF, None))
    [first] = await chat.says(ADMIN, "/people")
    assert len(first.labels) == PAGE + 1
    [second] = await chat.taps(ADMIN, first, "다음")
    assert len(second.labels) == 2
    [past] = await chat.presses(ADMIN, "pe:p:9999", first.message_id)
    assert past.labels == second.labels
    [back] = await chat.taps(ADMIN, second, "이전")
    assert back.labels == first.labels


@pytest.mark.parametrize("grants", [[], [Grant(Role.STAFF, None)], [Grant(Role.MANAGER, None)]])
async def test_nobody_else_may_look_or_take(chat: Chat, grants: list[Grant]) -> None:
    other = await grant(chat.database, MANAGER, Grant(Role.MANAGER, JEONBUK))
    if grants:
        await grant(chat.database, STRANGER, *grants)
    for said in (
        await chat.says(STRANGER, "/people"),
        await chat.presses(STRANGER, "pe:p:0", 5),
        await chat.presses(STRANGER, f"pe:s:{other.id}", 5),
        await chat.presses(STRANGER, f"pe:x:{other.id}", 5),
    ):
        assert [one.key for one in said] == ["common.not_allowed"]
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.people.by_chat(ChatId(MANAGER.id)) is not None


async def test_forged_buttons_are_unknown_and_groups_see_nobody(chat: Chat) -> None:
    for data in ("pe:p:-1", "pe:p:99999", "pe:s:short", "pe:x:"):
        [told] = await chat.presses(ADMIN, data, 5)
        assert told.key == "common.button_unknown", data
    [told] = await chat.presses(ADMIN, f"pe:x:{PersonId(new_id())}", 5)
    assert told.key == "people.gone"
    [told] = await chat.says(ADMIN, "/people", where=TEAM)
    assert told.key == "common.write_in_private"
