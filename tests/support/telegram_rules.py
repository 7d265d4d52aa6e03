"""What Telegram demands of a request, told by sources other than our own code.

Names and types come from aiogram's models of the Bot API, lengths from `telegram.constants`, the HTML rules from
core.telegram.org/bots/api#html-style. Stricter than Telegram where Telegram is silently forgiving: an unknown
parameter is a mistake, and so is a bare `&`.
"""

import html
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from telegram.constants import (
    BotCommandLimit,
    CallbackQueryLimit,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of aiogram's own definitions, while they are built
    import aiogram.methods
    from aiogram.methods.base import TelegramMethod
    from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardMarkup

_METHODS: dict[str, type[TelegramMethod[Any]]] = {
    model.__api_method__: model
    for name in aiogram.methods.__all__
    if isinstance(model := getattr(aiogram.methods, name), type) and hasattr(model, "__api_method__")
    if isinstance(model.__api_method__, str)
}
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)(?P<rest>(?:\s[^<>]*)?)>")
_BARE_AMPERSAND = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del"}
    | {"span", "tg-spoiler", "tg-emoji", "a", "code", "pre", "blockquote"}
)
_LOCAL = re.compile(r"^\w+://(?:localhost|127\.|0\.0\.0\.0|\[::1\])")
_COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")


class RuleBroken(AssertionError):
    """A request that Telegram would refuse, or that does not mean what its author thinks."""


def check_request(method: str, params: Mapping[str, object]) -> TelegramMethod[Any]:
    """Hold a request against the rules; gives it parsed. Raises RuleBroken.

    `params` as they are on the wire (text, JSON text, bytes for uploads) or already decoded.
    """
    model = _METHODS.get(method)
    if model is None:
        raise RuleBroken(f"no such method: {method}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            request = model.model_validate(
                {name: _value(model, name, given) for name, given in params.items()}
            )
        except ValidationError as error:
            raise RuleBroken(f"{method}: {error}") from None
        unknown = sorted(_unknown(request, method))
    if unknown:
        raise RuleBroken(f"unknown to the Bot API: {', '.join(unknown)}")
    _check_words(request)
    _check_buttons(getattr(request, "reply_markup", None))
    _check_commands(getattr(request, "commands", None))
    return request


def visible(text: str, parse_mode: str | None) -> str:
    """The characters that Telegram counts: after entity parsing. Raises RuleBroken for HTML that it refuses."""
    if parse_mode != "HTML":
        return text
    _check_html(text)
    return html.unescape(_TAG.sub("", text))


def _value(model: type[BaseModel], name: str, given: object) -> object:
    """A parameter as the model wants it: JSON text decoded unless the parameter is text itself."""
    if isinstance(given, bytes):
        return BufferedInputFile(given, "upload")
    field = model.model_fields.get(name)
    if not isinstance(given, str) or field is None or _takes(field.annotation, str):
        return given
    try:
        decoded: object = json.loads(given)
    except ValueError:
        return given
    return decoded


def _takes(annotation: object, kind: type) -> bool:
    """Whether a type is this one, or a union with it (a list of it is not)."""
    if get_origin(annotation) in {Union, UnionType}:
        return any(_takes(part, kind) for part in get_args(annotation))
    return annotation is kind


def _unknown(value: object, path: str) -> Iterator[str]:
    """Paths of everything that the models do not know, however deep."""
    if isinstance(value, BaseModel):
        yield from (f"{path}.{name}" for name in value.model_extra or {})
        for name in value.model_fields_set:
            yield from _unknown(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _unknown(item, f"{path}[]")


def _check_words(request: BaseModel) -> None:
    parse_mode = getattr(request, "parse_mode", None)
    mode = parse_mode if isinstance(parse_mode, str) else None
    pressed = isinstance(request, aiogram.methods.AnswerCallbackQuery)
    for name, least, most in (
        ("text", 0 if pressed else MessageLimit.MIN_TEXT_LENGTH, MessageLimit.MAX_TEXT_LENGTH),
        ("caption", 0, MessageLimit.CAPTION_LENGTH),
    ):
        words = getattr(request, name, None)
        if not isinstance(words, str):
            continue
        limit = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH if pressed else most
        shown = words if pressed else visible(words, mode)
        if not least <= len(shown.strip()) <= limit:
            raise RuleBroken(
                f"{name} of {len(shown.strip())} characters; {least} to {limit.value} are allowed"
            )


def _check_html(text: str) -> None:
    """Balanced, known tags; nothing else that looks like one; at most a hundred entities."""
    open_tags: list[str] = []
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name not in _TAGS:
            raise RuleBroken(f"tag <{name}> is not supported")
        if not tag["end"]:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            raise RuleBroken(f"</{name}> closes what is not open")
    if open_tags:
        raise RuleBroken(f"<{open_tags[-1]}> is never closed")
    bare = _TAG.sub("", text)
    if "<" in bare or ">" in bare or _BARE_AMPERSAND.search(text):
        raise RuleBroken("a bare <, > or & in HTML")
    if len(_TAG.findall(text)) // 2 > MessageLimit.MESSAGE_ENTITIES:
        raise RuleBroken("more than 100 entities: Telegram drops the rest silently")


def _check_buttons(markup: object) -> None:
    if not isinstance(markup, InlineKeyboardMarkup):
        return
    buttons = [button for row in markup.inline_keyboard for button in row]
    if len(buttons) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise RuleBroken("more than 100 buttons")
    for row in markup.inline_keyboard:
        if not 1 <= len(row) <= InlineKeyboardMarkupLimit.BUTTONS_PER_ROW:
            raise RuleBroken(f"a row of {len(row)} buttons")
    for button in buttons:
        if not button.text.strip():
            raise RuleBroken("a button without words")
        if len(button.model_fields_set & {"callback_data", "url", "web_app", "copy_text"}) != 1:
            raise RuleBroken(f"a button does exactly one thing: {button.text}")
        if button.url is not None and _LOCAL.match(button.url):
            raise RuleBroken(f"Telegram refuses buttons to this machine: {button.url}")
        if button.callback_data is not None:
            size = len(button.callback_data.encode())
            if not (
                InlineKeyboardButtonLimit.MIN_CALLBACK_DATA
                <= size
                <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
            ):
                raise RuleBroken(f"callback_data of {size} bytes")


def _check_commands(commands: object) -> None:
    for command in commands if isinstance(commands, list) else ():
        if not isinstance(command, BotCommand):
            continue
        if not _COMMAND.match(command.command):
            raise RuleBroken(f"not a command: {command.command}")
        if not 1 <= len(command.description) <= BotCommandLimit.MAX_DESCRIPTION:
            raise RuleBroken(f"description of /{command.command} is too long or missing")
