"""Messenger and poller against the rehearsal's Bot API: people press, block and move as on Telegram."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.ids import ChatId
from bot.gateways.qr import qr_png
from bot.gateways.telegram import TelegramMessenger, TelegramUpdates
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from bot.services.ports import (
    ChatMoved,
    FateUnknown,
    Outgoing,
    Rejected,
    RenderedButton,
    SlowDown,
    TokenRefused,
    Unreachable,
)
from tests.gateways.conftest import CALM
from tests.gateways.served import TOKEN
from tests.rehearsal.served import MovedClock

NO_WAIT = timedelta(0)


class Rehearsed:
    """A world, a person in it, and our two gateways."""

    def __init__(self, world: World, messenger: TelegramMessenger, updates: TelegramUpdates) -> None:
        self.world = world
        self.messenger = messenger
        self.updates = updates
        self.user = world.add_user("연습용 참여자").id
        self.chat = ChatId(self.user)
        world.start(self.user)

    async def fetched(self, offset: int = 0) -> list[dict[str, object]]:
        return [json.loads(item.payload) for item in await self.updates.fetch(offset, NO_WAIT)]


@pytest.fixture
async def day() -> AsyncIterator[Rehearsed]:
    world = World(MovedClock().now)
    async with (
        serve(create_app(world, TOKEN)) as url,
        TelegramMessenger(TOKEN, url, patience=CALM) as messenger,
        TelegramUpdates(TOKEN, url, patience=CALM) as updates,
    ):
        yield Rehearsed(world, messenger, updates)


async def test_a_message_with_a_button_arrives_and_its_press_comes_back(day: Rehearsed) -> None:
    keyboard = ((RenderedButton("4점", data="r:4"),),)
    sent = await day.messenger.send(Outgoing(day.chat, "<b>몇 점</b>입니까?", keyboard=keyboard, silent=True))
    message = day.world.message(day.user, sent)
    assert (message.text, message.silent) == ("몇 점입니까?", True)
    press = day.world.press_button(day.user, message, "4점")
    *_, update = await day.fetched()
    query = update["callback_query"]
    assert isinstance(query, dict)
    assert (query["id"], query["data"]) == (press.id, "r:4")
    await day.messenger.answer_press(press.id, "남겼습니다.", alert=False)
    answer = day.world.answers[press.id]
    assert (answer.text, answer.alert) == ("남겼습니다.", False)


async def test_an_edit_takes_the_buttons_away_and_may_be_repeated(day: Rehearsed) -> None:
    keyboard = ((RenderedButton("4점", data="r:4"),),)
    sent = await day.messenger.send(Outgoing(day.chat, "몇 점입니까?", keyboard=keyboard))
    for _ in range(2):
        assert await day.messenger.send(Outgoing(day.chat, "4점입니다.", edits=sent)) == sent
    message = day.world.message(day.user, sent)
    assert (message.text, message.buttons) == ("4점입니다.", ())


async def test_a_code_arrives_as_a_photo(day: Rehearsed) -> None:
    picture = qr_png("https://t.me/hyeonjang_test_bot?start=m_abc")
    sent = await day.messenger.send(Outgoing(day.chat, "벽에 붙여 주세요.", picture=picture))
    message = day.world.message(day.user, sent)
    assert message.attachment is not None
    assert message.attachment.file.data == picture
    assert message.text == "벽에 붙여 주세요."


async def test_blocked_gone_and_never_met_are_told_apart_from_wrong(day: Rehearsed) -> None:
    day.world.block(day.user)
    with pytest.raises(Unreachable):
        await day.messenger.send(Outgoing(day.chat, "안녕하십니까"))
    with pytest.raises(Rejected):
        await day.messenger.send(Outgoing(ChatId(12345), "안녕하십니까"))
    day.world.start(day.user)
    with pytest.raises(Rejected):
        await day.messenger.send(Outgoing(day.chat, "<b>안녕하십니까"))


async def test_a_group_that_moved_says_where_to(day: Rehearsed) -> None:
    group = day.world.add_group("연습용 모임", day.user)
    day.world.add_to_group(day.user, group)
    moved = day.world.migrate(group)
    with pytest.raises(ChatMoved) as caught:
        await day.messenger.send(Outgoing(ChatId(group), "오늘 일정"))
    await day.messenger.send(Outgoing(caught.value.to, "오늘 일정"))
    assert day.world.messages(moved)[-1].text == "오늘 일정"


async def test_faults_on_the_way_leave_the_fate_unknown_whether_or_not_it_arrived(day: Rehearsed) -> None:
    for accepted in (False, True):
        day.world.faults.drop(method="sendMessage", accepted=accepted)
        day.world.faults.reply(502, "Bad Gateway", method="sendMessage", accepted=accepted)
        for _ in range(2):
            with pytest.raises(FateUnknown):
                await day.messenger.send(Outgoing(day.chat, f"도착: {accepted}"))
    assert [entry.text for entry in day.world.ledger] == ["도착: True"] * 2


async def test_too_fast_and_revoked_are_told(day: Rehearsed) -> None:
    day.world.faults.reply(429, "Too Many Requests: retry after 7", retry_after=7, method="sendMessage")
    with pytest.raises(SlowDown) as caught:
        await day.messenger.send(Outgoing(day.chat, "안녕하십니까"))
    assert caught.value.after == timedelta(seconds=7)
    day.world.revoked = True
    with pytest.raises(TokenRefused):
        await day.messenger.identity()
    with pytest.raises(TokenRefused):
        await day.updates.fetch(0, NO_WAIT)


async def test_the_bot_is_who_the_server_says_and_sets_its_menu(day: Rehearsed) -> None:
    identity = await day.messenger.identity()
    assert (identity.id, identity.username) == (day.world.bot.id, day.world.bot.username)
    await day.messenger.set_menu(day.chat, {"next": "다음 일정"})
    assert [command.command for command in day.world.menu(day.user)] == ["next"]


async def test_each_reads_the_menu_of_their_language_until_their_chat_has_its_own(day: Rehearsed) -> None:
    guest = day.world.add_user("Imagined Guest", language_code="en").id
    await day.messenger.set_menu(None, {"help": "도움말"}, language="ko")
    await day.messenger.set_menu(None, {"help": "Help"})
    assert [command.description for command in day.world.menu(day.user)] == ["도움말"]
    assert [command.description for command in day.world.menu(guest)] == ["Help"]
    await day.messenger.set_menu(day.chat, {"next": "Next meeting"})
    assert [command.description for command in day.world.menu(day.user)] == ["Next meeting"]
    await day.messenger.set_menu(day.chat, {})
    assert [command.description for command in day.world.menu(day.user)] == ["도움말"]


async def test_an_offset_confirms_what_is_below_it(day: Rehearsed) -> None:
    day.world.say(day.user, day.user, "주차가 어렵습니다")
    first = await day.fetched()
    assert len(first) == 2
    last = first[-1]["update_id"]
    assert isinstance(last, int)
    assert await day.fetched(last + 1) == []
    assert day.world.pending_updates == 0
