"""The messenger on the wire: what it asks."""

import json

from bot.domain.ids import ChatId
from bot.gateways.qr import qr_png
from bot.gateways.telegram import TelegramMessenger
from bot.services.ports import (
    BotIdentity,
    Document,
    Messenger,
    Outgoing,
    RenderedButton,
)
from tests.gateways.served import (
    TOKEN,
    Served,
    done,
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
    assert "reply_markup" not in params


async def test_an_edit_that_changes_nothing_is_a_success(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(refused(400, "Bad Request: message is not modified: it is the same"))
    assert await messenger.send(Outgoing(CHAT, "같은 글", edits=41)) == 41


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


async def test_the_menu_of_those_without_one_of_their_own_has_no_chat(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(done(True))
    await messenger.set_menu(None, {"help": "도움말"})
    assert json.loads(str(served.calls[0][1]["scope"])) == {"type": "default"}
    assert "language_code" not in served.calls[0][1]


async def test_a_menu_may_be_for_one_language_only(messenger: TelegramMessenger, served: Served) -> None:
    served.script.append(done(True))
    await messenger.set_menu(None, {"help": "도움말"}, language="ko")
    assert served.calls[0][1]["language_code"] == "ko"


async def test_a_chat_without_commands_of_its_own_shows_the_wider_menu_again(
    messenger: TelegramMessenger, served: Served
) -> None:
    served.script.append(done(True))
    await messenger.set_menu(CHAT, {})
    method, params = served.calls[0]
    assert method == "deleteMyCommands"
    assert json.loads(str(params["scope"])) == {"type": "chat", "chat_id": 5}
    assert "commands" not in params


async def test_another_network_can_be_put_underneath() -> None:
    recording = RecordingRequest()
    async with TelegramMessenger(TOKEN, "https://api.telegram.org", http=recording) as messenger:
        assert await messenger.send(HELLO) == 1
        await messenger.identity()
    assert recording.methods() == ["sendMessage", "getMe"]
    assert recording.calls[0].params["text"] == "<b>전북</b> 일정"


async def test_a_document_goes_out_with_its_name_and_its_words(
    served: Served, messenger: TelegramMessenger
) -> None:
    document = Document("일정 양식.xlsx", b"PK-a-workbook")
    sent = await messenger.send(Outgoing(CHAT, "<b>양식</b>입니다.", document=document, silent=True))
    assert sent == 77
    [(method, params)] = served.calls
    assert method == "sendDocument"
    assert params["document"] == b"PK-a-workbook"
    assert params["caption"] == "<b>양식</b>입니다."
    assert served.names == ["일정 양식.xlsx"]
