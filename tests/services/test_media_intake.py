"""Who may send voice and pictures at all, and which meeting's note they join, on both databases."""

from datetime import time, timedelta

import pytest
from sqlalchemy import update

from bot.domain.feedback import AlreadyWithdrawn, Purpose, WordsTooLong
from bot.domain.ids import Region, hash_of
from bot.domain.media import MediaKind, NotAgreed, Sent
from bot.services.agenda import Agenda
from bot.services.digests import Digests
from bot.services.media_intake import MediaIntake
from bot.services.note_keeping import FeedbackClosed
from bot.services.own_notes import OwnNotes
from storage.database import Database
from storage.models import ConsentRow
from tests.support.feedback import (
    FEEDBACK,
    GUEST,
    JOINING,
    LUNCH,
    NOON,
    TEXTS,
    noted,
    notes_of,
    on_tour,
    speaking,
)
from tests.support.plans import DAY, SEOUL

JEONBUK = Region("전북")
INTAKE = MediaIntake(FEEDBACK, written_down=True)
VOICE, PHOTO = Sent(MediaKind.VOICE, "voice-file"), Sent(MediaKind.PHOTO, "photo-file")


async def test_who_agreed_to_an_older_notice_is_asked_anew_before_a_voice_is_taken(
    database: Database,
) -> None:
    """Somebody who pressed the button of yesterday's text never read a word about voices."""
    await on_tour(database)
    secret = await noted(database)
    async with database.open_unit() as unit:
        older = update(ConsentRow).where(ConsentRow.purpose == Purpose.FEEDBACK).values(version="1")
        await unit._session.execute(older)
        with pytest.raises(NotAgreed):
            await INTAKE.take(unit, GUEST, PHOTO, "ko", now=NOON)  # to a note that stands
        asked = await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON)
        assert asked is not None
        assert (asked.asked_again, asked.stand.progress.again) == (True, frozenset({Purpose.FEEDBACK}))
        assert [
            len(await unit.media.of_note(one.note.id)) for one in await unit.notes.of_day(JEONBUK, DAY)
        ] == [0]
        await JOINING.agree(unit, GUEST, asked.stand.progress.secret, now=NOON)
        taken = await INTAKE.take(unit, GUEST, VOICE, "ko", now=NOON)
        assert taken is not None
        assert taken.stand.note is not None
        assert taken.stand.note.secret != hash_of(secret)
        await unit.commit()


async def test_a_note_reached_by_its_button_takes_a_picture(database: Database) -> None:
    await on_tour(database)
    secret = await noted(database)
    later = NOON + timedelta(hours=3)
    async with database.open_unit() as unit:
        assert await INTAKE.take(unit, GUEST, PHOTO, "ko", now=later) is None, "the dialogue is over"
        await OwnNotes(TEXTS).show(unit, GUEST, secret, now=later)
        taken = await INTAKE.take(unit, GUEST, PHOTO, "ko", now=later)
        assert taken is not None
        assert [one.kind for one in taken.stand.media] == [MediaKind.PHOTO]
        await unit.commit()
    assert len(await notes_of(database)) == 1


async def test_what_was_taken_back_stays_so(sqlite: Database) -> None:
    await on_tour(sqlite)
    secret = await noted(sqlite)
    async with sqlite.open_unit() as unit:
        await OwnNotes(TEXTS).withdraw(unit, GUEST, secret, now=NOON)
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
