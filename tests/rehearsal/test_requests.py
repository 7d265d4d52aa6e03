"""The four ways to pass parameters to the Bot API."""

import json

import aiohttp
import pytest

from tests.rehearsal.served import TOKEN, Served

MARKUP = {"inline_keyboard": [[{"text": "확인", "callback_data": "ok"}]]}


@pytest.mark.parametrize("way", ["query", "json", "form", "multipart"])
async def test_every_way_of_passing_parameters_is_understood(served: Served, way: str) -> None:
    address = f"{served.url}/bot{TOKEN}/sendMessage"
    fields = {"chat_id": str(served.chat), "text": "확인해 주십시오", "reply_markup": json.dumps(MARKUP)}
    multipart = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        multipart.add_field(name, value)
    async with aiohttp.ClientSession() as session:
        match way:
            case "query":
                response = await session.get(address, params=fields)
            case "json":
                response = await session.post(
                    address, json=fields | {"chat_id": served.chat, "reply_markup": MARKUP}
                )
            case "form":
                response = await session.post(address, data=fields)
            case _:
                response = await session.post(address, data=multipart)
        assert response.status == 200, await response.text()
    assert served.world.messages(served.chat)[-1].buttons[0].data == "ok"


async def test_method_names_ignore_case(served: Served) -> None:
    status, _ = await served.raw("SENDMESSAGE", chat_id=served.chat, text="네")
    assert status == 200


async def test_broken_json_is_a_bad_request(served: Served) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{served.url}/bot{TOKEN}/sendMessage", data="{", headers={"Content-Type": "application/json"}
        ) as response,
    ):
        assert response.status == 400
    assert await served.refusal("sendMessage", chat_id=served.chat, text="?", reply_markup="{") == (
        "Bad Request: can't parse reply_markup JSON object"
    )
    assert await served.refusal("sendMessage", text="?") == "Bad Request: chat_id is empty"
