"""Who asked to be told before a meeting."""

from bot.domain.ids import ChatId, MeetingId
from storage.database import Database
from storage.repositories.subscriptions import Subscription
from tests.support.kept import tour_with
from tests.support.plans import at, meeting

A, B = MeetingId("id-a"), MeetingId("id-b")


def wish(ident: str, chat: int, about: MeetingId = A) -> Subscription:
    return Subscription(ident, about, ChatId(chat), "ko")


async def test_subscribing_twice_is_once(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, meeting("a"), meeting("b"))
        await unit.subscriptions.keep(wish("s1", 41))
        await unit.subscriptions.keep(wish("s2", 41))
        await unit.subscriptions.keep(wish("s3", 41, B))
        assert await unit.subscriptions.of_meetings([A]) == [wish("s1", 41)]
        assert await unit.subscriptions.of_meetings([A, B]) == [wish("s1", 41), wish("s3", 41, B)]
        assert await unit.subscriptions.of_meetings([]) == []


async def test_a_chat_ends_all_of_its_subscriptions_and_nobody_elses(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit, meeting("a"), meeting("b"))
        for one in (wish("s1", 41), wish("s2", 41, B), wish("s3", 42)):
            await unit.subscriptions.keep(one)
        assert await unit.subscriptions.drop(ChatId(41)) == 2
        assert await unit.subscriptions.drop(ChatId(41)) == 0
        assert await unit.subscriptions.of_meetings([A, B]) == [wish("s3", 42)]


async def test_they_are_destroyed_once_the_meeting_is_over_or_called_off(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(
            unit,
            meeting("a"),
            meeting("b", "13:00", "14:00"),
            meeting("off", "15:00", "16:00", cancelled=True),
        )
        for one in (wish("s1", 41), wish("s2", 41, B), wish("s3", 41, MeetingId("id-off"))):
            await unit.subscriptions.keep(one)
        await unit.subscriptions.destroy_past(at("10:00"))
        assert await unit.subscriptions.of_meetings([A, B, MeetingId("id-off")]) == [wish("s2", 41, B)]
