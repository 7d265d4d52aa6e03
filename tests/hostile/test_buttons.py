"""Every button's data, changed: cut, doubled, with other signs and other ids in it. Answered, and without effect on the inbox."""

import random
from pathlib import Path

import pytest

from tests.hostile.corpus import SEED, unicode_torture
from tests.hostile.doors import town
from tests.hostile.form import LONG, of_form
from tests.hostile.judge import Fed, feed
from tests.hostile.places import NOW
from tests.security.test_forged import PRESSES, SWAPPED, filled
from tests.security.world import ACTORS, World
from tests.support import raw_updates
from tests.support.raw_updates import TEAM, User

FIRST_CHAT = 8_700_000_000
SHORT = 150
BATCH = 75
WHO = ("outsider", "participant", "staff", "manager", "admin", "staff, group")


def mutated(*, long: bool = LONG) -> list[tuple[str, str]]:
    """Who presses what; `{names}` stand for real ids of the town."""
    dice = random.Random(SEED)
    torture = list(unicode_torture(200))
    known = sorted({press.removeprefix("press ") for press in PRESSES})
    found = []
    for turn, data in enumerate([*known, *SWAPPED]):
        for change in (_cut, _doubled, _spoilt, _numbered, _cased):
            found.append((WHO[turn % len(WHO)], change(data, dice, torture)))
            turn += 1
    return of_form(found, SHORT, long=long)


def _cut(data: str, dice: random.Random, _torture: list[str]) -> str:
    return data[: dice.randint(1, len(data))]


def _doubled(data: str, dice: random.Random, _torture: list[str]) -> str:
    return dice.choice((data + ":" + data, data * 2, data + ":", ":" + data, data.replace(":", "::")))


def _spoilt(data: str, dice: random.Random, torture: list[str]) -> str:
    place = dice.randint(0, len(data))
    return data[:place] + dice.choice(torture)[:20] + data[place:]


def _numbered(data: str, dice: random.Random, _torture: list[str]) -> str:
    return (
        data.rpartition(":")[0]
        + ":"
        + dice.choice(("-1", "0", "9" * 50, "9" * 5000, "1e9", "０", "٣", "NaN", "None", " 1"))
    )


def _cased(data: str, dice: random.Random, _torture: list[str]) -> str:
    return dice.choice((data.swapcase(), data.upper(), data + "\n", " " + data, data.replace(":", "：")))


@pytest.mark.timeout(2400)
async def test_no_button_breaks_anything(world: World, tmp_path: Path) -> None:
    presses = [(who, filled(data, world)) for who, data in mutated()]
    async with town(world, tmp_path) as here:
        for first in range(0, len(presses), BATCH):
            fed = []
            for who, data in presses[first : first + BATCH]:
                number = here.number()
                where = TEAM if who.endswith("group") else None
                user = User(FIRST_CHAT + number, "가상") if who == "outsider" else ACTORS[who]
                body = raw_updates.press(user, data, 77, f"press-{number}", NOW, where=where)
                fed.append(Fed(number, TEAM.id if where else user.id, body, answered=False))
            await feed(here, fed, seconds=900)
            assert all(f"press-{one.number}" in here.messenger.toasts for one in fed), (
                "a press that spins for ever"
            )
