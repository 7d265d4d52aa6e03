"""The promise about voice and pictures, byte by byte: what is destroyed is in no page of the database and in no log of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.ids import ChatId
from bot.domain.person import Grant, Role
from bot.services.purge import Purge
from handlers import feedback, media, notes, privacy, words
from storage.database import Database
from tests.services.test_purge_bytes import as_stored, files, left_of, occurrences
from tests.support.chat import STAFF, Chat, User, grant, said, talking
from tests.support.feedback import LUNCH, on_tour, services
from tests.support.feedback_chat import rated
from tests.support.media import FakeTranscriber, Workshop, a_photo, a_voice, later
from tests.support.plans import SEOUL

CROWD = [User(7_345_678_200 + n, f"가상발언자{n:03d}canary") for n in range(5)]
REGISTERS = (feedback.register, notes.register, privacy.register, media.register, words.register)


@pytest.fixture
async def chat(sqlite: Database) -> AsyncIterator[Chat]:
    await on_tour(sqlite)
    async with talking(sqlite, services(), *REGISTERS) as one:
        await grant(sqlite, STAFF, Grant(Role.STAFF, LUNCH.region))
        yield one


def recording(number: int) -> bytes:
    """Long enough for pages of its own; all of it says whose it is."""
    return f"recording{number:03d}canary ".encode() * (60 + number * 150)


async def purged(chat: Chat, *, days: int = 0) -> None:
    chat.clock.advance_to(chat.clock.now() + timedelta(minutes=15, days=days))
    purge = Purge(chat.clock, SEOUL, 90)
    await purge.run(chat.database.open_unit, chat.database.truncate_log, retention=days > 0)


async def all_speak(chat: Chat, shop: Workshop) -> None:
    for n, who in enumerate(CROWD):
        await rated(chat, who)
        await chat.gets(a_voice(who, n, chat.clock))
        shop.files.files[f"voice-{n}"] = recording(n)


def names_of_files() -> list[bytes]:
    return [f'"voice-{n}"'.encode() for n in range(len(CROWD))] + [b"voice-once"]


async def test_a_voice_that_was_written_down_is_gone_and_so_is_what_led_to_it(chat: Chat) -> None:
    shop = Workshop(chat.database, chat.clock, FakeTranscriber("받아쓴canary 통근버스가 없습니다."))
    await all_speak(chat, shop)
    await shop.runs()
    await purged(chat)
    ids = [form for who in CROWD for form in (str(who.id).encode(), as_stored(who.id))]
    assert left_of(chat.database, [b"recording", *names_of_files(), *ids]) == []
    assert occurrences(chat.database, "받아쓴canary".encode()) == len(CROWD), "the words are there, once each"
    assert files(chat.database).get("-wal", b"") == b""


async def test_a_voice_that_waits_is_tied_to_nobody_and_a_withdrawal_destroys_it(chat: Chat) -> None:
    shop = Workshop(chat.database, chat.clock, FakeTranscriber(ends=[later()] * 999))
    await all_speak(chat, shop)
    await shop.runs()
    cards = [one for one in await said(chat.database, chat.clock.now()) if one.key == "feedback.done"]
    await purged(chat)
    ids = [form for who in CROWD for form in (str(who.id).encode(), as_stored(who.id))]
    assert left_of(chat.database, [*names_of_files(), *ids]) == []
    for n in range(len(CROWD)):
        assert occurrences(chat.database, f"recording{n:03d}".encode()) > 0, "it waits to be written down"
    for card in cards[::2]:
        who = next(one for one in CROWD if one.id == card.chat)
        [ask] = await chat.taps(who, card, "거두기")
        await chat.taps(who, ask, "거두겠습니다")
    await purged(chat)
    for n in range(len(CROWD)):
        found = occurrences(chat.database, f"recording{n:03d}".encode())
        assert (found == 0) is (n % 2 == 0), n


async def test_pictures_and_staffs_voices_go_with_retention_and_with_the_person(chat: Chat) -> None:
    shop = Workshop(chat.database, chat.clock, FakeTranscriber("적힌 말"))
    for n in range(4):
        await chat.gets(a_voice(STAFF, n, chat.clock))
        shop.files.files[f"voice-{n}"] = recording(n)
        await chat.gets(a_photo(STAFF, 10 + n, chat.clock, caption="설명"))
        shop.files.files[f"photo-{10 + n}"] = f"picture{n:03d}canary ".encode() * 500
    await shop.runs()
    await purged(chat)
    assert occurrences(chat.database, b"recording") > 0
    assert left_of(chat.database, [f'"photo-{10 + n}"'.encode() for n in range(4)]) == []
    async with chat.database.open_unit() as unit:
        await services().privacy.forget(unit, ChatId(STAFF.id), now=chat.clock.now())
        await unit.commit()
    await purged(chat)
    assert left_of(chat.database, [b"recording", b"voice-"]) == []
    assert occurrences(chat.database, b"picture003canary") > 0, "the tour's record stays"
    await purged(chat, days=91)
    assert left_of(chat.database, [b"drawn:picture", "설명".encode()]) == []
