"""The messenger on the wire: what it asks, and what it makes of how that ended."""

import asyncio
import json
import logging
import traceback

import pytest

from bot.domain.ids import ChatId
from bot.gateways.qr import qr_png
from bot.gateways.telegram import TelegramMessenger, quiet_http_logs
from bot.gateways.telegram_api import TelegramApi, is_loopback
from bot.services.ports import (
    BotIdentity,
    ChatMoved,
    FateUnknown,
    Messenger,
    NotSent,
    Outgoing,
    Rejected,
    RenderedButton,
    SendError,
    SlowDown,
    TokenRefused,
    Unreachable,
)
from tests.gateways.conftest import HURRIED
from tests.gateways.served import (
    TOKEN,
    CutShort,
    Drop,
    Hang,
    Reply,
    Served,
    done,
    hangs_up_at_once,
    nobody_listens,
    refused,
)
from tests.support.recording_request import RecordingRequest

CHAT = ChatId(5)
HELLO = Outgoing(CHAT, "<b>전북</b> 일정")


async def test_a_text_goes_out_as_html_without_a_link_preview(
    messenger: TelegramMessenger, served: Served
) -> None:
    port: Messenger = messenger
    assert await port.send(HELLO) == 77
    assert served.calls == [
        (
            "sendMessage",
            {
                "chat_id": "5",
                "text": "<b>전북</b> 일정",
                "parse_mode": "HTML",
                "link_preview_options": '{"is_disabled": true}',
            },
        )
    ]


async def test_buttons_and_silence_go_along(messenger: TelegramMessenger, served: Served) -> None:
    keyboard = (
        (RenderedButton("관찰", data="k:abc"), RenderedButton("건의", data="k:def")),
        (RenderedButton("지도", url="https://map.naver.com/p/search/x"),),
    )
    await messenger.send(Outgoing(CHAT, "어떤 이야기입니까?", keyboard=keyboard, silent=True))
    _, params = served.calls[0]
    assert params["disable_notification"] == "true"
    assert json.loads(str(params["reply_markup"])) == {
        "inline_keyboard": [
            [{"text": "관찰", "callback_data": "k:abc"}, {"text": "건의", "callback_data": "k:def"}],
            [{"text": "지도", "url": "https://map.naver.com/p/search/x"}],
        ]
    }


async def test_a_picture_is_uploaded_with_the_words_as_its_caption(
    messenger: TelegramMessenger, served: Served
) -> None:
    picture = qr_png("https://t.me/hyeonjang_test_bot?start=m_x")
    await messenger.send(Outgoing(CHAT, "<i>의견</i>", picture=picture))
    method, params = served.calls[0]
    assert method == "sendPhoto"
    assert params == {"chat_id": "5", "caption": "<i>의견</i>", "parse_mode": "HTML", "photo": picture}


async def test_an_edit_replaces_the_words_and_takes_the_buttons_away(
    messenger: TelegramMessenger, served: Served
) -> None:
    assert await messenger.send(Outgoing(CHAT, "새 글", edits=41)) == 41
    method, params = served.calls[0]
    assert method == "editMessageText"
    assert params["message_id"] == "41"
    assert json.loads(str(params["reply_markup"])) == {"inline_keyboard": []}


async def test_an_edit_that_changes_nothing_is_a_success(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(refused(400, "Bad Request: message is not modified: it is the same"))
    assert await messenger.send(Outgoing(CHAT, "같은 글", edits=41)) == 41


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(400, "Bad Request: chat not found"), Rejected),
        (refused(401, "Unauthorized"), TokenRefused),
        (refused(403, "Forbidden: bot was blocked by the user"), Unreachable),
        (refused(404, "Not Found"), Rejected),
        (refused(413, "Request Entity Too Large"), Rejected),
        (refused(429, "Too Many Requests: retry after 3", retry_after=3), SlowDown),
        (refused(400, "Bad Request: upgraded", migrate_to_chat_id=-1007), ChatMoved),
        (refused(500, "Internal Server Error"), FateUnknown),
        (Reply(b"<html>502 Bad Gateway</html>", 502), FateUnknown),
        (Reply(b"<html>Forbidden</html>", 403), FateUnknown),
        (Reply(b"not JSON"), FateUnknown),
        (Reply({"ok": True}), FateUnknown),
        (done({"no": "message"}), FateUnknown),
        (done(True), FateUnknown),
        (Drop(), FateUnknown),
        (CutShort(), FateUnknown),
        (Hang(), FateUnknown),
    ],
)
async def test_every_failure_says_what_may_be_done_about_it(
    messenger: TelegramMessenger, served: Served, reply: Reply | Drop | CutShort | Hang, kind: type[SendError]
) -> None:
    served.script.append(reply)
    with pytest.raises(kind):
        await messenger.send(HELLO)
    assert len(served.calls) == 1, "nothing is sent twice by the gateway"
    assert await messenger.send(HELLO) == 77, "and the next message is not harmed"


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    async with TelegramMessenger(TOKEN, await nobody_listens(), patience=HURRIED) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)


async def test_a_failed_tls_handshake_means_that_nothing_was_sent(served: Served) -> None:
    address = served.url.replace("http://", "https://")
    async with TelegramMessenger(TOKEN, address, patience=HURRIED) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)
    assert served.calls == []


async def test_a_connection_closed_before_the_request_was_read_leaves_the_fate_unknown() -> None:
    async with hangs_up_at_once() as url, TelegramMessenger(TOKEN, url, patience=HURRIED) as messenger:
        with pytest.raises(FateUnknown):
            await messenger.send(HELLO)


async def test_no_free_connection_in_time_means_that_nothing_was_sent(served: Served) -> None:
    served.script.append(Hang())
    api = TelegramApi(TOKEN, served.url, connections=1, patience=HURRIED)
    await api.connect()
    hanging = asyncio.create_task(api.call("getMe"))
    await served.hanging.wait()
    with pytest.raises(NotSent):
        await api.call("getMe")
    with pytest.raises(FateUnknown):
        await hanging
    await api.disconnect()


async def test_after_shutdown_nothing_goes_out_and_it_can_be_started_again(served: Served) -> None:
    messenger = TelegramMessenger(TOKEN, served.url, patience=HURRIED)
    async with messenger:
        await messenger.send(HELLO)
    with pytest.raises(SendError):
        await messenger.send(HELLO)
    async with messenger:
        await messenger.send(HELLO)
    assert len(served.calls) == 2


async def test_a_button_press_is_answered(messenger: TelegramMessenger, served: Served) -> None:
    served.script.extend([done(True), done(True)])
    await messenger.answer_press("p1", "저장했습니다.", alert=True)
    await messenger.answer_press("p2", None, alert=False)
    assert served.calls == [
        ("answerCallbackQuery", {"callback_query_id": "p1", "text": "저장했습니다.", "show_alert": "true"}),
        ("answerCallbackQuery", {"callback_query_id": "p2"}),
    ]


async def test_the_bot_knows_who_it_is(messenger: TelegramMessenger, served: Served) -> None:
    served.script.append(
        done({"id": 9, "is_bot": True, "first_name": "현장", "username": "hj_bot", "new": 1})
    )
    assert await messenger.identity() == BotIdentity(9, "hj_bot", "현장")


async def test_a_malformed_token_is_told_by_404_on_get_me(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(refused(404, "Not Found"))
    with pytest.raises(TokenRefused):
        await messenger.identity()


async def test_a_menu_belongs_to_one_chat(messenger: TelegramMessenger, served: Served) -> None:
    served.script.append(done(True))
    await messenger.set_menu(CHAT, {"next": "다음 일정", "today": "오늘 일정"})
    method, params = served.calls[0]
    assert method == "setMyCommands"
    assert json.loads(str(params["scope"])) == {"type": "chat", "chat_id": 5}
    assert json.loads(str(params["commands"])) == [
        {"command": "next", "description": "다음 일정"},
        {"command": "today", "description": "오늘 일정"},
    ]


async def test_the_token_shows_neither_in_errors_nor_in_logs(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    quiet_http_logs()
    served.script.extend([Hang(), Drop(), Reply(b"not JSON"), Reply(b"<html>", 502), refused(400, "no")])
    told: list[str] = []
    for address in (
        served.url,
        served.url,
        served.url,
        served.url,
        served.url,
        await nobody_listens(),
        "nowhere",
    ):
        async with TelegramMessenger(TOKEN, address, patience=HURRIED) as messenger:
            with pytest.raises(SendError) as caught:
                await messenger.send(HELLO)
            told += [*traceback.format_exception(caught.value), repr(caught.value), repr(messenger)]
    said = "".join(told) + caplog.text
    assert TOKEN not in said
    assert "token-that-must-never" not in said
    assert "전북" not in caplog.text


async def test_an_address_without_a_scheme_sends_nothing() -> None:
    async with TelegramMessenger(TOKEN, "nowhere", patience=HURRIED) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", await nobody_listens())
    async with TelegramMessenger(TOKEN, served.url, patience=HURRIED) as messenger:
        assert await messenger.send(HELLO) == 77


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8081", True),
        ("http://[::1]:8081", True),
        ("http://localhost", True),
        ("https://api.telegram.org", False),
        ("http://10.0.0.5:8081", False),
    ],
)
def test_loopback_is_this_machine_only(url: str, *, loopback: bool) -> None:
    assert is_loopback(url) is loopback


async def test_another_network_can_be_put_underneath() -> None:
    recording = RecordingRequest()
    async with TelegramMessenger(TOKEN, "https://api.telegram.org", http=recording) as messenger:
        assert await messenger.send(HELLO) == 1
        await messenger.identity()
    assert recording.methods() == ["sendMessage", "getMe"]
    assert recording.calls[0].params["text"] == "<b>전북</b> 일정"
