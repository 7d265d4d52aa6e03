"""What people do, and which update the bot gets for it."""

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.rehearsal.errors import UserError
from tests.rehearsal.served import Served

OK = InlineKeyboardMarkup.from_button(InlineKeyboardButton("확인", callback_data="ok"))


async def received(bot: Bot) -> list[Update]:
    """Every update that waits, confirmed."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def test_start_carries_its_payload_as_a_command(served: Served, bot: Bot) -> None:
    served.world.start(served.chat, "m_AB12")
    [update] = await received(bot)
    assert update.message is not None
    assert update.message.text == "/start m_AB12"
    assert [(e.type, e.offset, e.length) for e in update.message.entities] == [("bot_command", 0, 6)]
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "ko"
    assert update.message.date == served.clock.now()


@pytest.mark.parametrize("payload", ["x" * 65, "m AB", "m/AB", "가"])
async def test_a_start_payload_keeps_telegrams_alphabet(served: Served, payload: str) -> None:
    with pytest.raises(UserError):
        served.world.start(served.chat, payload)


async def test_message_ids_rise_in_each_chat_by_itself(served: Served, bot: Bot) -> None:
    other = served.world.add_user("다른 연습생")
    first = served.world.start(other.id)
    second = await bot.send_message(other.id, "환영합니다")
    assert (first.id, second.message_id) == (1, 2)
    assert other.id > 2**32


async def test_a_press_carries_its_message_and_remembers_the_answer(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "확인해 주시겠습니까?", reply_markup=OK)
    press = served.world.press(served.chat, served.chat, sent.message_id, "ok")
    [update] = await received(bot)
    query = update.callback_query
    assert query is not None
    assert (query.id, query.data) == (press.id, "ok")
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    await query.answer("고맙습니다", show_alert=True)
    answer = await served.world.answer_to(press.id)
    assert (answer.text, answer.alert) == ("고맙습니다", True)


async def test_the_same_tap_twice_makes_two_updates(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "?", reply_markup=OK)
    shown = served.world.message(served.chat, sent.message_id)
    assert (
        served.world.press_button(served.chat, shown, "확").id
        != served.world.press_button(served.chat, shown, "확").id
    )
    assert len(await received(bot)) == 2


async def test_only_a_button_that_is_shown_can_be_pressed(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "?", reply_markup=OK)
    await bot.edit_message_reply_markup(served.chat, sent.message_id)
    with pytest.raises(UserError):
        served.world.press(served.chat, served.chat, sent.message_id, "ok")
    served.world.press(served.chat, served.chat, sent.message_id, "ok", stale=True)
    assert len(await received(bot)) == 1


async def test_a_press_on_a_deleted_message_comes_without_its_words(served: Served, bot: Bot) -> None:
    sent = await bot.send_message(served.chat, "?", reply_markup=OK)
    await bot.delete_message(served.chat, sent.message_id)
    served.world.press(served.chat, served.chat, sent.message_id, "ok", stale=True)
    [update] = await received(bot)
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_an_edit_comes_as_an_edited_message(served: Served, bot: Bot) -> None:
    said = served.world.say(served.chat, served.chat, "버스가 적습니다")
    served.clock.move(minutes=1)
    served.world.edit(served.chat, said.id, "버스가 매우 적습니다")
    update = (await received(bot))[-1]
    assert update.edited_message is not None
    assert update.edited_message.text == "버스가 매우 적습니다"
    assert update.edited_message.edit_date == served.clock.now()


async def test_blocking_and_coming_back_are_told(served: Served, bot: Bot) -> None:
    served.world.block(served.chat)
    with pytest.raises(UserError):
        served.world.say(served.chat, served.chat, "들리시나요")
    served.world.start(served.chat)
    blocked, back, started = await received(bot)
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member is not None
    assert back.my_chat_member.new_chat_member.status == "member"
    assert started.message is not None


async def test_in_a_group_the_bot_sees_commands_and_replies_to_itself_only(served: Served, bot: Bot) -> None:
    world, user = served.world, served.chat
    group = world.add_group("전북 수행반", user)
    assert group < 0
    world.add_to_group(user, group)
    posted = await bot.send_message(group, "오늘 일정입니다")
    await received(bot)
    world.say(user, group, "점심은 어디서 하나요")
    world.say(user, group, "/today@some_other_bot")
    world.say(user, group, "/today")
    world.say(user, group, f"/next@{world.bot.username}")
    world.say(user, group, "고맙습니다", reply_to=posted.message_id)
    texts = [update.message.text for update in await received(bot) if update.message is not None]
    assert texts == ["/today", f"/next@{world.bot.username}", "고맙습니다"]


async def test_joining_a_group_is_told_twice_as_telegram_does(served: Served, bot: Bot) -> None:
    group = served.world.add_group("전북 수행반", served.chat)
    served.world.add_to_group(served.chat, group)
    member, service = await received(bot)
    assert member.my_chat_member is not None
    assert service.message is not None
    assert service.message.new_chat_members[0].id == bot.id


async def test_pictures_voices_and_files_can_be_fetched(served: Served, bot: Bot) -> None:
    served.world.send_photo(served.chat, b"picture", caption="현장 사진")
    served.world.send_voice(served.chat, b"sound", seconds=7)
    served.world.send_document(served.chat, b"table", name="tour.csv", mime="text/csv")
    photo, voice, document = [update.message for update in await received(bot)]
    assert photo is not None
    assert voice is not None
    assert document is not None
    assert photo.caption == "현장 사진"
    assert voice.voice is not None
    assert document.document is not None
    assert document.document.file_name == "tour.csv"
    fetched = [
        bytes(await (await bot.get_file(one)).download_as_bytearray())
        for one in (photo.photo[-1].file_id, voice.voice.file_id, document.document.file_id)
    ]
    assert fetched == [b"picture", b"sound", b"table"]


async def test_a_text_longer_than_a_client_sends_is_refused(served: Served) -> None:
    served.world.say(served.chat, served.chat, "가" * 4096)
    with pytest.raises(UserError):
        served.world.say(served.chat, served.chat, "가" * 4097)
    with pytest.raises(UserError):
        served.world.say(served.chat, served.chat, "  ")


async def test_waiting_for_a_message_that_never_comes_times_out(served: Served) -> None:
    with pytest.raises(TimeoutError):
        await served.world.next_message(served.chat, within=0.02)
