"""Updates of every kind, walked out of python-telegram-bot's own types; and what becomes of them when somebody breaks them.

A sound one has every required field and some of the others, each of its type. A broken one has had some of its values
taken away, or replaced by what they must not be.
"""

import inspect
import sys
import types
import typing
from collections.abc import Hashable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

import telegram
from hypothesis import strategies as st
from telegram import TelegramObject, Update

from tests.hostile.corpus import naughty, unicode_torture

KINDS = tuple(
    name
    for name in inspect.signature(Update.__init__).parameters
    if name not in ("self", "update_id", "api_kwargs")
)
_JSON_NAMES = {"from_user": "from"}
_DEEPEST = 4
_TEXTS = st.sampled_from([*naughty()[::9], *list(unicode_torture(120))[::3], "", "가상", "a" * 4097])
_NUMBERS = st.sampled_from([0, 1, -1, 7, 64, 2**31 - 1, 2**31, 2**52, -(2**40), 1_769_050_800])
_CHATS = st.sampled_from(["private", "group", "supergroup", "channel"])
_WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**63,
        -(2**63),
        2**64,
        10**40,
        1.5,
        float("nan"),
        float("inf"),
        "",
        "x",
        "\ud800",
        [],
        [[]],
        [None],
        {},
        {"a": {}},
        [1, "x", {}],
    ]
)
_SUBCLASSES = {
    "type": ("private", "user", "emoji", "fill", "photo", "regular"),
    "status": ("member", "left", "kicked", "restricted", "administrator", "creator"),
    "source": ("premium", "gift_code", "giveaway"),
}


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """JSON name, annotation, required."""
    space = {**vars(telegram), **vars(sys.modules[kind.__module__])}
    found = []
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if name in ("self", "api_kwargs") or parameter.kind is parameter.VAR_KEYWORD:
            continue
        annotation = parameter.annotation
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, space)
            except (NameError, TypeError):
                continue
        found.append((_JSON_NAMES.get(name, name), annotation, parameter.default is parameter.empty))
    return tuple(found)


@st.composite
def value_of(draw: st.DrawFn, annotation: Any, depth: int = 0) -> Any:
    """JSON of a type as PTB annotates it."""
    if isinstance(annotation, str):
        annotation = getattr(telegram, annotation.split(" |")[0], str)
    origin, inside = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return draw(value_of(draw(st.sampled_from([one for one in inside if one is not type(None)])), depth))
    if origin is typing.Literal:
        return draw(st.sampled_from(inside))
    if origin is not None and issubclass(origin, Sequence):
        return [
            draw(value_of(inside[0], depth + 1))
            for _ in range(draw(st.integers(0, 2)) if depth < _DEEPEST else 0)
        ]
    if annotation is bool:
        return draw(st.booleans())
    if annotation in (int, float, timedelta):
        return draw(_NUMBERS)
    if annotation is datetime:
        return draw(st.sampled_from([0, 1, 1_769_050_800, 4_000_000_000]))
    if isinstance(annotation, type) and issubclass(annotation, TelegramObject):
        return draw(object_of(annotation, depth + 1))
    return draw(_TEXTS)


@st.composite
def object_of(draw: st.DrawFn, kind: type[TelegramObject], depth: int = 0) -> dict[str, Any]:
    """All that is required and at most four other fields; below the deepest level only what is required."""
    made: dict[str, Any] = {}
    fields = _fields(cast("Hashable", kind))
    others = [name for name, _, required in fields if not required]
    some = draw(st.lists(st.sampled_from(others), max_size=4)) if others and depth < _DEEPEST else []
    if kind.__subclasses__():
        for name, choices in _SUBCLASSES.items():
            if any(field == name for field, _, _ in fields):
                made[name] = draw(st.sampled_from(choices))
    for name, annotation, required in fields:
        if (required or name in some) and name not in made and depth < _DEEPEST + 3:
            made[name] = draw(value_of(annotation, depth))
    return made


@st.composite
def update(draw: st.DrawFn, chat: int) -> dict[str, Any]:
    """One update without its id; whoever sends it is somebody with a private chat, a group or a channel."""
    kind = draw(st.sampled_from([*KINDS, "message", "message", "callback_query"]))
    parameters = inspect.signature(Update.__init__).parameters
    body = draw(value_of(parameters[kind].annotation))
    where = draw(_CHATS)
    place = {"id": chat if where == "private" else -1_000_000_000_000 - chat, "type": where, "title": "가상"}
    who = {"id": chat, "is_bot": False, "first_name": draw(_TEXTS), "language_code": "ko"}
    for carrier in (body, body.get("message") if isinstance(body.get("message"), dict) else {}):
        if "chat" in carrier:
            carrier["chat"] = place
        if "from" in carrier or kind in ("message", "edited_message"):
            carrier["from"] = who
    return {kind: body}


@st.composite
def broken(draw: st.DrawFn, chat: int) -> dict[str, Any]:
    """An update of which one to four values, anywhere, are gone, wrong, very deep or strange."""
    body = draw(update(chat))
    for _ in range(draw(st.integers(1, 4))):
        _break(draw, body)
    return body


def _break(draw: st.DrawFn, body: dict[str, Any]) -> None:
    holder: Any = body
    while True:
        if not holder:
            return
        name = draw(
            st.sampled_from(sorted(holder, key=str) if isinstance(holder, dict) else list(range(len(holder))))
        )
        if isinstance(holder[name], dict | list) and holder[name] and draw(st.integers(0, 3)):
            holder = holder[name]
            continue
        break
    match draw(st.integers(0, 9)):
        case 0 | 1 | 2:
            del holder[name]
        case 3:
            deep: Any = 0
            for _ in range(draw(st.sampled_from([50, 300, 900]))):
                deep = [deep]
            holder[name] = deep
        case 4 if isinstance(holder, dict):
            holder[draw(_TEXTS)] = deepcopy(draw(_WRONG))
        case _:
            holder[name] = deepcopy(draw(_WRONG))
