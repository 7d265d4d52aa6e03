"""Buttons that were never shown: random data, data that is too long, ids of another kind. No crash and no effect."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.security.matrix import BUTTONS
from tests.security.test_uniform import ABOUT, named
from tests.security.world import ACTORS, World, kept
from tests.support.chat import TEAM

PRESSES = [attempt for row in BUTTONS for attempt in row.attempts]
BEGINNINGS = sorted(
    {press.partition("{")[0].removeprefix("press ") for press in PRESSES if "{" in press} | {""}
)
_NAMES = sorted(ABOUT)
SAME_KIND = ({"meeting", "second"}, {"secret", "fresh"})


def _of_another_kind(press: str, name: str) -> str:
    """The same button about something that it is never about."""
    return press.format_map(dict.fromkeys(named(press), "{" + name + "}")).removeprefix("press ")


SWAPPED = sorted(
    {
        _of_another_kind(press, name)
        for press in PRESSES
        for name in _NAMES
        if named(press) and name not in named(press) and {name, *named(press)} not in SAME_KIND
    }
)
NOISE = st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda data: data.decode("latin-1")))
ENDLESS = "(endless)"
"""Stands for more digits than Python reads as a number; Telegram lets no more than 64 bytes through."""
FORGED = st.one_of(
    st.tuples(st.sampled_from(BEGINNINGS), NOISE).map("".join),
    st.sampled_from(SWAPPED),
    st.tuples(st.sampled_from(SWAPPED), NOISE).map("".join),
    st.sampled_from([f"{press}{ENDLESS}" for press in (*BEGINNINGS, "lt:{meeting}:", "lt:{meeting}:20:0:")]),
)
PRESSERS = ("outsider", "participant", "staff", "manager", "admin", "staff, group")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forged")


@settings(max_examples=6, deadline=None, phases=(Phase.generate,))
@given(st.lists(st.tuples(st.sampled_from(PRESSERS), FORGED), min_size=30, max_size=40))
def test_forged_buttons_neither_crash_nor_do_anything(
    world: World, folder: Path, presses: list[tuple[str, str]]
) -> None:
    asyncio.run(_press_all(world, folder / "copy.db", presses))


async def _press_all(world: World, file: Path, presses: list[tuple[str, str]]) -> None:
    """Not made shorter when it fails: the press that did it is told."""
    async with world.opened(file) as chat:
        before = kept(file)
        for who, forged in presses:
            data = filled(forged, world).replace(ENDLESS, "9" * 5000)
            where = TEAM if who.endswith("group") else None
            await chat.presses(ACTORS[who], data, 77, where=where)
            assert kept(file) == before, (who, forged)


def filled(forged: str, world: World) -> str:
    for name, value in world.ids.items():
        forged = forged.replace("{" + name + "}", value)
    return forged
