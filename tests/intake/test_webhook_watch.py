"""Looking after the webhook: what is said, once each, and when it is set again."""

from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.gateways.clock import SteppedClock
from bot.intake.webhook_watch import MANY, WebhookAddress, WebhookWatch
from bot.services.intake_troubles import Trouble, Troubles, troubles_now
from bot.services.ports import FateUnknown, NotSent, Rejected
from storage.database import Database
from tests.support.fake_webhooks import FakeWebhooks
from tests.support.plans import at

OURS = WebhookAddress("https://field.example.invalid/telegram/webhook", "Secret_1")
THEIRS = "https://other.example.invalid/hook"


@dataclass
class Desk:
    database: Database
    webhooks: FakeWebhooks = field(default_factory=FakeWebhooks)
    told: list[Trouble] = field(default_factory=list)

    def __post_init__(self) -> None:
        troubles = Troubles(self.database.open_unit, SteppedClock(at("12:00")), self.told.append)
        self.watch = WebhookWatch(self.webhooks, OURS, troubles)

    async def goes_on(self) -> set[Trouble]:
        async with self.database.open_unit(read_only=True) as unit:
            return set(await troubles_now(unit))

    async def looks(self, times: int = 1) -> list[Trouble]:
        for _ in range(times):
            await self.watch.look()
        return self.told


@pytest.fixture
async def desk(sqlite: Database) -> Desk:
    desk = Desk(sqlite)
    await desk.watch.take_up()
    return desk


async def test_it_is_set_at_the_start_and_a_quiet_webhook_is_left_alone(desk: Desk) -> None:
    assert await desk.looks(3) == []
    assert desk.webhooks.set == [(OURS.url, OURS.secret)]
    assert desk.webhooks.drops == 0


async def test_one_that_was_removed_is_set_again_and_said_once(desk: Desk) -> None:
    await desk.webhooks.drop_webhook()
    assert await desk.looks() == [Trouble.WEBHOOK_RESTORED]
    assert len(desk.webhooks.set) == 2
    assert await desk.goes_on() == {Trouble.WEBHOOK_RESTORED}
    assert await desk.looks(2) == [Trouble.WEBHOOK_RESTORED]
    assert await desk.goes_on() == set()
    await desk.webhooks.drop_webhook()
    assert await desk.looks() == [Trouble.WEBHOOK_RESTORED] * 2, "it happened again"


async def test_one_that_leads_elsewhere_is_theirs_until_it_is_given_back(desk: Desk) -> None:
    desk.webhooks.tells(url=THEIRS)
    assert await desk.looks(3) == [Trouble.WEBHOOK_TAKEN]
    assert len(desk.webhooks.set) == 1, "no fight"
    assert await desk.goes_on() == {Trouble.WEBHOOK_TAKEN}
    desk.webhooks.tells(url="")
    await desk.looks(2)
    assert desk.webhooks.state.url == OURS.url
    assert await desk.goes_on() == set()


async def test_somebody_who_takes_it_in_the_same_moment_is_noticed_at_the_start(sqlite: Database) -> None:
    desk = Desk(sqlite)
    set_webhook = desk.webhooks.set_webhook

    async def overtaken(url: str, secret: str) -> None:
        await set_webhook(url, secret)
        desk.webhooks.tells(url=THEIRS)

    desk.webhooks.set_webhook = overtaken  # type: ignore[method-assign]
    await desk.watch.take_up()
    assert desk.told == [Trouble.WEBHOOK_TAKEN]


async def test_an_address_that_is_refused_is_said_once_and_tried_again(sqlite: Database) -> None:
    desk = Desk(sqlite)
    desk.webhooks.script.extend([Rejected("bad webhook"), None, Rejected("bad webhook"), None])
    await desk.watch.take_up()
    assert await desk.looks() == [Trouble.WEBHOOK_REFUSED]
    assert desk.webhooks.set == []
    assert await desk.looks(2) == [Trouble.WEBHOOK_REFUSED], "at last it was taken, and nothing was removed"
    assert desk.webhooks.state.url == OURS.url
    assert await desk.goes_on() == set()


async def test_at_the_start_somebody_elses_is_replaced_also_when_the_first_try_failed(
    sqlite: Database,
) -> None:
    desk = Desk(sqlite)
    desk.webhooks.tells(url=THEIRS)
    desk.webhooks.script.append(Rejected("bad webhook"))
    await desk.watch.take_up()
    await desk.looks()
    assert desk.webhooks.state.url == OURS.url


async def test_old_failures_are_no_news_and_new_ones_are_said_once_until_they_end(sqlite: Database) -> None:
    desk = Desk(sqlite)
    desk.webhooks.tells(failed_at=1000, failure="Connection refused")
    await desk.watch.take_up()
    assert await desk.looks() == []
    with capture_logs() as logs:
        for moment in (1001, 1200, 1500):
            desk.webhooks.tells(failed_at=moment, failure="Connection timed out")
            await desk.looks()
    assert desk.told == [Trouble.WEBHOOK_FAILING]
    assert {one.get("reason") for one in logs if one["event"] == "webhook failing"} == {
        "Connection timed out"
    }
    assert len(desk.webhooks.set) == 1
    assert await desk.goes_on() == {Trouble.WEBHOOK_FAILING}
    await desk.looks()
    assert await desk.goes_on() == set()


async def test_another_secret_is_mended_by_setting_ours_again(desk: Desk) -> None:
    desk.webhooks.tells(failed_at=1000, failure="Wrong response from the webhook: 401 Unauthorized")
    assert await desk.looks(2) == [Trouble.WEBHOOK_FAILING]
    assert desk.webhooks.set == [(OURS.url, OURS.secret)] * 2


async def test_a_growing_heap_is_said_when_it_grows_for_long_and_is_over_when_it_is_small(desk: Desk) -> None:
    for pending in (MANY * 2, MANY * 3, MANY * 2, MANY * 4):
        desk.webhooks.tells(pending=pending)
        await desk.looks()
    assert desk.told == [], "it goes up and down"
    for pending in (MANY * 5, MANY * 6):
        desk.webhooks.tells(pending=pending)
        await desk.looks()
    assert desk.told == [Trouble.WEBHOOK_BEHIND]
    desk.webhooks.tells(pending=MANY + 1)
    await desk.looks()
    assert await desk.goes_on() == {Trouble.WEBHOOK_BEHIND}
    desk.webhooks.tells(pending=MANY)
    await desk.looks()
    assert await desk.goes_on() == set()


async def test_few_that_wait_are_nothing_even_when_they_grow(desk: Desk) -> None:
    for pending in range(10):
        desk.webhooks.tells(pending=pending)
        await desk.looks()
    assert desk.told == []


async def test_a_telegram_that_does_not_answer_is_asked_again_later(desk: Desk) -> None:
    desk.webhooks.script.extend([NotSent("x"), FateUnknown("x")])
    assert await desk.looks(2) == []
    desk.webhooks.script.append(NotSent("x"))
    with pytest.raises(NotSent):
        await desk.watch.take_up()
