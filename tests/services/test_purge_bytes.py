"""The promise of the consent text, byte by byte: what is destroyed is in no page of the database and in no log of it.

Participants go the whole way through the chat, in crowds large enough to split and merge pages.
"""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bot.domain.delivery import DeliveryKind, DeliveryState, Draft
from bot.domain.ids import ChatId, DeliveryId
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services.purge import Purge
from bot.services.saying import Recipient, plan
from handlers import feedback, words
from storage.database import Database
from storage.repositories.inbox import Received
from tests.support.chat import Chat, User, grant, said, talking
from tests.support.feedback import LUNCH, notes_of, on_tour, services
from tests.support.plans import SEOUL, at

CROWD = [User(7_345_678_100 + n, f"가상참가자{n:03d}canary") for n in range(24)]
_SECRET = re.compile(r"f:[A-Za-z]:([\w-]{22})")


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), feedback.register, words.register) as one:
        yield one


def files(database: Database) -> dict[str, bytes]:
    """The database as it lies on disk: the file, its write-ahead log, its index."""
    name = database.url.database
    assert name is not None
    found = {suffix: Path(name + suffix) for suffix in ("", "-wal", "-shm")}
    return {suffix: file.read_bytes() for suffix, file in found.items() if file.exists()}


def occurrences(database: Database, needle: bytes) -> int:
    return sum(content.count(needle) for content in files(database).values())


def left_of(database: Database, needles: Iterable[bytes]) -> list[bytes]:
    return [needle for needle in needles if occurrences(database, needle)]


async def purge(chat: Chat) -> None:
    chat.clock.advance_to(chat.clock.now() + timedelta(minutes=15))
    await Purge(chat.clock, SEOUL, 90).run(chat.database.open_unit, chat.database.truncate_log)


async def goes_through(chat: Chat, who: User, say: str) -> None:
    [card] = await chat.says(who, f"/start m_{LUNCH.code}")
    [speaker] = await chat.taps(who, card, "모두 동의하고 시작")
    [rating] = await chat.taps(who, speaker, "청년")
    [topic] = await chat.taps(who, rating, "★★★★☆")
    await chat.taps(who, topic, "일자리·임금")
    await chat.says(who, say)


async def secrets_of(chat: Chat) -> set[bytes]:
    """All secrets that stand in buttons now."""
    everything = await said(chat.database, chat.clock.now())
    return {found.encode() for one in everything for found in _SECRET.findall(repr(one.draft))}


def as_stored(number: int) -> bytes:
    """A chat id as SQLite's record format keeps it: a big-endian integer of 48 bits."""
    return number.to_bytes(6, "big")


async def test_nothing_that_ties_a_note_to_a_chat_is_left_on_disk(chat: Chat) -> None:
    for n, who in enumerate(CROWD):
        await goes_through(chat, who, f"말씀canary{n:03d} 통근버스가 더 필요합니다. " + "가나다라 " * (n * 7))
    ids = [form for who in CROWD for form in (str(who.id).encode(), as_stored(who.id))]
    names = [who.first_name.encode() for who in CROWD]
    secrets = await secrets_of(chat)
    everything = [*ids, *names, *secrets, b"callback_query", b'"update_id": 8', b"chat_instance"]
    assert len(secrets) >= len(CROWD)
    assert len(left_of(chat.database, everything)) == len(everything), "the search finds what is there"

    await purge(chat)

    assert left_of(chat.database, everything) == []
    assert files(chat.database).get("-wal", b"") == b""
    for n in range(len(CROWD)):
        assert occurrences(chat.database, f"말씀canary{n:03d}".encode()) == 1, "the note is there, once"


async def test_what_was_taken_back_is_on_no_page(chat: Chat) -> None:
    for n, who in enumerate(CROWD):
        await goes_through(chat, who, f"거둘canary{n:03d} " + "마바사아 " * (n * 11))
        [menu] = await chat.taps(who, (await said(chat.database, chat.clock.now()))[-1], "고치기")
        [ask] = await chat.taps(who, menu, "글")
        [done] = await chat.says(who, f"고친canary{n:03d} " + "자차카타 " * (n * 5))
        assert ask.key == "feedback.ask_words_again"
        [ask] = await chat.taps(who, done, "거두기")
        await chat.taps(who, ask, "거두겠습니다")
    await purge(chat)
    needles = [f"{kind}canary{n:03d}".encode() for kind in ("거둘", "고친") for n in range(len(CROWD))]
    assert left_of(chat.database, needles) == []
    assert all(one.note.withdrawn for one in await notes_of(chat.database))


async def test_a_note_long_kept_is_taken_back_and_gone(chat: Chat) -> None:
    """The words lie on a page that checkpoints and other notes have moved about; then the button is pressed."""
    for n, who in enumerate(CROWD):
        await goes_through(chat, who, f"나중canary{n:03d} " + "하나둘셋 " * (n * 9))
    cards = {one.chat: one for one in await said(chat.database, chat.clock.now())}
    await purge(chat)
    for who in CROWD[::2]:
        done = cards[next(key for key in cards if key == who.id)]
        [ask] = await chat.taps(who, done, "거두기")
        await chat.taps(who, ask, "거두겠습니다")
    await purge(chat)
    for n in range(len(CROWD)):
        assert occurrences(chat.database, f"나중canary{n:03d}".encode()) == n % 2


async def test_what_pages_left_behind_when_rows_moved_about_is_gone_as_well(sqlite: Database) -> None:
    """Guests and staff write in turn, long and short; what staff said stays.

    SQLite does not overwrite the copies that remain in a page when its cells move to a neighbour: with
    secure_delete and a checkpoint alone, this finds some of the guests' words and chat ids.
    """
    chance = Random(1)  # the same pages each time
    staff = [ChatId(7_345_610_000 + n * 7) for n in range(50)]
    guests = [ChatId(7_345_690_000 + n * 7) for n in range(100)]
    clock = SteppedClock(at("12:00"))
    purge = Purge(clock, SEOUL, 90)
    for one in staff:
        await grant(sqlite, User(one, "가상수행원"), Grant(Role.STAFF, None))
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    for turn in range(60):
        async with sqlite.open_unit() as unit:
            for n in range(20):
                update_id = turn * 20 + n
                chat = chance.choice(staff if n % 3 == 0 else guests)
                mark = "kept" if chat in staff else "canary"
                payload = mark + "x" * chance.randint(20, 900)
                draft = Draft("common.sorry", {"reference": payload}, private=chat in guests)
                to = Recipient(chat, "ko")
                await plan(unit, DeliveryKind.REPLY, f"reply:{update_id}:0", to, draft, now=clock.now())
                received = [Received(update_id, chat, payload)]
                await unit.inbox.receive(received, clock.now().date(), clock.now())
            await unit.commit()
        clock.advance_to(clock.now() + timedelta(minutes=chance.choice([0, 1, 2])))
        if turn % 5 == 0:
            await purge.run(sqlite.open_unit, sqlite.truncate_log)
    clock.advance_to(clock.now() + timedelta(minutes=16))
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    needles = [b"canary", *(form for one in guests for form in (str(one).encode(), as_stored(one)))]
    assert left_of(sqlite, needles) == []
    assert occurrences(sqlite, b"kept") > 0


async def test_rows_of_deliveries_keep_a_state_and_nothing_else(chat: Chat) -> None:
    await purge(chat)  # the day's retention, which sweeps such rows away, is behind us
    await goes_through(chat, CROWD[0], "말씀")
    async with chat.database.open_unit() as unit:
        due = await unit.deliveries.due(chat.clock.now(), frozenset(), 10)
        await unit.deliveries.claim([DeliveryId(one.id) for one in due], chat.clock.now())
        await unit.deliveries.sent(due[0].id, 4711, chat.clock.now())
        await unit.commit()
    await purge(chat)
    async with chat.database.open_unit(read_only=True) as unit:
        rows = (await unit._session.execute(text("SELECT * FROM deliveries"))).mappings().all()
        for table in ("inbox", "dialogues"):
            assert (await unit._session.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 0
    states = [row["state"] for row in rows]
    assert states.count(DeliveryState.SENT) == 1
    assert set(states) == {DeliveryState.SENT, DeliveryState.EXPIRED}
    kept = {"seq", "id", "dedup", "kind", "state", "priority", "private", "attempts", "resend"}
    for row in rows:
        assert row["dedup"].startswith("gone:")
        assert {name: value for name, value in row.items() if value and name not in kept} == {}


async def test_the_tables_of_notes_tell_no_order_and_no_time(sqlite: Database) -> None:
    async with sqlite.open_unit(read_only=True) as unit:
        for table in ("notes", "voices", "consents"):
            made = (
                await unit._session.execute(
                    text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table}
                )
            ).scalar_one()
            assert made.rstrip().endswith("WITHOUT ROWID")
            columns = (await unit._session.execute(text(f"PRAGMA table_info({table})"))).mappings().all()
            assert not [column["name"] for column in columns if "TIME" in column["type"].upper()]
