"""Edits, deletions and answers to presses, as Telegram takes and refuses them."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from tests.rehearsal.served import Served

OK = InlineKeyboardMarkup.from_button(InlineKeyboardButton("확인", callback_data="ok"))


async def test_an_edit_changes_the_words_and_drops_the_buttons(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "하나", reply_markup=OK)
    served.clock.move(minutes=1)
    await bot.edit_message_text("<b>둘</b>", served.chat, sent.message_id, parse_mode="HTML")
    shown = served.world.message(served.chat, sent.message_id)
    assert (shown.text, shown.buttons, shown.edited) == ("둘", (), served.clock.now())
    assert shown.date == served.clock.now().replace(minute=0)


async def test_an_edit_that_changes_nothing_is_refused(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "<b>하나</b>", parse_mode="HTML", reply_markup=OK)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message content"):
        await bot.edit_message_text(
            "<strong>하나</strong>", served.chat, sent.message_id, parse_mode="HTML", reply_markup=OK
        )
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_reply_markup(served.chat, sent.message_id, reply_markup=OK)
    await bot.edit_message_text("하나", served.chat, sent.message_id, reply_markup=OK)
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("하나", served.chat, sent.message_id, reply_markup=OK)


async def test_only_the_bots_own_text_can_be_edited(served: Served, bot: Bot) -> None:
    said = served.world.say(served.chat, served.chat, "제 말입니다")
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("바뀐 말", served.chat, said.id)
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("바뀐 말", served.chat, 999)
    photo = await bot.send_photo(served.chat, b"picture", caption="QR")
    with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
        await bot.edit_message_text("바뀐 말", served.chat, photo.message_id)
    await bot.edit_message_caption(served.chat, photo.message_id, caption="새 QR")
    assert served.world.message(served.chat, photo.message_id).text == "새 QR"


async def test_a_message_can_be_deleted_for_two_days(served: Served, bot: Bot) -> None:
    first = await bot.send_message(served.chat, "하나")
    second = await bot.send_message(served.chat, "둘")
    served.clock.move(hours=48)
    await bot.delete_message(served.chat, first.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(served.chat, first.message_id)
    served.clock.move(seconds=1)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(served.chat, second.message_id)


async def test_an_old_or_unknown_press_cannot_be_answered(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "?", reply_markup=OK)
    press = served.world.press(served.chat, served.chat, sent.message_id, "ok")
    await bot.answer_callback_query(press.id)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(press.id, "가" * 201)
    with pytest.raises(BadRequest, match=r"(?i)query is too old and response timeout expired or query id is"):
        await bot.answer_callback_query("12345")
    served.clock.move(minutes=10, seconds=1)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(press.id)


async def test_next_edit_waits_for_the_change(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "하나")
    before = served.world.message(served.chat, sent.message_id)
    await bot.edit_message_text("둘", served.chat, sent.message_id)
    assert (await served.world.next_edit(served.chat, sent.message_id, of=before)).text == "둘"
