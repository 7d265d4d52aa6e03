"""Updates as Telegram sends them: the JSON of each kind that people can cause, said by invented people.

Every name here says that it is made up. Ids are longer than 32 bits, as new accounts' are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.ports import BotIdentity

BOT = BotIdentity(5_900_000_003, "hyeonjang_test_bot", "현장")
Json = dict[str, object]

_MARKED = re.compile(
    r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?)|(?P<mention>@[A-Za-z0-9_]{5,})"
)
_ANONYMOUS_ADMIN: Mapping[str, object] = {
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with Telegram; their private chat has their id. `language` None: the client tells none."""

    id: int
    first_name: str
    language: str | None = "ko"

    def json(self) -> Json:
        known: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return known if self.language is None else {**known, "language_code": self.language}


@dataclass(frozen=True, slots=True)
class Group:
    """A supergroup."""

    id: int
    title: str

    def json(self) -> Json:
        return {"id": self.id, "type": "supergroup", "title": self.title}


ADMIN = User(7_100_000_001, "가상관리자")
STAFF = User(7_100_000_002, "가상수행원")
MANAGER = User(7_100_000_003, "가상국장")
YOUTH = User(7_100_000_004, "가상청년")
STRANGER = User(7_100_000_005, "가상방문객")
TEAM = Group(-1_007_100_000_001, "가상 수행단 대화방")


def private(user: User) -> Json:
    return {"id": user.id, "type": "private", "first_name": user.first_name}


def entities(text: str) -> list[Json]:
    """What Telegram marks by itself; offsets count UTF-16 units."""
    return [
        {
            "type": found.lastgroup,
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found.group().encode("utf-16-le")) // 2,
        }
        for found in _MARKED.finditer(text)
    ]


def _message(user: User, message_id: int, now: datetime, where: Group | None) -> Json:
    chat = private(user) if where is None else where.json()
    return {"message_id": message_id, "from": user.json(), "chat": chat, "date": int(now.timestamp())}


def text_message(
    user: User,
    text: str,
    message_id: int,
    now: datetime,
    *,
    where: Group | None = None,
    reply_to: int | None = None,
) -> Json:
    """`reply_to`: a message of the bot that this one answers."""
    message = {**_message(user, message_id, now, where), "text": text}
    if marked := entities(text):
        message["entities"] = marked
    if reply_to is not None:
        message["reply_to_message"] = bot_message(user, reply_to, now, where=where)
    return {"message": message}


def edited_message(
    user: User, text: str, message_id: int, now: datetime, *, where: Group | None = None
) -> Json:
    body = text_message(user, text, message_id, now, where=where)["message"]
    assert isinstance(body, dict)
    return {"edited_message": {**body, "edit_date": int(now.timestamp())}}


def photo_message(
    user: User, message_id: int, now: datetime, *, caption: str = "", where: Group | None = None
) -> Json:
    size: Json = {"file_id": "photo-file", "file_unique_id": "photo-once", "width": 1280, "height": 960}
    message = {**_message(user, message_id, now, where), "photo": [size]}
    return {"message": {**message, "caption": caption} if caption else message}


def voice_message(user: User, message_id: int, now: datetime, *, where: Group | None = None) -> Json:
    voice: Json = {
        "file_id": "voice-file",
        "file_unique_id": "voice-once",
        "duration": 7,
        "mime_type": "audio/ogg",
    }
    return {"message": {**_message(user, message_id, now, where), "voice": voice}}


def document_message(
    user: User,
    message_id: int,
    now: datetime,
    file_id: str,
    *,
    name: str | None = "표.xlsx",
    size: int | None = 1000,
    mime: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    where: Group | None = None,
) -> Json:
    document: Json = {"file_id": file_id, "file_unique_id": f"once-{file_id}", "mime_type": mime}
    named: Json = {} if name is None else {"file_name": name}
    sized: Json = {} if size is None else {"file_size": size}
    return {"message": {**_message(user, message_id, now, where), "document": {**document, **named, **sized}}}


def anonymous_message(text: str, where: Group, message_id: int, now: datetime) -> Json:
    """An administrator of a group who hides behind it (sender_chat, core.telegram.org/bots/api#message)."""
    message: Json = {
        "message_id": message_id,
        "from": dict(_ANONYMOUS_ADMIN),
        "sender_chat": where.json(),
        "chat": where.json(),
        "date": int(now.timestamp()),
        "text": text,
    }
    return {"message": {**message, "entities": entities(text)}}


def bot_message(user: User, message_id: int, now: datetime, *, where: Group | None = None) -> Json:
    """A message of ours, as it comes back inside other updates."""
    author = {"id": BOT.id, "is_bot": True, "first_name": BOT.first_name, "username": BOT.username}
    return {**_message(user, message_id, now, where), "from": author, "text": "…"}


def press(
    user: User, data: str, message_id: int, press_id: str, now: datetime, *, where: Group | None = None
) -> Json:
    """A tap on a button below our message."""
    return {
        "callback_query": {
            "id": press_id,
            "from": user.json(),
            "message": bot_message(user, message_id, now, where=where),
            "chat_instance": "-1234567890123456789",
            "data": data,
        }
    }


def membership(user: User, before: str, after: str, now: datetime, *, where: Group | None = None) -> Json:
    """The bot's own standing in a chat changed (`member`, `left`, `kicked` …), by `user`."""
    return {
        "my_chat_member": {
            "chat": private(user) if where is None else where.json(),
            "from": user.json(),
            "date": int(now.timestamp()),
            "old_chat_member": _bot_as(before),
            "new_chat_member": _bot_as(after),
        }
    }


def _bot_as(status: str) -> Json:
    bot: Json = {"id": BOT.id, "is_bot": True, "first_name": BOT.first_name, "username": BOT.username}
    details: Json = {}
    if status == "kicked":
        details = {"until_date": 0}
    elif status == "administrator":
        details = {**dict.fromkeys(_RIGHTS, False), "can_manage_chat": True}
    return {"user": bot, "status": status, **details}
