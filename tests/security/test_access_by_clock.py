"""What the clock's edge sends, brings in and destroys is in the access log, as the table says."""

from datetime import timedelta

import pytest

from bot.services import digests as digests_module
from bot.services.digest_wishes import DigestWishes
from bot.services.purge import Purge
from bot.services.questions.answering import QuestionWork
from bot.services.questions.asking import ask
from bot.services.questions.finding import Finding
from storage.database import Database
from tests.security.access import CLOCK, fits
from tests.security.test_access_log import lines_after, told
from tests.security.world import HOLDING
from tests.support.chat import ADMIN, MANAGER, grant
from tests.support.filing import filing
from tests.support.plans import SEOUL, at
from tests.support.report_day import EVENING, SUBJECT, manager, report_day
from tests.support.workbooks import note_line, notes_book


def lines_of(attempt: str) -> tuple[str, ...]:
    [reading] = [one for one in CLOCK if one.attempt == attempt]
    return reading.lines


async def test_a_digest_that_is_sent_says_to_how_many(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await manager(sqlite, MANAGER)
    await day.says("통근버스 의견입니다.")
    await day.publishes(EVENING)
    lines = await lines_after(sqlite, 0)
    assert fits(lines_of("publish"), await told(sqlite, lines), {})
    assert lines[0].details["readers"] == 1
    await day.publishes(EVENING + timedelta(minutes=1))
    assert len(await lines_after(sqlite, 0)) == 1


async def test_a_wish_is_a_reading_when_it_is_answered(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests_module, "AT_ONCE", 4)
    day = await report_day(sqlite)
    reader = await manager(sqlite, MANAGER)
    for number in range(6):
        await day.says(f"{number}번째 통근버스 의견입니다.")
    async with sqlite.open_unit() as unit:
        await day.digests.wish(unit, reader, SUBJECT, now=EVENING)
        await unit.commit()
    assert await lines_after(sqlite, 0) == []
    day.clock.jump_to(EVENING)
    assert await DigestWishes(sqlite.open_unit, day.digests, day.view, day.clock).answer() == 1
    assert fits(lines_of("wish"), await told(sqlite, await lines_after(sqlite, 0)), {})


async def test_a_question_is_a_line_when_it_is_asked_and_one_when_words_are_shown(sqlite: Database) -> None:
    day = await report_day(sqlite)
    reader = await manager(sqlite, MANAGER)
    for number in range(6):
        await day.says(f"{number}번째 통근버스 의견입니다.")
    await day.publishes(EVENING)
    before = (await lines_after(sqlite, 0))[-1].seq
    async with sqlite.open_unit() as unit:
        await ask(unit, reader, "통근버스", now=EVENING)
        await unit.commit()
    finding = Finding(sqlite.open_unit, day.digests, SEOUL, "")
    assert await QuestionWork(sqlite.open_unit, finding, day.clock, lambda: None).answer() == 1
    lines = await lines_after(sqlite, before)
    assert fits(lines_of("question"), await told(sqlite, lines), {})
    assert not any("통근" in str(line) for line in lines)


async def test_a_file_that_is_looked_at_and_brought_in(sqlite: Database) -> None:
    async with filing(sqlite) as desk:
        await grant(sqlite, ADMIN, HOLDING[ADMIN])
        [card] = await desk.brings(ADMIN, notes_book(note_line()))
        looked = await lines_after(sqlite, 0)
        assert fits(lines_of("preview")[:1], await told(sqlite, looked), {}), await told(sqlite, looked)
        await desk.decides(ADMIN, card, card.labels[0])
        applied = [line for line in await lines_after(sqlite, 0) if line.action.startswith("file_")]
        assert fits(lines_of("preview"), await told(sqlite, applied), {})
        assert applied[0].whose == applied[1].whose == (await desk.rows())[0].id


async def test_destruction_is_on_record_by_counts(sqlite: Database) -> None:
    day = await report_day(sqlite)
    await day.says("낡은 의견입니다.")
    day.clock.jump_to(at("12:00") + timedelta(days=100))
    await Purge(day.clock, SEOUL, 90).run(sqlite.open_unit, sqlite.truncate_log, retention=True)
    assert fits(lines_of("retention"), await told(sqlite, await lines_after(sqlite, 0)), {})
