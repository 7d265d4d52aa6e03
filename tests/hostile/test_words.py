"""Every word of the corpus wherever words get in, by both doors, through the whole bot to what Telegram would show."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId
from bot.services.feedback_places import Stand
from tests.hostile.corpus import words
from tests.hostile.doors import Town, town
from tests.hostile.form import LONG, of_form
from tests.hostile.judge import Fed, feed
from tests.hostile.places import Input, inputs
from tests.security.world import NOON_HERE, World

SHORT = 300
"""Inputs of the short form, over both doors."""
TORTURE = 400
BATCH = 75


def chosen(*, long: bool = LONG) -> list[Input]:
    """Every text in two places in turn, of which the short form takes a sample."""
    texts = words(TORTURE)
    twice = [*texts, *texts[7:], *texts[:7]]
    return of_form(inputs(twice, every=False), SHORT, long=long)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("polled", [False, True], ids=["webhook", "poller"])
async def test_whatever_is_said_is_answered_in_words(world: World, tmp_path: Path, *, polled: bool) -> None:
    mine = chosen()[int(polled) :: 2]
    async with town(world, tmp_path, polled=polled) as here:
        await _let_speak(here, [one.chat for one in mine if one.place == "a participant's words"])
        for first in range(0, len(mine), BATCH):
            batch = mine[first : first + BATCH]
            fed = [Fed(here.number(), one.chat, one.body, (one.words,), one.answered) for one in batch]
            await feed(here, fed)


async def _let_speak(here: Town, chats: Sequence[int]) -> None:
    """Participants as far as the question for their words."""
    services, now = here.bot.services, here.clock.now()
    async with here.database.open_unit() as unit:
        for chat in map(ChatId, chats):
            where = await services.joining.scan(unit, chat, NOON_HERE.code, now=now)
            assert isinstance(where, Stand)
            secret = where.progress.secret
            await services.joining.agree(unit, chat, secret, now=now)
            await services.feedback.speak_as(unit, chat, secret, Speaker.YOUTH, editing=False, now=now)
            await services.feedback.rate(unit, chat, secret, 4, editing=False, now=now)
            await services.feedback.choose_topic(unit, chat, secret, None, editing=False, now=now)
        await unit.commit()
