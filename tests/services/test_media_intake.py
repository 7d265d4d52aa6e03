"""Who may send voice and pictures at all, and which meeting's note they join, on both databases."""

from datetime import time, timedelta

import pytest

from bot.domain.feedback import AlreadyWithdrawn, Consent, Purpose, WordsTooLong
from bot.domain.ids import hash_of
from bot.domain.media import MediaKind, NotAgreed, Sent
from bot.services.agenda import Agenda
from bot.services.digests import Digests
from bot.services.media_intake import MediaIntake
from bot.services.note_keeping import FeedbackClosed
from bot.services.own_notes import OwnNotes
from storage.database import Database
from tests.support.feedback import FEEDBACK, GUEST, LUNCH, NOON, noted, notes_of, on_tour, speaking
from tests.support.plans import SEOUL

INTAKE = MediaIntake(FEEDBACK, written_down=True)
VOICE, PHOTO = Sent(MediaKind.VOICE, "voice-file"), Sent(MediaKind.PHOTO, "photo-file")


async def test_who_agreed_to_an_older_notice_writes(database: Database) -> None:
    """Somebody who pressed the button of yesterday's text never read a word about voices."""
    await on_tour(database)
    secret = await noted(database)
    async with database.open_unit() as unit:
        note = await unit.notes.by_secret(hash_of(secret))
        assert note is not None
        await unit.voices.agree(Consent(note.voice, Purpose.FEEDBACK, "1", LUNCH.day))
        with pytest.raises(NotAgreed):
            await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON)
        await unit.voices.agree(Consent(note.voice, Purpose.FEEDBACK, "2", LUNCH.day))
        assert await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON) is not None


async def test_a_note_reached_by_its_button_takes_a_picture(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    later = NOON + timedelta(hours=3)
    async with database.open_unit() as unit:
        assert await INTAKE.take(unit, GUEST, PHOTO, "ko", now=later) is None, "the dialogue is over"
        await OwnNotes().show(unit, GUEST, secret, now=later)
        taken = await INTAKE.take(unit, GUEST, PHOTO, "ko", now=later)
        assert taken is not None
        assert [one.kind for one in taken.stand.media] == [MediaKind.PHOTO]
        await unit.commit()
    assert len(await notes_of(database)) == 1


async def test_what_was_taken_back_stays_so(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await noted(sqlite)
    async with sqlite.open_unit() as unit:
        await OwnNotes().withdraw(unit, GUEST, secret, now=NOON)
        for sent in (VOICE, PHOTO):
            with pytest.raises(AlreadyWithdrawn):
                await INTAKE.take(unit, GUEST, sent, "ko", now=NOON)


async def test_after_the_end_and_with_too_many_words_nothing_is_kept(sqlite: Database) -> None:
    await on_tour(sqlite)
    await speaking(sqlite)
    async with sqlite.open_unit() as unit:
        long = Sent(MediaKind.PHOTO, "f", words="가" * 2001)
        with pytest.raises(WordsTooLong):
            await INTAKE.take(unit, GUEST, long, "ko", now=NOON)
        await unit.meetings.keep(LUNCH.called_off())
        with pytest.raises(FeedbackClosed):
            await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON)
    assert await notes_of(sqlite) == []


async def test_a_stepped_clock_stops_where_a_file_waits(sqlite: Database) -> None:
    await on_tour(sqlite)
    agenda = Agenda(sqlite.open_unit, Digests(SEOUL, time(21)))
    assert await agenda.next_moment(NOON) == LUNCH.end
    await speaking(sqlite)
    async with sqlite.open_unit() as unit:
        await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON)
        await unit.commit()
    assert await agenda.next_moment(NOON) == NOON + timedelta(seconds=1)
