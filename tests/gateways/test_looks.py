"""What `doctor` is told by the Bot API and by our own address: odd answers are no surprise."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.gateways.looks import look_at_bot, status_of
from bot.rehearsal.server import serve
from bot.services.ports import FateUnknown, TokenRefused

ME = {"id": 5, "is_bot": True, "first_name": "가상 봇", "username": "virtual_bot"}


@asynccontextmanager
async def answering(
    body: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with serve(app) as url:
        yield url


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Thu, 22 Jan 2026 03:00:00 GMT", datetime(2026, 1, 22, 3, tzinfo=UTC)),
        ("Thu, 22 Jan 2026 12:00:00 +0900", datetime(2026, 1, 22, 3, tzinfo=UTC)),
        ("yesterday", None),
    ],
)
async def test_the_servers_time_is_told_by_its_date(date: str, told: datetime | None) -> None:
    async with answering({"ok": True, "result": ME}, headers={"Date": date}) as url:
        look = await look_at_bot("5:token", url)
    assert look.server_time == told
    assert (look.username, look.joins_groups, look.reads_groups) == ("virtual_bot", False, False)


@pytest.mark.parametrize("status", [401, 404])
async def test_a_token_that_is_none(status: int) -> None:
    body = {"ok": False, "error_code": status, "description": "Not Found"}
    async with answering(body, status=status) as url:
        with pytest.raises(TokenRefused):
            await look_at_bot("5:token", url)


async def test_an_answer_that_is_no_bot() -> None:
    async with answering({"ok": True, "result": {"id": 5}}) as url:
        with pytest.raises(FateUnknown):
            await look_at_bot("5:token", url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/healthz", "no address", "http://[", "ftp://127.0.0.1/"])
async def test_an_address_where_nobody_is(url: str) -> None:
    assert await status_of(url) is None


async def test_a_redirect_is_not_followed() -> None:
    async with answering({}, status=302, headers={"Location": "http://127.0.0.1:1/"}) as url:
        assert await status_of(f"{url}/healthz") == 302
