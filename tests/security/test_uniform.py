"""Who is refused hears the same whether or not what the button is about exists."""

import string
from pathlib import Path

import pytest

from tests.security.asking import prepare, tries
from tests.security.matrix import BUTTONS, Row
from tests.security.test_matrix import ACTS, judge
from tests.security.world import ACTORS, World

ABOUT = {
    "meeting",
    "second",
    "digest",
    "note",
    "file",
    "claim",
    "person",
    "secret",
    "fresh",
    "request",
    "tour",
}
"""Placeholders of things whose existence is nobody's business. An invitation's token and a meeting's code are keys."""


def named(attempt: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(attempt) if name}


def about_something() -> list[Row]:
    return [row for row in BUTTONS if any(named(attempt) & ABOUT for attempt in row.attempts)]


def of_nothing(world: World) -> dict[str, str]:
    """Names as long as the real ones, behind which there is nothing."""
    return {name: "Z" * len(value) if name in ABOUT else value for name, value in world.ids.items()}


@pytest.mark.parametrize("row", about_something(), ids=lambda row: row.what)
async def test_what_does_not_exist_is_refused_in_the_same_words(
    world: World, tmp_path: Path, row: Row
) -> None:
    async with world.opened(tmp_path / "copy.db") as chat:
        for who, cell in row.cells.items():
            for attempt in row.attempts if cell not in (*ACTS, "talk", "n/a") else ():
                await prepare(chat, attempt, ACTORS[who])
                judge(row, who, attempt, await tries(chat, who, attempt, of_nothing(world)), world)


def test_the_rows_that_matter_are_among_them() -> None:
    whats = {row.what for row in about_something()}
    assert {"a day's digest", "take grants back", "move a meeting", "change one's own staff note"} <= whats
