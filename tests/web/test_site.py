"""Common manners: headers on everything, failures told without their words, sizes bounded."""

import asyncio

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.web.manners import HEADERS
from bot.web.site import LARGEST_BODY, guarded, serve_site
from tests.web.served import Site, served

SECRET_WORDS = "통근버스"


async def fails(_: web.Request) -> web.Response:
    raise ValueError(SECRET_WORDS)


async def moves(_: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/elsewhere")


async def reads(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())), headers={"Cache-Control": "max-age=60"})


async def refuses(_: web.Request) -> web.Response:
    raise web.HTTPForbidden(text="안 됩니다.")


PART = [
    web.get("/fails/{code}", fails),
    web.get("/moves", moves),
    web.post("/reads", reads),
    web.get("/refuses", refuses),
]


async def test_every_answer_has_the_headers_and_a_page_may_have_its_own() -> None:
    async with served(PART) as site:
        answers = [
            await site.get("/fails/x"),
            await site.get("/moves"),
            await site.get("/nowhere"),
            await site.get("/refuses"),
            await site.asks("PUT", "/moves"),
            await site.asks("POST", "/reads", b"12345"),
        ]
    assert [answer.status for answer in answers] == [500, 303, 404, 403, 405, 200]
    for answer in answers:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        for name, value in HEADERS.items():
            if name != "Cache-Control" or answer.status != 200:
                assert headers[name.lower()] == value, answer
    assert answers[-1].headers["Cache-Control"] == "max-age=60"
    assert answers[1].headers["Location"] == "/elsewhere"
    assert answers[3].text == "안 됩니다."
    assert answers[4].headers["Allow"] == "GET,HEAD"
    assert "script-src" not in HEADERS["Content-Security-Policy"], "nothing beyond default-src 'none'"


async def test_what_was_not_expected_is_logged_once_and_told_in_a_sentence() -> None:
    with capture_logs() as logs:
        async with served(PART) as site:
            answer = await site.get("/fails/ABCDEFGHJK")
    [entry] = [one for one in logs if one["event"] == "request failed"]
    assert entry["failure"] == "ValueError"
    assert entry["route"] == "/fails/{code}"
    assert entry["reference"] in answer.text
    assert "잠시 뒤 다시" in answer.text
    assert "try again" in answer.text
    assert SECRET_WORDS not in answer.text
    assert "ABCDEFGHJK" not in str({name: value for name, value in entry.items() if name != "exc_info"})


async def test_a_body_that_is_too_large_is_refused_in_words() -> None:
    async with served(PART) as site:
        assert (await site.asks("POST", "/reads", b"x" * LARGEST_BODY)).text == str(LARGEST_BODY)
        answer = await site.asks("POST", "/reads", b"x" * (LARGEST_BODY + 1))
    assert answer.status == 413
    assert answer.text.startswith("보내신 내용이 너무 큽니다.")


async def test_another_application_can_take_the_routes_with_their_manners() -> None:
    """The rehearsal serves the same pages beside its own."""
    app = web.Application()
    app.add_routes(guarded(PART))
    async with serve_site(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        answer = await Site(port, session).get("/fails/x")
    assert answer.status == 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert SECRET_WORDS not in answer.text


async def test_nothing_is_said_about_what_runs_here(caplog: pytest.LogCaptureFixture) -> None:
    async with served(PART) as site:
        assert (await site.get("/nowhere")).headers["Server"] == "hyeonjang"
    assert not [record for record in caplog.records if "127.0.0.1" in record.getMessage()]


@pytest.mark.parametrize("rest", [b"ZZZ\r\n", b"5\r\nabc"], ids=["no chunk", "half a chunk"])
async def test_a_body_that_breaks_off_is_nobodys_error(rest: bytes) -> None:
    with capture_logs() as logs:
        async with served(PART) as site:
            reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
            writer.write(b"POST /reads HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + rest)
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            assert (await site.get("/nowhere")).status == 404
    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))
    assert [one["event"] for one in logs if one["event"] == "request failed"] == []
