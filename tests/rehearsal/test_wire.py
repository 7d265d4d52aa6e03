"""What the server gives, held to aiogram's models: an independent description of the Bot API."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from aiogram.methods import (
    GetChat,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    SendDocument,
    SendMessage,
    SendPhoto,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter

from bot.rehearsal.values import Media, Mishap
from tests.rehearsal.served import Served

Returned = TypeVar("Returned")

MARKUP = {
    "inline_keyboard": [
        [{"text": "확인", "callback_data": "ok"}, {"text": "지도", "url": "https://map.kakao.com/"}]
    ]
}


def unknown_fields(value: object, path: str = "") -> Iterator[str]:
    """Fields that the models do not know, anywhere inside."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}.{name}"
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from unknown_fields(one, path)


async def checked(served: Served, method: type[TelegramMethod[Returned]], **parameters: object) -> Returned:
    status, body = await served.raw(method.__api_method__, **parameters)
    assert status == 200, body
    adapter: TypeAdapter[Returned] = TypeAdapter(method.__returning__)
    value = adapter.validate_python(body["result"])
    assert list(unknown_fields(value)) == []
    return value


async def test_every_update_is_as_the_bot_api_describes_it(served: Served) -> None:
    world, user = served.world, served.chat
    await served.raw("sendMessage", chat_id=user, text="?", reply_markup=MARKUP)
    said = world.say(user, user, "/next 지금", reply_to=world.last_id(user))
    world.edit(user, said.id, "/next 나중에 https://example.org/")
    shown = world.message(user, said.id - 1)
    world.press_button(user, shown, "확인")
    world.delete(user, shown.id)
    world.press(user, user, shown.id, "ok", stale=True)
    world.send_photo(user, b"picture", caption="사진")
    world.send_voice(user, b"sound", seconds=3)
    world.send_document(user, b"table", name="tour.csv", mime="text/csv")
    for media in (Media.AUDIO, Media.VIDEO, Media.VIDEO_NOTE):
        world.send_recording(user, b"moving", media, seconds=9)
    world.send_other(user, location={"latitude": 35.8, "longitude": 127.1})
    group = world.add_group("전북 수행반", user)
    world.add_to_group(user, group)
    world.say(user, group, "/today")
    world.migrate(group)
    world.block(user)
    updates = await checked(served, GetUpdates)
    assert all(isinstance(update, Update) for update in updates)
    assert {update.event_type for update in updates} == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }


@pytest.mark.parametrize("method", [GetMe, GetWebhookInfo, GetMyCommands])
async def test_answers_without_parameters(served: Served, method: type[TelegramMethod[object]]) -> None:
    await checked(served, method)


async def test_answers_about_chats_messages_and_files(served: Served) -> None:
    user = served.chat
    await checked(served, GetChat, chat_id=user)
    await checked(
        served,
        SendMessage,
        chat_id=user,
        text="<b>가</b><pre>나</pre>",
        parse_mode="HTML",
        reply_markup=MARKUP,
    )
    photo = served.world.send_photo(user, b"picture")
    assert photo.attachment is not None
    await checked(served, GetFile, file_id=photo.attachment.file.id)
    await checked(served, SendPhoto, chat_id=user, photo=photo.attachment.file.id, caption="다시")
    file = served.world.send_document(user, b"table", name="tour.csv").attachment
    assert file is not None
    await checked(served, SendDocument, chat_id=user, document=file.file.id, caption="표")


async def test_a_webhook_is_described_as_the_bot_api_does(served: Served) -> None:
    await served.raw("setWebhook", url="https://example.org/hook", allowed_updates=["message"])
    served.world.updates.mishap = Mishap(served.clock.now(), "Connection refused")
    info = await checked(served, GetWebhookInfo)
    assert (info.max_connections, info.allowed_updates) == (40, ["message"])
    assert info.last_error_message == "Connection refused"
