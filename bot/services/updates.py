"""Updates as they come in: their text, and their envelope, that is whose chat they belong to.

What they say is the handlers' business.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import ChatId
from bot.domain.languages import KOREAN, spoken
from bot.services.ports import RawUpdate

NO_CHAT = ChatId(0)
_LARGEST_ID = 2**63 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CARRIERS = ("callback_query", "message", "edited_message", "my_chat_member")


class UnreadableUpdate(Exception):
    """Nobody can make an update of it: of another shape than the messenger's. The text is a type, never what it says.

    Reading is the same every time, so that trying again is no cure.
    """


@dataclass(frozen=True, slots=True)
class Envelope:
    """`chat` orders updates (0: belongs to none). `press` is the id of a button press that waits for an answer.

    `language` is the one of ours that fits the sender's Telegram; `sender` has the id of their private chat.
    """

    chat: ChatId
    language: str
    press: str | None = None
    sender: ChatId = NO_CHAT

    @property
    def is_group(self) -> bool:
        return self.chat < 0

    @property
    def is_anothers(self) -> bool:
        """A private chat whose id is not its sender's: the messenger sends none, and whose it is nobody can say."""
        return self.chat > 0 and self.sender not in (NO_CHAT, self.chat)


def raw_update(item: object) -> RawUpdate | None:
    """An update from its parsed JSON; None for anything without an id that a database can keep,
    or too deep to be written down again.

    Hangul is kept as it is, so that a search for words in the database finds them.
    """
    match item:
        case {"update_id": int(update_id)} if 0 <= update_id <= _LARGEST_ID and update_id is not True:
            pass
        case _:
            return None
    try:
        text = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no database stores that
        text = json.dumps(item, separators=(",", ":"))
    except RecursionError:  # so deep that it could just be read
        return None
    return RawUpdate(update_id, text)


def open_envelope(payload: str) -> Envelope:
    """Reads the envelope of an update's JSON. Whatever is malformed gives an envelope without a chat."""
    try:
        update: Any = json.loads(payload)
    except (ValueError, RecursionError):
        return Envelope(NO_CHAT, KOREAN)
    return envelope_of(update if isinstance(update, dict) else {})


def carrier_of(update: dict[str, Any]) -> str | None:
    """The name of the one part that says who and where. Handlers are given no other: two might name two people."""
    return next((name for name in _CARRIERS if _inner(update, name)), None)


def envelope_of(update: dict[str, Any]) -> Envelope:
    """The envelope of a parsed update."""
    name = carrier_of(update)
    found = _inner(update, name) if name else {}
    press = found if name == "callback_query" else {}
    carrier = _inner(press, "message") if press else found
    sender = _inner(press or carrier, "from")
    who = sender.get("id")
    chat = _inner(carrier, "chat").get("id", who)
    language = sender.get("language_code")
    press_id = press.get("id")
    return Envelope(
        chat=_chat_id(chat),
        language=spoken(language if isinstance(language, str) else None),
        press=press_id if isinstance(press_id, str) else None,
        sender=_chat_id(who),
    )


def storable(value: Any) -> Any:
    """The same JSON value without what no database keeps in a text: NUL, and surrogates without their other half.

    A name with one of them is dropped with its value: cut, it might be another's (`from\\0` beside `from`).
    """
    match value:
        case str():
            return _UNSTORABLE.sub("", value)
        case list():
            return [storable(one) for one in value]
        case dict():
            return {name: storable(one) for name, one in value.items() if not _UNSTORABLE.search(name)}
    return value


def _chat_id(value: object) -> ChatId:
    match value:
        case int() if not isinstance(value, bool) and abs(value) <= _LARGEST_ID:
            return ChatId(value)
    return NO_CHAT


def _inner(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    value = mapping.get(name)
    return value if isinstance(value, dict) else {}
