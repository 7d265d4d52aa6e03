"""Work with a language model that ends in time, and whose errors of ours are troubles like any other."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from bot.digest.ports import ModelFailed, Trouble

log = structlog.get_logger(__name__)
T = TypeVar("T")


async def in_time(work: Coroutine[Any, Any, T], until: float) -> T:
    """Raises ModelFailed, TIMEOUT when the time (the loop's) is over: the digest goes out without the model."""
    try:
        async with asyncio.timeout_at(until):
            return await sound(work)
    except TimeoutError:
        raise ModelFailed(Trouble.TIMEOUT) from None


async def sound(work: Coroutine[Any, Any, T]) -> T:
    """Raises ModelFailed and nothing else."""
    try:
        return await work
    except ModelFailed:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is: people's own words can still be read)
        raise broken(error) from None


def broken(error: Exception) -> ModelFailed:
    """By its type: its words may be people's."""
    log.error("writing is broken", failure=type(error).__name__)
    return ModelFailed(Trouble.BROKEN)


async def together(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """All of it, in order, or the first ModelFailed; what is beside it is given up."""
    failed: ModelFailed | None = None
    doing: list[asyncio.Task[T]] = []
    try:
        async with asyncio.TaskGroup() as group:
            doing = [group.create_task(one) for one in work]
    except* ModelFailed as failures:
        failed = next(error for error in failures.exceptions if isinstance(error, ModelFailed))
    if failed is not None:
        raise failed
    return [done.result() for done in doing]


@asynccontextmanager
async def held(lock: asyncio.Lock, until: float) -> AsyncIterator[None]:
    """Raises ModelFailed when somebody else has it until the time is over."""
    try:
        async with asyncio.timeout_at(until):
            await lock.acquire()
    except TimeoutError:
        raise ModelFailed(Trouble.TIMEOUT) from None
    try:
        yield
    finally:
        lock.release()
