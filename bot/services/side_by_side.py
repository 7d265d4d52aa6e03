"""Several pieces of work at once, none of which is left alone when another fails."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

T = TypeVar("T")


async def all_ended(work: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """What each gave, in their order, once all have ended. Raises the first failure, but only then.

    Unlike a bare `gather`, nothing goes on unwatched behind the failure, using a database that is being closed.
    """
    ended = await asyncio.gather(*work, return_exceptions=True)
    given: list[T] = []
    for one in ended:
        if isinstance(one, BaseException):
            raise one
        given.append(one)
    return given
