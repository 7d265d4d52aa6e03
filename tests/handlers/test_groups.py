"""Groups, blocks and edits: what happens around the conversation."""

from collections.abc import AsyncIterator

import pytest
from telegram import Update
from telegram.ext import CommandHandler

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.people import People
from handlers import groups, settings
from handlers.application import App
from handlers.context import BotContext
from storage.database import Database
from tests.support import raw_updates
from tests.support.chat import STAFF, STRANGER, TEAM, Chat, grant, talking
from tests.support.services import only


async def _late(_update: Update, context: BotContext) -> None:
    """A command as others have it: PTB would run it again for an edited message."""
    await context.reply("settings.always")


def register_late(application: App) -> None:
    application.add_handler(CommandHandler("late", _late))


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    registers = (register_late, settings.register, groups.register)
    async with talking(sqlite, only(people=People()), *registers) as chat:
        yield chat


async def test_added_to_a_group_it_introduces_itself_once(chat: Chat) -> None:
    now = chat.clock.now()
    for before, after, said in (
        ("left", "member", ["group.introduction"]),
        ("member", "administrator", []),
        ("administrator", "kicked", []),
        ("kicked", "member", ["group.introduction"]),
        ("member", "left", []),
    ):
        told = await chat.gets(raw_updates.membership(STAFF, before, after, now, where=TEAM))
        assert [one.key for one in told] == said, (before, after)
        assert all(one.chat == TEAM.id for one in told)


async def test_people_talk_among_themselves_in_a_group(chat: Chat) -> None:
    now = chat.clock.now()
    assert await chat.says(STAFF, "점심은 어디서 드십니까?", where=TEAM) == []
    assert await chat.says(STAFF, "@another_test_bot 안녕하십니까", where=TEAM) == []
    assert await chat.says(STAFF, "/weather", where=TEAM) == []
    assert await chat.gets(raw_updates.photo_message(STAFF, 7, now, where=TEAM)) == []
    assert await chat.gets(raw_updates.edited_message(STAFF, "고친 말", 7, now, where=TEAM)) == []


async def test_who_speaks_to_the_bot_in_a_group_is_asked_to_write_in_private(chat: Chat) -> None:
    now = chat.clock.now()
    answered = await chat.says(STAFF, "교통이 불편합니다", where=TEAM, reply_to=9)
    named = await chat.says(STAFF, "@Hyeonjang_test_bot 교통이 불편합니다", where=TEAM)
    personal = await chat.says(STAFF, "/settings", where=TEAM)
    hidden = await chat.gets(raw_updates.anonymous_message("/settings@hyeonjang_test_bot", TEAM, 8, now))
    for said in (answered, named, personal, hidden):
        assert [(one.chat, one.key) for one in said] == [(TEAM.id, "common.write_in_private")]


async def test_an_edited_message_is_answered_and_never_carried_out_again(chat: Chat) -> None:
    now = chat.clock.now()
    for text in ("/late", "고친 의견입니다"):
        [told] = await chat.gets(raw_updates.edited_message(STRANGER, text, 7, now))
        assert told.key == "common.edit_by_button"
    [first] = await chat.says(STRANGER, "/late")
    assert first.key == "settings.always"


async def test_a_pin_that_moves_on_a_map_is_no_edit_to_speak_of(chat: Chat) -> None:
    body = raw_updates.edited_message(STRANGER, "", 7, chat.clock.now())
    message = body["edited_message"]
    assert isinstance(message, dict)
    del message["text"]
    message["location"] = {"latitude": 35.97, "longitude": 126.71, "live_period": 900}
    assert await chat.gets(body) == []


async def test_a_block_is_remembered_of_people_on_file_and_forgotten_when_they_return(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, None))
    for before, after, reachable in (("member", "kicked", False), ("kicked", "member", True)):
        assert await chat.gets(raw_updates.membership(STAFF, before, after, chat.clock.now())) == []
        async with chat.database.open_unit(read_only=True) as unit:
            person = await unit.people.by_chat(ChatId(STAFF.id))
        assert person is not None
        assert person.reachable is reachable
    assert await chat.gets(raw_updates.membership(STRANGER, "member", "kicked", chat.clock.now())) == []
