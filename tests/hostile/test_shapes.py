"""Update shapes by both doors: sound ones of every kind are settled; broken ones are too, or are parked and told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from telegram import Update
from telegram.ext import filters

from bot.services.updates import raw_update
from tests.hostile.corpus import SEED
from tests.hostile.doors import town
from tests.hostile.form import LONG
from tests.hostile.judge import Fed, feed
from tests.hostile.shapes import broken, update
from tests.security.world import World

FIRST_CHAT = 8_500_000_000
BATCH = 75
SHORT, WHOLE = 240, 2_000
"""Shapes of either kind, over both doors."""


def made(*, sound: bool, count: int) -> list[dict[str, Any]]:
    """So many, always the same; the chat of each is its own."""
    found: list[dict[str, Any]] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given((update if sound else broken)(FIRST_CHAT))
    def collect(body: dict[str, Any]) -> None:
        found.append(body)

    while len(found) < count:
        collect()
    return [_moved(body, FIRST_CHAT + place) for place, body in enumerate(found[:count])]


def _moved(value: Any, chat: int) -> Any:
    """The same in a chat of its own."""
    match value:
        case dict():
            return {name: _moved(one, chat) for name, one in value.items()}
        case list():
            return (
                [_moved(one, chat) for one in value]
                if len(value) != 1 or not isinstance(value[0], list)
                else value
            )
        case int() if value == FIRST_CHAT:
            return chat
        case int() if value == -1_000_000_000_000 - FIRST_CHAT:
            return -1_000_000_000_000 - chat
    return value


def _speaks(body: dict[str, Any]) -> bool:
    """Whether somebody said something in private, in PTB's own view: not a service message, not a channel's."""
    message = body.get("message")
    if not isinstance(message, dict) or message["chat"]["type"] != "private":
        return False
    try:
        parsed = Update.de_json({"update_id": 1, **body}, None)
    except Exception:  # noqa: BLE001 (whatever its parser trips over: then nothing is promised)
        return False
    return not filters.StatusUpdate.ALL.check_update(parsed)


def _fed(number: int, body: dict[str, Any], place: int, *, sound: bool) -> Fed:
    return Fed(number, FIRST_CHAT + place, body, answered=sound and _speaks(body), may_park=not sound)


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("polled", [False, True], ids=["webhook", "poller"])
@pytest.mark.parametrize("sound", [True, False], ids=["sound", "broken"])
async def test_every_shape_ends(world: World, tmp_path: Path, *, polled: bool, sound: bool) -> None:
    shapes = made(sound=sound, count=WHOLE if LONG else SHORT)
    mine: Sequence[tuple[int, dict[str, Any]]] = list(enumerate(shapes))[int(polled) :: 2]
    async with town(world, tmp_path, polled=polled) as here:
        for first in range(0, len(mine), BATCH):
            batch = [(place, body) for place, body in mine[first : first + BATCH]]
            assert all(raw_update({"update_id": 1, **body}) is not None for _, body in batch)
            await feed(
                here, [_fed(here.number(), body, place, sound=sound) for place, body in batch], seconds=90
            )
        states = list((await here.states()).values())
        assert sound or states.count("parked") <= len(mine) // 10, "most of what is broken can still be read"
