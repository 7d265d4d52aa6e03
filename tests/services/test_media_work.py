"""The background work on voice and pictures: every step once, whatever happens between two of them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.ids import ChatId
from bot.domain.media import MediaKind, MediaState, Sent
from bot.services import media_work
from bot.services.media_tools import MediaTools
from bot.services.media_work import LEASE, MOST_CRASHES
from bot.services.ports import FileGone, FileTooLarge, SlowDown
from storage.database import Database
from tests.support.feedback import (
    GUEST,
    notes_of,
)
from tests.support.media import FakeTranscriber, Workshop, draws, hears, unreached
from tests.support.media_shop import (
    PHOTO,
    VOICE,
    WORDS,
    Interrupted,
    guest_sends,
    news,
    shop_of,
    staff_sends,
    the_note,
)


class Killed(BaseException):
    """The process ends here."""


async def test_from_the_messenger_to_the_notes_words(database: Database) -> None:
    shop = await shop_of(database, FakeTranscriber(WORDS))
    await guest_sends(database)
    await shop.runs()
    note = await the_note(database)
    assert (note.words, note.heard) == (WORDS, True)
    assert await shop.states() == [(MediaKind.VOICE, MediaState.TRANSCRIBED)]
    assert await shop.contents() == [None]
    assert await news(shop) == ["media.heard"]
    assert shop.woken == 1
    assert shop.files.asked == ["voice-file"]
    await shop.runs(after=timedelta(days=1))
    assert shop.files.asked == ["voice-file"]


def _fetching(shop: Workshop) -> None:
    shop.files.on_fetch = _die


def _fetched(shop: Workshop) -> None:
    shop.files.ends = [Killed()]  # type: ignore[list-item]  # ends the process, not the request


def _listening(shop: Workshop) -> None:
    assert shop.transcriber is not None
    shop.transcriber.ends = [Killed()]


def _die() -> None:
    raise Killed


@pytest.mark.parametrize("moment", [_fetching, _fetched, _listening])
async def test_killed_at_any_step_the_next_process_goes_on(
    database: Database, moment: Callable[[Workshop], None]
) -> None:
    shop = await shop_of(database, FakeTranscriber(WORDS))
    await guest_sends(database)
    moment(shop)
    with pytest.raises(Killed):
        await shop.runs()
    shop.files.on_fetch = None
    asked = len(shop.files.asked)
    await shop.runs(after=LEASE - timedelta(seconds=1))
    assert len(shop.files.asked) == asked, "the claim still stands"
    await shop.runs(after=timedelta(seconds=1))
    assert (await the_note(database)).words == WORDS
    assert len(shop.files.asked) == asked + (moment is not _listening), (
        "what was fetched is not fetched again"
    )


async def test_two_processes_do_it_once(database: Database) -> None:
    shop = await shop_of(database, FakeTranscriber(WORDS))
    for number in range(4):
        await guest_sends(database, chat=ChatId(GUEST + number))
    await asyncio.gather(shop.work().run(), shop.work().run())
    assert len(shop.files.asked) == 4
    assert {one.note.words for one in await notes_of(database)} == {WORDS}


async def test_who_was_too_slow_changes_nothing(sqlite: Database) -> None:
    """A process that slept through its claim comes back with the words after another one has given them."""
    shop = await shop_of(sqlite, FakeTranscriber("zu spät"))
    await guest_sends(sqlite)

    async def meanwhile() -> None:
        shop.clock.advance_to(shop.clock.now() + LEASE)
        other = Workshop(sqlite, shop.clock, FakeTranscriber(WORDS))
        other.files.files = {"voice-file": b"voice"}
        await other.runs()

    assert shop.transcriber is not None
    slow = Interrupted(shop.transcriber, meanwhile)
    await shop.work_with(MediaTools(shop.files, hears, draws, slow)).run()
    assert (await the_note(sqlite)).words == WORDS
    assert await news(shop) == ["media.heard"]


async def test_what_cannot_be_had_now_is_asked_for_again_less_and_less_often(sqlite: Database) -> None:
    shop = await shop_of(sqlite)
    await staff_sends(sqlite)
    shop.files.ends = [unreached()] * 99
    moments = []
    for minute in range(6 * 60):
        before = len(shop.files.asked)
        await shop.runs(after=timedelta(minutes=1))
        if len(shop.files.asked) > before:
            moments.append(minute)
    pauses = [after - before for before, after in pairwise(moments)]
    assert pauses[0] <= 2
    assert max(pauses[-3:]) >= 29
    assert max(pauses) <= 31
    assert len(moments) < 25
    assert await shop.states() == [(MediaKind.VOICE, MediaState.LOST)]
    assert (await news(shop))[-1] == "media.lost_staff"
    assert (await the_note(sqlite)).words == ""


async def test_it_waits_as_long_as_it_is_told(sqlite: Database) -> None:
    shop = await shop_of(sqlite)
    await staff_sends(sqlite, PHOTO)
    shop.files.ends = [SlowDown(timedelta(minutes=3))]
    await shop.runs()
    await shop.runs(after=timedelta(minutes=2, seconds=59))
    assert len(shop.files.asked) == 1
    await shop.runs(after=timedelta(seconds=1))
    assert await shop.contents() == [b"drawn:voice bytes canary"]


@pytest.mark.parametrize("end", [FileGone(), FileTooLarge()])
async def test_what_is_gone_is_given_up_at_once_and_said(sqlite: Database, end: Exception) -> None:
    shop = await shop_of(sqlite)
    await guest_sends(sqlite, PHOTO)
    shop.files.ends = [end]
    await shop.runs()
    assert await shop.states() == [(MediaKind.PHOTO, MediaState.LOST)]
    assert await news(shop) == ["media.lost"]


@pytest.mark.parametrize("sent", [VOICE, PHOTO])
async def test_what_is_no_voice_and_no_picture_is_not_kept(sqlite: Database, sent: Sent) -> None:
    shop = await shop_of(sqlite)
    await guest_sends(sqlite, sent)
    shop.files.files = {sent.file_id: b"broken canary"}
    await shop.runs()
    assert await shop.states() == [(sent.kind, MediaState.LOST)]


async def test_a_file_that_ends_the_process_again_and_again_is_let_alone(sqlite: Database) -> None:
    shop = await shop_of(sqlite)
    await staff_sends(sqlite)
    shop.files.on_fetch = _die
    for _ in range(MOST_CRASHES):
        with pytest.raises(Killed):
            await shop.runs(after=LEASE)
    await shop.runs(after=LEASE)
    assert len(shop.files.asked) == MOST_CRASHES
    assert await shop.states() == [(MediaKind.VOICE, MediaState.LOST)]


async def test_an_error_of_ours_holds_up_nobody_else(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await shop_of(sqlite)
    await guest_sends(sqlite, Sent(MediaKind.PHOTO, "first"))
    await guest_sends(sqlite, Sent(MediaKind.PHOTO, "second"), chat=ChatId(GUEST + 1))
    shop.files.ends = [ZeroDivisionError()]
    monkeypatch.setattr(media_work, "HANDS", 1)
    await shop.runs()
    assert [state for _, state in await shop.states()] == [MediaState.AWAITED, MediaState.KEPT]
    await shop.runs(after=timedelta(seconds=5))
    assert [state for _, state in await shop.states()] == [MediaState.KEPT, MediaState.KEPT]


async def test_told_to_stop_a_job_is_laid_down_for_the_next_process(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS))
    await guest_sends(sqlite)
    waits = asyncio.Event()

    async def meanwhile() -> None:
        waits.set()
        await asyncio.Event().wait()

    assert shop.transcriber is not None
    slow = Interrupted(shop.transcriber, meanwhile)
    running = asyncio.create_task(shop.work_with(MediaTools(shop.files, hears, draws, slow)).run())
    await waits.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await shop.runs(after=timedelta(seconds=5))
    assert (await the_note(sqlite)).words == WORDS


async def test_nothing_due_takes_no_writer(sqlite: Database) -> None:
    """The tick comes every second: it must not stand in anybody's way."""
    shop = await shop_of(sqlite)
    async with sqlite.open_unit() as unit:
        await unit.facts.put("held", "1")
        async with asyncio.timeout(5):
            await shop.runs()
