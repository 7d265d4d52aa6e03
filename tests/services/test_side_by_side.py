"""Work side by side: none is left running when another fails."""

import asyncio

import pytest

from bot.services.side_by_side import all_ended


async def test_what_each_gave_comes_in_their_order() -> None:
    async def late() -> int:
        await asyncio.sleep(0)
        return 1

    async def soon() -> int:
        return 2

    assert await all_ended([late(), soon()]) == [1, 2]


async def test_a_failure_is_raised_once_the_others_have_ended() -> None:
    ended: list[str] = []

    async def fails() -> None:
        raise RuntimeError("invented")

    async def goes_on() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        ended.append("other")

    with pytest.raises(RuntimeError, match="invented"):
        await all_ended([fails(), goes_on()])
    assert ended == ["other"]


async def test_cancelled_all_are_cancelled() -> None:
    began = asyncio.Event()
    cancelled: list[str] = []

    async def waits(name: str) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(name)
            raise

    working = asyncio.create_task(all_ended([waits("a"), waits("b")]))
    await began.wait()
    await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert sorted(cancelled) == ["a", "b"]
