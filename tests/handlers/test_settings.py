"""/settings: a manager turns reminders on and off in one message."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.people import People
from handlers import settings
from storage.database import Database
from tests.support.chat import ADMIN, MANAGER, STAFF, STRANGER, TEAM, Chat, User, grant, talking
from tests.support.services import only


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with talking(sqlite, only(people=People()), settings.register) as chat:
        yield chat


async def test_a_manager_turns_reminders_on_and_off(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, None))
    [card] = await chat.says(MANAGER, "/settings")
    assert card.labels == ["알림 받기"]
    for label, other, wanted in (("받기", "알림 끄기", True), ("끄기", "알림 받기", False)):
        [card] = await chat.taps(MANAGER, card, label)
        assert card.labels == [other]
        assert card.draft.edits is not None
        assert chat.toast == "바꾸었습니다."
        async with chat.database.open_unit(read_only=True) as unit:
            person = await unit.people.by_chat(ChatId(MANAGER.id))
        assert person is not None
        assert person.wants_reminders is wanted


async def test_an_old_button_pressed_twice_sets_what_it_says(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, None))
    [card] = await chat.says(MANAGER, "/settings")
    first, second = await chat.taps(MANAGER, card, "받기"), await chat.taps(MANAGER, card, "받기")
    assert first[0].text == second[0].text


@pytest.mark.parametrize(
    ("user", "grants", "key"),
    [
        (STAFF, [Grant(Role.STAFF, None)], "settings.always"),
        (ADMIN, [Grant(Role.ADMIN, None)], "common.not_allowed"),
        (STRANGER, [], "common.not_allowed"),
    ],
)
async def test_others_have_nothing_to_choose(chat: Chat, user: User, grants: list[Grant], key: str) -> None:
    if grants:
        await grant(chat.database, user, *grants)
    [told] = await chat.says(user, "/settings")
    assert told.key == key
    [told] = await chat.presses(user, "se:on", 5)
    assert told.key == "common.not_allowed"


async def test_forged_buttons_are_unknown_and_groups_are_refused(chat: Chat) -> None:
    await grant(chat.database, MANAGER, Grant(Role.MANAGER, None))
    [told] = await chat.presses(MANAGER, "se:maybe", 5)
    assert told.key == "common.button_unknown"
    [told] = await chat.says(MANAGER, "/settings", where=TEAM)
    assert told.key == "common.write_in_private"
