"""`/metrics`: who may ask, and the form in which it is told."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import hdrs

from bot.services.metrics import Metric
from bot.web.metrics import PATH, TYPE, metrics, written
from tests.web.served import Answer, Site, served

TOKEN = "A-token_of-the-operator"
TOLD = (
    Metric("hyeonjang_one", "One thing", {"": 3}),
    Metric("hyeonjang_many", "Many things", {"sent": 12345678, "failed": 0.5}, "state"),
)
TEXT = """\
# HELP hyeonjang_one One thing
# TYPE hyeonjang_one gauge
hyeonjang_one 3
# HELP hyeonjang_many Many things
# TYPE hyeonjang_many gauge
hyeonjang_many{state="sent"} 12345678
hyeonjang_many{state="failed"} 0.5
"""


async def measure() -> tuple[Metric, ...]:
    return TOLD


async def asked(site: Site, headers: Mapping[Any, str] | None = None) -> Answer:
    return await site.asks("GET", PATH, headers=headers)


def test_the_form_is_the_one_of_prometheus() -> None:
    assert written(TOLD) == TEXT


async def test_without_a_token_this_machine_is_told() -> None:
    async with served(metrics(measure, None)) as site:
        for headers in ({}, {hdrs.HOST: "localhost"}, {hdrs.HOST: f"[::1]:{site.port}"}):
            answer = await asked(site, headers)
            assert (answer.status, answer.text) == (200, TEXT)
            assert answer.headers[hdrs.CONTENT_TYPE] == TYPE


@pytest.mark.parametrize(
    "headers",
    [
        {hdrs.X_FORWARDED_FOR: "203.0.113.7"},
        {hdrs.FORWARDED: "for=203.0.113.7"},
        {hdrs.VIA: "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
        {"CF-Connecting-IP": "203.0.113.7"},
        {"True-Client-IP": "203.0.113.7"},
        {hdrs.HOST: "field.example.invalid"},
        {hdrs.HOST: "127.0.0.1.example.invalid"},
    ],
)
async def test_without_a_token_nobody_is_told_whom_a_proxy_brought(headers: dict[str, str]) -> None:
    """It stands on this machine, so they come from this machine; they read that there is no such page."""
    async with served(metrics(measure, None)) as site:
        answer = await asked(site, headers)
        nowhere = await site.get("/nowhere")
    assert (answer.status, answer.text) == (nowhere.status, nowhere.text) == (404, nowhere.text)


async def test_without_a_token_http_1_0_is_told_nothing() -> None:
    """So nginx asks that is told nothing but `proxy_pass http://127.0.0.1:…`: this machine's name, and no mark."""
    async with served(metrics(measure, None)) as site:
        heard = {}
        for version in ("1.0", "1.1"):
            reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
            head = f"GET {PATH} HTTP/{version}\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            heard[version] = await reader.read()
            writer.close()
            await writer.wait_closed()
    assert b" 404 " in heard["1.0"].splitlines()[0]
    assert b"hyeonjang_" not in heard["1.0"]
    assert b" 200 " in heard["1.1"].splitlines()[0]


async def test_with_a_token_whoever_has_it_is_told() -> None:
    async with served(metrics(measure, TOKEN)) as site:
        for scheme in ("Bearer", "bearer"):
            headers = {hdrs.AUTHORIZATION: f"{scheme} {TOKEN}", hdrs.X_FORWARDED_FOR: "203.0.113.7"}
            assert (await asked(site, headers)).text == TEXT


@pytest.mark.parametrize(
    "given",
    [
        "",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer",
        "Bearer ",
        "Bearer \udcff토큰",
    ],
)
async def test_with_a_token_nobody_else_is_told(given: str) -> None:
    """This machine neither: somebody who set a token meant it."""
    async with served(metrics(measure, TOKEN)) as site:
        answer = await asked(site, {hdrs.AUTHORIZATION: given} if given.isascii() else {})
    assert answer.status == 401
    assert answer.headers[hdrs.WWW_AUTHENTICATE] == "Bearer"
    assert "hyeonjang_" not in answer.text
    assert "권한" in answer.text
