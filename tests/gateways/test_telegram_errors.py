"""What an answer, or its absence, says about the message's fate."""

import json
from datetime import timedelta

import httpx
import pytest

from bot.domain.ids import ChatId
from bot.gateways.telegram_errors import (
    NotFound,
    NotModified,
    of_answer,
    of_exception,
    without_words,
)
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


def refusal(status: int, description: str, **parameters: object) -> bytes:
    answer = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (400, "Bad Request: chat not found", Rejected),
        (400, "Bad Request: message to edit not found", Rejected),
        (400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 0", Rejected),
        (400, "Bad Request: message is not modified: specified new message content …", NotModified),
        (401, "Unauthorized", TokenRefused),
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (403, "Forbidden: user is deactivated", Unreachable),
        (404, "Not Found", NotFound),
        (408, "Request Timeout", FateUnknown),
        (409, "Conflict: terminated by other getUpdates request", SecondPoller),
        (
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook",
            WebhookInTheWay,
        ),
        (413, "Request Entity Too Large", Rejected),
        (500, "Internal Server Error", FateUnknown),
        (502, "Bad Gateway", FateUnknown),
        (504, "Gateway Timeout", FateUnknown),
    ],
)
def test_a_refusal_of_the_bot_api_is_told_by_its_status(
    status: int, description: str, kind: type[SendError]
) -> None:
    assert type(of_answer(status, refusal(status, description))) is kind


def test_a_429_says_how_long_to_wait() -> None:
    failure = of_answer(429, refusal(429, "Too Many Requests: retry after 17", retry_after=17))
    assert isinstance(failure, SlowDown)
    assert failure.after == timedelta(seconds=17)


def test_a_moved_group_says_where_to() -> None:
    body = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001234567890)
    failure = of_answer(400, body)
    assert isinstance(failure, ChatMoved)
    assert failure.to == ChatId(-1001234567890)


def test_a_result_is_no_failure() -> None:
    assert of_answer(200, b'{"ok": true, "result": {"message_id": 1}}') is None
    assert of_answer(200, b'{"ok": true, "result": true}') is None


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b'"ok"', b'{"ok": true', b'{"ok": true}', b"{}", b"\xff\xfe"]
)
def test_a_success_without_a_result_proves_nothing(body: bytes) -> None:
    assert isinstance(of_answer(200, body), FateUnknown)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 503])
def test_a_page_of_something_between_proves_nothing_about_person_or_token(status: int) -> None:
    assert type(of_answer(status, b"<html><body>Access denied</body></html>")) is FateUnknown
    assert type(of_answer(status, b'{"error": "blocked by policy"}')) is FateUnknown


def test_what_something_between_refused_for_certain_never_arrived() -> None:
    assert isinstance(of_answer(413, b"<html>"), Rejected)
    assert isinstance(of_answer(429, b"<html>"), SlowDown)
    assert isinstance(of_answer(301, b""), NotSent)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("refused"), NotSent),
        (httpx.ConnectTimeout("slow"), NotSent),
        (httpx.PoolTimeout("busy"), NotSent),
        (httpx.ProxyError("407"), NotSent),
        (httpx.InvalidURL("bad"), NotSent),
        (httpx.ReadTimeout("slow"), FateUnknown),
        (httpx.WriteTimeout("slow"), FateUnknown),
        (httpx.ReadError("reset"), FateUnknown),
        (httpx.WriteError("reset"), FateUnknown),
        (httpx.RemoteProtocolError("cut"), FateUnknown),
        (RuntimeError("whatever"), FateUnknown),
    ],
)
def test_only_what_surely_never_left_may_be_tried_again(error: Exception, kind: type[SendError]) -> None:
    assert type(of_exception(error)) is kind


def test_a_reason_for_the_log_quotes_nothing_and_is_short() -> None:
    assert without_words('Unsupported start tag "나비공장" at byte offset 3') == (
        "Unsupported start tag … at byte offset 3"
    )
    assert len(without_words("x " * 5000)) == 200


def test_what_may_be_a_secret_is_not_repeated_and_codes_are() -> None:
    said = "Unauthorized: 5900000009:invented-token-of-a-bot, secret invented_secret-0001, CHAT_SEND_PHOTOS_FORBIDDEN, terminated by getUpdates"
    assert (
        without_words(said)
        == "Unauthorized: …, secret …, CHAT_SEND_PHOTOS_FORBIDDEN, terminated by getUpdates"
    )
