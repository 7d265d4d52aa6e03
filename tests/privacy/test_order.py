"""No column, no place on disk, no list that leaves the house tells in which order 200 notes came."""

import base64
from collections.abc import Sequence
from datetime import time, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain.errors import Refusal
from bot.domain.feedback import Speaker
from bot.domain.ids import ChatId, new_secret
from bot.domain.person import Grant, Role
from bot.gateways.clock import SteppedClock
from bot.services import digest_input
from bot.services.digests import Digests
from bot.services.feedback_places import Stand
from bot.services.note_reading import NoteReading
from bot.services.page_answers import Answers
from bot.services.purge import Purge
from storage.database import Database
from tests.privacy.order import tells_order
from tests.privacy.told import SUBJECT, columns, everything_told, where_they_lie
from tests.support.analyst import FakeAnalyst
from tests.support.chat import STAFF, grant
from tests.support.feedback import FEEDBACK, JOINING, LUNCH, NOON, TOPICS, on_tour, services
from tests.support.kept import JEONBUK
from tests.support.page import PAGE_FEEDBACK
from tests.support.plans import SEOUL

MANY = 200
FIRST = 7_456_000_000_001


@pytest.fixture(autouse=True)
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ids and numbers every time: what is tested is who gets them, not the machine's randomness."""
    chance = Random(1)
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: _as_id(chance.randbytes(size)))
    monkeypatch.setattr(digest_input, "_CHANCE", Random(2))


def _as_id(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def test_nothing_tells_in_which_order_they_came(database: Database, tmp_path: Path) -> None:
    words = await many_come(database, MANY)
    told = await everything_told(database, words, tmp_path)
    limits = set() if database.is_sqlite else {"place on disk", "order without order", "xmin"}
    assert {name for name, values in told.items() if tells_order(values)} <= limits
    assert len(told) >= 20, sorted(told)


async def test_ids_that_rise_with_time_would_be_found(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutation: half of an id is a counter, as in ids that sort by time."""
    count, chance = iter(range(10**6)), Random(3)
    monkeypatch.setattr(
        "secrets.token_urlsafe", lambda size: f"{next(count):08}{_as_id(chance.randbytes(size))}"[:22]
    )
    _, told = await columns(sqlite, await many_come(sqlite, 60))
    found = {name for name, values in told.items() if tells_order(values)}
    assert {"notes.id", "notes.voice_id", "voices.id"} <= found


async def test_before_the_file_is_written_anew_its_pages_tell(sqlite: Database) -> None:
    """Why new notes call for a rewrite: nothing of a page's visitor is destroyed, and yet their notes lie in order."""
    await on_tour(sqlite)
    words = [f"가상 의견 {n}" for n in range(MANY)]
    chance, clock = Random(4), SteppedClock(NOON)
    purge = Purge(clock, SEOUL, 90)
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    for one in words:
        await one_by_the_page(sqlite, one, chance, clock)
    ids, _ = await columns(sqlite, words)
    await sqlite.truncate_log()
    assert await tellers(sqlite, ids)
    for _ in range(2):
        clock.advance_to(clock.now() + timedelta(minutes=1))
        await purge.run(sqlite.open_unit, sqlite.truncate_log)
    assert not await tellers(sqlite, ids)


async def test_what_was_read_in_them_tells_no_more(sqlite: Database) -> None:
    """Each is read as it comes; a reading is larger than a page of the table takes, so its pages lie in that order at first."""
    await on_tour(sqlite)
    words = [f"가상 의견 {n} " + "긴 말 " * 300 for n in range(60)]
    chance, clock = Random(5), SteppedClock(NOON)
    purge, reading = Purge(clock, SEOUL, 90), NoteReading(FakeAnalyst())
    await purge.run(sqlite.open_unit, sqlite.truncate_log)
    for one in words:
        await one_by_the_page(sqlite, one, chance, clock)
        assert await reading.read_some(sqlite.open_unit) == 1
    ids, told = await columns(sqlite, [one.strip() for one in words])
    assert not {name for name, values in told.items() if tells_order(values)}
    await sqlite.truncate_log()
    assert await tellers(sqlite, ids)
    for _ in range(2):
        clock.advance_to(clock.now() + timedelta(minutes=1))
        await purge.run(sqlite.open_unit, sqlite.truncate_log)
    assert not await tellers(sqlite, ids)


async def tellers(database: Database, ids: Sequence[str]) -> set[str]:
    return {name for name, values in (await where_they_lie(database, ids)).items() if tells_order(values)}


@pytest.mark.parametrize(
    "values",
    [
        list(range(200)),
        [n + Random(n).gauss(0, 60) for n in range(200)],  # a time, told to the half hour
        [None if n > 150 else Random(n).random() for n in range(200)],  # what only the last ones lack
        [(n * 77) % 200 // 20 * 20 + n % 20 for n in range(200)] + list(range(200)),
    ],
)
def test_the_statistics_find_what_tells_order(values: list[object]) -> None:
    assert tells_order(values)


@pytest.mark.parametrize("seed", range(20))
def test_the_statistics_let_chance_pass(seed: int) -> None:
    chance = Random(seed)
    assert not tells_order([chance.random() for _ in range(200)])
    assert not tells_order([chance.choice("abc") for _ in range(200)])


async def many_come(database: Database, count: int) -> list[str]:
    """Notes of participants, staff's and /digest between them; then everybody is forgotten. Their words, as they came."""
    await on_tour(database)
    staff = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    chance, clock = Random(4), SteppedClock(NOON)
    digests = Digests(SEOUL, time(21))
    purge = Purge(clock, SEOUL, 90)
    words = []
    for n in range(count):
        words.append(
            f"{chance.choice(['통근버스', '월세', '임금', '기숙사'])} {chance.randbytes(6).hex()} 가상 의견"
        )
        if chance.random() < 0.75:
            await one_by_the_page(database, words[-1], chance, clock)
        else:
            await one_by_the_chat(database, ChatId(FIRST + n), words[-1], chance, clock)
        clock.advance_to(clock.now() + timedelta(seconds=7 + chance.randrange(9)))
        if n % 60 == 20:
            await purge.run(database.open_unit, database.truncate_log)
            async with database.open_unit() as unit:
                await services().staff_notes.write(unit, staff, f"메모 {n}", now=clock.now())
                await unit.commit()
            async with database.open_unit() as unit:
                await digests.take_in(unit, SUBJECT, now=clock.now())
                await unit.commit()
            async with database.open_unit() as unit:
                try:
                    await digests.ready(unit, SUBJECT, now=clock.now())
                except Refusal:
                    continue
                await unit.commit()
    for pause in (15, 1):
        clock.advance_to(clock.now() + timedelta(minutes=pause))
        await purge.run(database.open_unit, database.truncate_log)
    return words


async def one_by_the_page(database: Database, words: str, chance: Random, clock: SteppedClock) -> None:
    answers = Answers(
        speaker=chance.choice([Speaker.YOUTH, Speaker.WORKER]),
        rating=chance.randint(1, 5),
        topic=chance.choice(TOPICS).key,
        words=words,
        name="",
    )
    version, _ = PAGE_FEEDBACK.notice(now=clock.now(), language="ko")
    async with database.open_unit() as unit:
        await PAGE_FEEDBACK.leave(unit, LUNCH.code, new_secret(), answers, version, now=clock.now())
        await unit.commit()


async def one_by_the_chat(
    database: Database, chat: ChatId, words: str, chance: Random, clock: SteppedClock
) -> None:
    """The whole way in one transaction; what is chosen is chosen by chance."""
    async with database.open_unit() as unit:
        where = await JOINING.scan(unit, chat, LUNCH.code, now=clock.now())
        assert isinstance(where, Stand)
        secret = where.progress.secret
        await JOINING.agree(unit, chat, secret, now=clock.now())
        speaker = chance.choice([Speaker.YOUTH, Speaker.WORKER, Speaker.COMPANY])
        await FEEDBACK.speak_as(unit, chat, secret, speaker, editing=False, now=clock.now())
        await FEEDBACK.rate(unit, chat, secret, chance.randint(1, 5), editing=False, now=clock.now())
        topic = chance.choice(TOPICS).key
        await FEEDBACK.choose_topic(unit, chat, secret, topic, editing=False, now=clock.now())
        await FEEDBACK.write(unit, chat, words, now=clock.now())
        await unit.commit()
