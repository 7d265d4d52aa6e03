"""Asking again: where it may help, no oftener, and never past the time."""

import asyncio

import pytest

from bot.digest.model_form import ThemeText
from bot.digest.ports import ModelFailed, Request, Trouble
from bot.services.ai_patience import MOST_ATTEMPTS, MOST_MALFORMED, Patient
from tests.support.model_writers import Writer, findings

REQUEST = Request("규칙", "자료", 100)


class Naps:
    """Notes how long somebody wanted to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def asked(writer: Writer, naps: Naps, seconds: float = 60) -> int:
    until = asyncio.get_running_loop().time() + seconds
    return (await Patient(writer, naps, until).complete(REQUEST, ThemeText)).tokens


def limited(wait: float | None = None) -> ModelFailed:
    return ModelFailed(Trouble.RATE_LIMITED, wait=wait)


async def test_a_limit_is_waited_out_as_long_as_it_says() -> None:
    naps = Naps()
    await asked(Writer(lambda _: findings(), [limited(7), limited(3.5)]), naps)
    assert naps.seconds == [7, 3.5]


async def test_without_a_word_how_long_it_waits_a_little_longer_each_time() -> None:
    naps = Naps()
    lost = ModelFailed(Trouble.UNREACHABLE)
    await asked(Writer(lambda _: findings(), [lost, limited(), lost]), naps)
    assert len(naps.seconds) == 3
    assert all(0 < seconds <= 9 for seconds in naps.seconds)


async def test_a_limit_that_ends_too_late_is_not_waited_for() -> None:
    naps = Naps()
    with pytest.raises(ModelFailed) as failed:
        await asked(Writer(script=[limited(61)]), naps)
    assert failed.value.trouble is Trouble.RATE_LIMITED
    assert naps.seconds == []


@pytest.mark.parametrize(
    ("trouble", "times"),
    [
        (Trouble.RATE_LIMITED, MOST_ATTEMPTS),
        (Trouble.UNREACHABLE, MOST_ATTEMPTS),
        (Trouble.MALFORMED, MOST_MALFORMED),
        (Trouble.TIMEOUT, 1),
        (Trouble.REFUSED, 1),
        (Trouble.REFUSED_CONTENT, 1),
        (Trouble.BUDGET, 1),
        (Trouble.NOT_ALLOWED, 1),
    ],
)
async def test_what_does_not_get_better_is_not_asked_again(trouble: Trouble, times: int) -> None:
    writer = Writer(script=[ModelFailed(trouble, tokens=5) for _ in range(10)])
    with pytest.raises(ModelFailed) as failed:
        await asked(writer, Naps())
    assert (failed.value.trouble, failed.value.tokens) == (trouble, 5 * times)
    assert len(writer.asked) == times


async def test_what_failed_attempts_took_is_counted_with_the_answer() -> None:
    writer = Writer(lambda _: findings(), [ModelFailed(Trouble.MALFORMED, tokens=30)], tokens=100)
    assert await asked(writer, Naps()) == 130
