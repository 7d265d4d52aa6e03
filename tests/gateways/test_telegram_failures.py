"""How requests end when they do not end well, and what may be done about the message."""

import asyncio
import logging
import traceback

import pytest

from bot.domain.ids import ChatId
from bot.gateways.telegram import TelegramMessenger, quiet_http_logs
from bot.gateways.telegram_api import TelegramApi, is_loopback
from bot.services.ports import (
    ChatMoved,
    FateUnknown,
    NotSent,
    Outgoing,
    Rejected,
    SendError,
    SlowDown,
    TokenRefused,
    Unreachable,
)
from tests.gateways.conftest import CALM, HURRIED
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

CHAT = ChatId(5)
HELLO = Outgoing(CHAT, "<b>전북</b> 일정")


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
    ],
)
async def test_every_failure_says_what_may_be_done_about_it(
    messenger: TelegramMessenger, served: Served, reply: Reply | Drop | CutShort, kind: type[SendError]
) -> None:
    served.script.append(reply)
    with pytest.raises(kind):
        await messenger.send(HELLO)
    assert len(served.calls) == 1, "nothing is sent twice by the gateway"
    assert await messenger.send(HELLO) == 77, "and the next message is not harmed"


async def test_an_answer_that_does_not_come_in_time_leaves_the_fate_unknown(served: Served) -> None:
    served.script.append(Hang())
    async with TelegramMessenger(TOKEN, served.url, patience=HURRIED) as messenger:
        with pytest.raises(FateUnknown):
            await messenger.send(HELLO)
    assert len(served.calls) == 1


async def test_nobody_listening_means_that_nothing_was_sent() -> None:
    async with TelegramMessenger(TOKEN, await nobody_listens(), patience=CALM) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)


async def test_a_failed_tls_handshake_means_that_nothing_was_sent(served: Served) -> None:
    address = served.url.replace("http://", "https://")
    async with TelegramMessenger(TOKEN, address, patience=CALM) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)
    assert served.calls == []


async def test_a_connection_closed_before_the_request_was_read_leaves_the_fate_unknown() -> None:
    async with hangs_up_at_once() as url, TelegramMessenger(TOKEN, url, patience=CALM) as messenger:
        with pytest.raises(FateUnknown):
            await messenger.send(HELLO)


async def test_no_free_connection_in_time_means_that_nothing_was_sent(served: Served) -> None:
    served.script.append(Hang())
    api = TelegramApi(TOKEN, served.url, connections=1, patience=HURRIED)
    await api.connect()
    hanging = asyncio.create_task(api.call("getMe"))
    await served.hung()
    with pytest.raises(NotSent):
        await api.call("getMe")
    with pytest.raises(FateUnknown):
        await hanging
    await api.disconnect()


async def test_after_shutdown_nothing_goes_out_and_it_can_be_started_again(served: Served) -> None:
    messenger = TelegramMessenger(TOKEN, served.url, patience=CALM)
    async with messenger:
        await messenger.send(HELLO)
    with pytest.raises(SendError):
        await messenger.send(HELLO)
    async with messenger:
        await messenger.send(HELLO)
    assert len(served.calls) == 2


async def test_a_malformed_token_is_told_by_404_on_get_me(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(refused(404, "Not Found"))
    with pytest.raises(TokenRefused):
        await messenger.identity()


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
            assert caught.value.__suppress_context__, "what lies below knows the address"
            told += [*traceback.format_exception(caught.value), repr(caught.value), repr(messenger)]
    told.append(repr(TelegramApi(TOKEN, served.url, connections=1, patience=HURRIED)))
    said = "".join(told) + caplog.text
    assert TOKEN not in said
    assert "token-that-must-never" not in said
    assert "전북" not in caplog.text


@pytest.mark.parametrize("address", ["nowhere", "ftp://127.0.0.1", "http://127.0.0.1:port"])
async def test_an_address_that_is_none_sends_nothing(address: str) -> None:
    async with TelegramMessenger(TOKEN, address, patience=CALM) as messenger:
        with pytest.raises(NotSent):
            await messenger.send(HELLO)


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", await nobody_listens())
    async with TelegramMessenger(TOKEN, served.url, patience=CALM) as messenger:
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
