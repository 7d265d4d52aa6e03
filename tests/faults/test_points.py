"""The names of the points are whole: every commit of the product has one, and none has two meanings."""

import ast
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import building
from tests.faults.bot_process import ROOT
from tests.faults.point_names import COMMITS, ONCE_A_LIFE, REVISIONS, SELDOM_COMMITS, SELDOM_TICKS, TICKS
from tests.faults.points import KNOWN_POINTS, SELDOM_POINTS, STOP_POINTS, points_of
from tests.faults.wrong_clock import Shifted

ELSEWHERE = ("bot/commands/", "bot/rehearse/", "bot/services/restored.py")
"""Commits of the console, the rehearsal and of what is restored: no life of `run` makes them."""
NOT_OF_RUN = {"bot.services.digests:Digests.look"}


def functions(tree: ast.AST, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield ".".join((*names, name)), node
            case ast.ClassDef(name=name):
                yield from functions(node, (*names, name))


def is_commit(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def commits() -> Iterator[tuple[str, int]]:
    """Each function of the running bot that commits, and how often."""
    for file in sorted((ROOT / "bot").rglob("*.py")):
        path = file.relative_to(ROOT)
        if str(path).startswith(ELSEWHERE):
            continue
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for name, function in functions(ast.parse(file.read_text(encoding="utf-8"))):
            if count := sum(map(is_commit, ast.walk(function))):
                yield f"{module}:{name}", count


def test_every_commit_of_the_running_bot_has_a_name() -> None:
    assert {name: count for name, count in commits() if name not in NOT_OF_RUN} == {
        name: len(called) for name, called in COMMITS.items()
    }


def test_no_name_is_given_twice() -> None:
    given = Counter([*KNOWN_POINTS, *SELDOM_POINTS])
    assert [name for name, count in given.items() if count > 1] == []
    assert {name for names in COMMITS.values() for name in names} >= SELDOM_COMMITS
    assert set(KNOWN_POINTS) >= ONCE_A_LIFE


def test_there_are_enough_for_every_lane() -> None:
    for kind in ("sqlite", "postgresql"):
        for webhook in (False, True):
            offered = points_of(kind, webhook=webhook)
            assert len(offered) >= 60
            assert set(offered) <= set(KNOWN_POINTS)
            assert set(offered) >= set(STOP_POINTS)
            assert any("webhook" in point.lower() for point in offered) == webhook or not webhook


def test_revisions_and_ticks_are_the_products() -> None:
    files = (ROOT / "storage" / "migrations" / "versions").glob("0*.py")
    assert tuple(sorted(file.name[:4] for file in files)) == REVISIONS
    words = Path(building.__file__).read_text(encoding="utf-8")
    words += (ROOT / "bot" / "scheduling" / "jobs.py").read_text(encoding="utf-8")
    words += (ROOT / "bot" / "app.py").read_text(encoding="utf-8")
    assert {word.split('"')[1] for word in words.split("Tick(")[1:] if word.startswith('"')} == {
        *TICKS,
        *SELDOM_TICKS,
    }


class Bot:
    """A bot that wants to wake a minute after it is asked, in its own time."""

    def __init__(self) -> None:
        self.ran = 0
        self.moving = True

    async def run_ticks(self) -> None:
        self.ran += 1

    async def busy(self) -> bool:
        return True

    async def next_moment(self, now: datetime) -> datetime | None:
        return now + timedelta(minutes=1) if now.year == 2026 else None

    async def next_event(self, now: datetime) -> tuple[datetime, str] | None:
        return (now + timedelta(hours=1), "briefing") if now.year == 2026 else None


@pytest.mark.parametrize("by", [-45, 45])
async def test_a_wrong_clock_speaks_of_the_right_time(by: int) -> None:
    asked: list[datetime] = []

    class Remembering(Bot):
        async def next_moment(self, now: datetime) -> datetime | None:
            asked.append(now)
            return await super().next_moment(now)

    bot, right = Remembering(), datetime(2026, 1, 22, tzinfo=UTC)
    seen = Shifted(bot, timedelta(seconds=by))
    assert await seen.next_moment(right) == right + timedelta(minutes=1)
    assert asked == [right + timedelta(seconds=by)]
    assert await seen.next_event(right) == (right + timedelta(hours=1), "briefing")
    assert await seen.next_moment(right.replace(year=2025)) is None
    assert await seen.next_event(right.replace(year=2025)) is None
    await seen.run_ticks()
    assert (bot.ran, seen.moving, await seen.busy()) == (1, True, True)
