"""The bot's calls that change what is already in a chat, and its answers to presses."""

from dataclasses import replace
from datetime import timedelta

from bot.rehearsal.errors import bad_request
from bot.rehearsal.ground import Ground
from bot.rehearsal.keyboards import read_keyboard
from bot.rehearsal.parameters import Parameters
from bot.rehearsal.sending import check_caption, check_text, reachable_chat, read_words
from bot.rehearsal.values import Answer, Message
from bot.rehearsal.wire import Json, message_json

MAX_ANSWER = 200
DELETABLE = timedelta(hours=48)
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_message_text(ground: Ground, parameters: Parameters) -> Json:
    """editMessageText: a keyboard that is not sent again disappears, as at Telegram."""
    message = _own(ground, parameters)
    if message.attachment is not None:
        raise bad_request("there is no text in the message to edit")
    parsed = read_words(parameters, "text", "entities")
    check_text(parsed)
    edited = replace(message, text=parsed.text, entities=parsed.entities, keyboard=read_keyboard(parameters))
    return _changed(ground, "editMessageText", message, edited)


def edit_message_caption(ground: Ground, parameters: Parameters) -> Json:
    """editMessageCaption."""
    message = _own(ground, parameters)
    if message.attachment is None:
        raise bad_request("there is no caption in the message to edit")
    parsed = read_words(parameters, "caption", "caption_entities")
    check_caption(parsed)
    edited = replace(message, text=parsed.text, entities=parsed.entities, keyboard=read_keyboard(parameters))
    return _changed(ground, "editMessageCaption", message, edited)


def edit_message_reply_markup(ground: Ground, parameters: Parameters) -> Json:
    """editMessageReplyMarkup: without a markup the buttons disappear."""
    message = _own(ground, parameters)
    return _changed(
        ground, "editMessageReplyMarkup", message, replace(message, keyboard=read_keyboard(parameters))
    )


def delete_message(ground: Ground, parameters: Parameters) -> bool:
    """deleteMessage: for 48 hours only."""
    chat = reachable_chat(ground, parameters)
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if ground.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    ground.remove(chat.id, message.id)
    ground.record("deleteMessage", chat.id, message_id=message.id)
    return True


def answer_callback_query(ground: Ground, parameters: Parameters) -> bool:
    """answerCallbackQuery: each press can be answered for a while only, and needs no text."""
    press = ground.presses.get(parameters.text("callback_query_id"))
    if press is None or ground.now() - press.at > ground.presses_live:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = parameters.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    ground.answers[press.id] = Answer(text, parameters.flag("show_alert"))
    ground.record("answerCallbackQuery", press.chat, text=text, message_id=press.message_id)
    return True


def _own(ground: Ground, parameters: Parameters) -> Message:
    chat = reachable_chat(ground, parameters)
    message = chat.messages.get(parameters.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _changed(ground: Ground, method: str, before: Message, after: Message) -> Json:
    if after == before:
        raise bad_request(_UNCHANGED)
    edited = ground.change(replace(after, edited=ground.now()))
    ground.record(method, edited.chat, text=edited.text, message_id=edited.id)
    return message_json(ground, edited)
