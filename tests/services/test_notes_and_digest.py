"""Whoever changes notes and whoever makes a digest of them take their locks in one order: the tour, then its notes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.dialogue import Step
from bot.domain.feedback import NoteKind, Source, Speaker
from bot.domain.ids import NoteId, Region, Secret
from bot.domain.person import Grant, Person, Role
from bot.domain.reading import ImportedNote, NotesTable
from bot.domain.staff_note import Filed
from bot.gateways.clock import SteppedClock
from bot.services.notes_import import import_notes
from bot.services.own_notes import OwnNotes
from bot.services.purge import Purge
from bot.services.staff_notes import StaffNotes
from bot.services.unit import Unit
from storage.database import Database
from tests.support.chat import STAFF, grant
from tests.support.feedback import (
    DINNER,
    FEEDBACK,
    GUEST,
    NOON,
    TEXTS,
    TOUR,
    noted,
    notes_of,
    on_tour,
)
from tests.support.locks import waits_or_is_done
from tests.support.plans import DAY, SEOUL

OWN, NOTES = OwnNotes(TEXTS), StaffNotes(SEOUL)
JEONBUK = Region("전북")
IMPORTED = ImportedNote(
    "jb-001", JEONBUK, DAY, NOON, "lunch", None, Speaker.COMPANY, 4, "jobs", "가져온 의견"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A participant's note, a staff member's and one from a file."""

    secret: Secret
    person: Person
    staff_note: NoteId


async def day_of_notes(database: Database) -> Day:
    await on_tour(database)
    secret = await noted(database)
    person = await grant(database, STAFF, Grant(Role.STAFF, JEONBUK))
    async with database.open_unit() as unit:
        await OWN.ask(unit, GUEST, secret, Step.NAME, now=NOON)
        await FEEDBACK.write(unit, GUEST, "가상 인물", now=NOON)
        filed = await NOTES.write(unit, person, "메모", now=NOON)
        assert isinstance(filed, Filed)
        await import_notes(unit, NotesTable((IMPORTED,), ()), now=NOON)
        await unit.commit()
    return Day(secret, person, filed.note.id)


async def new_words(unit: Unit, day: Day) -> None:
    await OWN.ask(unit, GUEST, day.secret, Step.WORDS, now=NOON)
    await FEEDBACK.write(unit, GUEST, "고친 말입니다.", now=NOON)


async def from_a_file(unit: Unit, _: Day) -> None:
    changed = ImportedNote("jb-001", JEONBUK, DAY, NOON, "lunch", None, Speaker.YOUTH, 5, "jobs", "고친 의견")
    await import_notes(unit, NotesTable((changed,), ()), now=NOON)


async def retention(unit: Unit, _: Day) -> None:
    late = NOON + timedelta(days=200)
    await Purge(SteppedClock(late), SEOUL, 90).retention(unit, now=late)


CHANGES: dict[str, Callable[[Unit, Day], Awaitable[object]]] = {
    "rating": lambda u, d: FEEDBACK.rate(u, GUEST, d.secret, 1, editing=True, now=NOON),
    "topic": lambda u, d: FEEDBACK.choose_topic(u, GUEST, d.secret, "living", editing=True, now=NOON),
    "speaker": lambda u, d: FEEDBACK.speak_as(u, GUEST, d.secret, Speaker.WORKER, editing=True, now=NOON),
    "words": new_words,
    "withdrawal": lambda u, d: OWN.withdraw(u, GUEST, d.secret, now=NOON),
    "name": lambda u, d: OWN.forget_name(u, GUEST, d.secret, now=NOON),
    "mark": lambda u, d: NOTES.mark(u, d.person, d.staff_note, NoteKind.REQUEST, now=NOON),
    "move": lambda u, d: NOTES.move(u, d.person, d.staff_note, DINNER.id, now=NOON + timedelta(hours=7)),
    "staff withdrawal": lambda u, d: NOTES.withdraw(u, d.person, d.staff_note, now=NOON),
    "file": from_a_file,
    "retention": retention,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_of_notes_and_the_making_of_a_digest_follow_each_other(
    database: Database, change: Callable[[Unit, Day], Awaitable[object]]
) -> None:
    day = await day_of_notes(database)
    before = await notes_of(database)

    async def changes() -> None:
        async with database.open_unit() as unit:
            await change(unit, day)
            await unit.commit()

    async with database.open_unit() as digest:
        await digest.tours.held(TOUR.id)
        changing = asyncio.create_task(changes())
        await waits_or_is_done(digest, changing)
        assert not changing.done()
        dealt = {
            one.note.id: f"전북-{place}"
            for place, one in enumerate(before)
            if one.note.source is not Source.IMPORT
        }
        await digest.notes.deal(dealt | {one.note.id: "jb-001" for one in before if one.note.id not in dealt})
        await digest.commit()
    await changing
    after = {one.note.id: one for one in await notes_of(database)}
    assert [after.get(one.note.id) for one in before] != before
    for note, number in dealt.items():
        assert note not in after or after[note].note.number == number, "what was dealt meanwhile stays"
