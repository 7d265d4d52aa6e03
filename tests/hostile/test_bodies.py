"""Raw bodies at the webhook: nothing that is no update is kept, nothing is answered by 5xx, no wrong secret gets further."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from tests.hostile.corpus import naughty
from tests.hostile.doors import SECRET, Town, town
from tests.hostile.form import LONG, of_form
from tests.hostile.judge import judge
from tests.hostile.watching import leaks
from tests.security.world import World

SHORT = 250
_KIB = 1024
GOOD = b'{"update_id":%d,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5,"is_bot":false,"first_name":"x"},"text":"/help"}}'

Body = tuple[bytes, dict[str, str]]


def bodies(*, long: bool = LONG) -> list[Body]:
    """Bytes, and headers with them."""
    return of_form(list(_all()), SHORT, long=long)


def _all() -> Iterator[Body]:
    yield from ((text.encode(), {}) for text in naughty())
    number = 600_000_000
    for depth in (10, 100, 300, *range(940, 1010), 5_000, 100_000):
        yield b"[" * depth + b"]" * depth, {}
        yield b'{"update_id":%d,"x":' % number + b'{"a":' * depth + b"1" + b"}" * depth + b"}", {}
        number += 1
    for size in (256 * _KIB - 100, 256 * _KIB, 256 * _KIB + 1, 300 * _KIB, 2**20):
        yield b'{"update_id":%d,"x":"' % number + b"a" * size + b'"}', {}
        yield b" " * size, {}
        number += 1
    bomb = b'{"update_id":1,"x":"' + b"a" * (20 * 2**20) + b'"}'
    yield gzip.compress(bomb), {"Content-Encoding": "gzip"}
    yield zlib.compress(bomb), {"Content-Encoding": "deflate"}
    yield gzip.compress(gzip.compress(bomb)), {"Content-Encoding": "gzip"}
    yield gzip.compress(GOOD % number)[:-9], {"Content-Encoding": "gzip"}
    for coding in ("gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "nonsense"):
        yield b"not compressed", {"Content-Encoding": coding}
    good = (GOOD % (number + 1)).decode()
    for encoding in ("utf-16", "utf-16-le", "utf-32", "cp949", "utf-8-sig", "utf-7"):
        yield (
            good.replace("x", "가").encode(encoding),
            {"Content-Type": f"application/json; charset={encoding}"},
        )
    for charset in ("nonsense", "", "utf-8; charset=x", "\xff"):
        yield b"{}", {"Content-Type": f"application/json; charset={charset}"}
    for value in (
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"1e999",
        b"-1",
        b"1.0",
        b"true",
        b"null",
        b'"1"',
        b"[]",
        b"{}",
        b"9" * 19,
        b"9" * 40,
        b"9" * 4_301,
        b"9" * 100_000,
        b"9223372036854775807",
        b"9223372036854775808",
    ):
        yield b'{"update_id":' + value + b"}", {}
        yield b'{"update_id":%d,"message":{"message_id":' % (number + 2) + value + b',"text":"x"}}', {}
        number += 1
    yield b'{"update_id":1,"update_id":%d,"message":1,"message":null}' % (number + 3), {}
    yield b'{"update_id":%d,"message":{"text":"\\ud800\\u0000","chat":{"id":6}}}' % (number + 4), {}
    yield from ((b"\xff\xfe\x00" * n, {}) for n in (0, 1, 1000))
    yield b'{"update_id":%d}\x00{"a":1}' % number, {}


async def test_what_is_no_update_ends_at_the_door(world: World, tmp_path: Path) -> None:
    async with town(world, tmp_path) as here:
        for body, headers in bodies():
            given = {
                "X-Telegram-Bot-Api-Secret-Token": SECRET,
                "Content-Type": "application/json",
                "Connection": "close",
                **headers,
            }
            status, text = await _posted(here, body, given)
            assert status < 500, (status, body[:200], headers)
            assert not leaks(text)
        async with here.session.post(f"{here.url}/telegram/webhook", data=b"{" * 999, headers={}) as response:
            assert response.status == 401
        await here.passes(90)
        waiting = [number for number, state in (await here.states()).items() if state == "waiting"]
        assert not waiting, (waiting, await here.failures(), here.log.getvalue()[-2000:])
        good = 699_999_999
        assert await here.posts(GOOD % good) == 200
        await here.passes(5)
        assert (await here.states())[good] == "settled"
        await judge(here, [])


async def _posted(here: Town, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    try:
        url = f"{here.url}/telegram/webhook"
        async with here.session.post(url, data=BytesIO(body), headers=headers) as response:
            return response.status, await response.text()
    except aiohttp.ClientError as error:
        raise AssertionError((type(error).__name__, body[:200], len(body), headers)) from error


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "BREW", "TRACE"])
async def test_other_methods_and_paths_have_an_answer(world: World, tmp_path: Path, method: str) -> None:
    paths = (
        "/telegram/webhook",
        "/telegram/webhook/",
        "//telegram/webhook",
        "/telegram/%77ebhook",
        "/m/../metrics",
        "/%00",
        "/m/%ff%fe",
        "/m/" + "a" * 5000,
        "/m/가/나",
        "/healthz?x=%00",
        "/metrics",
        "/.env",
        "/manage",
        "/m/%2e%2e/%2e%2e/etc/passwd",
    )
    async with town(world, tmp_path) as here:
        for path in paths:
            async with here.session.request(method, here.url + path) as response:
                assert response.status < 500, (method, path)
                assert not leaks(await response.text())
        assert '"error"' not in here.log.getvalue()
