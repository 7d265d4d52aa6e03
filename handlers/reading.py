"""An update from its JSON, whatever stands in it: what a person sent is answered even if only part of it can be read.

python-telegram-bot wants every field that the newest Bot API promises, and believes every type. A server that is older or
newer than it (TELEGRAM_API_URL may name one's own), or a value of the wrong type, would fail deep inside or in a handler. So
what handlers read is looked at here first: of the wrong type it is not there. If the rest cannot be read, it is left out.
Who speaks, and where, is the same to handlers as to the envelope by which the update was kept, or it is unreadable.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from telegram import Bot, Update

from bot.services.updates import UnreadableUpdate, carrier_of, envelope_of, storable

Check = Callable[[Any], bool]
_LARGEST = 2**63 - 1
_MESSAGES = ("message", "edited_message")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _number(value: Any) -> bool:
    return _whole(value) or (isinstance(value, float) and 0 <= value <= _LARGEST)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _moment(value: Any) -> bool:
    """Seconds that a calendar has: to the year 9999."""
    return _whole(value) and 0 <= value < 253_402_214_400


_USER: Mapping[str, Check] = {
    "id": _whole,
    "is_bot": lambda value: isinstance(value, bool),
    "first_name": _text,
    "last_name": _text,
    "username": _text,
    "language_code": _text,
}
_CHAT: Mapping[str, Check] = {
    "id": _whole,
    "type": _text,
    "title": _text,
    "first_name": _text,
    "username": _text,
}
_FILE: Mapping[str, Check] = {
    "file_id": _text,
    "file_unique_id": _text,
    "file_size": _whole,
    "file_name": _text,
    "mime_type": _text,
    "duration": lambda value: _whole(value) and 0 <= value < 2**31,
    "width": _whole,
    "height": _whole,
}
_ENTITY: Mapping[str, Check] = {"type": _text, "offset": _whole, "length": _whole}
_OF_MESSAGE: Mapping[str, Check] = {
    "message_id": _whole,
    "date": _moment,
    "edit_date": _moment,
    "text": _text,
    "caption": _text,
    "media_group_id": _text,
}
_USERS, _CHATS, _FILES = ("from",), ("chat", "sender_chat"), ("voice", "audio", "document")
_SOUNDS = ("voice", "audio")
_MARKS = {"entities": "text", "caption_entities": "caption"}
_REQUIRED: Mapping[str, Any] = {"message_id": 0, "date": 0}


def read_update(payload: str, bot: Bot) -> Update:
    """The update, as far as it can be read. Raises UnreadableUpdate when not even that is possible."""
    try:
        value = storable(json.loads(payload))
    except (ValueError, RecursionError) as error:
        raise UnreadableUpdate(type(error).__name__) from None
    if not isinstance(value, dict):
        raise UnreadableUpdate(type(value).__name__)
    if envelope_of(value).is_anothers:
        raise UnreadableUpdate("NotTheirChat")
    sound = _sound(value)
    try:
        return _somewhere(Update.de_json(sound, bot))
    except Exception:  # noqa: BLE001 (whatever its parser trips over: what we do not read is left out)
        sound = _essential(sound)
    try:
        return _somewhere(Update.de_json(sound, bot))
    except Exception as error:  # noqa: BLE001 (see above)
        raise UnreadableUpdate(type(error).__name__) from None


def _somewhere(update: Update) -> Update:
    """The parser lets pass what was said in no chat, and whoever asks where it was would fail. Raises UnreadableUpdate."""
    for carrier in (update.effective_message, update.my_chat_member, update.chat_member):
        if carrier is not None and carrier.chat is None:
            raise UnreadableUpdate("NoChat")
    return update


def _sound(update: dict[str, Any]) -> dict[str, Any]:
    """Without what has the wrong type, where handlers look, and with the envelope's carrier alone."""
    carrier = carrier_of(update)
    found = {name: one for name, one in update.items() if name in ("update_id", carrier)}
    for name in _MESSAGES:
        _replace(found, name, _message)
    _replace(found, "callback_query", _press)
    _replace(found, "my_chat_member", lambda value: _with(value, {"date": _moment}))
    return found


def _replace(holder: dict[str, Any], name: str, make: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    if name in holder:
        value = holder.pop(name)
        if isinstance(value, dict):
            holder[name] = make(value)


def _with(value: dict[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """Without the fields that are not what they must be."""
    return {name: one for name, one in value.items() if name not in checks or checks[name](one)}


def _message(value: dict[str, Any]) -> dict[str, Any]:
    found = {**_REQUIRED, **_with(value, _OF_MESSAGE)}
    for names, checks in ((_USERS, _USER), (_CHATS, _CHAT), (_FILES, _FILE)):
        for name in names:
            _replace(found, name, lambda one, checks=checks: _with(one, checks))  # type: ignore[misc]
    for name in _SOUNDS:
        _replace(found, name, lambda one: {"duration": 0, **one})
    _replace(found, "reply_to_message", _message)
    for name, words in _MARKS.items():
        if name in found:
            found[name] = _entities(found[name], found.get(words, ""))
    if "photo" in found:
        photo = found.pop("photo")
        sizes = (
            [_with(one, _FILE) for one in photo if isinstance(one, dict)] if isinstance(photo, list) else []
        )
        if whole := [one for one in sizes if {"file_id", "file_unique_id", "width", "height"} <= one.keys()]:
            found["photo"] = whole
    return found


def _entities(value: Any, words: str) -> list[Any]:
    """Those that lie within the words and cut no character in two; offsets count UTF-16 units."""
    if not isinstance(value, list):
        return []
    borders = _borders(words)
    return [one for one in value if isinstance(one, dict) and _lies_within(one, borders)]


def _borders(words: str) -> frozenset[int]:
    units, found = 0, {0}
    for character in words:
        units += 2 if ord(character) > 0xFFFF else 1
        found.add(units)
    return frozenset(found)


def _lies_within(entity: dict[str, Any], borders: frozenset[int]) -> bool:
    if _with(entity, _ENTITY) != entity or not _ENTITY.keys() <= entity.keys():
        return False
    start, length = entity["offset"], entity["length"]
    return length > 0 and start in borders and start + length in borders


def _press(value: dict[str, Any]) -> dict[str, Any]:
    found = _with(value, {"id": _text, "data": _text, "chat_instance": _text, "game_short_name": _text})
    found.setdefault("chat_instance", "")
    _replace(found, "from", lambda one: _with(one, _USER))
    _replace(found, "message", _message)
    return found


def _essential(update: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing but what handlers read."""
    found: dict[str, Any] = {"update_id": update.get("update_id", 0)}
    for name in _MESSAGES:
        if name in update:
            found[name] = _message_only(update[name])
    if "callback_query" in update:
        press = update["callback_query"]
        found["callback_query"] = {k: press[k] for k in ("id", "data", "chat_instance") if k in press}
        found["callback_query"] |= _people_only(press)
        if "message" in press:
            found["callback_query"]["message"] = _message_only(press["message"])
    return found


def _people_only(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for names, checks in ((_USERS, _USER), (_CHATS, _CHAT)):
        for name in names:
            if name in value:
                found[name] = {part: one for part, one in value[name].items() if part in checks}
    return found


def _message_only(message: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: message[name] for name in (*_OF_MESSAGE, "photo") if name in message} | _people_only(
        message
    )
    for name, words in _MARKS.items():
        if name in message and words in message:
            found[name] = [
                {part: one for part, one in mark.items() if part in _ENTITY} for mark in message[name]
            ]
    for name in _FILES:
        if {"file_id", "file_unique_id"} <= message.get(name, {}).keys():
            found[name] = {part: one for part, one in message[name].items() if part in _FILE}
    return found
