"""Points where rows change: commits, migrations, destruction."""

import dis
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import cache
from types import CodeType, FrameType
from typing import Any

from alembic.runtime.migration import RevisionStep
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.services.purge import Purge
from storage.database import Database
from storage.unit import Unit
from tests.faults.passing import Passing, around
from tests.faults.point_names import COMMITS

_PHASE: ContextVar[str | None] = ContextVar("harness_phase", default=None)
"""The phase of destruction that is under way in this task."""
_STATEMENTS = {"VACUUM": "purge:vacuum", "PRAGMA wal_checkpoint": "purge:checkpoint"}
"""Statements with points of their own, by how they begin."""


def put_on_storage(passing: Passing) -> None:
    """For good, in this process."""
    _commits(passing)
    _statements(passing, _migrations(passing))
    around(passing, Purge, "_set_right", "purge:set_right:before", "purge:set_right:after")
    around(passing, Purge, "_clean_file", "purge:clean_file:before", "purge:clean_file:after")
    for phase in ("anonymous", "retention"):
        _phase(passing, phase)


def _commits(passing: Passing) -> None:
    commit = Unit.commit

    async def named(unit: Unit, name: str) -> None:
        passing.come(f"commit:{name}:before")
        await commit(unit)
        passing.come(f"commit:{name}:after")

    def committing(unit: Unit) -> Awaitable[None]:
        return named(unit, committer(sys._getframe(1)))

    setattr(Unit, "commit", committing)  # noqa: B010 (put on from outside)


def committer(frame: FrameType) -> str:
    """What the commit is called that a frame is about to make."""
    module, code = str(frame.f_globals["__name__"]), frame.f_code
    names = COMMITS.get(f"{module}:{code.co_qualname}")
    if names is None:
        return f"{module.removeprefix('bot.').removeprefix('services.')}.{code.co_name}"
    lines = _lines_of_commits(code)
    return names[lines.index(frame.f_lineno)] if len(names) == len(lines) > 1 else names[0]


@cache
def _lines_of_commits(code: CodeType) -> list[int]:
    calls = (one for one in dis.get_instructions(code) if one.argval == "commit" and one.positions)
    return sorted({one.positions.lineno for one in calls if one.positions and one.positions.lineno})


class _Now:
    """Which revision is being changed to."""

    revision: str | None = None


def _migrations(passing: Passing) -> _Now:
    now = _Now()
    made, change_schema = RevisionStep.__init__, Database._change_schema

    def make(step: RevisionStep, *given: Any, **named: Any) -> None:
        made(step, *given, **named)
        change, revision = step.migration_fn, step.revision.revision

        def changing(**kw: Any) -> None:
            passing.come(f"migration:{revision}:before")
            now.revision = revision
            change(**kw)
            now.revision = None
            passing.come(f"migration:{revision}:after")

        step.migration_fn = changing

    async def all_of_it(database: Database, change: Callable[..., None]) -> None:
        def changing(*given: Any) -> None:
            change(*given)
            passing.come("migration:commit:before")

        await change_schema(database, changing)
        passing.come("migration:commit:after")

    setattr(RevisionStep, "__init__", make)  # noqa: B010
    setattr(Database, "_change_schema", all_of_it)  # noqa: B010
    return now


def _statements(passing: Passing, now: _Now) -> None:
    def name_of(statement: str) -> str | None:
        return next((name for begins, name in _STATEMENTS.items() if statement.startswith(begins)), None)

    @event.listens_for(Engine, "before_cursor_execute")
    def _(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if (name := name_of(statement)) is not None:
            passing.come(f"{name}:before")

    @event.listens_for(Engine, "after_cursor_execute")
    def _(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if now.revision is not None:
            passing.come(f"migration:{now.revision}:ddl")
        if (name := name_of(statement)) is not None:
            passing.come(f"{name}:after")
        if (phase := _PHASE.get()) is not None:
            passing.come(f"purge:{phase}:statement")


def _phase(passing: Passing, phase: str) -> None:
    """A phase of destruction: before, after each statement, after."""
    inner: Callable[..., Awaitable[object]] = getattr(Purge, phase)

    async def under_way(*given: object, **named: object) -> object:
        passing.come(f"purge:{phase}:before")
        before = _PHASE.set(phase)
        try:
            result = await inner(*given, **named)
        finally:
            _PHASE.reset(before)
        passing.come(f"purge:{phase}:after")
        return result

    setattr(Purge, phase, under_way)
