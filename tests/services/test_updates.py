"""The envelope of an update: whose chat it is, in what language, and whether a press waits for an answer."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChatId
from bot.services.updates import NO_CHAT, Envelope, open_envelope, raw_update, storable
from tests.support import raw_updates
from tests.support.plans import at
from tests.support.raw_updates import STAFF, TEAM, Json, User

NOW = at("12:00")
ENGLISH = User(7_100_000_009, "Imagined Guest", "en-GB")
SILENT = User(7_100_000_010, "가상인", None)
GUEST, QUIET = ChatId(ENGLISH.id), ChatId(SILENT.id)
MINE, OURS = ChatId(STAFF.id), ChatId(TEAM.id)
ANONYMOUS = ChatId(1_087_968_824)
"""Telegram's user that stands for a group's anonymous administrators."""


def opened(body: Json) -> Envelope:
    return open_envelope(json.dumps({"update_id": 1, **body}))


@pytest.mark.parametrize(
    ("body", "envelope"),
    [
        (raw_updates.text_message(STAFF, "안녕하십니까", 1, NOW), Envelope(MINE, "ko", None, MINE)),
        (raw_updates.text_message(STAFF, "/next", 1, NOW, where=TEAM), Envelope(OURS, "ko", None, MINE)),
        (raw_updates.edited_message(STAFF, "고침", 1, NOW), Envelope(MINE, "ko", None, MINE)),
        (raw_updates.voice_message(ENGLISH, 1, NOW), Envelope(GUEST, "en", None, GUEST)),
        (raw_updates.photo_message(SILENT, 1, NOW), Envelope(QUIET, "ko", None, QUIET)),
        (raw_updates.press(STAFF, "x", 5, "press-1", NOW), Envelope(MINE, "ko", "press-1", MINE)),
        (raw_updates.press(STAFF, "x", 5, "press-1", NOW, where=TEAM), Envelope(OURS, "ko", "press-1", MINE)),
        (raw_updates.membership(STAFF, "member", "kicked", NOW), Envelope(MINE, "ko", None, MINE)),
        (raw_updates.membership(STAFF, "left", "member", NOW, where=TEAM), Envelope(OURS, "ko", None, MINE)),
        (raw_updates.anonymous_message("안내", TEAM, 1, NOW), Envelope(OURS, "ko", None, ANONYMOUS)),
    ],
)
def test_each_kind_of_update_belongs_to_its_chat(body: Json, envelope: Envelope) -> None:
    assert opened(body) == envelope
    assert envelope.is_group is (envelope.chat == TEAM.id)


def test_a_press_below_a_message_that_we_cannot_see_any_more_still_belongs_to_its_chat() -> None:
    """`message` is left out of presses in inline mode; then the presser's private chat is meant."""
    body = raw_updates.press(STAFF, "x", 5, "press-1", NOW)
    query = body["callback_query"]
    assert isinstance(query, dict)
    del query["message"]
    assert opened(body) == Envelope(MINE, "ko", "press-1", MINE)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        "{}",
        '{"update_id": 1, "poll": {"id": "9"}}',
        '{"message": 7}',
        '{"message": {"chat": {"id": "7"}}}',
        '{"message": {"from": null, "chat": null}}',
        '{"callback_query": []}',
        '{"callback_query": {"id": 7}}',
    ],
)
def test_what_belongs_to_no_chat_has_an_envelope_all_the_same(payload: str) -> None:
    assert open_envelope(payload) == Envelope(NO_CHAT, "ko")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["chat", "from", "id", "message"]), inner)
    ),
)


@given(
    st.dictionaries(st.sampled_from(["message", "callback_query", "edited_message", "my_chat_member"]), _JSON)
)
def test_no_shape_of_an_update_breaks_it(body: dict[str, object]) -> None:
    envelope = opened(body)
    assert isinstance(envelope.chat, int)
    assert isinstance(envelope.language, str)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_what_is_storable_stays_and_everything_left_is_storable(value: object) -> None:
    cleaned = storable(value)
    text = json.dumps(cleaned, ensure_ascii=False)
    text.encode()
    assert "\\u0000" not in text
    assert storable(cleaned) == cleaned


def test_words_lose_only_what_no_database_keeps() -> None:
    assert storable({"text": "버스\x00가 \ud83d없어요 😀"}) == {"text": "버스가 없어요 😀"}


def test_a_name_that_no_database_keeps_does_not_become_anothers() -> None:
    assert storable({"id\x00": 9, "id": 7, "\ud800id": 9}) == {"id": 7}


@pytest.mark.parametrize("nothing", [None, [1], {}, "x"])
def test_the_first_carrier_with_anything_in_it_says_whose_it_is(nothing: object) -> None:
    mine = raw_updates.text_message(STAFF, "안녕하십니까", 1, NOW)["message"]
    other = raw_updates.membership(ENGLISH, "member", "kicked", NOW)
    body: Json = {"callback_query": nothing, "message": nothing, "edited_message": mine, **other}
    assert opened(body) == Envelope(MINE, "ko", None, MINE)


@pytest.mark.parametrize(
    ("chat", "anothers"), [(MINE, False), (GUEST, True), (OURS, False), (True, False), (None, False)]
)
def test_a_private_chat_is_its_senders_or_anothers(chat: object, anothers: bool) -> None:
    envelope = opened({"message": {"chat": {"id": chat}, "from": {"id": MINE}}})
    assert envelope.is_anothers is anothers


@pytest.mark.parametrize("code", ["\ud800", "k\x00o", "x" * 40, "한국어", 7])
def test_a_language_that_cannot_be_one_is_korean(code: object) -> None:
    body = raw_updates.text_message(STAFF, "안녕하십니까", 1, NOW)
    message = body["message"]
    assert isinstance(message, dict)
    sender = message["from"]
    assert isinstance(sender, dict)
    sender["language_code"] = code
    assert opened(body).language == "ko"


def test_what_can_just_be_read_is_an_update_or_none_and_no_error() -> None:
    """Reading and writing JSON give up at different depths; the door must not answer 500 in between."""
    ends = set()
    for depth in range(1, 1_100):
        try:
            item = json.loads('{"update_id":1,"x":' + "[" * depth + "]" * depth + "}")
        except RecursionError:
            break
        ends.add(raw_update(item) is None)
        ends.add(_deeper(item))
    assert ends == {False, True}


def _deeper(item: object, frames: int = 40) -> bool:
    return raw_update(item) is None if frames == 0 else _deeper(item, frames - 1)
