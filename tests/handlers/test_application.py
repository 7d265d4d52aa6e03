"""The chain itself: what nobody takes, what fails, and how handlers speak."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.domain.delivery import Button, DeliveryKind
from bot.domain.errors import ButtonUnknown, NotAllowed, Refusal, WriteInPrivate
from bot.domain.person import Grant, Role
from handlers.application import App
from handlers.context import BotContext, chat_of, pressed, require_private, words_of
from storage.database import Database
from tests.support import raw_updates
from tests.support.chat import STAFF, STRANGER, TEAM, YOUTH, Chat, grant, talking
from tests.support.plans import at
from tests.support.services import only

NOON = at("12:00")


async def _fails(_update: Update, context: BotContext) -> None:
    await context.unit.facts.put("half", "done")
    await context.reply("schedule.next_none")
    raise ZeroDivisionError


async def _refuses(_update: Update, context: BotContext) -> None:
    await context.unit.facts.put("half", "done")
    await context.reply("schedule.next_none")
    raise NotAllowed


async def _speaks(update: Update, context: BotContext) -> None:
    assert context.now == NOON
    await context.reply("late.stopped", keyboard=((Button("late.stop", data="t:tap"),),))
    await context.reply("qr.none", picture="https://example.com")
    await context.reply("help.line", {"command": "echo", "what": words_of(update)}, private=True)


async def _tapped(update: Update, context: BotContext) -> None:
    data, message = pressed(update)
    context.answer("late.by", {"minutes": len(data)})
    await context.reply("late.stopped", edits=message)


async def _who(update: Update, context: BotContext) -> None:
    person = await context.person(update)
    await context.reply("people.choose", {"name": person.name})


async def _private(update: Update, context: BotContext) -> None:
    assert require_private(update) == chat_of(update)
    await context.reply("late.stopped")


def register(application: App) -> None:
    for name, callback in (
        ("fails", _fails),
        ("refuses", _refuses),
        ("speaks", _speaks),
        ("who", _who),
        ("private", _private),
    ):
        application.add_handler(CommandHandler(name, callback))
    application.add_handler(CallbackQueryHandler(_tapped, pattern=r"^t:"))


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with talking(sqlite, only(), register, now=NOON) as opened:
        yield opened


async def test_what_a_handler_says_is_planned_in_its_order(chat: Chat) -> None:
    first, second, third = await chat.says(YOUTH, "/speaks 하나 & 둘")
    assert (first.key, first.labels) == ("late.stopped", ["그만두기"])
    assert second.draft.picture == "https://example.com"
    assert third.text == "/echo /speaks 하나 &amp; 둘"
    assert [one.dedup.rpartition(":")[2] for one in (first, second, third)] == ["0", "1", "2"]
    assert all(one.draft.private for one in (first, second, third)), "a participant's dialogue"


async def test_a_press_is_answered_and_changes_the_message_that_carries_it(chat: Chat) -> None:
    [changed] = await chat.presses(YOUTH, "t:tap", 55)
    assert (changed.kind, changed.draft.edits) == (DeliveryKind.EDIT, 55)
    assert chat.toast == "+5분"


async def test_what_a_handler_raises_comes_out_and_nothing_of_it_stays(chat: Chat) -> None:
    with pytest.raises(ZeroDivisionError):
        await chat.says(YOUTH, "/fails")
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("half") is None
        assert await unit.deliveries.next_due() is None


async def test_a_refusal_leaves_its_words_alone(chat: Chat) -> None:
    [told] = await chat.says(YOUTH, "/refuses")
    assert told.key == "common.not_allowed"
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.facts.get("half") is None


async def test_whoever_speaks_is_known_by_their_chat_and_needs_a_grant(chat: Chat) -> None:
    await grant(chat.database, STAFF, Grant(Role.STAFF, None))
    [told] = await chat.says(STAFF, "/who")
    assert told.text == STAFF.first_name
    [told] = await chat.says(STAFF, "/who", where=TEAM)
    assert told.text == STAFF.first_name, "in a group it is the sender who counts"
    await grant(chat.database, STAFF)
    [told] = await chat.says(STAFF, "/who")
    assert told.key == "common.not_allowed"


async def test_personal_things_are_refused_in_a_group(chat: Chat) -> None:
    [told] = await chat.says(STAFF, "/private", where=TEAM)
    assert (told.chat, told.key) == (TEAM.id, "common.write_in_private")


async def test_a_command_for_another_bot_is_not_ours(chat: Chat) -> None:
    assert await chat.says(STAFF, "/private@another_test_bot", where=TEAM) == []
    [told] = await chat.says(STAFF, "/private@hyeonjang_test_bot")
    assert told.key == "late.stopped"


@pytest.mark.parametrize("text", ["안녕하십니까", "/unknown", "?"])
async def test_what_nobody_understands_is_said_so_privately_and_not_in_a_group(chat: Chat, text: str) -> None:
    [told] = await chat.says(STRANGER, text)
    assert told.key == "common.not_understood"
    assert await chat.says(STRANGER, text, where=TEAM) == []


async def test_a_press_that_belongs_to_nobody_is_an_old_or_forged_button(chat: Chat) -> None:
    [told] = await chat.presses(STRANGER, "zz:forged", 5)
    assert told.key == "common.button_unknown"


@pytest.mark.parametrize(
    "body",
    [
        raw_updates.membership(STAFF, "member", "kicked", NOON),
        raw_updates.membership(STAFF, "left", "member", NOON, where=TEAM),
        raw_updates.photo_message(STAFF, 1, NOON, where=TEAM),
        raw_updates.anonymous_message("안내", TEAM, 1, NOON),
    ],
)
async def test_what_is_no_message_to_us_is_settled_in_silence(chat: Chat, body: dict[str, Any]) -> None:
    assert await chat.gets(body) == []
    async with chat.database.open_unit(read_only=True) as unit:
        assert await unit.inbox.waiting() == 0


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [(chat_of, ButtonUnknown), (require_private, ButtonUnknown), (pressed, ButtonUnknown)],
)
def test_an_update_without_what_is_asked_for_is_refused(asked: Any, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        asked(Update(1))
    assert words_of(Update(1)) == ""
    assert issubclass(WriteInPrivate, Refusal)
