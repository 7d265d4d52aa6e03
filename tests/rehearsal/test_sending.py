"""What the bot may send, and how Telegram words its refusals."""

import struct
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.rehearsal.values import Limit
from tests.rehearsal.served import Served, call

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 330, 220) + b"rest"


async def test_a_message_arrives_as_the_client_sees_it(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(
        served.chat,
        "내일 <b>첫 일정</b>은 07:30입니다 👍 <i>끝</i>",
        parse_mode="HTML",
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=InlineKeyboardMarkup(
            [
                [InlineKeyboardButton("확인", callback_data="ok")],
                [InlineKeyboardButton("지도", url="https://map.naver.com/")],
            ]
        ),
    )
    shown = served.world.message(served.chat, sent.message_id)
    assert shown.text == sent.text == "내일 첫 일정은 07:30입니다 👍 끝"
    assert [sent.parse_entity(entity) for entity in sent.entities] == ["첫 일정", "끝"]
    assert shown.silent
    assert shown.date == served.clock.now() == sent.date
    assert [button.text for button in shown.buttons] == ["확인", "지도"]
    assert sent.reply_markup is not None


async def test_the_ledger_holds_what_was_accepted_and_nothing_refused(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "하나")
    with pytest.raises(BadRequest):
        await bot.send_message(served.chat, "   ")
    await bot.edit_message_text("둘", served.chat, sent.message_id)
    await bot.get_me()
    assert [(e.method, e.chat, e.text, e.message_id, e.at) for e in served.world.ledger] == [
        ("sendMessage", served.chat, "하나", sent.message_id, served.clock.now()),
        ("editMessageText", served.chat, "둘", sent.message_id, served.clock.now()),
    ]


async def test_a_user_who_never_started_cannot_be_written_to(served: Served, bot: Bot) -> None:
    stranger = served.world.add_user("낯선 연습생")
    with pytest.raises(Forbidden, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.send_message(stranger.id, "안녕하세요")
    served.world.start(stranger.id)
    await bot.send_message(stranger.id, "안녕하세요")


async def test_blocked_and_deactivated_users_answer_403(served: Served, bot: Bot) -> None:
    served.world.block(served.chat)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(served.chat, "들리시나요")
    served.world.unblock(served.chat)
    await bot.send_message(served.chat, "다시 들리시나요")
    served.world.deactivate(served.chat)
    with pytest.raises(Forbidden, match=r"^Forbidden: user is deactivated$"):
        await bot.send_message(served.chat, "계신가요")


async def test_an_unknown_chat_is_not_found(served: Served, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(424242, "누구세요")


async def test_a_migrated_group_names_its_new_id(served: Served, bot: Bot) -> None:
    group = served.world.add_group("전북 수행반", served.chat)
    served.world.add_to_group(served.chat, group)
    new = served.world.migrate(group)
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(group, "일정 안내")
    assert refused.value.new_chat_id == new
    assert (await bot.send_message(new, "일정 안내")).chat.type == "supergroup"


async def test_a_group_that_threw_the_bot_out_answers_403(served: Served, bot: Bot) -> None:
    group = served.world.add_group("전북 수행반", served.chat)
    with pytest.raises(Forbidden, match=r"not a member of the group chat"):
        await bot.send_message(group, "일정 안내")
    served.world.add_to_group(served.chat, group)
    await bot.send_message(group, "일정 안내")
    served.world.remove_from_group(served.chat, group)
    with pytest.raises(Forbidden, match=r"bot was kicked from the group chat"):
        await bot.send_message(group, "일정 안내")


@pytest.mark.parametrize("text", ["", "   ", "\n", "<b></b>", "<b>  </b>"])
async def test_a_text_that_is_empty_after_parsing_is_refused(served: Served, text: str) -> None:
    assert (
        await served.refusal("sendMessage", chat_id=served.chat, text=text, parse_mode="HTML")
        == "Bad Request: message text is empty"
    )


async def test_the_length_counts_code_points_after_parsing(served: Served, bot: Bot) -> None:
    await bot.send_message(served.chat, "<b>" + "👍" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message is too long$"):
        await bot.send_message(served.chat, "가" * 4097)


async def test_a_caption_holds_1024_characters(served: Served, bot: Bot) -> None:
    sent = await bot.send_photo(served.chat, PNG, caption="가" * 1024)
    assert sent.caption == "가" * 1024
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_photo(served.chat, PNG, caption="가" * 1025)


async def test_a_photo_keeps_its_bytes_and_measures(served: Served, bot: Bot) -> None:
    sent = await bot.send_photo(
        served.chat,
        InputFile(PNG, filename="qr.png"),
        caption="<a href='https://t.me/x_bot?start=m_AB'>QR</a>",
        parse_mode="HTML",
    )
    shown = served.world.message(served.chat, sent.message_id)
    assert shown.attachment is not None
    assert shown.attachment.file.data == PNG
    assert [(size.width, size.height) for size in sent.photo] == [(90, 60), (320, 213), (330, 220)]
    assert len({size.file_unique_id for size in sent.photo}) == 3
    assert shown.entities[0].url == "https://t.me/x_bot?start=m_AB"
    again = await bot.send_photo(served.chat, sent.photo[-1].file_id)
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id


async def test_a_document_can_be_sent_and_downloaded(served: Served, bot: Bot) -> None:
    sent = await bot.send_document(served.chat, InputFile(b"report", filename="report.hwpx"))
    assert sent.document is not None
    assert sent.document.file_name == "report.hwpx"
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"report"


@pytest.mark.parametrize(
    ("name", "shown", "mime"),
    [
        ("일정표.csv", "일정표.csv", "text/csv"),
        ("../../etc/passwd", "passwd", "application/octet-stream"),
        ("보고.pdf", "보고.pdf", "application/pdf"),
    ],
)
async def test_a_documents_name_is_kept_without_its_path(
    served: Served, bot: Bot, name: str, shown: str, mime: str
) -> None:
    sent = await bot.send_document(
        served.chat, InputFile(b"x", filename=name), caption="<b>표</b>", parse_mode="HTML"
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == (shown, mime, 1)
    assert sent.caption == "표"
    file = await bot.get_file(sent.document.file_id)
    assert file.file_path is not None
    assert "passwd" not in file.file_path
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_document(served.chat, b"x", caption="가" * 1025)


async def test_a_reply_names_its_message_or_is_refused(served: Served, bot: Bot) -> None:
    asked = served.world.say(served.chat, served.chat, "다음은 어디인가요?")
    sent = await bot.send_message(served.chat, "전주입니다", reply_parameters=ReplyParameters(asked.id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "다음은 어디인가요?"
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(served.chat, "?", reply_parameters=ReplyParameters(999))
    await bot.send_message(
        served.chat, "?", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )


@pytest.mark.parametrize("size", [0, 65])
async def test_button_data_has_1_to_64_bytes(served: Served, size: int) -> None:
    markup = {"inline_keyboard": [[{"text": "단추", "callback_data": "x" * size}]]}
    assert (
        await served.refusal("sendMessage", chat_id=served.chat, text="?", reply_markup=markup)
        == "Bad Request: BUTTON_DATA_INVALID"
    )


async def test_button_data_counts_bytes_not_characters(served: Served, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(
            served.chat,
            "?",
            reply_markup=InlineKeyboardMarkup.from_button(
                InlineKeyboardButton("단추", callback_data="가" * 22)
            ),
        )


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://localhost:8080/m/AB",
        "http://127.0.0.1:8080/",
        "http://[::1]/",
        "http://intranet/",
        "file:///etc/passwd",
    ],
)
async def test_a_button_cannot_lead_to_this_machine(served: Served, url: str) -> None:
    markup = {"inline_keyboard": [[{"text": "열기", "url": url}]]}
    assert (
        await served.refusal("sendMessage", chat_id=served.chat, text="?", reply_markup=markup)
        == f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
    )


@pytest.mark.parametrize(
    "url", ["https://t.me/some_bot?start=m_AB", "https://map.kakao.com/?q=전주", "tg://user?id=1"]
)
async def test_a_button_may_lead_to_the_world(served: Served, bot: Bot, url: str) -> None:
    await bot.send_message(
        served.chat, "?", reply_markup=InlineKeyboardMarkup.from_button(InlineKeyboardButton("열기", url=url))
    )


async def test_a_keyboard_holds_100_buttons(served: Served, bot: Bot) -> None:
    def keyboard(count: int) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup.from_column(
            [InlineKeyboardButton(str(n), callback_data=str(n)) for n in range(count)]
        )

    sent = await bot.send_message(served.chat, "?", reply_markup=keyboard(100))
    assert len(served.world.message(sent.chat.id, sent.message_id).buttons) == 100
    with pytest.raises(BadRequest, match=r"(?i)too long"):
        await bot.send_message(served.chat, "?", reply_markup=keyboard(101))


async def test_entities_may_be_named_instead_of_marked_up(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "👍 좋습니다", entities=[MessageEntity("bold", 3, 4)])
    assert sent.parse_entity(sent.entities[0]) == "좋습니다"
    assert "ENTITY_BOUNDS_INVALID" in await served.refusal(
        "sendMessage", chat_id=served.chat, text="가", entities=[{"type": "bold", "offset": 0, "length": 9}]
    )


async def test_one_message_a_second_in_a_private_chat(served: Served, bot: Bot) -> None:
    await bot.send_message(served.chat, "하나")
    served.clock.move(seconds=1)
    await bot.send_message(served.chat, "둘")
    assert served.world.violations == []
    served.clock.move(milliseconds=999)
    await bot.send_message(served.chat, "셋")
    assert [(v.limit, v.chat) for v in served.world.violations] == [(Limit.CHAT, served.chat)]


async def test_twenty_messages_a_minute_in_a_group(served: Served, bot: Bot) -> None:
    group = served.world.add_group("전북 수행반", served.chat)
    served.world.add_to_group(served.chat, group)
    for number in range(20):
        await bot.send_message(group, f"일정 {number}")
        served.clock.move(seconds=2)
    assert served.world.violations == []
    await bot.send_message(group, "스물한 번째")
    assert [(v.limit, v.retry_after) for v in served.world.violations] == [(Limit.GROUP, 20)]


async def test_thirty_messages_a_second_over_all(served: Served, bot: Bot) -> None:
    people = [served.world.add_user(f"연습생 {number}") for number in range(31)]
    for person in people:
        served.world.start(person.id)
    for person in people[:30]:
        await bot.send_message(person.id, "안내")
    assert served.world.violations == []
    await bot.send_message(people[30].id, "안내")
    assert [v.limit for v in served.world.violations] == [Limit.OVERALL]


async def test_enforced_limits_answer_429_and_take_nothing(served: Served, bot: Bot) -> None:
    served.world.enforce_limits = True
    await bot.send_message(served.chat, "하나")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(served.chat, "둘")
    assert refused.value.retry_after == timedelta(seconds=1)
    assert len(served.world.ledger) == 1
    served.clock.move(seconds=1)
    await bot.send_message(served.chat, "둘")


async def test_a_revoked_or_wrong_token_is_unauthorized(served: Served, bot: Bot) -> None:
    status, body = await call(served.url, "5900000001:wrong", "getMe", {})
    assert (status, body) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
    served.world.revoked = True
    with pytest.raises(InvalidToken):
        await bot.send_message(served.chat, "?")


async def test_an_unknown_method_is_not_found(served: Served) -> None:
    status, body = await served.raw("sendTelepathy", chat_id=served.chat)
    assert (status, body) == (404, {"ok": False, "error_code": 404, "description": "Not Found"})


async def test_unknown_parameters_are_ignored(served: Served) -> None:
    status, _ = await served.raw("sendMessage", chat_id=served.chat, text="네", colour="blue")
    assert status == 200
