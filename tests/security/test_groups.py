"""Whoever is nobody in particular: channels, anonymous administrators, messages through a business account."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.security.world import World, kept
from tests.support import raw_updates
from tests.support.chat import STAFF, STRANGER, TEAM, Chat
from tests.support.raw_updates import Json

CHANNEL: Json = {"id": -1_007_100_000_009, "type": "channel", "title": "가상 채널"}
CHANNEL_BOT: Json = {"id": 136_817_688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
COMMANDS = ("/next", "/today", "/start m_codehere", "/start i_token", "/people", "/privacy", "가상 의견")


@pytest.fixture
async def chat(world: World, tmp_path: Path) -> AsyncIterator[Chat]:
    async with world.opened(tmp_path / "copy.db") as chat:
        yield chat


def text_of(body: Json) -> Json:
    message = body["message"]
    assert isinstance(message, dict)
    return message


@pytest.mark.parametrize("text", COMMANDS)
@pytest.mark.parametrize(
    "kind", ["channel_post", "edited_channel_post", "business_message", "edited_business_message"]
)
async def test_kinds_of_messages_that_we_never_ask_for_are_not_obeyed(
    chat: Chat, tmp_path: Path, kind: str, text: str
) -> None:
    """Telegram is not asked to bring them; a chat id is the sender's own in private messages alone."""
    before = kept(tmp_path / "copy.db")
    message = text_of(raw_updates.text_message(STAFF, text, 5, chat.clock.now()))
    if "channel" in kind:
        message = {key: value for key, value in message.items() if key != "from"} | {
            "chat": CHANNEL,
            "sender_chat": CHANNEL,
        }
    else:
        message = {**message, "business_connection_id": "b"}
    told = await chat.gets({kind: message})
    assert {one.key for one in told} <= {"common.not_understood"}
    assert all(one.chat != 0 for one in told)
    assert kept(tmp_path / "copy.db") == before


async def test_a_channel_that_speaks_in_a_group_is_nobody(chat: Chat) -> None:
    message = text_of(raw_updates.text_message(STAFF, "/next", 5, chat.clock.now(), where=TEAM))
    [told] = await chat.gets({"message": {**message, "from": CHANNEL_BOT, "sender_chat": CHANNEL}})
    assert (told.key, told.chat) == ("common.not_allowed", TEAM.id)


async def test_a_group_never_hears_what_belongs_to_one_person(chat: Chat, world: World) -> None:
    """Whoever presses or writes there, with every right: schedules are all that a group is told."""
    for text in ("/digest", "/note", "/qr", "/people", "/files", "/status", "/settings", "/privacy", "/late"):
        [told] = await chat.says(STAFF, text, where=TEAM)
        assert told.key == "common.write_in_private", text
    for data in (f"dg:{world.ids['digest']}:sum", f"f:e:{world.ids['secret']}", f"n:e:{world.ids['note']}"):
        [told] = await chat.presses(STAFF, data, 7, where=TEAM)
        assert told.key == "common.write_in_private", data


async def test_a_forwarded_message_is_words_of_whoever_forwards_it(chat: Chat, tmp_path: Path) -> None:
    """A link or a command that came from somebody else is opened with one's own rights, and changes nothing by itself."""
    before = kept(tmp_path / "copy.db")
    origin: Json = {"type": "user", "sender_user": STRANGER.json(), "date": int(chat.clock.now().timestamp())}
    for text, user, key in (
        ("/people", STAFF, "common.not_allowed"),
        ("/next", STRANGER, "common.not_allowed"),
        ("/late", STAFF, "late.ask"),
    ):
        message = text_of(raw_updates.text_message(user, text, 5, chat.clock.now()))
        [told] = await chat.gets({"message": {**message, "forward_origin": origin}})
        assert told.key == key
    assert kept(tmp_path / "copy.db") == before
