"""Values as JSON of the Bot API (core.telegram.org/bots/api#available-types)."""

from collections.abc import Sequence
from datetime import datetime

from bot.rehearsal.ground import Chat, Ground
from bot.rehearsal.values import (
    Attachment,
    Button,
    ChatKind,
    Entity,
    Keyboard,
    Media,
    Message,
    PhotoSize,
    Press,
    Standing,
    StoredFile,
    User,
)

Json = dict[str, object]


def unix(moment: datetime) -> int:
    """Whole seconds, as Telegram gives every time."""
    return int(moment.timestamp())


def user_json(user: User) -> Json:
    """A User."""
    body: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.username:
        body["username"] = user.username
    if not user.is_bot:
        body["language_code"] = user.language_code
    return body


def bot_json(bot: User) -> Json:
    """The User that getMe gives, with what only bots have."""
    return user_json(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def chat_json(ground: Ground, chat: Chat) -> Json:
    """A Chat."""
    if chat.kind is ChatKind.PRIVATE:
        user = ground.users[chat.id]
        name: Json = {"first_name": user.first_name}
        if user.username:
            name["username"] = user.username
    else:
        name = {"title": chat.title}
    return {"id": chat.id, "type": chat.kind.value, **name}


def full_chat_json(ground: Ground, chat: Chat) -> Json:
    """The ChatFullInfo that getChat gives."""
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    return chat_json(ground, chat) | {
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }


def entity_json(entity: Entity) -> Json:
    """A MessageEntity."""
    body: Json = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    if entity.url is not None:
        body["url"] = entity.url
    if entity.language is not None:
        body["language"] = entity.language
    return body


def button_json(button: Button) -> Json:
    """An InlineKeyboardButton."""
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}


def keyboard_json(keyboard: Keyboard) -> Json:
    """An InlineKeyboardMarkup."""
    return {"inline_keyboard": [[button_json(button) for button in row] for row in keyboard]}


def file_json(stored: StoredFile) -> Json:
    """A File, or what is common to all kinds of media."""
    return {"file_id": stored.id, "file_unique_id": stored.unique_id, "file_size": len(stored.data)}


def message_json(ground: Ground, message: Message, *, quote: bool = True) -> Json:
    """A Message; `quote` holds the message it replies to, one level deep, as Telegram does."""
    body: Json = {
        "message_id": message.id,
        "from": user_json(ground.users[message.sender]),
        "chat": chat_json(ground, ground.chats[message.chat]),
        "date": unix(message.date),
    }
    if message.edited is not None:
        body["edit_date"] = unix(message.edited)
    if message.service is not None:
        return body | dict(message.service.fields)
    words, marks = ("text", "entities") if message.attachment is None else ("caption", "caption_entities")
    if message.text:
        body[words] = message.text
    if message.entities:
        body[marks] = [entity_json(entity) for entity in message.entities]
    if message.attachment is not None:
        body |= _attachment(message.attachment)
    if message.keyboard:
        body["reply_markup"] = keyboard_json(message.keyboard)
    quoted = ground.chats[message.chat].messages.get(message.reply_to or 0)
    if quote and quoted is not None:
        body["reply_to_message"] = message_json(ground, quoted, quote=False)
    return body


def _attachment(attachment: Attachment) -> Json:
    stored = attachment.file
    match attachment.media:
        case Media.PHOTO:
            largest = PhotoSize(stored, attachment.width, attachment.height)
            return {"photo": [_size(size) for size in (*attachment.smaller, largest)]}
        case Media.VOICE:
            return {"voice": file_json(stored) | {"duration": attachment.duration, "mime_type": stored.mime}}
        case Media.AUDIO:
            named: Json = {"file_name": stored.name, "mime_type": stored.mime}
            return {"audio": file_json(stored) | {"duration": attachment.duration} | named}
        case Media.VIDEO:
            moving = {"width": 640, "height": 360, "duration": attachment.duration}
            return {"video": file_json(stored) | moving | {"mime_type": stored.mime}}
        case Media.VIDEO_NOTE:
            return {"video_note": file_json(stored) | {"length": 240, "duration": attachment.duration}}
        case Media.DOCUMENT:
            return {"document": file_json(stored) | {"file_name": stored.name, "mime_type": stored.mime}}


def _size(size: PhotoSize) -> Json:
    return file_json(size.file) | {"width": size.width, "height": size.height}


def press_json(ground: Ground, press: Press, message: Message | None) -> Json:
    """A CallbackQuery; a message that is gone is an InaccessibleMessage (date 0)."""
    chat = chat_json(ground, ground.chats[press.chat])
    shown = (
        message_json(ground, message)
        if message is not None
        else {"chat": chat, "message_id": press.message_id, "date": 0}
    )
    return {
        "id": press.id,
        "from": user_json(ground.users[press.user]),
        "message": shown,
        "chat_instance": str(press.chat * 7919),
        "data": press.data,
    }


def membership_json(ground: Ground, chat: Chat, by: int, before: Standing, after: Standing) -> Json:
    """A ChatMemberUpdated about the bot itself (my_chat_member)."""
    return {
        "chat": chat_json(ground, chat),
        "from": user_json(ground.users[by]),
        "date": unix(ground.now()),
        "old_chat_member": _member(ground.bot, before),
        "new_chat_member": _member(ground.bot, after),
    }


def _member(bot: User, standing: Standing) -> Json:
    match standing:
        case Standing.MEMBER:
            return {"user": user_json(bot), "status": "member"}
        case Standing.NEVER:
            return {"user": user_json(bot), "status": "left"}
        case _:
            return {"user": user_json(bot), "status": "kicked", "until_date": 0}


def users_json(users: Sequence[User]) -> list[Json]:
    """Several Users."""
    return [user_json(user) for user in users]
