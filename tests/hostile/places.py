"""Where words get in: as what somebody writes, as who they are, as what they press or send along. One update each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.services.updates import storable
from tests.hostile.corpus import units_of
from tests.support import raw_updates
from tests.support.chat import STAFF, User
from tests.support.plans import at
from tests.support.raw_updates import Group, Json

FIRST_CHAT = 8_000_000_000
NOW = at("12:00")


@dataclass(frozen=True, slots=True)
class Input:
    """An update that is hostile by its words. `answered`: whether its chat must hear something."""

    kind: str
    place: str
    words: str
    chat: int
    body: Json
    answered: bool


Body = Callable[[User, str, int], Json]


def _marked(text: str) -> list[Json]:
    """Telegram's own marks; it makes none in what it cannot encode."""
    try:
        return raw_updates.entities(text)
    except UnicodeEncodeError:
        return []


def _message(user: User, number: int, **content: object) -> Json:
    chat = raw_updates.private(user)
    common: Json = {"message_id": number, "from": user.json(), "chat": chat, "date": int(NOW.timestamp())}
    return {"message": {**common, **content}}


def _written(user: User, words: str, number: int) -> Json:
    return _message(user, number, text=words, entities=_marked(words))


def _commanded(user: User, words: str, number: int) -> Json:
    commands = ("start", "next", "digest", "note", "late", "invite", "privacy", "help", "qr", "settings")
    command = f"/{commands[number % len(commands)]}"
    mark = {"type": "bot_command", "offset": 0, "length": len(command)}
    return _message(user, number, text=f"{command} {words}"[:4096], entities=[mark])


def _payload(user: User, words: str, number: int) -> Json:
    prefix = ("m_", "i_", "")[number % 3]
    mark = {"type": "bot_command", "offset": 0, "length": 6}
    return _message(user, number, text=f"/start {prefix}{words}"[:4096], entities=[mark])


def _wrong_marks(user: User, words: str, number: int) -> Json:
    """Entities that lie beside, beyond and across the text; Telegram sends none, a message of another client might."""
    kinds = ("bot_command", "mention", "text_link", "custom_emoji", "pre", "never_heard_of")
    units = units_of(words)
    spans = ((0, units + 1), (units, 1), (1, 1), (-1, 5), (2**31, 2**31), (0, 0), (max(units - 1, 0), 1))
    marks = [
        {
            "type": kinds[(number + n) % len(kinds)],
            "offset": offset,
            "length": length,
            "url": f"https://x/{words[:50]}",
        }
        for n, (offset, length) in enumerate(spans)
    ]
    return _message(user, number, text=words, entities=marks)


def _named(user: User, words: str, number: int) -> Json:
    who = {
        **user.json(),
        "first_name": words,
        "last_name": words,
        "username": words,
        "language_code": words[:35],
    }
    chat = {"id": user.id, "type": "private", "first_name": words, "username": words}
    mark = {"type": "bot_command", "offset": 0, "length": 6}
    body = _message(user, number, text="/start", entities=[mark])["message"]
    assert isinstance(body, dict)
    return {"message": {**body, "from": who, "chat": chat}}


def _edited(user: User, words: str, number: int) -> Json:
    body = _written(user, words, number)["message"]
    assert isinstance(body, dict)
    return {"edited_message": {**body, "edit_date": int(NOW.timestamp())}}


def _captioned(user: User, words: str, number: int) -> Json:
    photo = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9, "file_size": 9}
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 1, "mime_type": words[:100]}
    what: Json = {"photo": [photo]} if number % 2 else {"voice": voice}
    return _message(user, number, caption=words[:1024], media_group_id=words[:64], **what)


def _filed(user: User, words: str, number: int) -> Json:
    document: Json = {
        "file_id": f"f{number}",
        "file_unique_id": "f",
        "file_name": words,
        "mime_type": words[:100],
    }
    return _message(user, number, document=document)


def _pressed(user: User, words: str, number: int) -> Json:
    prefixes = (
        "",
        "f:e:",
        "n:e:",
        "in:",
        "lt:",
        "dg:",
        "fl:a:",
        "pe:s:",
        "iv:",
        "rq:",
        "ra:",
        "se:",
        "p:",
        "qr:",
        "dd:",
    )
    data = prefixes[number % len(prefixes)] + words
    return raw_updates.press(user, data, number, f"press-{number}", NOW)


def _other_things(user: User, words: str, number: int) -> Json:
    place: Json = {"latitude": 35.0, "longitude": 127.0}
    things: tuple[Json, ...] = (
        {"venue": {"location": place, "title": words, "address": words}},
        {"contact": {"phone_number": words, "first_name": words, "vcard": words}},
        {
            "poll": {
                "id": "1",
                "question": words,
                "options": [{"text": words, "voter_count": 0}],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
            }
        },
        {"dice": {"emoji": words, "value": 1}},
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 9,
                "height": 9,
                "is_animated": False,
                "is_video": False,
                "set_name": words,
                "emoji": words,
            }
        },
    )
    return _message(user, number, **things[number % len(things)])


def _quoting(user: User, words: str, number: int) -> Json:
    answered = raw_updates.bot_message(user, 7, NOW)
    origin = {"type": "hidden_user", "date": int(NOW.timestamp()), "sender_user_name": words}
    quote = {"text": words, "position": 0}
    return _message(
        user,
        number,
        text="/help",
        entities=[{"type": "bot_command", "offset": 0, "length": 5}],
        reply_to_message={**answered, "text": words},
        quote=quote,
        forward_origin=origin,
        author_signature=words,
    )


def _in_group(user: User, words: str, number: int) -> Json:
    group = Group(-1_009_000_000_000 - number, words)
    named = f"@hyeonjang_test_bot {words}"[:4096]
    mark = {"type": "mention", "offset": 0, "length": 19}
    body = _message(user, number, text=named, entities=[mark])["message"]
    assert isinstance(body, dict)
    return {"message": {**body, "chat": group.json()}}


def _added(user: User, words: str, number: int) -> Json:
    return raw_updates.membership(
        user, "left", "member", NOW, where=Group(-1_009_500_000_000 - number, words)
    )


PLACES: dict[str, Body] = {
    "a stranger's words": _written,
    "a participant's words": _written,
    "a staff member's note": _written,
    "after a command": _commanded,
    "a start payload": _payload,
    "text with wrong entities": _wrong_marks,
    "names, username, language": _named,
    "an edited message": _edited,
    "caption, album, sound type": _captioned,
    "a file's name and type": _filed,
    "a button's data": _pressed,
    "venue, contact, poll, dice, sticker": _other_things,
    "quote, forward, signature": _quoting,
    "a group's title and talk": _in_group,
    "a group that adds the bot": _added,
}


def inputs(words: Sequence[tuple[str, str]], *, every: bool) -> list[Input]:
    """Each text in one place in turn, or (`every`) in every place."""
    found: list[Input] = []
    names = list(PLACES)
    for turn, (kind, text) in enumerate(words):
        for place in names if every else (names[turn % len(names)],):
            found.append(_input(kind, place, text, len(found)))
    return found


def _input(kind: str, place: str, text: str, number: int) -> Input:
    chat = FIRST_CHAT + number
    user = STAFF if place == "a staff member's note" else User(chat, "가상", ("ko", "en")[number % 2])
    body = PLACES[place](user, text, number + 1)
    carrier = next(iter(body.values()))
    assert isinstance(carrier, dict)
    where = carrier.get("message", carrier)["chat"]["id"]
    return Input(
        kind, place, text, where, body, answered=place != "an edited message" or bool(storable(text))
    )


__all__ = ["FIRST_CHAT", "NOW", "PLACES", "Input", "inputs"]
