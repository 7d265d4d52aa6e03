"""What somebody asked goes for good, byte by byte (SQLite): taken back at once, answered after thirty days.

Until then it stands alone: the fifteen minutes destroy everything else of the chat, and nothing leads to a note.
"""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.request import KEPT_AFTER
from bot.services.purge import Purge
from bot.services.restored import cut_ties
from storage.database import Database
from tests.support.chat import ADMIN, Chat, User
from tests.support.feedback import notes_of
from tests.support.feedback_chat import given
from tests.support.plans import SEOUL
from tests.support.requests import asks, office, on_file, only_one

CROWD = [User(7_345_678_100 + n, f"가상요구자{n:03d}canary") for n in range(12)]
DAYS = KEPT_AFTER + timedelta(days=2)


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    async with office(sqlite) as one:
        yield one


def found(database: Database, needle: str | bytes) -> int:
    name = database.url.database
    assert name is not None
    wanted = needle if isinstance(needle, bytes) else needle.encode()
    files = [Path(name + end) for end in ("", "-wal", "-shm")]
    return sum(file.read_bytes().count(wanted) for file in files if file.exists())


def forms(who: User) -> tuple[bytes, bytes]:
    """A chat id as text, and as SQLite's record format keeps it."""
    return str(who.id).encode(), who.id.to_bytes(6, "big")


async def purge(chat: Chat, later: timedelta = timedelta(minutes=16)) -> None:
    chat.clock.advance_to(chat.clock.now() + later)
    await Purge(chat.clock, SEOUL, 90).run(chat.database.open_unit, chat.database.truncate_log)


async def crowd_asks(chat: Chat) -> None:
    for n, who in enumerate(CROWD):
        await asks(chat, who)
        await chat.says(who, f"요구canary{n:03d} " + "가나다라 " * (n * 7))


async def everybody_is_answered(chat: Chat) -> None:
    for n, who in enumerate(CROWD):
        request = await only_one(chat.database, who)
        await chat.presses(ADMIN, f"ra:d:{request.id}", 5)
        await chat.says(ADMIN, f"답canary{n:03d} " + "마바사아 " * (n * 5))


async def test_the_request_outlives_the_fifteen_minutes_and_nothing_else_of_the_chat_does(chat: Chat) -> None:
    await crowd_asks(chat)
    await purge(chat)
    for n, who in enumerate(CROWD):
        assert found(chat.database, f"요구canary{n:03d}") == 1, "in its row, and nowhere else"
        assert found(chat.database, who.first_name) == 0
        text, stored = forms(who)
        assert found(chat.database, text) == 0
        assert found(chat.database, stored) >= 1
    assert found(chat.database, "callback_query") == 0


async def test_what_was_taken_back_is_on_no_page_and_its_chat_by_the_next_day(chat: Chat) -> None:
    await crowd_asks(chat)
    for who in CROWD[::2]:
        request = await only_one(chat.database, who)
        await chat.presses(who, f"rq:X:{request.id}", 5)
    await purge(chat)
    for n in range(len(CROWD)):
        assert found(chat.database, f"요구canary{n:03d}") == n % 2
    await purge(chat, timedelta(days=1))
    for n, who in enumerate(CROWD):
        assert bool(found(chat.database, forms(who)[1])) is bool(n % 2)


async def test_thirty_days_after_the_answer_only_kind_days_and_result_are_left(chat: Chat) -> None:
    await crowd_asks(chat)
    numbers = [(await only_one(chat.database, who)).number for who in CROWD]
    await everybody_is_answered(chat)
    await purge(chat)
    assert found(chat.database, "답canary") >= len(CROWD), "kept, so that it can be read again"
    for _ in range(2):  # a clock that leaps is not believed at once
        await purge(chat, timedelta(days=14))
    await purge(chat, KEPT_AFTER - timedelta(days=29))
    assert [len(await on_file(chat.database, who)) for who in CROWD] == [1] * len(CROWD)
    await purge(chat, timedelta(days=2))
    needles = [form for who in CROWD for form in forms(who)]
    assert [one for one in (*needles, b"canary") if found(chat.database, one)] == []
    async with chat.database.open_unit(read_only=True) as unit:
        acts = await unit.audit.since(chat.clock.now() - timedelta(days=1), "request_destroyed")
    assert sorted(act.subject for act in acts) == sorted(numbers)
    assert {json.dumps(dict(act.details), sort_keys=True) for act in acts} == {
        json.dumps(
            {
                "kind": "access",
                "door": "chat",
                "received": "2026-01-22",
                "due": "2026-02-02",
                "postponed": False,
                "result": "done",
                "closed": "2026-01-22",
                "late": False,
            },
            sort_keys=True,
        )
    }


async def test_an_open_request_is_never_destroyed(chat: Chat) -> None:
    await crowd_asks(chat)
    await purge(chat, timedelta(days=400))
    assert [len(await on_file(chat.database, who)) for who in CROWD] == [1] * len(CROWD)


async def test_a_request_ties_no_note_to_its_chat_in_a_backup(chat: Chat) -> None:
    """Feedback, then a request, then a copy: the chat is in it, for the request; nothing there leads from it to the note."""
    await given(chat, "가상 의견canary", CROWD[0])
    await asks(chat, CROWD[0])
    await cut_ties(chat.database.open_unit, Purge(chat.clock, SEOUL, 90), now=chat.clock.now())
    [note] = [one.note for one in await notes_of(chat.database)]
    request = await only_one(chat.database, CROWD[0])
    ties = {note.id, note.voice, str(note.secret), str(note.meeting)}
    assert not [tie for tie in ties if tie in repr(request)]
    assert (note.id > "", request.words) == (True, None)
