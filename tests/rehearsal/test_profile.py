"""Who the bot is, its menus, and what is accepted without being shown."""

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest

from tests.rehearsal.served import Served


async def test_the_bot_knows_itself(served: Served, bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert me.username == served.world.bot.username
    assert me.can_read_all_group_messages is False


async def test_the_narrowest_menu_wins(served: Served, bot: Bot) -> None:
    def menu() -> list[str]:
        return [one.command for one in served.world.menu(served.chat)]

    assert menu() == []
    await bot.set_my_commands([BotCommand("help", "도움말")])
    await bot.set_my_commands([BotCommand("start", "시작")], scope=BotCommandScopeAllPrivateChats())
    assert menu() == ["start"]
    mine = BotCommandScopeChat(served.chat)
    await bot.set_my_commands([BotCommand("next", "다음 일정"), BotCommand("late", "지연")], scope=mine)
    assert menu() == ["next", "late"]
    assert [one.command for one in await bot.get_my_commands(scope=mine)] == ["next", "late"]
    await bot.delete_my_commands(scope=mine)
    assert menu() == ["start"]


async def test_a_menu_speaks_the_persons_language_if_it_can(served: Served, bot: Bot) -> None:
    guest = served.world.add_user("가상 방문객", language_code="en").id
    other = served.world.add_user("가상 손님", language_code="ja").id
    await bot.set_my_commands([BotCommand("help", "도움말")])
    await bot.set_my_commands([BotCommand("help", "Help")], language_code="en")
    shown = [served.world.menu(user)[0].description for user in (served.chat, guest, other)]
    assert shown == ["도움말", "Help", "도움말"]
    assert [one.description for one in await bot.get_my_commands(language_code="en")] == ["Help"]


@pytest.mark.parametrize("command", ["Next", "다음", "x" * 33, ""])
async def test_a_command_has_telegrams_alphabet(served: Served, command: str) -> None:
    described = [{"command": command, "description": "설명"}]
    assert await served.refusal("setMyCommands", commands=described) == "Bad Request: BOT_COMMAND_INVALID"


async def test_a_menu_for_an_unknown_chat_is_refused(served: Served, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_my_commands([BotCommand("next", "다음")], scope=BotCommandScopeChat(424242))


async def test_descriptions_and_typing_are_accepted(served: Served, bot: Bot) -> None:
    assert await bot.set_my_description("현장 행보를 돕습니다")
    assert await bot.set_my_short_description("현장 행보")
    assert await bot.send_chat_action(served.chat, "typing")
    assert (await bot.get_chat(served.chat)).first_name == served.user.first_name


async def test_a_file_too_big_for_bots_cannot_be_fetched(served: Served, bot: Bot) -> None:
    said = served.world.send_document(served.chat, bytes(20 * 1024 * 1024 + 1), name="big.bin")
    assert said.attachment is not None
    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(said.attachment.file.id)
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id or the file is temporarily unavailable"):
        await bot.get_file("no-such-file")
