"""The envelope of an update: whose chat it belongs to. What it says is the handlers' business."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import ChatId

NO_CHAT = ChatId(0)
_LARGEST_ID = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z-]{1,16}", re.ASCII)
_WITH_CHAT = ("message", "edited_message", "my_chat_member")


@dataclass(frozen=True, slots=True)
class Envelope:
    """`chat` orders updates (0: belongs to none). `press` is the id of a button press that waits for an answer."""

    chat: ChatId
    language: str
    press: str | None = None

    @property
    def is_group(self) -> bool:
        return self.chat < 0


def open_envelope(payload: str) -> Envelope:
    """Reads the envelope of an update's JSON. Whatever is malformed gives an envelope without a chat."""
    try:
        update: Any = json.loads(payload)
    except ValueError:
        return Envelope(NO_CHAT, "ko")
    if not isinstance(update, dict):
        return Envelope(NO_CHAT, "ko")
    press = _inner(update, "callback_query")
    carrier = (
        _inner(press, "message")
        if press
        else next((_inner(update, k) for k in _WITH_CHAT if k in update), {})
    )
    sender = _inner(press or carrier, "from")
    chat = _inner(carrier, "chat").get("id", sender.get("id"))
    language = sender.get("language_code")
    press_id = press.get("id")
    return Envelope(
        chat=ChatId(chat) if isinstance(chat, int) and abs(chat) <= _LARGEST_ID else NO_CHAT,
        language=language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else "ko",
        press=press_id if isinstance(press_id, str) else None,
    )


def storable(value: Any) -> Any:
    """The same JSON value without what no database keeps in a text: NUL, and surrogates without their other half."""
    match value:
        case str():
            return _UNSTORABLE.sub("", value)
        case list():
            return [storable(one) for one in value]
        case dict():
            return {storable(name): storable(one) for name, one in value.items()}
    return value


def _inner(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    value = mapping.get(name)
    return value if isinstance(value, dict) else {}
