"""Media and their jobs on both databases: claimed once, written by who holds the claim, gone with their note."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.domain.feedback import Source, Speaker
from bot.domain.ids import ChatId, NoteId, PersonId, Secret, hash_of
from bot.domain.media import MediaJob, MediaKind, MediaState, Medium
from bot.domain.person import Grant, Role
from bot.services.unit import Unit
from storage.database import Database
from storage.models import Base
from storage.repositories.media import Content
from tests.support.kept import JEONBUK, NOON, note, person, tour_with, voice
from tests.support.plans import DAY

OGG = Content(b"a voice", "audio/ogg")
GUEST = ChatId(7_200_000_001)
LATER = NOON + timedelta(minutes=10)


def job(
    medium: str, kind: MediaKind = MediaKind.VOICE, *, private: bool = True, at: datetime = NOON
) -> MediaJob:
    return MediaJob(
        medium=medium,
        kind=kind,
        state=MediaState.AWAITED,
        file_id=f"file-{medium}",
        chat=GUEST,
        language="ko",
        private=private,
        words_were=hash_of(""),
        gives_up_at=at + timedelta(hours=1),
        asked_at=at,
        secret=Secret("an invented secret") if private else None,
    )


async def add(
    unit: Unit, medium: str, note_id: str = "n", kind: MediaKind = MediaKind.VOICE, **more: Any
) -> MediaJob:
    made = job(medium, kind, **more)
    await unit.media.add(Medium(medium, NoteId(note_id), kind, MediaState.AWAITED), made, None)
    return made


@pytest.fixture
async def unit(database: Database) -> AsyncIterator[Unit]:
    """A youth's note n, and s of a staff member in chat 41."""
    async with database.open_unit() as opened:
        await tour_with(opened)
        await opened.notes.keep(note(await voice(opened), ident="n", words=""))
        known = await person(opened, 41, Grant(Role.STAFF, None))
        spoken = await voice(opened, Speaker.STAFF, of=known.id)
        await opened.notes.keep(note(spoken, ident="s", source=Source.STAFF, rating=None))
        yield opened


async def states(unit: Unit, note_id: str = "n") -> dict[str, MediaState]:
    return {one.id: one.state for one in await unit.media.of_note(NoteId(note_id))}


async def test_a_job_is_claimed_once_and_the_one_due_longest_first(unit: Unit) -> None:
    await add(unit, "b", at=NOON + timedelta(seconds=1))
    await add(unit, "a")
    assert await unit.media.claim(NOON - timedelta(seconds=1), LATER) is None
    now = NOON + timedelta(seconds=2)
    first, second = await unit.media.claim(now, LATER), await unit.media.claim(now, LATER)
    assert first is not None
    assert second is not None
    assert (first.medium, second.medium) == ("a", "b")
    assert first == replace(job("a"), attempts=1, leased_until=LATER)
    assert await unit.media.claim(now, LATER) is None
    assert await unit.media.next_try() == LATER
    again = await unit.media.claim(LATER, LATER + timedelta(minutes=10))
    assert again is not None
    assert again.attempts == 2


async def test_two_processes_never_hold_the_same_job(database: Database) -> None:
    async with database.open_unit() as unit:
        await tour_with(unit)
        await unit.notes.keep(note(await voice(unit), ident="n"))
        await add(unit, "a")
        await unit.commit()
    async with database.open_unit() as one:
        assert await one.media.claim(NOON, LATER) is not None
        if not database.is_sqlite:  # SQLite has one writer: the other would wait
            async with database.open_unit() as other:
                assert await other.media.claim(NOON, LATER) is None
        await one.commit()
    async with database.open_unit() as other:
        assert await other.media.claim(NOON, LATER) is None


async def test_who_lost_the_claim_writes_nothing(unit: Unit) -> None:
    await add(unit, "a")
    mine = await unit.media.claim(NOON, LATER)
    theirs = await unit.media.claim(LATER, LATER + timedelta(minutes=10))
    assert mine is not None
    assert theirs is not None
    assert await unit.media.held(mine) is None
    await unit.media.put_off(mine, NOON, orderly=True)
    assert await unit.media.held(theirs) == theirs
    await unit.media.put_off(theirs, LATER, orderly=True)
    again = await unit.media.claim(LATER, LATER + timedelta(minutes=20))
    assert again is not None
    assert again.attempts == 1


async def test_a_voice_goes_its_way_and_its_file_is_forgotten(unit: Unit) -> None:
    await add(unit, "a")
    claimed = await unit.media.claim(NOON, LATER)
    assert claimed is not None
    await unit.media.fetched(claimed, OGG, LATER)
    held = await unit.media.held(claimed)
    assert held is not None
    assert (held.state, held.file_id) == (MediaState.FETCHED, None)
    assert await unit.media.content("a") == OGG
    await unit.media.finish("a", MediaState.TRANSCRIBED, None)
    assert await unit.media.content("a") is None
    assert await unit.media.next_try() is None
    assert await unit.media.orphans(9) == []


async def test_media_go_with_their_note_whichever_way_it_goes(unit: Unit) -> None:
    await add(unit, "a")
    await add(unit, "p", "s", MediaKind.PHOTO, private=False)
    kept = await unit.notes.by_id(NoteId("n"))
    assert kept is not None
    await unit.notes.keep(kept.taken_back())
    assert await states(unit) == {}
    await unit.notes.destroy_before(DAY + timedelta(days=1))
    assert await states(unit, "s") == {}
    assert await unit.media.next_try() is None


async def test_what_ties_a_medium_to_a_chat_goes_with_the_dialogue(unit: Unit) -> None:
    """What was not fetched is not fetched; a voice that waits for its words has everybody's times."""
    await add(unit, "a")
    await add(unit, "b", at=LATER)
    await add(unit, "f")
    await add(unit, "p", "s", MediaKind.PHOTO, private=False)
    await unit.media.fetched(job("f"), OGG, LATER)
    assert await unit.media.chats_asking(NOON, 9) == [GUEST]
    midnight, later, end = NOON - timedelta(hours=3), NOON + timedelta(minutes=30), NOON + timedelta(days=2)
    times = (midnight, later, end)
    assert await unit.media.let_go([GUEST], NOON, times=times) == 2
    assert [one.id for one in await unit.media.orphans(9)] == ["a"]
    claimed = [await unit.media.claim(later, later + timedelta(minutes=n)) for n in range(1, 4)]
    by_name = {one.medium: one for one in claimed if one is not None}
    assert by_name.keys() == {"b", "f", "p"}
    assert by_name["b"].chat == by_name["p"].chat == GUEST, "it came later; staff are known"
    freed = by_name["f"]
    assert (freed.chat, freed.secret, freed.language, freed.asked_at) == (None, None, "", midnight)
    assert freed.gives_up_at == end
    assert await unit.media.chats_asking(NOON, 9) == []
    assert await unit.media.let_go([GUEST], LATER, times=times, everything=True) == 2


async def test_a_forgotten_persons_voice_is_destroyed_and_its_words_stay(unit: Unit) -> None:
    for name in ("waits", "fetched", "written", "kept"):
        await add(unit, name, "s", private=False)
    await add(unit, "photo", "s", MediaKind.PHOTO, private=False)
    await unit.media.fetched(job("fetched"), OGG, LATER)
    await unit.media.finish("written", MediaState.TRANSCRIBED, OGG)
    await unit.media.finish("kept", MediaState.KEPT, OGG)
    await unit.media.finish("photo", MediaState.KEPT, Content(b"a picture", "image/jpeg"))
    [known] = await unit.people.all()
    assert await unit.media.count_of_staff(known.id) == 4
    await unit.people.remove(PersonId(known.id))
    lost = dict.fromkeys(("waits", "fetched", "kept"), MediaState.LOST)
    assert await states(unit, "s") == {**lost, "written": MediaState.TRANSCRIBED, "photo": MediaState.KEPT}
    assert [await unit.media.content(name) for name in (*lost, "written")] == [None] * 4
    assert await unit.media.content("photo") is not None
    assert await unit.media.next_try() is None


async def test_an_album_is_found_again_by_its_own_author(unit: Unit) -> None:
    medium = Medium("p", NoteId("s"), MediaKind.PHOTO, MediaState.AWAITED)
    await unit.media.add(medium, job("p", MediaKind.PHOTO, private=False), "album")
    [known] = await unit.people.all()
    other = await person(unit, 42, Grant(Role.STAFF, None))
    assert await unit.media.note_of_album(known.id, "album") == "s"
    assert await unit.media.note_of_album(known.id, "another") is None
    assert await unit.media.note_of_album(other.id, "album") is None


async def test_the_media_of_a_day_by_note(unit: Unit) -> None:
    await add(unit, "a")
    await add(unit, "b")
    found = await unit.media.of_day(JEONBUK, DAY)
    assert [one.id for one in found[NoteId("n")]] == ["a", "b"]
    assert await unit.media.of_day(JEONBUK, DAY + timedelta(days=1)) == {}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"content": b"x"}, "ck_media_absent_ones_hold_nothing"),
    ({"state": MediaState.LOST, "content": b"x"}, "ck_media_absent_ones_hold_nothing"),
    ({"state": MediaState.KEPT}, "ck_media_present_ones_hold_something"),
    ({"state": MediaState.FETCHED}, "ck_media_present_ones_hold_something"),
    ({"kind": MediaKind.PHOTO, "state": MediaState.TRANSCRIBED}, "ck_media_pictures_say_nothing"),
]


async def test_a_wrong_state_is_refused_by_the_database(unit: Unit) -> None:
    await add(unit, "a")
    media = Base.metadata.tables["media"]
    for values, constraint in WRONG:
        with pytest.raises(IntegrityError, match=constraint):
            async with unit.savepoint():
                await unit._session.execute(update(media).values(values))
    row = {"id": "x", "note_id": "unknown", "kind": MediaKind.VOICE, "state": MediaState.AWAITED}
    with pytest.raises(IntegrityError):
        await unit._session.execute(insert(media).values(row))


async def test_the_table_tells_no_order_and_no_time(sqlite: Database) -> None:
    for name in ("media", "media_jobs"):
        async with sqlite._reader.connect() as connection:
            with pytest.raises(Exception, match="no such column: rowid"):
                await connection.exec_driver_sql(f"SELECT rowid FROM {name}")
    kinds = {type(column.type).__name__ for column in Base.metadata.tables["media"].columns}
    assert not kinds & {"UtcDateTime", "DateTime"}
