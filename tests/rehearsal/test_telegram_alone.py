"""A real bot process on a Telegram and a clock that outlive it: by polling, and by a webhook.

From the evening-before briefing over a kill to a meeting's reminder, and the end of the rehearsal.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import commands
from bot.domain.person import Role
from bot.gateways.clock import SteppedClock, SystemClock
from bot.gateways.loopback import LoopbackPost
from bot.rehearsal.alone import TelegramAlone
from bot.rehearsal.links import start_payload
from bot.rehearsal.page import Seat
from bot.rehearsal.play import press
from bot.rehearsal.sources import TOUR, read_sample
from bot.settings import Settings, read_settings

SEOUL = ZoneInfo("Asia/Seoul")
ROOT = Path(__file__).parents[2]
TOKEN = "1:rehearsal"
WITHIN = 60.0


def at(text: str) -> datetime:
    """A moment in Seoul: `21 18:00` of January 2026."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-01-{day} {clock}").replace(tzinfo=SEOUL)


class Stage:
    """Telegram and clock, and the settings with which a bot joins them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = SteppedClock(at("21 18:00"))
        people = {seat: f"가상 {seat.value}" for seat in Seat}
        self.alone = TelegramAlone(self.clock, SystemClock(), people, SEOUL)
        self.world, self.driver = self.alone.world, self.alone.driver
        self.staff = self.alone.seats[Seat.STAFF]
        self.environment: dict[str, str] = {}

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with LoopbackPost() as post, self.alone.served(TOKEN, 0, post, self.clock.sleep) as url:
            self.environment = {
                "TELEGRAM_API_URL": url,
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "CLOCK_URL": url,
                "DATA_DIR": str(self.folder / "data"),
                "PORT": "0",
            }
            yield

    def settings(self, monkeypatch: pytest.MonkeyPatch) -> Settings:
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        return read_settings(None)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """`python -m bot run`, following the clock; killed at the end if it still lives."""
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environment},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            await self.world.until(lambda: self.alone.followers.count > 0, within=WITHIN)
            yield started
        finally:
            if started.returncode is None:
                started.kill()
                await started.wait()
            await self.world.until(lambda: self.alone.followers.count == 0, within=WITHIN)

    async def goes(self, moment: datetime) -> None:
        async with asyncio.timeout(WITHIN):
            await self.driver.advance_to(moment)

    def got(self, containing: str) -> list[str]:
        """When staff were sent words like these, to the minute."""
        return [
            f"{entry.at.astimezone(SEOUL):%d %H:%M}"
            for entry in self.world.ledger
            if entry.chat == self.staff and entry.method == "sendMessage" and containing in entry.text
        ]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def prepare(stage: Stage, settings: Settings) -> str:
    """The sample tour, brought in at the console; the payload of an invitation for staff."""
    tour = stage.folder / "tour.csv"
    tour.write_text(read_sample().tour, encoding="utf-8")
    await commands.import_tour(settings, tour, name=TOUR, topics=None, cancel_missing=False, dry=False)
    link = await commands.invite(settings, Role.STAFF, "전북")
    return start_payload(link, stage.world.bot.username or "") or ""


async def joins(stage: Stage, payload: str) -> None:
    """Somebody takes the invitation up."""
    stage.world.start(stage.staff, payload)
    await stage.driver.accompany(press(stage.world, stage.staff, "수락"))


async def test_by_polling_a_bot_is_on_time_dies_comes_back_and_ends_with_the_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(tmp_path)
    async with stage.open():
        payload = await prepare(stage, stage.settings(monkeypatch))
        async with stage.bot():
            await joins(stage, payload)
            await stage.goes(at("21 22:00"))
            assert stage.got("1.22.(목) 일정 안내") == ["21 20:00"]
            assert await stage.driver.next_event() == "전북 일정 알림"
            assert stage.clock.now() == at("22 06:30")
        await stage.goes(at("22 07:00"))  # killed: time goes on without it
        stage.world.say(stage.staff, stage.staff, "/next")
        async with stage.bot() as bot:
            await stage.goes(at("22 07:45"))
            assert stage.got("1시간 뒤 시작합니다.") == ["22 06:30"]
            assert stage.got("10분 뒤 시작합니다.") == ["22 07:20"]
            assert stage.got("다음 일정") == ["22 07:00"]
            await stage.alone.followers.close()  # the rehearsal goes
            _, said = await asyncio.wait_for(bot.communicate(), WITHIN)
    assert bot.returncode == 1
    assert "리허설의 시계에 연결하지 못했습니다." in said.decode()
    assert stage.world.violations == []


async def test_by_webhook_a_bot_is_on_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, port = Stage(tmp_path), free_port()
    async with stage.open():
        stage.environment |= {"PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        payload = await prepare(stage, stage.settings(monkeypatch))
        async with stage.bot():
            await joins(stage, payload)
            assert stage.world.updates.webhook is not None
            await stage.goes(at("22 06:45"))
            assert stage.got("1.22.(목) 일정 안내") == ["21 20:00"]
            assert stage.got("1시간 뒤 시작합니다.") == ["22 06:30"]
    assert stage.world.violations == []
