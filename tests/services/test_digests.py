"""Digests: made when notes changed, over their own draft or as the next revision; numbers dealt once."""

import asyncio

import pytest

from bot.digest.pipeline import make_digest
from bot.domain.digest import DayInput, Digest
from bot.domain.feedback import Source
from bot.domain.person import Grant, Role
from bot.services import digest_making
from bot.services.digests import digest_of
from storage.database import Database
from tests.support.feedback import LUNCH
from tests.support.kept import JEONBUK, person
from tests.support.plans import at
from tests.support.report_day import EVENING, SUBJECT, report_day

SECRET = "우리 공장 배관이 새고 있습니다."


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[DayInput]:
    """What digests were computed from, in order."""
    inputs: list[DayInput] = []

    def counted(day: DayInput) -> Digest:
        inputs.append(day)
        return make_digest(day)

    monkeypatch.setattr(digest_making, "make_digest", counted)
    return inputs


async def test_a_digest_is_made_only_when_its_notes_changed(sqlite: Database, made: list[DayInput]) -> None:
    day = await report_day(sqlite)
    await day.says()
    first = await day.asks()
    assert await day.asks() == first
    assert await day.digests.make(sqlite.open_unit, SUBJECT) == first
    assert len(made) == 1
    await day.says("두 번째 의견입니다.")
    second = await day.asks()
    assert len(made) == 2
    assert (second.id, second.revision) == (first.id, 1), "nobody was sent the first: it is overwritten"
    assert digest_of(second).ledger.received == 2


async def test_after_publishing_a_change_makes_the_next_revision(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says()
    await day.publishes(EVENING)
    [first] = await day.revisions()
    assert (await day.asks()).id == first.id
    await day.says("늦게 낸 의견입니다.")
    draft = await day.asks()
    assert (draft.revision, draft.published_at) == (2, None)
    await day.says("더 늦게 낸 의견입니다.")
    again = await day.asks()
    assert (again.id, again.revision) == (draft.id, 2)
    assert [row.revision for row in await day.revisions()] == [1, 2]


async def test_a_draft_follows_the_schedule_but_what_went_out_is_not_issued_again_for_a_title(
    sqlite: Database,
) -> None:
    day = await report_day(sqlite)
    await day.says("기타 의견입니다.", topic=None)
    await day.asks()
    await day.retitles(LUNCH, "새 이름의 오찬")
    assert "새 이름의 오찬" in str((await day.asks()).body)
    await day.publishes(EVENING)
    await day.retitles(LUNCH, "더 새로운 이름의 오찬")
    assert (await day.asks()).revision == 1
    assert len(await day.revisions()) == 1


async def test_somebody_new_on_file_changes_only_a_digest_that_speaks_of_them(
    sqlite: Database, made: list[DayInput]
) -> None:
    day = await report_day(sqlite)
    await day.says("연구소의 홍가상 님이 도와주셨습니다.", topic=None)
    await day.asks()
    async with sqlite.open_unit() as unit:
        await person(unit, 77, Grant(Role.STAFF, JEONBUK), name="전혀 다른 이름")
        await unit.commit()
    await day.asks()
    assert len(made) == 1
    async with sqlite.open_unit() as unit:
        await person(unit, 78, Grant(Role.STAFF, JEONBUK), name="홍 가상")
        await unit.commit()
    assert "홍가상" not in str((await day.asks()).body)
    assert len(made) == 2


async def test_withdrawn_words_leave_a_draft_at_once(database: Database) -> None:
    day = await report_day(database)
    note = await day.says(SECRET)
    await day.says()
    await day.asks()
    assert SECRET in await day.bodies()
    await day.withdraws(note)
    assert SECRET not in await day.bodies()
    ledger = digest_of(await day.asks()).ledger
    assert (ledger.received, ledger.withdrawn) == (2, 1)
    assert SECRET not in await day.bodies()


async def test_withdrawn_words_leave_all_earlier_revisions_when_the_next_is_published(
    database: Database,
) -> None:
    day = await report_day(database)
    note = await day.says(SECRET)
    await day.publishes(EVENING)
    await day.says("늦게 낸 의견입니다.")
    await day.publishes(at("21:30"))
    assert len(await day.revisions()) == 2
    assert SECRET in await day.bodies()
    await day.withdraws(note)
    await day.publishes(at("21:31"))
    assert [row.revision for row in await day.revisions()] == [1, 2, 3]
    assert SECRET not in await day.bodies()


async def test_words_withdrawn_while_the_digest_is_computed_are_not_in_it(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = await report_day(sqlite)
    note = await day.says(SECRET)
    loop, withdrawn = asyncio.get_running_loop(), False

    def slow(input_: DayInput) -> Digest:
        nonlocal withdrawn
        digest = make_digest(input_)
        if not withdrawn:
            withdrawn = True
            asyncio.run_coroutine_threadsafe(day.withdraws(note), loop).result()
        return digest

    monkeypatch.setattr(digest_making, "make_digest", slow)
    stored = await day.digests.make(sqlite.open_unit, SUBJECT)
    assert withdrawn
    assert SECRET not in str(stored.body)
    assert SECRET not in await day.bodies()


async def test_numbers_are_dealt_once_and_stay(database: Database) -> None:
    day = await report_day(database)
    first = [await day.says(f"{n}번째 의견입니다.") for n in range(3)]
    await day.asks()
    dealt = await day.numbers()
    assert all(str(dealt[note]).startswith("전북-") for note in first)
    assert len(set(dealt.values())) == 3
    await day.withdraws(first[0])
    await day.says("나중 의견입니다.")
    await day.asks()
    later = await day.numbers()
    assert {note: later[note] for note in first} == dealt
    assert len(set(later.values())) == 4


async def test_an_imported_note_keeps_its_number(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says(source=Source.IMPORT, number="JB-0007")
    await day.says("채팅으로 낸 의견입니다.")
    stored = await day.asks()
    numbers = set((await day.numbers()).values())
    assert "JB-0007" in numbers
    assert len(numbers) == 2
    ledger = digest_of(stored).ledger
    assert {*ledger.cited, *ledger.covered, *ledger.unplaced} == numbers


async def test_two_who_make_it_at_once_deal_the_same_numbers_and_keep_one_draft(database: Database) -> None:
    day = await report_day(database)
    for n in range(4):
        await day.says(f"{n}번째 의견입니다.")
    one, other = await asyncio.gather(
        day.digests.make(database.open_unit, SUBJECT), day.digests.make(database.open_unit, SUBJECT)
    )
    assert one.id == other.id
    assert len(await day.revisions()) == 1
    [row] = await day.revisions()
    ledger = row.body["ledger"]
    told = {*ledger["cited"], *ledger["covered"], *ledger["unplaced"]}
    assert told <= set((await day.numbers()).values())


async def test_who_makes_it_second_waits_and_finds_the_numbers_dealt(database: Database) -> None:
    day = await report_day(database)
    await day.says()
    async with database.open_unit() as first:
        dealt = (await day.digests.prepare(first, SUBJECT)).input.notes[0].number
        second = asyncio.create_task(day.digests.make(database.open_unit, SUBJECT))
        await asyncio.sleep(0.1)
        assert not second.done()
        await first.commit()
    await second
    assert list((await day.numbers()).values()) == [dealt]


async def test_a_withdrawal_waits_for_the_digest_that_is_being_kept_and_then_empties_it(
    database: Database,
) -> None:
    day = await report_day(database)
    note, other = await day.says(SECRET), await day.says()
    await day.publishes(EVENING)
    await day.corrects(other, "고친 말입니다.")
    async with database.open_unit() as keeping:
        assert SECRET in str((await day.digests.current(keeping, SUBJECT)).body)
        withdrawing = asyncio.create_task(day.withdraws(note))
        await asyncio.sleep(0.1)
        await keeping.commit()
    await withdrawing
    assert [bool(row.body) for row in await day.revisions()] == [True, False]
