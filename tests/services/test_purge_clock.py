"""A wall clock that is set back: what came before it was, goes fifteen minutes later all the same."""

from datetime import timedelta

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.purge import Purge
from handlers import feedback, words
from storage.database import Database
from storage.repositories.inbox import Received
from tests.support.chat import ADMIN, YOUTH, Chat, grant, talking
from tests.support.feedback import notes_of, on_tour, services
from tests.support.feedback_chat import rated
from tests.support.filing import filing
from tests.support.lived import rows_of
from tests.support.plans import SEOUL

SET_BACK = timedelta(days=1)
TRACES = ("dialogues", "inbox", "media_jobs")


async def purged(database: Database, clock: SteppedClock, minutes: int) -> None:
    clock.advance_to(clock.now() + timedelta(minutes=minutes))
    await Purge(clock, SEOUL, 90).run(database.open_unit, database.truncate_log)


async def test_traces_of_a_clock_that_was_ahead_go_in_fifteen_minutes(database: Database) -> None:
    await on_tour(database)
    async with talking(database, services(), feedback.register, words.register) as chat:
        await rated(chat)
        before = SteppedClock(chat.clock.now() - SET_BACK)
        await purged(database, before, 0)
        assert (await rows_of(database))["dialogues"], "nobody is forgotten too early either"
        await purged(database, before, 14)
        assert (await rows_of(database))["dialogues"]
        await purged(database, before, 1)
        rows = await rows_of(database)
        assert not any(rows[name] for name in TRACES)
        assert str(YOUTH.id) not in str(rows)
        assert len(await notes_of(database)) == 1


async def test_an_update_that_waits_for_another_try_is_tried_and_not_lost(database: Database) -> None:
    async with talking(database, services(), feedback.register) as chat:
        await _waits(chat)
        before = SteppedClock(chat.clock.now() - SET_BACK)
        await purged(database, before, 0)
        async with database.open_unit(read_only=True) as unit:
            assert await unit.inbox.next_try() == before.now()


async def _waits(chat: Chat) -> None:
    now = chat.clock.now()
    async with chat.database.open_unit() as unit:
        await unit.inbox.receive([Received(801, ChatId(YOUTH.id), "{}")], now.date(), now)
        await unit.inbox.retry_later(801, now + timedelta(seconds=30), "가상")
        await unit.commit()


async def test_a_file_that_was_sent_in_goes_in_an_hour(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, Grant(Role.ADMIN, None))
        await desk.brings(ADMIN, "note_id,region,date,text\nk-1,전북,2026-01-22,가상".encode(), "가상.csv")
        before = SteppedClock(desk.clock.now() - SET_BACK)
        await purged(sqlite, before, 0)
        await purged(sqlite, before, 59)
        assert await desk.content() != [None]
        await purged(sqlite, before, 1)
        assert await desk.content() == [None]
