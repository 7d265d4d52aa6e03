"""The whole bot with a language model: at nine the manager has the digest in its words, or in the notes' own."""

import pytest

from bot.app import Bot
from bot.gateways.clock import SteppedClock
from bot.outside import Outside
from bot.settings import Settings, read_settings
from storage.database import Database
from tests.support.chat import BOT, MANAGER
from tests.support.fake_messenger import FakeMessenger
from tests.support.model_day import model_day, says_many
from tests.support.model_writers import Writer
from tests.support.plans import at
from tests.support.report_day import manager
from tests.support.stepping import run_until
from tests.support.updates_queue import QueuedUpdates


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return read_settings(None)


@pytest.mark.parametrize(
    ("budget", "told"),
    [(300_000, "AI로 작성됨(가상모형-1, 지침 digest-1"), (10, "사유: 하루 AI 사용 한도를 넘음")],
)
async def test_at_nine_the_digest_is_sent(
    sqlite: Database, settings: Settings, budget: int, told: str
) -> None:
    await says_many(await model_day(sqlite, Writer()))
    await manager(sqlite, MANAGER)
    clock = SteppedClock(at("20:59"))
    messenger = FakeMessenger(clock)
    outside = Outside(clock, messenger, QueuedUpdates(), language_model=Writer())
    changed = settings.model_copy(update={"ai_budget": budget})
    async with Bot(changed, sqlite, outside, BOT, pulse=False) as bot:
        for moment in ("21:00", "21:01"):
            clock.jump_to(at(moment))
            await bot.run_ticks()
        await run_until(clock, at("21:02"), bot.activity, lambda _: bot.busy())
    [sent] = [one.message for one in messenger.accepted if "일일 권역 보고" in one.message.text]
    assert sent.chat == MANAGER.id
    assert told in sent.text
