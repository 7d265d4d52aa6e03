"""The clocks: real time is only looked at, stepped time is moved."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.clock import SteppedClock, SystemClock, whole_milliseconds
from bot.services.ports import Clock

EVENING = datetime(2026, 1, 21, 9, 0, tzinfo=UTC)


async def asleep(clock: SteppedClock, seconds: float, log: list[tuple[float, str]], name: str) -> None:
    await clock.sleep(seconds)
    log.append((clock.monotonic(), name))


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_system_clock_is_aware_and_sleeps_at_least_as_long_as_asked() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    before = clock.monotonic()
    await clock.sleep(0.0012)
    assert clock.monotonic() - before >= 0.0012


@pytest.mark.parametrize(
    ("seconds", "milliseconds"),
    [
        (0, 0),
        (-3, 0),
        (1e-12, 1),
        (0.0001, 1),
        (0.001, 1),
        (0.0011, 2),
        (0.1, 100),
        (1.05, 1050),
        (60, 60_000),
    ],
)
def test_a_wait_is_rounded_up_to_a_millisecond_and_never_down(seconds: float, milliseconds: int) -> None:
    assert whole_milliseconds(seconds) == milliseconds


async def test_time_stands_still_until_it_is_moved() -> None:
    clock: Clock = SteppedClock(EVENING)
    await asyncio.sleep(0.002)
    assert clock.now() == EVENING
    assert clock.monotonic() == 0


async def test_sleepers_wake_in_the_order_of_their_time_when_stepped_from_one_to_the_next() -> None:
    clock = SteppedClock(EVENING)
    log: list[tuple[float, str]] = []
    async with asyncio.TaskGroup() as group:
        for seconds, name in ((30, "late"), (10, "early"), (20, "middle"), (10, "early too")):
            group.create_task(asleep(clock, seconds, log, name))
        await settled()
        while (moment := clock.next_waiter()) is not None:
            clock.advance_to(moment)
            await settled()
    assert log == [(10, "early"), (10, "early too"), (20, "middle"), (30, "late")]


async def test_moving_past_several_sleepers_at_once_keeps_their_order() -> None:
    clock = SteppedClock(EVENING)
    log: list[tuple[float, str]] = []
    async with asyncio.TaskGroup() as group:
        group.create_task(asleep(clock, 20, log, "second"))
        group.create_task(asleep(clock, 10, log, "first"))
        await settled()
        clock.advance_to(EVENING + timedelta(minutes=1))
    assert [name for _, name in log] == ["first", "second"]
    assert clock.now() == EVENING + timedelta(minutes=1)


async def test_a_sleeper_does_not_wake_a_moment_too_early() -> None:
    clock = SteppedClock(EVENING)
    sleeper = asyncio.create_task(clock.sleep(10))
    await settled()
    clock.advance_to(EVENING + timedelta(seconds=10) - timedelta(microseconds=1))
    await settled()
    assert not sleeper.done()
    clock.advance_to(EVENING + timedelta(seconds=10))
    await sleeper


async def test_a_wait_for_nothing_only_gives_way() -> None:
    clock = SteppedClock(EVENING)
    await clock.sleep(0)
    await clock.sleep(-1)
    assert clock.next_waiter() is None


async def test_a_cancelled_sleeper_is_no_event() -> None:
    clock = SteppedClock(EVENING)
    sleeper = asyncio.create_task(clock.sleep(10))
    await settled()
    sleeper.cancel()
    await settled()
    assert clock.next_waiter() is None
    clock.advance_to(EVENING + timedelta(minutes=1))


async def test_time_does_not_go_backwards() -> None:
    clock = SteppedClock(EVENING)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance_to(EVENING - timedelta(microseconds=1))


async def test_a_moment_needs_its_zone_and_is_told_in_utc() -> None:
    clock = SteppedClock(datetime(2026, 1, 21, 18, 0, tzinfo=timezone(timedelta(hours=9))))
    assert clock.now() == EVENING
    assert clock.now().tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        clock.advance_to(datetime(2026, 1, 21, 18, 0))  # noqa: DTZ001 (that is the mistake)


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=3)])
async def test_a_jump_of_the_wall_clock_neither_wakes_nor_delays_sleepers(jump: timedelta) -> None:
    clock = SteppedClock(EVENING)
    sleeper = asyncio.create_task(clock.sleep(10))
    await settled()
    clock.jump_to(EVENING + jump)
    await settled()
    assert not sleeper.done()
    assert clock.monotonic() == 0
    assert clock.next_waiter() == EVENING + jump + timedelta(seconds=10)
    clock.advance_to(EVENING + jump + timedelta(seconds=10))
    await sleeper
    assert clock.monotonic() == 10


@given(st.lists(st.integers(min_value=0, max_value=10**9), max_size=30))
def test_many_steps_add_up_exactly(steps: list[int]) -> None:
    clock = SteppedClock(EVENING)
    for step in steps:
        clock.advance_to(clock.now() + timedelta(microseconds=step))
    assert clock.monotonic() == sum(steps) / 1_000_000
    assert clock.now() == EVENING + timedelta(microseconds=sum(steps))
