"""Interim digests: two of them side by side tell of nobody, and what is taken back is gone at once."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.feedback import Source, reissue_due
from bot.domain.ids import NoteId, new_id
from bot.domain.person import Grant, Role
from bot.services.digests import digest_of
from bot.services.interim import NEW_VOICES, decided
from bot.services.interim_clock import InterimClock
from bot.services.revisions import before_notes_change, note_changed
from handlers import digest as digest_handlers
from storage.database import Database
from storage.repositories.digests import StoredDigest
from tests.support.chat import STAFF, Chat, grant, talking
from tests.support.kept import JEONBUK, TOUR
from tests.support.plans import DAY, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day
from tests.support.services import only
from tests.support.tour_day import TourDay
from tests.support.triage_day import triage

SEEN_AT = at("12:00")


@pytest.fixture
async def day(sqlite: Database) -> ReportDay:
    return await report_day(sqlite)


async def many(day: ReportDay, count: int, words: str = "통근버스 의견") -> list[str]:
    return [await day.says(f"{words} {n}") for n in range(count)]


async def read(day: ReportDay, now: datetime) -> set[str] | str:
    """What somebody is shown who asks at `now`: the notes, or why there are none. The clock looked on the half hour."""
    if now.minute % 30 == 0:
        await day.half_hour(now)
    async with day.database.open_unit() as unit:
        try:
            stored = await day.digests.ready(unit, SUBJECT, now=now)
        except Refusal as refusal:
            return refusal.key
        await unit.commit()
    ledger = digest_of(stored).ledger
    merged = [number for one in ledger.merged for number in one.notes]
    aside = [number for one in ledger.set_aside for number in one.notes]
    return {*ledger.cited, *ledger.covered, *ledger.unplaced, *merged, *aside}


async def numbers(day: ReportDay, notes: Sequence[str]) -> set[str]:
    known = await day.numbers()
    return {str(known[one]) for one in notes}


async def test_four_voices_are_not_shown_and_look_like_none(day: ReportDay) -> None:
    assert await read(day, SEEN_AT) == "interim.nothing_yet"
    await many(day, NEW_VOICES - 1)
    assert await read(day, SEEN_AT) == "interim.nothing_yet"
    await day.says("다섯 번째 의견")
    assert await read(day, at("12:01")) == await read(day, at("12:29")) == "interim.nothing_yet"
    assert len(await read(day, at("12:30"))) == NEW_VOICES


async def test_whoever_asks_all_the_time_learns_the_half_hour_and_no_second(day: ReportDay) -> None:
    """Four that were made up and one that was not: neither the first edition nor a later one comes in between."""
    await many(day, NEW_VOICES - 1, "꾸민 의견")
    assert await read(day, SEEN_AT) == "interim.nothing_yet"
    seen = []
    for second in range(0, 1790, 179):
        if second == 358:
            await day.says("가상 참석자의 의견")
        seen.append(await read(day, SEEN_AT + timedelta(seconds=1 + second)))
    assert set(map(str, seen)) == {"interim.nothing_yet"}
    first = await read(day, at("12:30"))
    await many(day, NEW_VOICES, "나중 의견")
    assert await read(day, at("12:31")) == await read(day, at("12:59")) == first
    assert len(await read(day, at("13:00"))) == 2 * NEW_VOICES


async def test_notes_that_came_behind_the_half_hour_are_not_shown_with_it(day: ReportDay) -> None:
    """Also where nobody asked until then, and a model writes or the day is large: it is made when somebody asks."""
    notes = await many(day, NEW_VOICES)
    async with day.database.open_unit() as unit:
        prepared = await day.digests.prepare(unit, SUBJECT)
        edition = decided(prepared, now=SEEN_AT)
        row = StoredDigest(new_id(), TOUR.id, JEONBUK, DAY, 1, "", {"interim": edition.to_json()}, None)
        await unit.digests.keep(row)
        await unit.commit()
    late = await day.says("늦은 의견")
    assert await read(day, at("12:17")) == await numbers(day, notes)
    assert not await numbers(day, [late]) & set(await read(day, at("12:18")))


async def test_what_was_to_be_shown_and_went_before_leaves_nothing(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES)
    async with day.database.open_unit() as unit:
        prepared = await day.digests.prepare(unit, SUBJECT)
        body = {"interim": decided(prepared, now=SEEN_AT).to_json()}
        await unit.digests.keep(StoredDigest(new_id(), TOUR.id, JEONBUK, DAY, 1, "", body, None))
        await unit.commit()
    [gone] = await numbers(day, notes[:1])
    assert gone in await day.bodies()
    await day.withdraws(notes[0])
    assert gone not in await day.bodies()
    assert await read(day, at("12:17")) == "interim.nothing_yet", "four are left"


async def test_a_voice_that_says_five_things_is_one_voice(day: ReportDay) -> None:
    await many(day, 1)
    async with day.database.open_unit() as unit:
        [spoken] = await unit.notes.of_day(JEONBUK, DAY)
        for n in range(NEW_VOICES):
            await unit.notes.keep(
                replace(spoken.note, id=NoteId(new_id()), words=f"또 {n}", number=None, secret=None)
            )
        await unit.commit()
    assert await read(day, SEEN_AT) == "interim.nothing_yet"


async def test_later_voices_wait_until_they_are_five_and_the_half_hour_has_come(day: ReportDay) -> None:
    first = await read_after(day, await many(day, NEW_VOICES), SEEN_AT)
    await many(day, NEW_VOICES - 1, "나중 의견")
    assert await read(day, at("12:29")) == await read(day, at("12:30")) == first
    await day.says("다섯 번째로 온 나중 의견")
    assert await read(day, at("12:59")) == first
    assert len(await read(day, at("13:00"))) == 2 * NEW_VOICES


async def read_after(day: ReportDay, notes: Sequence[str], now: datetime) -> set[str]:
    shown = await read(day, now)
    assert shown == await numbers(day, notes)
    return set(shown)


async def test_what_is_withdrawn_is_gone_at_once_and_the_next_edition_waits(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES + 1, "거둘 통근버스 의견")
    await read_after(day, notes, SEEN_AT)
    fresh = await many(day, NEW_VOICES - 1, "새로운 의견")
    day.clock.jump_to(at("12:10"))
    await day.withdraws(notes[0])
    assert "거둘 통근버스 의견 0" not in await day.bodies()
    assert "거둘" not in await day.bodies(), "nothing is readable of it"
    assert await read(day, at("12:10")) == await read(day, at("12:29")) == "interim.made_later"
    assert await read(day, at("12:30")) == await numbers(day, notes[1:]), "and nothing new with it"
    assert not await numbers(day, fresh) & set(await read(day, at("12:31")))
    [draft] = await day.revisions()
    assert draft.body["ledger"]["withdrawn"] == 1


async def test_one_that_came_and_went_unseen_is_not_counted_either(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES)
    await read_after(day, notes, SEEN_AT)
    passing = await day.says("잠깐 왔던 의견")
    await day.withdraws(passing)
    assert await read(day, at("12:30")) == await numbers(day, notes)
    [draft] = await day.revisions()
    assert draft.body["ledger"]["withdrawn"] == 0


async def test_words_that_were_put_right_are_gone_at_once_and_come_with_five(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES, "고칠 통근버스 의견")
    await read_after(day, notes, SEEN_AT)
    await day.corrects(notes[0], "고친 통근버스 의견")
    assert "고칠 통근버스 의견 0" not in await day.bodies()
    assert await read(day, at("12:30")) == await numbers(day, notes[1:])
    await many(day, NEW_VOICES - 1, "그 밖의 의견")
    shown = await read(day, at("13:00"))
    assert len(shown) == 2 * NEW_VOICES - 1
    assert await numbers(day, notes[:1]) <= set(shown)


async def test_stars_without_words_stay_as_they_were_shown_until_five_spoke(day: ReportDay) -> None:
    """A note grows answer by answer: what it says next must not be told by its being the only change."""
    notes = [await day.says("", topic=None), *await many(day, NEW_VOICES)]
    shown = await read_after(day, notes, SEEN_AT)
    await day.corrects(notes[0], "이어서 쓴 말씀")
    assert await read(day, at("12:30")) == shown
    assert "이어서 쓴 말씀" not in await day.bodies()
    await many(day, NEW_VOICES - 1, "그 밖의 의견")
    assert len(await read(day, at("13:00"))) == 2 * NEW_VOICES
    async with day.database.open_unit(read_only=True) as unit:
        stored = await unit.digests.newest(TOUR.id, JEONBUK, DAY)
    assert stored is not None
    assert digest_of(stored).ledger.set_aside == (), "the stars have their words"


async def test_what_staff_and_files_say_is_no_secret_and_comes_on_the_half_hour(day: ReportDay) -> None:
    await many(day, NEW_VOICES - 1)
    first = [await day.says("가상 실무자의 메모", source=Source.STAFF)]
    assert await read(day, at("11:59")) == "interim.nothing_yet"
    assert await read(day, SEEN_AT) == await numbers(day, first)
    first.append(await day.says("파일에서 온 의견", source=Source.IMPORT, number="jb-1"))
    assert await read(day, at("12:01")) == await numbers(day, first[:1])
    assert await read(day, at("12:30")) == await numbers(day, first)
    day.clock.jump_to(at("12:40"))
    await day.withdraws(first[0])
    assert await read(day, at("12:41")) == "interim.made_later"
    assert await read(day, at("13:00")) == await numbers(day, first[1:])


async def test_a_staff_note_does_not_show_that_a_participant_changed_only_stars(day: ReportDay) -> None:
    """Between two half hours staff's own notes come and go without telling of anybody else's."""
    notes = await many(day, NEW_VOICES)
    first = await read(day, SEEN_AT)
    mine = await day.says("가상 실무자의 메모", source=Source.STAFF)
    assert await read(day, at("12:01")) == first
    await _rates(day, notes[0], 1)
    await day.says("가상 실무자의 다음 메모", source=Source.STAFF)
    assert await read(day, at("12:29")) == first, "as it was before"
    assert await read(day, at("12:30")) == first, "that somebody did in this half hour is told"
    await day.withdraws(mine)
    assert await read(day, at("12:31")) == first, "it was never shown"


async def _rates(day: ReportDay, ident: str, rating: int) -> None:
    async with day.database.open_unit() as unit:
        await before_notes_change(unit)
        note = await unit.notes.by_id(NoteId(ident))
        assert note is not None
        await unit.notes.keep(note.rated(rating))
        await note_changed(unit, note.rated(rating), now=day.clock.now())
        await unit.commit()


async def test_the_clock_decides_on_half_hours_only(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES)
    day.clock.jump_to(at("12:10"))
    clock = InterimClock(day.database.open_unit, day.digests, day.clock)
    await clock.look()
    assert await read(day, at("12:11")) == "interim.nothing_yet", "it began between two half hours"
    day.clock.jump_to(at("12:30") + timedelta(seconds=1))
    await clock.look()
    assert await read(day, at("12:31")) == await numbers(day, notes)
    await many(day, NEW_VOICES, "나중 의견")
    day.clock.jump_to(at("12:45"))
    await clock.look()
    await InterimClock(day.database.open_unit, day.digests, day.clock).look()
    await day.half_hour(at("12:45"))
    assert await read(day, at("12:46")) == await numbers(day, notes)


async def test_a_clock_that_was_ahead_and_is_set_back_is_looked_at_again(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES)
    day.clock.jump_to(at("12:10") + timedelta(days=365))
    clock = InterimClock(day.database.open_unit, day.digests, day.clock)
    day.clock.jump_to(at("12:31"))
    await clock.look()
    assert await read(day, at("12:32")) == await numbers(day, notes)


async def test_the_digest_of_the_evening_has_everything_and_no_trace_of_editions(day: ReportDay) -> None:
    await many(day, NEW_VOICES + 3)
    await read(day, SEEN_AT)
    await many(day, 2, "늦은 의견")
    await day.publishes(EVENING)
    [sent] = await day.revisions()
    assert sent.body["ledger"]["received"] == NEW_VOICES + 5
    assert "interim" not in sent.body


async def test_the_operators_look_changes_nothing_for_readers(day: ReportDay) -> None:
    notes = await many(day, NEW_VOICES)
    await read_after(day, notes, SEEN_AT)
    late = await day.says("그 뒤의 의견")
    looked = await day.digests.look(day.database.open_unit, SUBJECT, now=SEEN_AT)
    assert digest_of(looked).ledger.received == NEW_VOICES + 1
    assert await read(day, at("12:30")) == await numbers(day, notes)
    assert await numbers(day, [late])


@pytest.fixture
async def chat(sqlite: Database, day: ReportDay) -> AsyncIterator[Chat]:
    services = only(
        digests=day.digests,
        digest_view=day.view,
        schedule=TourDay(sqlite).schedule,
        tour=day.tour,
        triage=triage(day),
    )
    async with talking(sqlite, services, digest_handlers.register) as chat:
        await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
        yield chat


async def test_it_is_said_in_words_why_there_is_none(chat: Chat, day: ReportDay) -> None:
    [said] = await chat.says(STAFF, "/digest")
    assert "다섯 분" in said.text
    for clock in (chat.clock, day.clock):
        clock.jump_to(at("12:10"))
    notes = await many(day, NEW_VOICES)
    await day.half_hour(at("12:00"))
    summary = (await chat.says(STAFF, "/digest"))[-1]
    await day.withdraws(notes[0])
    [said] = await chat.says(STAFF, "/digest")
    assert said.key == "interim.made_later"
    assert "12:30" in said.text
    [said] = await chat.presses(STAFF, str(summary.buttons[0][0].data), summary.message_id)
    assert said.key == "interim.made_later"


STEPS = st.lists(
    st.sampled_from(["says", "says", "says", "reads", "withdraws", "corrects", "waits", "staff sort"]),
    max_size=40,
)


@given(steps=STEPS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_happens_no_edition_adds_fewer_than_five_voices(
    sqlite: Database, steps: list[str]
) -> None:
    """Of notes new or changed since they were shown last; and what was taken back is in no edition from then on."""
    day = await report_day(sqlite)
    staff = await grant(sqlite, STAFF, Grant(Role.STAFF, JEONBUK))
    await _forget_all(day)
    standing: dict[str, str] = {}
    shown: dict[str, str] = {}
    now = at("12:01")
    for n, step in enumerate([*steps, "waits", "waits", "reads"]):
        if step == "says":
            words = f"통근버스 의견 {n}번"
            standing[await day.says(words)] = words
        elif step in ("waits", "reads"):
            if step == "waits":
                now += timedelta(minutes=17)
                day.clock.jump_to(now)
                await day.half_hour(reissue_due(now - timedelta(minutes=30)))
            seen = await read(day, now)  # what the clock made may be read at once
            known = {str(number): note for note, number in (await day.numbers()).items()}
            there = {known[number] for number in seen} if isinstance(seen, set) else set()
            assert there <= standing.keys()
            if isinstance(seen, set) and await _made_anew(day):
                new = {note for note in there if shown.get(note) != standing[note]}
                assert not new or len(new) >= NEW_VOICES
                shown = {note: standing[note] for note in there}
        elif standing and step == "withdraws":
            await day.withdraws(gone := next(iter(standing)))
            del standing[gone]
            shown.pop(gone, None)
        elif standing and step == "corrects":
            await day.corrects(changed := next(iter(standing)), words := f"고친 통근버스 의견 {n}번")
            standing[changed] = words
        elif standing and step == "staff sort":
            async with sqlite.open_unit() as unit:
                await unit.triage.sort(NoteId(next(reversed(standing))), "other", staff.id)
                await unit.commit()


_FINGERPRINTS: list[str] = []


async def _made_anew(day: ReportDay) -> bool:
    """Whether what is read was made since the last look."""
    [draft] = await day.revisions()
    known = draft.fingerprint in _FINGERPRINTS
    _FINGERPRINTS.append(draft.fingerprint)
    return not known


async def _forget_all(day: ReportDay) -> None:
    """The database is one for all examples."""
    async with day.database.open_unit() as unit:
        await unit.digests.destroy_before(DAY + timedelta(days=1))
        await unit.notes.destroy_before(DAY + timedelta(days=1))
        await unit.commit()
