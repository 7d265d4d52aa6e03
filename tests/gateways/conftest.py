"""The messenger and the poller, in front of a Bot API that does as it is told."""

from collections.abc import AsyncIterator

import pytest

from bot.gateways.telegram import Patience, TelegramMessenger, TelegramUpdates
from tests.gateways.served import TOKEN, Served, bot_api

CALM = Patience(connect=5, write=5, upload=5, answer=10, connection=5)
"""For what is answered: a busy machine does not fail the test."""

HURRIED = Patience(connect=5, write=5, upload=5, answer=0.2, connection=0.05)
"""For what is never answered."""


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with bot_api() as served:
        yield served


@pytest.fixture
async def messenger(served: Served) -> AsyncIterator[TelegramMessenger]:
    async with TelegramMessenger(TOKEN, served.url, patience=CALM) as messenger:
        yield messenger


@pytest.fixture
async def updates(served: Served) -> AsyncIterator[TelegramUpdates]:
    async with TelegramUpdates(TOKEN, served.url + "/", patience=CALM) as updates:
        yield updates
