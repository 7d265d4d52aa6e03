"""The whole bot with an analyst: notes are read behind its back, and it stops whatever is being read."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Bot
from bot.gateways.analysis.process import KoreanAnalyst
from bot.gateways.clock import SteppedClock
from bot.outside import Outside
from bot.rehearse import Rehearsal
from bot.settings import read_settings
from storage.database import Database
from tests.support.analyst import FakeAnalyst
from tests.support.chat import BOT
from tests.support.fake_messenger import FakeMessenger
from tests.support.kept import JEONBUK
from tests.support.plans import DAY, at
from tests.support.report_day import report_day
from tests.support.updates_queue import QueuedUpdates


async def _read(database: Database) -> set[str]:
    async with database.open_unit(read_only=True) as unit:
        return set((await unit.readings.versions_of_day(JEONBUK, DAY)).values())


async def test_ticks_have_notes_read_and_stopping_waits_for_nobody(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says("가상 의견입니다.")
    clock, analyst, never = SteppedClock(at("12:00")), FakeAnalyst(), asyncio.Event()
    outside = Outside(clock, FakeMessenger(clock), QueuedUpdates(), analyst=analyst)
    async with Bot(read_settings(None), sqlite, outside, BOT, pulse=False) as bot:
        await bot.run_ticks()
        work = bot._core.reading_work
        assert work is not None
        assert work._task is not None
        await work._task
        assert await _read(sqlite) == {"가상 판"}
        await day.says("가상 의견 둘입니다.")
        analyst.before = lambda: _never(never)
        clock.advance_to(clock.now() + timedelta(seconds=3))
        await bot.run_ticks()
    assert work._task.done()


async def _never(event: asyncio.Event) -> None:
    await event.wait()


async def test_the_rehearsal_reads_with_a_real_child_that_goes_with_its_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kiwi and the sentence encoder themselves: three seconds."""
    monkeypatch.setenv("ANALYSIS", "on")
    stage = Rehearsal(read_settings(None), f"sqlite+aiosqlite:///{tmp_path / 'r.db'}", at("12:00"))
    async with stage.telegram(0):
        async with stage.bot() as bot:
            day = await report_day(stage.database)
            await day.says("산업단지에 통근버스가 없어 가상 출근이 어렵습니다.")
            assert bot._core.reading_work is not None
            await bot._core.reading_work.run()
            reader = bot._core.outside.analyst
            assert isinstance(reader, KoreanAnalyst)
            assert await _read(stage.database) == {reader.version}
            pid = reader.pid
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
