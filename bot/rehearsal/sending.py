"""The bot's calls that put a message into a chat."""

from bot.rehearsal.entities import Parsed, parse_given, parse_html, parse_plain
from bot.rehearsal.errors import ApiError, bad_request, forbidden
from bot.rehearsal.ground import Chat, Ground
from bot.rehearsal.keyboards import read_keyboard
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.values import Attachment, ChatKind, Entity, Media, Message, Standing
from bot.rehearsal.wire import Json, message_json

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024


def send_message(ground: Ground, parameters: Parameters) -> Json:
    """sendMessage: 1–4096 characters after entity parsing."""
    chat = reachable_chat(ground, parameters)
    parsed = read_words(parameters, "text", "entities")
    check_text(parsed)
    return _deliver(ground, parameters, "sendMessage", chat, parsed, None)


def send_photo(ground: Ground, parameters: Parameters) -> Json:
    """sendPhoto: at most 10 MB, or the id of a photo that was sent before."""
    chat = reachable_chat(ground, parameters)
    attachment = _attachment(ground, parameters, "photo", Media.PHOTO)
    return _deliver(ground, parameters, "sendPhoto", chat, _caption(parameters), attachment)


def send_document(ground: Ground, parameters: Parameters) -> Json:
    """sendDocument: at most 50 MB, or the id of a file that was sent before."""
    chat = reachable_chat(ground, parameters)
    attachment = _attachment(ground, parameters, "document", Media.DOCUMENT)
    return _deliver(ground, parameters, "sendDocument", chat, _caption(parameters), attachment)


def known_chat(ground: Ground, parameters: Parameters) -> Chat:
    """The chat that a call names; ApiError for one that is unknown or became a supergroup."""
    if not parameters.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = ground.chats.get(parameters.chat_id() or 0)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    return chat


def reachable_chat(ground: Ground, parameters: Parameters) -> Chat:
    """A chat that the bot may write to; ApiError 403 in Telegram's words otherwise."""
    chat = known_chat(ground, parameters)
    match chat.standing:
        case Standing.MEMBER:
            return chat
        case Standing.BLOCKED:
            raise forbidden("bot was blocked by the user")
        case Standing.DEACTIVATED:
            raise forbidden("user is deactivated")
        case Standing.KICKED:
            raise forbidden(f"bot was kicked from the {chat.kind.value} chat")
        case Standing.NEVER if chat.kind is ChatKind.PRIVATE:
            raise forbidden("bot can't initiate conversation with a user")
        case Standing.NEVER:
            raise forbidden(f"bot is not a member of the {chat.kind.value} chat")


def read_words(parameters: Parameters, text: str, entities: str) -> Parsed:
    """A text with its parse mode or its entities."""
    source = parameters.text(text)
    match parameters.text("parse_mode").lower():
        case "html":
            return parse_html(source)
        case "":
            given = parameters.structure(entities)
            return parse_given(source, _entities(given)) if given else parse_plain(source)
        case _:
            raise bad_request("unsupported parse_mode")


def check_text(parsed: Parsed) -> None:
    """Refuse a text that is empty or longer than 4096 code points after parsing."""
    if not parsed.text:
        raise bad_request("message text is empty")
    if len(parsed.text) > MAX_TEXT:
        raise bad_request("message is too long")


def check_caption(parsed: Parsed) -> None:
    """Refuse a caption longer than 1024 code points after parsing."""
    if len(parsed.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")


def _entities(given: object) -> list[Entity]:
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array")
    entities = []
    for raw in given:
        match raw:
            case {"type": str(kind), "offset": int(offset), "length": int(length)}:
                url, language = raw.get("url"), raw.get("language")
                entities.append(
                    Entity(
                        kind,
                        offset,
                        length,
                        url if isinstance(url, str) else None,
                        language if isinstance(language, str) else None,
                    )
                )
            case _:
                raise bad_request("can't parse entities: expected an Object with type, offset and length")
    return entities


def _caption(parameters: Parameters) -> Parsed:
    parsed = read_words(parameters, "caption", "caption_entities")
    check_caption(parsed)
    return parsed


def _attachment(ground: Ground, parameters: Parameters, name: str, media: Media) -> Attachment:
    upload = parameters.upload(name)
    if upload is not None:
        if not upload.data:
            raise bad_request("file must be non-empty")
        if len(upload.data) > (MAX_PHOTO if media is Media.PHOTO else MAX_UPLOAD):
            raise ApiError(413, "Request Entity Too Large")
        stored = ground.shelf.store(upload.data, name=upload.name, media=media)
    elif not parameters.text(name):
        raise bad_request(f"there is no {name} in the request")
    else:
        known = ground.files.get(parameters.text(name))
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        stored = known
    return ground.shelf.picture(stored) if media is Media.PHOTO else Attachment(media, stored)


def _deliver(
    ground: Ground,
    parameters: Parameters,
    method: str,
    chat: Chat,
    parsed: Parsed,
    attachment: Attachment | None,
) -> Json:
    keyboard = read_keyboard(parameters)
    reply_to = _replied(parameters, chat)
    now = ground.now()
    broken = ground.limits.broken_by(chat.id, now)
    if broken is not None:
        ground.violations.append(broken)
        if ground.enforce_limits:
            raise ApiError(
                429,
                f"Too Many Requests: retry after {broken.retry_after}",
                {"retry_after": broken.retry_after},
            )
    ground.limits.record(chat.id, now)
    message = ground.keep(
        Message(
            id=0,
            chat=chat.id,
            sender=ground.bot.id,
            date=now,
            from_bot=True,
            text=parsed.text,
            entities=parsed.entities,
            keyboard=keyboard,
            attachment=attachment,
            silent=parameters.flag("disable_notification"),
            reply_to=reply_to,
        )
    )
    ground.record(method, chat.id, text=message.text, silent=message.silent, message_id=message.id)
    return message_json(ground, message)


def _replied(parameters: Parameters, chat: Chat) -> int | None:
    raw = parameters.structure("reply_parameters")
    wanted = raw.get("message_id") if isinstance(raw, dict) else None
    number = wanted if isinstance(wanted, int) else parameters.integer("reply_to_message_id")
    if not number:
        return None
    if number in chat.messages:
        return number
    lenient = isinstance(raw, dict) and raw.get("allow_sending_without_reply") is True
    if lenient or parameters.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
