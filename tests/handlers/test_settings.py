"""/settings: a manager turns reminders on and off in one message; everybody with a role chooses a language."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Person, Role
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
    assert card.labels == ["알림 받기", "✓ 한국어", "English"]
    for label, other, wanted in (("받기", "알림 끄기", True), ("끄기", "알림 받기", False)):
        [card] = await chat.taps(MANAGER, card, label)
        assert card.labels == [other, "✓ 한국어", "English"]
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


async def person_of(chat: Chat, user: User) -> Person:
    async with chat.database.open_unit(read_only=True) as unit:
        person = await unit.people.by_chat(ChatId(user.id))
    assert person is not None
    return person


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER, Role.ADMIN])
async def test_everybody_with_a_role_chooses_a_language_and_reads_it_at_once(chat: Chat, role: Role) -> None:
    await grant(chat.database, STAFF, Grant(role, None))
    [card] = await chat.says(STAFF, "/settings")
    [english] = await chat.taps(STAFF, card, "English")
    assert english.message_id == card.message_id
    assert not re.search("[가-힣]", english.text)
    assert english.labels[-2:] == ["한국어", "✓ English"]
    assert chat.toast == "Saved."
    assert (await person_of(chat, STAFF)).language == "en"
    [korean] = await chat.taps(STAFF, english, "한국어")
    assert (korean.text, korean.labels[-2:]) == (card.text, ["✓ 한국어", "English"])
    assert chat.toast == "바꾸었습니다."


async def test_what_was_chosen_stands_whatever_the_telegram_speaks_later(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, None))
    [card] = await chat.says(replace(STAFF, language="en-GB"), "/settings")
    assert "실무자께는" in card.text
    await chat.taps(STAFF, card, "English")
    [card] = await chat.says(replace(STAFF, language="ko"), "/settings")
    assert "Field staff" in card.text


async def test_a_language_from_an_earlier_version_is_understood(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, None), language="en-US")
    [card] = await chat.says(STAFF, "/settings")
    assert card.labels == ["한국어", "✓ English"]


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "따로 설정하실"), ("vi", "nothing to set"), (None, "따로 설정하실")]
)
async def test_somebody_without_a_role_is_told_whose_language_it_is_and_nothing_is_kept(
    chat: Chat, language: str | None, words: str
) -> None:
    [told] = await chat.says(replace(STRANGER, language=language), "/settings")
    assert words in told.text
    assert told.labels == []
    assert told.draft.private
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.people.all() == []


@pytest.mark.parametrize(
    ("user", "grants", "key"),
    [
        (STAFF, [Grant(Role.STAFF, None)], "settings.always"),
        (ADMIN, [Grant(Role.ADMIN, None)], "settings.language_only"),
        (STRANGER, [], "settings.visitor"),
    ],
)
async def test_others_do_not_choose_reminders(chat: Chat, user: User, grants: list[Grant], key: str) -> None:
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
