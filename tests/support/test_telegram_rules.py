"""The rules must catch what Telegram refuses, or the tests that use them prove nothing."""

import json

import pytest

from tests.support.telegram_rules import RuleBroken, check_request, visible

TEXT = {"chat_id": "5", "text": "<b>전북</b> &amp; 강원", "parse_mode": "HTML"}


def keyboard(*rows: list[dict[str, object]]) -> str:
    return json.dumps({"inline_keyboard": rows})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", TEXT),
        ("sendMessage", {**TEXT, "text": "가" * 4096}),
        ("sendMessage", {**TEXT, "text": "<b>" + "&lt;" * 4096 + "</b>"}),
        (
            "sendMessage",
            {**TEXT, "disable_notification": "true", "link_preview_options": '{"is_disabled":true}'},
        ),
        ("sendMessage", {**TEXT, "reply_markup": keyboard([{"text": "a", "callback_data": "가" * 21}])}),
        ("sendMessage", {"chat_id": 5, "text": "a < b & c"}),
        ("sendPhoto", {"chat_id": "5", "photo": b"\x89PNG", "caption": "가" * 1024}),
        ("editMessageText", {**TEXT, "message_id": "7", "reply_markup": keyboard()}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "a < b", "show_alert": "true"}),
        ("setMyCommands", {"commands": '[{"command":"next","description":"다음 일정"}]'}),
        ("getUpdates", {"offset": "1", "timeout": 30, "allowed_updates": '["message"]'}),
        ("getMe", {}),
    ],
)
def test_a_proper_request_passes(method: str, params: dict[str, object]) -> None:
    assert check_request(method, params).__api_method__ == method


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("sendMesage", TEXT, "no such method"),
        ("sendMessage", {**TEXT, "silent": "true"}, r"unknown.*sendMessage\.silent"),
        ("sendMessage", {"chat_id": "5"}, "text"),
        ("sendMessage", {**TEXT, "disable_notification": "perhaps"}, "boolean"),
        ("sendMessage", {**TEXT, "link_preview_options": '{"disabled": true}'}, "unknown"),
        ("sendMessage", {**TEXT, "text": ""}, "0 characters"),
        ("sendMessage", {**TEXT, "text": "<b> </b>"}, "0 characters"),
        ("sendMessage", {**TEXT, "text": "가" * 4097}, "4097 characters"),
        ("sendMessage", {**TEXT, "text": "<b>a"}, "never closed"),
        ("sendMessage", {**TEXT, "text": "<b><i>a</b></i>"}, "closes"),
        ("sendMessage", {**TEXT, "text": "<h1>a</h1>"}, "not supported"),
        ("sendMessage", {**TEXT, "text": "3 < 4"}, "bare"),
        ("sendMessage", {**TEXT, "text": "R&D"}, "bare"),
        ("sendMessage", {**TEXT, "text": "a&nbsp;b"}, "bare"),
        ("sendMessage", {**TEXT, "text": "<b>a</b>" * 101}, "100 entities"),
        ("sendPhoto", {"chat_id": "5", "photo": b"", "caption": "가" * 1025}, "1025"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "가" * 201}, "201"),
        ("setMyCommands", {"commands": '[{"command":"Next","description":"a"}]'}, "not a command"),
        ("setMyCommands", {"commands": '[{"command":"next","description":""}]'}, "description"),
        ("getUpdates", {"offset": "one"}, "integer"),
    ],
)
def test_what_telegram_would_not_take_is_caught(method: str, params: dict[str, object], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        check_request(method, params)


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ({"text": "a", "callback_data": "x" * 65}, "65 bytes"),
        ({"text": "a", "callback_data": "가" * 22}, "66 bytes"),
        ({"text": "a", "callback_data": ""}, "0 bytes"),
        ({"text": " ", "callback_data": "x"}, "without words"),
        ({"text": "a"}, "exactly one"),
        ({"text": "a", "callback_data": "x", "url": "https://example.com"}, "exactly one"),
        ({"text": "a", "url": "http://127.0.0.1:8080/m/x"}, "this machine"),
        ({"text": "a", "callback_data": "x", "color": "red"}, "unknown"),
    ],
)
def test_a_button_that_telegram_would_not_take_is_caught(button: dict[str, object], why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        check_request("sendMessage", {**TEXT, "reply_markup": keyboard([button])})


def test_too_many_buttons_are_caught() -> None:
    button: dict[str, object] = {"text": "a", "callback_data": "x"}
    check_request("sendMessage", {**TEXT, "reply_markup": keyboard(*[[button]] * 100)})
    with pytest.raises(RuleBroken, match="100 buttons"):
        check_request("sendMessage", {**TEXT, "reply_markup": keyboard(*[[button]] * 101)})
    with pytest.raises(RuleBroken, match="row of 9"):
        check_request("sendMessage", {**TEXT, "reply_markup": keyboard([button] * 9)})


def test_telegram_counts_what_is_seen() -> None:
    assert visible('<a href="https://example.com">R&amp;D</a> &lt;b&gt;', "HTML") == "R&D <b>"
    assert visible("<b>R&D</b>", None) == "<b>R&D</b>"
