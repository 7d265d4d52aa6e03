"""Reading updates: one that is only partly readable is answered all the same, and what is of the wrong type is not there."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.updates import UnreadableUpdate, open_envelope
from handlers.reading import read_update
from handlers.silent_bot import SilentBot
from tests.support import raw_updates
from tests.support.chat import BOT, STAFF, STRANGER
from tests.support.plans import at

NOON = at("12:00")
HELLO = raw_updates.text_message(STRANGER, "/help 😀 @somebody", 7, at("12:00"))["message"]


def read(**changes: Any) -> Any:
    assert isinstance(HELLO, dict)
    body = {"update_id": 1, "message": {**HELLO, **changes}}
    return read_update(json.dumps(body), SilentBot(BOT)).message


def test_what_telegram_sends_is_read_whole() -> None:
    message = read()
    assert (message.text, message.chat.id, message.from_user.id) == (
        "/help 😀 @somebody",
        STRANGER.id,
        STRANGER.id,
    )
    assert [one.type for one in message.entities] == ["bot_command", "mention"]


def test_a_part_that_cannot_be_read_is_left_out_and_the_rest_is_read() -> None:
    """A poll without a field that the newest Bot API promises: a server of one's own may be older."""
    message = read(poll={"id": "1", "question": "?", "options": [{"text": "a"}]})
    assert (message.text, message.poll) == ("/help 😀 @somebody", None)
    assert [one.type for one in message.entities] == ["bot_command", "mention"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 5),
        ("caption", []),
        ("media_group_id", {}),
        ("photo", [{"file_id": 1}]),
        ("from", "x"),
        ("entities", "x"),
    ],
)
def test_of_the_wrong_type_it_is_not_there(name: str, value: object) -> None:
    message = read(**{name: value})
    assert not getattr(message, "from_user" if name == "from" else name)
    assert message.chat.id == STRANGER.id


@pytest.mark.parametrize("date", [None, "x", -1, 10**12, 10**40, float("nan"), True])
def test_a_date_that_is_none_does_not_matter(date: object) -> None:
    assert read(date=date).text == "/help 😀 @somebody"


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, 99), (99, 1), (-1, 3), (7, 1), (6, 1), (0, 0), (2**40, 2**40), ("0", 5), (0, True)],
)
def test_marks_beyond_the_words_or_through_a_character_are_none(offset: object, length: object) -> None:
    assert read(entities=[{"type": "mention", "offset": offset, "length": length}]).entities == ()


@pytest.mark.parametrize(
    "payload", ["{", "[]", "5", "NaN", '{"update_id":1,"message":{"text":"x"}}', "[" * 5000]
)
def test_what_is_no_update_or_nowhere_is_unreadable(payload: str) -> None:
    with pytest.raises(UnreadableUpdate):
        read_update(payload, SilentBot(BOT))


def test_a_press_on_a_message_that_cannot_be_read_keeps_its_data() -> None:
    press = raw_updates.press(STRANGER, "f:e:x", 7, "p", at("12:00"))["callback_query"]
    assert isinstance(press, dict)
    press["message"]["poll"] = {"id": 1}
    query = read_update(json.dumps({"update_id": 1, "callback_query": press}), SilentBot(BOT)).callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.message is not None) == ("f:e:x", STRANGER.id, True)


@pytest.mark.parametrize("duration", [None, "x", -1, 2**40])
def test_a_voice_is_a_voice_whatever_its_length_says(duration: object) -> None:
    message = read(voice={"file_id": "v", "file_unique_id": "v", "duration": duration})
    assert (message.voice.file_id, message.text) == ("v", "/help 😀 @somebody")


KINDS = ("callback_query", "message", "edited_message", "my_chat_member", "channel_post", "business_message")
_USERS = st.sampled_from([STAFF, STRANGER])
_PARTS = st.one_of(
    st.builds(lambda user: raw_updates.text_message(user, "안녕", 7, NOON)["message"], _USERS),
    st.builds(lambda user: raw_updates.press(user, "x", 7, "p", NOON)["callback_query"], _USERS),
    st.builds(lambda user: raw_updates.membership(user, "member", "kicked", NOON)["my_chat_member"], _USERS),
    st.sampled_from([None, {}, [1], "x"]),
)


def _spoilt(value: Any, other: Any) -> Any:
    """Every `from` and `chat` has one of somebody else's beside it, under a name that no database keeps."""
    if not isinstance(value, dict):
        return value
    found = {name: _spoilt(one, other) for name, one in value.items()}
    twins = ("from", "chat", "message", "id")
    return found | {f"{name}\x00": other.get(name) for name in twins if name in found}


@given(st.dictionaries(st.sampled_from(KINDS), _PARTS), _USERS, st.sampled_from([0, 1]))
def test_handlers_and_the_envelope_name_the_same_people(parts: Any, other: Any, spoilt: int) -> None:
    """Whatever somebody sends who knows the webhook's secret: what is kept as one person's is handled as theirs."""
    body = {"update_id": 1, **parts}
    if spoilt:
        message: Any = raw_updates.text_message(other, "안녕", 7, NOON)["message"]
        body = _spoilt(body, {**message, "message": message, "id": other.id})
    payload = json.dumps(body)
    envelope = open_envelope(payload)
    try:
        update = read_update(payload, SilentBot(BOT))
    except UnreadableUpdate:
        return
    user, chat = update.effective_user, update.effective_chat
    assert user is None or user.id == envelope.sender
    assert chat is None or chat.id == envelope.chat


@pytest.mark.parametrize("kind", ["message", "edited_message", "my_chat_member", "callback_query"])
def test_a_private_chat_that_is_not_its_senders_is_unreadable(kind: str) -> None:
    bodies = (
        raw_updates.text_message(STAFF, "안녕", 7, NOON),
        raw_updates.edited_message(STAFF, "안녕", 7, NOON),
        raw_updates.membership(STAFF, "member", "kicked", NOON),
        raw_updates.press(STAFF, "x", 7, "p", NOON),
    )
    [part] = [body[kind] for body in bodies if kind in body]
    assert isinstance(part, dict)
    assert read_update(json.dumps({"update_id": 1, kind: part}), SilentBot(BOT)).effective_user
    part["from"] = STRANGER.json()
    with pytest.raises(UnreadableUpdate, match="NotTheirChat"):
        read_update(json.dumps({"update_id": 1, kind: part}), SilentBot(BOT))


def test_who_speaks_for_a_group_or_in_it_is_read() -> None:
    for body in (
        raw_updates.anonymous_message("안내", raw_updates.TEAM, 1, NOON),
        raw_updates.text_message(STAFF, "안녕", 7, NOON, where=raw_updates.TEAM),
        raw_updates.press(STAFF, "x", 7, "p", NOON, where=raw_updates.TEAM),
        raw_updates.membership(STAFF, "left", "member", NOON, where=raw_updates.TEAM),
    ):
        update = read_update(json.dumps({"update_id": 1, **body}), SilentBot(BOT))
        assert update.effective_user is not None
        assert update.effective_chat is not None
        assert update.effective_chat.id == raw_updates.TEAM.id
