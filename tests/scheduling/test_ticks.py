"""The tick table: nothing that a job does stops the others, and both pulses keep its intervals."""

import asyncio
from datetime import timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.gateways.clock import SteppedClock, SystemClock
from bot.scheduling import ticks as ticks_module
from bot.scheduling.ticks import Tick, Ticks
from bot.services.activity import Activity
from tests.support.plans import at


class Table:
    """Jobs that write down when they ran."""

    def __init__(self, *seconds: int, failing: str | None = None) -> None:
        self.clock = SteppedClock(at("12:00"))
        self.activity = Activity()
        self.ran: list[str] = []
        self.failing = failing
        table = tuple(Tick(f"every {s}", s, self._job(f"every {s}")) for s in seconds)
        self.ticks = Ticks(table, self.activity, self.clock)

    def _job(self, name: str):  # type: ignore[no-untyped-def]  # a closure of the Tick.job type
        async def job() -> None:
            assert self.activity.busy
            self.ran.append(name)
            if name == self.failing:
                raise RuntimeError("통근버스")

        return job

    async def after(self, seconds: float) -> list[str]:
        """What ran when so much time had passed."""
        self.ran.clear()
        self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))
        await self.ticks.run_due()
        return list(self.ran)


async def test_each_tick_runs_at_the_start_and_then_in_its_interval() -> None:
    table = Table(1, 5)
    assert await table.after(0) == ["every 1", "every 5"]
    assert await table.after(0) == []
    assert await table.after(0.5) == []
    assert await table.after(0.5) == ["every 1"]
    assert await table.after(3) == ["every 1"], "late is once, not three times"
    assert await table.after(1) == ["every 1", "every 5"]
    assert await table.after(86400) == ["every 1", "every 5"]


async def test_a_job_that_fails_stops_neither_the_others_nor_its_next_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(1, 2, 3, failing="every 2")
    assert await table.after(0) == ["every 1", "every 2", "every 3"]
    assert not table.activity.busy
    assert await table.after(6) == ["every 1", "every 2", "every 3"]
    said = capsys.readouterr()
    assert "RuntimeError" in said.out + said.err
    assert "통근버스" not in said.out + said.err


async def test_a_wall_clock_that_is_set_back_stops_nothing() -> None:
    table = Table(5)
    await table.after(0)
    table.clock.jump_to(table.clock.now() - timedelta(days=1))
    assert await table.after(5) == ["every 5"]


async def test_apscheduler_counts_no_run_as_missed_and_never_runs_a_job_beside_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[AsyncIOScheduler] = []

    class Watched(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler 3 has no types
        def __init__(self, **options: object) -> None:
            super().__init__(**options)
            made.append(self)

    monkeypatch.setattr(ticks_module, "AsyncIOScheduler", Watched)
    table = Table(1, 30)
    table.ticks.start()
    try:
        [scheduler] = made
        jobs = scheduler.get_jobs()
        assert [(job.id, job.trigger.interval) for job in jobs] == [
            ("every 1", timedelta(seconds=1)),
            ("every 30", timedelta(seconds=30)),
        ]
        assert all(job.coalesce and job.max_instances == 1 for job in jobs)
        assert all(job.misfire_grace_time is None for job in jobs)
    finally:
        await table.ticks.stop()


async def test_in_real_life_the_pulse_runs_and_stopping_lets_a_job_finish() -> None:
    began, go_on, finished = asyncio.Event(), asyncio.Event(), asyncio.Event()
    runs = 0

    async def job() -> None:
        nonlocal runs
        runs += 1
        began.set()
        await go_on.wait()
        finished.set()

    ticks = Ticks((Tick("slow", 1, job),), Activity(), SystemClock())
    ticks.start()
    async with asyncio.timeout(5):
        await began.wait()
        stopping = asyncio.create_task(ticks.stop())
        await asyncio.sleep(0.01)
        assert not stopping.done()
        go_on.set()
        await stopping
    assert finished.is_set()
    assert runs == 1
    await ticks.stop()  # once is enough, twice does no harm


async def test_a_job_that_does_not_end_holds_up_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks_module, "STOPPING_TAKES", 0.01)
    began, cancelled = asyncio.Event(), asyncio.Event()

    async def job() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    ticks = Ticks((Tick("endless", 1, job),), Activity(), SystemClock())
    ticks.start()
    async with asyncio.timeout(5):
        await began.wait()
        await ticks.stop()
    assert cancelled.is_set()


async def test_a_job_that_waits_may_be_begun_again_beside_itself_where_the_table_says_so() -> None:
    began, go = 0, asyncio.Event()
    twice = asyncio.Event()

    async def job() -> None:
        nonlocal began
        began += 1
        if began == 2:
            twice.set()
        await go.wait()

    ticks = Ticks((Tick("slow", 1, job, beside=2),), Activity(), SystemClock())
    ticks.start()
    try:
        async with asyncio.timeout(20):
            await twice.wait()
    finally:
        go.set()
        await ticks.stop()
    assert began == 2
