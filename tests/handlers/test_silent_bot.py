"""A real Application runs on a bot that cannot speak."""

from typing import Any

import pytest
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.services.ports import BotIdentity
from handlers.silent_bot import HandlersDoNotCall, SilentBot

IDENTITY = BotIdentity(5900000003, "hyeonjang_test_bot", "현장")


def command(text: str) -> dict[str, Any]:
    name = text.split()[0]
    return {
        "update_id": 1,
        "message": {
            "message_id": 3,
            "date": 1768986000,
            "chat": {"id": 41, "type": "private", "first_name": "연습용"},
            "from": {"id": 41, "is_bot": False, "first_name": "연습용"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(name)}],
        },
    }


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/next", True),
        ("/next@hyeonjang_test_bot", True),
        ("/next@HYEONJANG_test_bot", True),
        ("/next@another_bot", False),
    ],
)
async def test_an_application_runs_without_a_network_and_hears_its_own_commands(
    text: str, *, heard: bool
) -> None:
    calls: list[str] = []

    async def next_asked(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        calls.append(update.message.text or "")

    application = Application.builder().bot(SilentBot(IDENTITY)).updater(None).job_queue(None).build()
    application.add_handler(CommandHandler("next", next_asked))
    async with application:
        update = Update.de_json(command(text), application.bot)
        await application.process_update(update)
    assert bool(calls) is heard


async def test_it_knows_who_it_is() -> None:
    bot = SilentBot(IDENTITY)
    await bot.initialize()
    assert (bot.id, bot.username, bot.first_name, bot.name) == (
        IDENTITY.id,
        IDENTITY.username,
        IDENTITY.first_name,
        "@hyeonjang_test_bot",
    )
    await bot.shutdown()


async def test_a_call_from_a_handler_fails_and_says_what_to_do_instead() -> None:
    bot = SilentBot(IDENTITY)
    with pytest.raises(RuntimeError, match=r"context\.reply"):
        await bot.send_message(41, "안녕하십니까")
    with pytest.raises(RuntimeError, match=r"context\.reply"):
        await bot.get_me()
    with pytest.raises(HandlersDoNotCall):
        await bot.get_updates()


async def test_answering_a_message_directly_fails_too() -> None:
    update = Update.de_json(command("/next"), SilentBot(IDENTITY))
    assert update.message is not None
    with pytest.raises(HandlersDoNotCall) as caught:
        await update.message.reply_text("안녕하십니까")
    assert isinstance(caught.value, TelegramError), "or the library would wrap it into a network error"
