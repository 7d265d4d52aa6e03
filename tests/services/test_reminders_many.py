"""A reminder to thousands is planned in short transactions: whoever asks something meanwhile does not wait for all."""

import pytest

from bot.domain.ids import ChatId
from bot.services import reminders
from storage.database import Database
from storage.repositories.subscriptions import Subscription
from tests.support.chat import said
from tests.support.plans import DAY, at, plan
from tests.support.tour_day import TourDay

NAMES = ("a", "b", "c")
EACH = 30


@pytest.fixture
async def day(database: Database) -> TourDay:
    """Three meetings at 09:40 with thirty subscribers each."""
    day = TourDay(database)
    await day.begins(*(plan(name, "09:40", "11:00") for name in NAMES))
    async with database.open_unit() as unit:
        for place, meeting in enumerate(await unit.meetings.between(DAY, DAY)):
            for n in range(EACH):
                chat = ChatId(1000 * (place + 1) + n)
                await unit.subscriptions.keep(Subscription(f"s{chat}", meeting.id, chat, "ko"))
        await unit.commit()
    return day


async def test_a_transaction_takes_no_further_reminder_once_it_holds_enough(
    day: TourDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "MOST_PLANNED", EACH + 1)
    decided = []
    for _ in range(3):
        async with day.database.open_unit() as unit:
            decided.append(await day.reminders.plan_due(unit, now=at("08:40")))
            await unit.commit()
    assert decided == [2, 1, 0]
    planned = [one for one in await said(day.database, at("08:40")) if one.key == "reminder.participant"]
    assert len({one.chat for one in planned}) == len(planned) == len(NAMES) * EACH
