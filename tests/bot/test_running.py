"""`run` until it is told to stop: against the local Telegram with a token, alone on its DATA_DIR, ending in words."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import running
from bot.commands import NO_TELEGRAM, TELEGRAM_REFUSES, Failed
from bot.rehearsal.server import create_app, serve
from bot.rehearsal.world import World
from bot.rehearse import Wishes, fresh_folder
from bot.running import alone
from bot.settings import Settings, read_settings
from tests.rehearsal.served import MovedClock
from tests.support.console import TRACEBACK, Console

TOKEN = "5900000001:token-that-must-never-be-logged"
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def world() -> AsyncIterator[tuple[World, str]]:
    world = World(MovedClock().now)
    async with serve(create_app(world, TOKEN)) as url:
        yield world, url


@pytest.fixture
def settings(console: Console, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    return read_settings(None)


def pointed(settings: Settings, url: str, **changes: object) -> Settings:
    return settings.model_copy(update={"telegram_api_url": url, **changes})


@asynccontextmanager
async def process(settings: Settings, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot run` by itself; killed at the end if it still lives."""
    environment = {"DATA_DIR": str(settings.data_dir), "PORT": "0", "TELEGRAM_BOT_TOKEN": TOKEN}
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=settings.data_dir,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TELEGRAM_API_URL": url, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def test_run_serves_telegram_alone_on_its_data_and_ends_well_when_told_to(
    settings: Settings, world: tuple[World, str]
) -> None:
    telegram, url = world
    guest = telegram.add_user("가상 방문객").id
    async with asyncio.timeout(30), process(settings, url) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        line = (await run.stdout.readline()).decode()
        assert f"@{telegram.bot.username} 실행 중입니다." in line
        probe = line.split()[-1].replace("healthz", "readyz")
        async with aiohttp.ClientSession() as session, session.get(probe) as ready:
            assert ready.status == 200
        telegram.start(guest)
        assert (await telegram.next_message(guest, within=10)).text
        with pytest.raises(Failed, match="이미 실행 중입니다"):
            await running.run(pointed(settings, url))
        run.send_signal(signal.SIGTERM)
        out, err = await run.communicate()
        assert run.returncode == 0
        assert out.decode().startswith("다음에 할 일:\n  1. 관리자: ")
        said = err.decode()
        assert TRACEBACK not in said
        assert TOKEN not in said
        assert TOKEN.split(":")[1] not in said


def test_one_at_a_time_on_a_folder_and_the_next_when_the_first_has_ended(tmp_path: Path) -> None:
    with alone(tmp_path):
        with pytest.raises(Failed, match="이미 실행 중입니다"), alone(tmp_path):
            raise AssertionError("two of them")
        with alone(tmp_path, "rehearsal.lock"), alone(tmp_path / "another"):
            pass
    with alone(tmp_path):
        pass


async def test_a_refused_token_ends_in_words(settings: Settings, world: tuple[World, str]) -> None:
    world[0].revoked = True
    (left := settings.data_dir / ".restoring.db").write_bytes(b"of a restore that was killed")
    with pytest.raises(Failed) as failed:
        await running.run(pointed(settings, world[1]))
    assert str(failed.value) == TELEGRAM_REFUSES
    assert not left.exists()


async def test_an_answer_that_no_telegram_gives_ends_in_words(settings: Settings) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 400, "description": "Bad Request"}, status=400)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    async with serve(app) as url:
        with pytest.raises(Failed) as failed:
            await running.run(pointed(settings, url))
    assert str(failed.value) == NO_TELEGRAM


async def test_a_taken_port_ends_in_words(settings: Settings, world: tuple[World, str]) -> None:
    taken = int(world[1].rsplit(":", 1)[1])
    with pytest.raises(Failed, match=f"127.0.0.1:{taken}에서 접속을 받을 수 없습니다"):
        await running.run(pointed(settings, world[1], port=taken))
    with pytest.raises(Failed, match=f"127.0.0.1:{taken}에서 접속을 받을 수 없습니다"):
        await running.run_rehearsal(settings.model_copy(update={"port": taken}), Wishes())


async def test_it_can_be_stopped_while_telegram_is_not_reached(settings: Settings) -> None:
    """Nobody listens there: it asks again and again, and is told to stop meanwhile."""
    async with serve(web.Application()) as url:
        gone = url
    task = asyncio.create_task(running.run(pointed(settings, gone)))
    async with asyncio.timeout(10):
        while not _has_handler():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        await task


def _has_handler() -> bool:
    return signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL


async def test_a_loop_that_ends_is_the_end_of_the_process(
    settings: Settings, world: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("통근버스")

    monkeypatch.setattr("bot.intake.poller.Poller.run", broken)
    async with asyncio.timeout(10):
        with pytest.raises(Failed, match="예기치 않게 멈추었습니다"):
            await running.run(pointed(settings, world[1]))


async def test_two_rehearsals_do_not_pull_the_floor_from_under_each_other(settings: Settings) -> None:
    folder = fresh_folder(settings.data_dir)
    (folder / "rehearsal.db").write_text("somebody's")
    with (
        alone(settings.data_dir, "rehearsal.lock"),
        pytest.raises(Failed, match="이미 실행 중입니다"),
    ):
        await running.run_rehearsal(settings, Wishes())
    assert (folder / "rehearsal.db").read_text() == "somebody's"
