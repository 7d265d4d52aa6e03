"""A name left, forgotten, or another speaker: interim digests go only where they show that voice, on both databases."""

from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import Refusal
from bot.domain.feedback import Speaker, Voice
from bot.domain.ids import NoteId
from bot.services.digests import NotAtOnce
from bot.services.interim import NEW_VOICES
from bot.services.note_keeping import forget_name, leave_name, speak_as
from bot.services.revisions import before_notes_change
from bot.services.unit import Unit
from storage.database import Database
from tests.support.feedback import LUNCH, revision_due
from tests.support.plans import at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day

Change = Callable[[ReportDay, str], Awaitable[None]]


async def of(unit: Unit, note: str) -> Voice:
    found = await unit.notes.by_id(NoteId(note))
    assert found is not None
    voice = await unit.voices.by_id(found.voice)
    assert voice is not None
    return voice


async def speaks_as_another(day: ReportDay, note: str) -> None:
    async with day.database.open_unit() as unit:
        await before_notes_change(unit)
        await speak_as(unit, await of(unit, note), LUNCH, Speaker.COMPANY, now=day.clock.now())
        await unit.commit()


async def leaves_a_name(day: ReportDay, note: str) -> None:
    async with day.database.open_unit() as unit:
        await before_notes_change(unit)
        await leave_name(unit, await of(unit, note), LUNCH, "가상 참석자", now=day.clock.now())
        await unit.commit()


async def forgets_it(day: ReportDay, note: str) -> None:
    async with day.database.open_unit() as unit:
        await before_notes_change(unit)
        named = (await of(unit, note)).named("가상 참석자")
        await unit.voices.keep(named)
        found = await unit.notes.by_id(NoteId(note))
        assert found is not None
        await forget_name(unit, named, found, now=day.clock.now())
        await unit.commit()


CHANGES = pytest.mark.parametrize("change", [speaks_as_another, leaves_a_name, forgets_it])


async def read(day: ReportDay, now: str) -> str:
    """The id and the words of what readers see, or why there is nothing."""
    async with day.database.open_unit() as unit:
        try:
            stored = await day.digests.ready(unit, SUBJECT, now=at(now))
        except Refusal as refusal:
            return refusal.key
        await unit.commit()
    return stored.fingerprint


async def with_an_edition(database: Database) -> tuple[ReportDay, list[str], str]:
    day = await report_day(database)
    notes = [await day.says(f"통근버스 의견 {n}") for n in range(NEW_VOICES)]
    await day.half_hour(at("12:00"))
    day.clock.jump_to(at("12:10"))
    return day, notes, await read(day, "12:10")


@CHANGES
async def test_of_a_voice_that_was_never_shown_nothing_is_seen(database: Database, change: Change) -> None:
    """Numbered or not: neither at once, nor on the half hour."""
    day, _, shown = await with_an_edition(database)
    numbered = await day.says("아직 실리지 않은 의견")
    await day.half_hour(at("12:30"))
    day.clock.jump_to(at("12:40"))
    unnumbered = await day.says("번호도 없는 의견")
    for note in (numbered, unnumbered):
        await change(day, note)
        assert await read(day, "12:41") == shown
    await day.half_hour(at("13:00"))
    assert await read(day, "13:01") == shown


@CHANGES
async def test_of_a_voice_that_is_shown_the_edition_goes_until_the_half_hour(
    database: Database, change: Change
) -> None:
    day, notes, _ = await with_an_edition(database)
    await change(day, notes[0])
    assert "통근버스 의견" not in await day.bodies()
    assert await read(day, "12:11") == await read(day, "12:29") == "interim.made_later"


@CHANGES
async def test_what_was_taken_back_is_shown_no_more_than_what_never_was(
    sqlite: Database, change: Change
) -> None:
    """A voice of which only the count of withdrawn ones tells."""
    day = await report_day(sqlite)
    notes = [await day.says(f"통근버스 의견 {n}") for n in range(NEW_VOICES + 1)]
    await day.half_hour(at("12:00"))
    await day.withdraws(notes[0])
    await day.half_hour(at("12:30"))
    day.clock.jump_to(at("12:40"))
    shown = await read(day, "12:40")
    assert not shown.startswith("interim.")
    await change(day, notes[0])
    assert await read(day, "12:41") == shown


async def test_what_was_decided_and_not_shown_yet_keeps_nothing_of_the_voice(sqlite: Database) -> None:
    """As of a large day, or one that a model writes: its hash would know the name."""
    day, _, _ = await with_an_edition(sqlite)
    later = [await day.says(f"나중 의견 {n}") for n in range(NEW_VOICES)]
    day.digests._at_once = _too_large  # type: ignore[method-assign, assignment]
    await day.half_hour(at("12:30"))
    del day.digests._at_once
    number = (await day.numbers())[later[0]]
    [draft] = await day.revisions()
    assert number in draft.body["interim"]["taken"]
    await leaves_a_name(day, later[0])
    [draft] = await day.revisions()
    assert number not in draft.body["interim"]["taken"]


async def _too_large(*_: object, **__: object) -> None:
    raise NotAtOnce(SUBJECT)


@CHANGES
async def test_what_was_sent_is_called_again_as_before(sqlite: Database, change: Change) -> None:
    day = await report_day(sqlite)
    note = await day.says()
    await day.publishes(EVENING)
    await change(day, note)
    assert await revision_due(sqlite) in (EVENING, at("21:30"))
