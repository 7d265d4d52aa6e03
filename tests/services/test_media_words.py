"""What becomes of a voice: words that are believed, silence, a digest; and what is left of whoever spoke."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.dialogue import Step
from bot.domain.digest import SetAsideReason
from bot.domain.feedback import LONGEST_NOTE
from bot.domain.ids import ChatId, hash_of
from bot.domain.media import LONGEST_TRANSCRIPT, MediaKind, MediaState, Sent
from bot.services.digest_input import read_day
from bot.services.digest_subject import RegionDay
from bot.services.media_tools import MediaTools
from bot.services.media_work import LEASE
from bot.services.own_notes import OwnNotes
from bot.services.people import People
from bot.services.ports import NotWrittenDown
from bot.services.privacy import Privacy
from bot.services.purge import Purge
from bot.services.revisions import before_notes_change
from storage.database import Database
from tests.support.chat import STAFF, said
from tests.support.feedback import (
    FEEDBACK,
    GUEST,
    LUNCH,
    NOON,
    TEXTS,
    TOUR,
    notes_of,
    publish,
    revision_due,
)
from tests.support.locks import waits_or_is_done
from tests.support.media import FakeTranscriber, draws, hears, later
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
from tests.support.plans import SEOUL, at

OWN = OwnNotes(TEXTS)


async def test_silence_is_never_turned_into_words(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber("시청해 주셔서 감사합니다"))
    await guest_sends(sqlite)
    await staff_sends(sqlite, Sent(MediaKind.VOICE, "staffs"))
    shop.files.files = {"voice-file": b"silent", "staffs": b"silent staff"}
    await shop.runs()
    assert shop.transcriber is not None
    assert shop.transcriber.heard == []
    assert {one.note.words for one in await notes_of(sqlite)} == {""}
    assert set(await shop.contents()) == {None, b"kept:silent staff"}
    assert sorted(await news(shop)) == ["media.silent", "media.silent_staff"]


async def test_without_a_model_voices_are_kept_and_nobody_is_told_again(sqlite: Database) -> None:
    shop = await shop_of(sqlite)
    await guest_sends(sqlite)
    await shop.runs()
    assert await shop.states() == [(MediaKind.VOICE, MediaState.KEPT)]
    assert await shop.contents() == [b"kept:voice bytes canary"]
    assert await news(shop) == []


async def test_participants_voices_never_go_abroad(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS, ours=False))
    await guest_sends(sqlite)
    await staff_sends(sqlite, Sent(MediaKind.VOICE, "staffs"))
    shop.files.files = {"voice-file": b"guest", "staffs": b"staff"}
    await shop.runs()
    assert shop.transcriber is not None
    assert shop.transcriber.heard == [b"kept:staff"]
    assert sorted(one.note.words for one in await notes_of(sqlite)) == ["", WORDS]


async def test_a_voice_that_could_not_be_written_down_is_tried_again(database: Database) -> None:
    shop = await shop_of(database, FakeTranscriber(WORDS, ends=[later()]))
    await guest_sends(database)
    await shop.runs()
    assert await shop.states() == [(MediaKind.VOICE, MediaState.FETCHED)]
    assert await news(shop) == []
    await shop.runs(after=timedelta(seconds=5))
    assert (await the_note(database)).words == WORDS
    assert len(shop.files.asked) == 1


@pytest.mark.parametrize(
    "transcriber",
    [
        FakeTranscriber(ends=[NotWrittenDown("invented", again=False)]),
        FakeTranscriber(""),
        FakeTranscriber("가" * (LONGEST_TRANSCRIPT + 1)),
    ],
    ids=["refused", "not to be believed", "longer than anybody speaks"],
)
async def test_a_voice_without_believable_words_is_kept_and_its_author_told(
    sqlite: Database, transcriber: FakeTranscriber
) -> None:
    shop = await shop_of(sqlite, transcriber)
    await guest_sends(sqlite)
    await shop.runs()
    assert await shop.states() == [(MediaKind.VOICE, MediaState.KEPT)]
    assert (await the_note(sqlite)).words == ""
    assert await news(shop) == ["media.unheard"]


async def test_a_long_voice_is_not_cut(sqlite: Database) -> None:
    words = "가나다라 " * (LONGEST_TRANSCRIPT // 5 - 1)
    assert len(words) > LONGEST_NOTE
    shop = await shop_of(sqlite, FakeTranscriber(words))
    await guest_sends(sqlite)
    await shop.runs()
    assert (await the_note(sqlite)).words == words.strip()


async def test_after_fifteen_minutes_nothing_ties_a_waiting_voice_to_anybody(database: Database) -> None:
    """It is still written down when that can be done, and nobody is told: nobody is known."""
    shop = await shop_of(database, FakeTranscriber(WORDS, ends=[later()] * 200))
    secret = await guest_sends(database)
    for _ in range(16):
        await shop.runs(after=timedelta(minutes=1))
    assert await shop.states() == [(MediaKind.VOICE, MediaState.FETCHED)]
    async with database.open_unit() as unit:
        await Purge(shop.clock, SEOUL, 90).anonymous(unit, now=shop.clock.now())
        await unit.commit()
    async with database.open_unit() as unit:
        far = shop.clock.now() + timedelta(days=9)
        job = await unit.media.claim(far, far + LEASE)
    assert job is not None
    assert (job.chat, job.secret, job.file_id, job.language) == (None, None, None, "")
    assert {moment.minute for moment in (job.asked_at, job.gives_up_at)} <= {0, 30}
    assert shop.transcriber is not None
    shop.transcriber.ends = []
    await shop.runs(after=timedelta(minutes=30))
    async with database.open_unit(read_only=True) as unit:
        note = await unit.notes.by_secret(hash_of(secret))
    assert note is not None
    assert note.words == WORDS
    assert await news(shop) == []


async def test_what_was_not_fetched_by_then_is_lost_and_the_note_stands(database: Database) -> None:
    """The bot was away, or the messenger was: the promise comes first."""
    shop = await shop_of(database, FakeTranscriber(WORDS))
    await guest_sends(database)
    shop.clock.advance_to(NOON + timedelta(minutes=15))
    async with database.open_unit() as unit:
        await Purge(shop.clock, SEOUL, 90).anonymous(unit, now=shop.clock.now())
        await unit.commit()
    await shop.runs()
    assert shop.files.asked == []
    assert await shop.states() == [(MediaKind.VOICE, MediaState.LOST)]
    assert await news(shop) == []


async def test_the_word_to_a_participant_goes_with_their_dialogue(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS))
    await guest_sends(sqlite)
    await shop.runs(after=timedelta(minutes=11))
    assert await news(shop) == ["media.heard"]
    shop.clock.advance_to(NOON + timedelta(minutes=15))
    async with sqlite.open_unit() as unit:
        await Purge(shop.clock, SEOUL, 90).anonymous(unit, now=shop.clock.now())
        await unit.commit()
    assert await news(shop) == [], "fifteen minutes after the last step, not after the word"


async def test_who_lost_their_role_is_told_nothing(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS))
    await staff_sends(sqlite)
    await shop.runs()
    [word] = await said(sqlite, shop.clock.now())
    assert [need.region for need in word.draft.needs] == [LUNCH.region]


async def test_a_note_that_was_taken_back_meanwhile_gets_no_words(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS))
    secret = await guest_sends(sqlite)

    async def meanwhile() -> None:
        async with sqlite.open_unit() as unit:
            note = await unit.notes.by_secret(hash_of(secret))
            assert note is not None
            await unit.notes.keep(note.taken_back())
            await unit.commit()

    assert shop.transcriber is not None
    slow = Interrupted(shop.transcriber, meanwhile)
    await shop.work_with(MediaTools(shop.files, hears, draws, slow)).run()
    note = await the_note(sqlite)
    assert (note.withdrawn, note.words) == (True, "")
    assert await shop.media() == []
    assert await news(shop) == []


async def test_words_that_are_being_written_stand_when_the_transcript_comes(database: Database) -> None:
    """The author's transaction is open, unseen, while the voice's words are about to be kept."""
    shop = await shop_of(database, FakeTranscriber(WORDS))
    secret = await guest_sends(database)
    async with database.open_unit() as author:
        await before_notes_change(author)
        await OWN.ask(author, GUEST, secret, Step.WORDS, now=NOON)
        await FEEDBACK.write(author, GUEST, "직접 쓴 글입니다.", now=NOON)
        working = asyncio.create_task(shop.work().run())
        await waits_or_is_done(author, working)
        await author.commit()
    await working
    note = await the_note(database)
    assert (note.words, note.heard) == ("직접 쓴 글입니다.", False)


async def test_a_published_digest_is_issued_again_when_the_words_come(database: Database) -> None:
    shop = await shop_of(database, FakeTranscriber(WORDS))
    await guest_sends(database)
    await publish(database, NOON)
    assert await revision_due(database) is None
    await shop.runs()
    assert await revision_due(database) == at("12:30")


@pytest.mark.parametrize(
    ("sent", "content", "reason"),
    [
        (VOICE, b"voice", SetAsideReason.VOICE_UNTRANSCRIBED),
        (VOICE, b"silent", SetAsideReason.VOICE_SILENT),
        (VOICE, b"broken", SetAsideReason.MEDIA_LOST),
        (PHOTO, b"photo", SetAsideReason.PHOTO_ONLY),
        (PHOTO, b"broken", SetAsideReason.MEDIA_LOST),
    ],
)
async def test_a_digest_says_what_stands_in_place_of_words(
    sqlite: Database, sent: Sent, content: bytes, reason: SetAsideReason
) -> None:
    shop = await shop_of(sqlite)
    await guest_sends(sqlite, sent)
    shop.files.files = {sent.file_id: content}
    await shop.runs()
    async with sqlite.open_unit() as unit:
        prepared = await read_day(unit, RegionDay(TOUR.id, LUNCH.region, LUNCH.day))
    assert [one.unworded for one in prepared.input.notes] == [reason]


async def test_administrators_hear_of_a_model_that_does_not_answer(sqlite: Database) -> None:
    shop = await shop_of(sqlite, FakeTranscriber(WORDS, ends=[later()] * 99))
    await guest_sends(sqlite)
    await shop.runs()
    assert shop.alerts == [], "a server that starts again is nothing to wake somebody for"
    for _ in range(14):
        await shop.runs(after=timedelta(minutes=1))
    assert set(shop.alerts) == {"voices_wait"}


@pytest.mark.parametrize("leaving", ["role ended", "forgotten"])
async def test_a_digest_that_counted_a_recording_is_issued_again_when_it_goes_with_its_speaker(
    database: Database, leaving: str
) -> None:
    shop = await shop_of(database)
    await staff_sends(database)
    await shop.runs()
    assert await shop.states() == [(MediaKind.VOICE, MediaState.KEPT)]
    await publish(database, NOON)
    assert await revision_due(database) is None
    async with database.open_unit() as unit:
        person = await unit.people.by_chat(ChatId(STAFF.id))
        assert person is not None
        if leaving == "role ended":
            await People().revoke(unit, None, person.id, now=NOON)
        else:
            await Privacy(TEXTS).forget(unit, person.chat, now=NOON)
        await unit.commit()
    assert await shop.states() == [(MediaKind.VOICE, MediaState.LOST)]
    assert await revision_due(database) == NOON
