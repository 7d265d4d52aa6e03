"""Notes are read behind everybody's back; a digest has read what was not, and nothing of it makes a digest late."""

import asyncio
from collections.abc import Mapping
from datetime import time, timedelta

import pytest

from bot.digest.grouping.proposals import Proposals, Proposed
from bot.digest.grouping.reading import Reading
from bot.domain.digest import DayInput, Topic
from bot.domain.ids import NoteId
from bot.services import note_reading
from bot.services.digests import Digests, NotAtOnce
from bot.services.interim_clock import InterimClock
from bot.services.note_reading import NoteReading
from bot.services.publishing import Publishing
from bot.services.purge import Purge
from bot.services.reading_work import RESTS, WORTH_AN_ALERT, ReadingWork
from bot.services.restored import cut_ties, settle_returned
from storage.database import Database
from storage.repositories.readings import Kept
from tests.support.analyst import FakeAnalyst
from tests.support.kept import JEONBUK
from tests.support.plans import DAY, SEOUL, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, report_day


class ReadDay(ReportDay):
    """A day whose notes are read by `analyst`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.analyst = FakeAnalyst()
        self.restarts()

    def restarts(self, *, within: float = 60.0) -> None:
        """A process that knows nothing yet."""
        self.reading = NoteReading(self.analyst, within=within)
        self.digests = Digests(SEOUL, time(21), reading=self.reading)
        self.publishing = Publishing(
            self.database.open_unit, self.digests, self.clock, alert=self.alerts.append
        )
        self.work = ReadingWork(self.database.open_unit, self.reading, self.clock, self.alerts.append)

    async def read(self) -> dict[NoteId, str]:
        async with self.database.open_unit(read_only=True) as unit:
            return await unit.readings.versions_of_day(JEONBUK, DAY)

    def notes_asked(self) -> list[str]:
        return [text for text in self.analyst.asked if text.startswith("가상")]


@pytest.fixture
async def day(database: Database) -> ReadDay:
    await report_day(database)
    return ReadDay(database)


async def test_what_is_read_is_redacted_and_read_once(day: ReadDay) -> None:
    note = await day.says("가상 연락처 010-0000-1234 로 알려 주십시오.")
    await day.work.run()
    await day.work.run()
    assert day.notes_asked() == ["가상 연락처 [전화번호] 로 알려 주십시오."]
    assert await day.read() == {note: "가상 판"}


async def test_many_are_read_page_by_page_each_once_and_what_comes_meanwhile_too(
    day: ReadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note that comes stands anywhere in the order in which notes are read, also before the place where one is."""
    monkeypatch.setattr(note_reading, "AT_ONCE", 2)
    for n in range(5):
        await day.says(f"가상 의견 {n}")

    async def more() -> None:
        day.analyst.before = None
        for n in range(5, 9):
            await day.says(f"가상 의견 {n}")

    day.analyst.before = more
    await day.work.run()
    assert sorted(day.notes_asked()) == [f"가상 의견 {n}" for n in range(9)]
    assert len(await day.read()) == 9
    await day.says("가상 나중 의견")
    await day.digests.read(day.database.open_unit, SUBJECT)
    assert len(await day.read()) == 10


async def test_a_note_that_changes_while_it_is_read_is_read_again(day: ReadDay) -> None:
    note = await day.says("가상 먼저 쓴 말")

    async def corrected() -> None:
        day.analyst.before = None
        await day.corrects(note, "가상 고친 말")
        assert await day.read() == {}

    day.analyst.before = corrected
    await day.work.run()
    assert day.notes_asked() == ["가상 먼저 쓴 말", "가상 고친 말"]
    async with day.database.open_unit(read_only=True) as unit:
        [page] = [page async for page in unit.readings.of_day("가상 판", JEONBUK, DAY)]
        ((_, data),) = page.items()
    assert Reading.from_bytes(data).words == ("가상", "고친", "말")


async def test_one_that_is_taken_back_while_it_is_read_leaves_nothing(day: ReadDay) -> None:
    note = await day.says("가상 말")

    async def taken_back() -> None:
        day.analyst.before = None
        await day.withdraws(note)

    day.analyst.before = taken_back
    await day.work.run()
    assert await day.read() == {}


async def test_another_version_reads_everything_again(day: ReadDay) -> None:
    await day.says("가상 말")
    await day.work.run()
    day.analyst.version = "가상 새 판"
    await day.work.run()
    assert set((await day.read()).values()) == {"가상 새 판"}


async def test_who_cannot_be_reached_is_left_alone_and_administrators_are_told_once(day: ReadDay) -> None:
    await day.says("가상 말")
    day.analyst.fails = True
    for _ in range(WORTH_AN_ALERT + 2):
        await day.work.run()
        day.analyst.asked.clear()
        await day.work.look()
        assert day.analyst.asked == []
        day.clock.advance_to(day.clock.now() + timedelta(seconds=RESTS))
    assert day.alerts == ["notes_unread"]


async def test_the_tick_waits_for_nobody_and_stopping_gives_up(day: ReadDay) -> None:
    await day.says("가상 말")
    began, never = asyncio.Event(), asyncio.Event()

    async def hangs() -> None:
        began.set()
        await never.wait()

    day.analyst.before = hangs
    await day.work.look()
    await began.wait()
    await day.work.look()
    await day.work.stop()
    assert day.notes_asked() == ["가상 말"]
    assert await day.read() == {}


async def test_a_digest_has_read_what_was_not_read_yet(day: ReadDay) -> None:
    note = await day.says("가상 말", topic=None)
    assert await day.publishes(EVENING) == 1
    assert await day.read() == {note: "가상 판"}


@pytest.mark.parametrize("how", ["fails", "hangs"])
async def test_without_readings_it_goes_out_all_the_same(day: ReadDay, how: str) -> None:
    day.restarts(within=0.05 if how == "hangs" else 60)
    await day.says("가상 말", topic=None)
    day.analyst.fails = how == "fails"
    never = asyncio.Event()

    async def hangs() -> None:
        await never.wait()

    day.analyst.before = hangs if how == "hangs" else None
    assert await day.publishes(EVENING) == 1
    assert day.analyst.times <= 1  # waited for once, however often the digest is made anew
    (stored,) = await day.revisions()
    assert stored.body["ledger"]["unplaced"] or stored.body["minority"]
    assert day.alerts == []


async def test_a_reading_that_comes_later_makes_a_draft_anew_and_issues_nothing(day: ReadDay) -> None:
    await day.says("가상 말", topic=None)
    day.analyst.fails = True
    async with day.database.open_unit() as unit:
        draft = await day.digests.current(unit, SUBJECT)
        await unit.commit()
    day.analyst.fails = False
    await day.work.run()
    async with day.database.open_unit() as unit:
        prepared = await day.digests.prepare(unit, SUBJECT)
    assert not prepared.unchanged
    assert prepared.input.revision == draft.revision

    day.analyst.version = "가상 새 판"  # a new version reads everything anew, after it went out
    assert await day.publishes(EVENING) == 1
    day.analyst.version = "가상 판 셋"
    await day.work.run()
    assert await day.publishes(at("23:00")) == 0
    async with day.database.open_unit() as unit:
        prepared = await day.digests.prepare(unit, SUBJECT)
    assert prepared.unchanged
    assert len(await day.revisions()) == 1


async def test_within_a_transaction_nobody_is_asked(day: ReadDay) -> None:
    """A process that does not know the topics' side yet makes such a day outside, as one that a model writes."""
    await day.says("가상 말", topic=None)
    await day.work.run()
    day.restarts()
    day.analyst.asked.clear()
    async with day.database.open_unit() as unit:
        with pytest.raises(NotAtOnce):
            await day.digests.current(unit, SUBJECT)
    assert day.analyst.asked == []
    made = await day.digests.make(day.database.open_unit, SUBJECT)
    assert made.readable
    async with day.database.open_unit() as unit:
        assert (await day.digests.current(unit, SUBJECT)).id == made.id


async def test_what_was_read_in_a_backup_is_not_believed(day: ReadDay) -> None:
    """A reading that is no reading: its note stands without one."""
    note = await day.says("가상 말", topic=None)
    await day.work.run()
    async with day.database.open_unit() as unit:
        await unit.readings.keep("가상 판", {NoteId(note): Kept("가상 말", None, b"no reading")})
        await unit.commit()
    assert await day.publishes(EVENING) == 1


async def test_topics_are_read_once_and_anew_when_they_change(day: ReadDay) -> None:
    topics = (Topic("jobs", "일자리"),)
    await day.reading.learn(topics)
    asked = len(day.analyst.asked)
    await day.reading.learn(topics)
    assert len(day.analyst.asked) == asked > 0


async def test_no_backup_holds_one_and_a_restore_believes_none(day: ReadDay) -> None:
    await day.says("가상 말")
    await day.work.run()
    await cut_ties(day.database.open_unit, Purge(day.clock, SEOUL, 90), now=day.clock.now())
    assert await day.read() == {}
    await day.work.run()
    assert len(await day.read()) == 1
    async with day.database.open_unit() as unit:
        await settle_returned(unit, now=day.clock.now())
        await unit.commit()
    assert await day.read() == {}


async def test_an_interim_digest_has_read_its_notes(day: ReadDay) -> None:
    note = await day.says("가상 말", topic=None)
    day.clock.jump_to(at("14:10"))
    interim = InterimClock(day.database.open_unit, day.digests, day.clock)
    day.clock.jump_to(at("14:30"))
    await interim.look()
    assert await day.read() == {note: "가상 판"}


async def test_what_is_proposed_from_the_readings_is_in_the_digest(
    day: ReadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what proposes is replaced: the readings that it gets are those that were kept."""
    for words in ("가상 버스가 없습니다.", "가상 막차가 이릅니다."):
        await day.says(words, topic=None)
    seen: list[tuple[str, ...]] = []

    def proposed(
        input_: DayInput, _notes: object, readings: Mapping[str, Reading], _views: object
    ) -> Proposals:
        seen.extend(reading.words for reading in readings.values())
        numbers = tuple(note.number for note in input_.notes)
        return Proposals((Proposed("통근", None, numbers),))

    monkeypatch.setattr("bot.services.note_reading.propose", proposed)
    assert await day.publishes(EVENING) == 1
    (stored,) = await day.revisions()
    assert [len(theme["note_ids"]) for theme in stored.body["themes"]] == [2]
    assert stored.body["ledger"]["unplaced"] == []
    assert {"버스가", "막차가"} <= {word for words in seen for word in words}
