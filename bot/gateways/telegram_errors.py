"""What became of a request to the Bot API, told from its answer or from how it broke.

The question behind every line: may the message have arrived? Only an answer that is clearly the Bot API's own
(JSON with `ok`) is final; a page of some proxy that says 403 proves nothing about a person.
"""

import json
import re
from collections.abc import Mapping
from datetime import timedelta

import httpx

from bot.domain.ids import ChatId
from bot.services.ports import (
    ChatMoved,
    FateUnknown,
    NotSent,
    Rejected,
    SecondPoller,
    SendError,
    SlowDown,
    TokenRefused,
    Unreachable,
    WebhookInTheWay,
)

Json = Mapping[str, object]

_REST = timedelta(seconds=5)  # after a 429 that does not say how long: a proxy's, Telegram always says
_LONGEST_REASON = 200
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_OPAQUE = re.compile(r"[\w:%-]*[a-z0-9][\w:%-]*")
_LONGEST_WORD = 15
"""Letters: Telegram's own are shorter, or codes in capitals; a token, a secret, a password in an address is longer."""


class NotModified(Rejected):
    """An edit that changes nothing."""


class NotFound(Rejected):
    """404: no such method, or a token of a form that Telegram never gave out."""


class FileTooBig(Rejected):
    """400 of getFile: larger than a bot may fetch."""


_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def of_exception(error: BaseException) -> SendError:
    """How a request that got no answer ended. Says the kind only: the text may hold the address, and so the token."""
    reason = type(error).__name__
    return NotSent(reason) if isinstance(error, _NEVER_LEFT) else FateUnknown(reason)


def of_answer(status: int, body: bytes) -> SendError | None:
    """Why the Bot API did not do what was asked; None if it did."""
    answer = _parsed(body)
    if answer is None:
        return _of_strange_answer(status)
    if 200 <= status < 300:
        return None if answer.get("ok") is True and "result" in answer else FateUnknown("no result")
    return _of_refusal(status, answer)


def _parsed(body: bytes) -> Json | None:
    """The Bot API's answer, or None for anything else."""
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None


def _of_strange_answer(status: int) -> SendError:
    """Something between us and Telegram answered, or Telegram was cut short."""
    reason = f"{status} without an answer of the Bot API"
    match status:
        case 413:
            return Rejected(reason)
        case 429:
            return SlowDown(_REST)
        case _ if 300 <= status < 400:
            return NotSent(reason)
        case _:
            return FateUnknown(reason)


def _of_refusal(status: int, answer: Json) -> SendError:
    description = str(answer.get("description", ""))
    reason = f"{status} {without_words(description)}"
    parameters = answer.get("parameters")
    hints: Json = parameters if isinstance(parameters, dict) else {}
    match status:
        case 429:
            seconds = hints.get("retry_after")
            return SlowDown(timedelta(seconds=seconds) if isinstance(seconds, int | float) else _REST)
        case 401:
            return TokenRefused(reason)
        case 403:
            return Unreachable(reason)
        case 404:
            return NotFound(reason)
        case 409 if "webhook" in description.lower():
            return WebhookInTheWay(reason)
        case 409:
            return SecondPoller(reason)
        case 400 if isinstance(moved := hints.get("migrate_to_chat_id"), int):
            return ChatMoved(ChatId(moved))
        case 400 if "message is not modified" in description.lower():
            return NotModified(reason)
        case 400 if "file is too big" in description.lower():
            return FileTooBig(reason)
        case _ if 400 <= status < 500 and status != 408:
            return Rejected(reason)
        case _:
            return FateUnknown(reason)


def without_words(description: str) -> str:
    """Telegram's reason for log and row: without what it quotes (a piece of the message, a name) and what may be a secret, and not too long."""

    def shown(word: re.Match[str]) -> str:
        return word[0] if len(word[0]) <= _LONGEST_WORD else "…"

    return _OPAQUE.sub(shown, _QUOTED.sub("…", description))[:_LONGEST_REASON]
