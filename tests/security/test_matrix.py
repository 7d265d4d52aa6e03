"""Every cell of the matrix is tried with the real handlers and services."""

from pathlib import Path

import pytest

from tests.security.asking import prepare, tries
from tests.security.matrix import ROWS, WORDS, Row
from tests.security.world import ACTORS, World, kept
from tests.support.chat import TEAM, Said

REFUSED = {
    *WORDS.values(),
    "feedback.step_over",
    "files.not_for_you",
    "invitation.invalid",
    "invitation.own",
    "people.gone",
}
"""What a cell that says `yes` or `own` is never answered with."""


ACTS = ("yes", "own", "noted")
"""Cells in which something may be changed."""


def to(who: str, message: Said) -> bool:
    """Whether a message goes to where somebody asked."""
    return message.chat == (TEAM.id if who.endswith("group") else ACTORS[who].id)


def shown(messages: list[Said]) -> str:
    """All that can be read in messages, buttons and what they carry included."""
    taps = [f"{tap.label} {tap.data} {tap.url}" for one in messages for row in one.buttons for tap in row]
    return "\n".join([*(one.text for one in messages), *taps, *(str(one.draft.values) for one in messages)])


def judge(row: Row, who: str, attempt: str, said: list[Said], world: World) -> None:
    """Whether what was said is what the matrix says."""
    cell, keys = row.cells[who], [one.key for one in said]
    where = f"{who}: {attempt}: {keys}"
    if cell in ("-", "noted"):
        assert said == [], where
    elif cell in ("yes", "own"):
        assert said, where
        assert not REFUSED & set(keys), where
    else:
        assert keys == [WORDS.get(cell, cell)], where
    if cell != "yes":
        assert all(to(who, one) for one in said), where
        told = [canary for canary in (*world.canaries, "전북") if canary in shown(said)]
        assert not told, f"{where} tells {told}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
async def test_every_cell(world: World, tmp_path: Path, row: Row) -> None:
    file = tmp_path / "copy.db"
    async with world.opened(file) as chat:
        for who, cell in row.cells.items():
            for attempt in row.attempts if cell != "n/a" else ():
                await prepare(chat, attempt, ACTORS[who])
                before = kept(file)
                judge(row, who, attempt, await tries(chat, who, attempt, world.ids), world)
                after = kept(file)
                changed = [name for name in before if before[name] != after[name]]
                assert cell in ACTS or not changed, f"{who}: {attempt}: changed {changed}"
                if before != after:
                    world.restore(file)


@pytest.mark.parametrize(
    ("who", "attempt", "canary"),
    [
        ("staff", "say /next", "비공개 here"),
        ("staff", "say /today", "회의실"),
        ("manager", "say /today", "비공개 here"),
        ("admin", "say /qr", "codehere"),
        ("admin", "say /people", "가상대상자"),
        ("participant", "press f:e:{secret}", "통근버스"),
        ("staff", "press n:e:{note}", "가상 실무 의견"),
        ("staff, group", "say /next", "비공개 here"),
    ],
)
async def test_what_nobody_else_is_told_is_told_to_whom_it_belongs(
    world: World, tmp_path: Path, who: str, attempt: str, canary: str
) -> None:
    """Or the cells above would find nothing because there is nothing to find."""
    assert any(canary in secret for secret in world.canaries)
    async with world.opened(tmp_path / "copy.db") as chat:
        assert canary in shown(await tries(chat, who, attempt, world.ids))
