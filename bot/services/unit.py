"""The unit of work as edges may take it: they open it here, never from storage."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from storage.unit import Unit


class OpenUnit(Protocol):
    """Opens a unit of work that rolls back unless `commit` was called."""

    def __call__(self, *, read_only: bool = False) -> AbstractAsyncContextManager[Unit]: ...


__all__ = ["OpenUnit", "Unit"]
