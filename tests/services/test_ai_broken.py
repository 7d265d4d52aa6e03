"""Errors of ours while a model writes, and the end of its time: managers have the digest all the same."""

import asyncio

import pytest

from bot.digest.model_form import ThemeText
from bot.digest.ports import Answer, Form, ModelFailed, Request, Trouble
from bot.domain.digest import EngineKind
from bot.services import ai_planning, ai_writing
from bot.services.ai_memory import Remembering
from bot.services.digests import digest_of
from bot.services.publishing import TROUBLE_RESTS, WORTH_AN_ALERT
from storage.database import Database
from tests.support.chat import MANAGER
from tests.support.feedback import ELSEWHERE
from tests.support.kept import GANGWON
from tests.support.model_day import model_day, says_many
from tests.support.model_writers import Writer, well_written
from tests.support.plans import DAY, at
from tests.support.report_day import EVENING, SUBJECT, ReportDay, manager


class Broken(Writer):
    """Breaks where no failure of a model was foreseen."""

    async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
        await super().complete(request, form)
        raise RuntimeError("통근버스 canary")


async def stamped(day: ReportDay) -> str:
    """Publishes; what the manager reads."""
    assert await day.publishes(EVENING) == 1
    [delivery] = await day.sent()
    return await day.shows(str(delivery.draft.values["digest"]))


async def test_an_error_while_asking_is_a_reason_and_not_the_end_of_the_digest(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    day = await model_day(database, Broken())
    await says_many(day)
    await manager(database, MANAGER)
    assert "사유: AI 작성 과정의 프로그램 오류" in await stamped(day)
    assert day.alerts == []
    async with database.open_unit(read_only=True) as unit:
        usage = await unit.ai_usage.of_day(DAY)
    assert usage.reserved == 0  # what was set aside is counted, not kept aside until midnight
    assert usage.used > 0
    assert "canary" not in capsys.readouterr().out


async def test_an_error_while_composing_is_too(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("invented")

    monkeypatch.setattr(ai_writing, "digest_of_texts", breaks)
    day = await model_day(sqlite, Writer())
    await says_many(day)
    await manager(sqlite, MANAGER)
    assert "프로그램 오류" in await stamped(day)


async def test_a_digest_that_goes_on_failing_is_told_once(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ValueError("invented")

    day = await model_day(sqlite, Writer())
    await says_many(day)
    await manager(sqlite, MANAGER)
    with monkeypatch.context() as broken:
        broken.setattr(ai_planning, "outline", breaks)
        for times in range(WORTH_AN_ALERT + 2):
            await day.publishes(EVENING + times * TROUBLE_RESTS)
            assert day.alerts == (["digest_failed"] if times + 1 >= WORTH_AN_ALERT else [])
    assert await day.publishes(EVENING + (WORTH_AN_ALERT + 2) * TROUBLE_RESTS) == 1


async def test_waiting_for_another_writing_is_within_the_same_time(sqlite: Database) -> None:
    """Whoever has the day does not let go; the second does not wait longer than its own time."""
    asked, go = asyncio.Event(), asyncio.Event()

    class Hangs(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            asked.set()
            await go.wait()
            return await super().complete(request, form)

    model = Hangs()
    day = await model_day(sqlite, model)
    await says_many(day)
    first = asyncio.create_task(day.digests.make(sqlite.open_unit, SUBJECT))
    await asked.wait()
    soon = asyncio.get_running_loop().time() + 0.05
    second = digest_of(await day.digests.make(sqlite.open_unit, SUBJECT, until=soon))
    assert second.engine.fallback_reason == Trouble.TIMEOUT.value
    assert not first.done()
    go.set()
    assert digest_of(await first).engine.kind is EngineKind.LANGUAGE_MODEL
    assert len(model.asked) == 1


async def test_a_time_that_is_over_asks_nobody(sqlite: Database) -> None:
    model = Writer()
    day = await model_day(sqlite, model)
    await says_many(day)
    over = asyncio.get_running_loop().time() - 1
    made = digest_of(await day.digests.make(sqlite.open_unit, SUBJECT, until=over))
    assert made.engine.kind is EngineKind.EXTRACTIVE
    assert model.asked == []


async def test_after_a_failure_only_what_the_notes_still_need_is_remembered() -> None:
    """An answer quotes notes; of a note that was withdrawn, its theme's request is another one."""
    needed, gone = Request("rules", "notes", 10), Request("rules", "notes with what was withdrawn", 10)
    writer = Writer(otherwise=well_written)
    first = Remembering("m", writer, {}, abroad=False)
    for request in (needed, gone):
        await first.complete(request, ThemeText)
    again = Remembering("m", None, first.used, abroad=False)
    again.recall(needed, ThemeText)
    again.recall(Request("rules", "never asked", 10), ThemeText)
    assert len(first.used) == 2
    assert len(again.used) == 1
    last = Remembering("m", None, again.used, abroad=False)
    await last.complete(needed, ThemeText)
    with pytest.raises(ModelFailed):
        await last.complete(gone, ThemeText)


async def test_a_region_that_falls_due_later_does_not_wait_for_anothers_model(sqlite: Database) -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    class HangsFor(Writer):
        async def complete(self, request: Request, form: type[Form]) -> Answer[Form]:
            if "느린 권역" in request.data:
                asked.set()
                await go.wait()
            return await super().complete(request, form)

    model = HangsFor()
    day = await model_day(sqlite, model, ELSEWHERE)
    for place in range(2):
        await day.says(f"느린 권역의 {place}번째 의견으로 통근버스가 부족합니다.", topic="jobs")
    day.clock.advance_to(EVENING)
    first = asyncio.create_task(day.publishing.publish_due())
    await asked.wait()
    while not await day.revisions():  # 강원 has nothing to tell yet
        await asyncio.sleep(0)
    await says_many(day, region=GANGWON)
    day.clock.advance_to(at("21:30"))
    assert await day.publishing.publish_due() == 1
    assert [(row.region, row.revision) for row in await day.revisions()] == [(GANGWON, 1), (GANGWON, 2)]
    assert not first.done()
    go.set()
    assert await first == 2
    assert sum("느린 권역" in request.data for request in model.asked) == 1
    assert await day.publishing.publish_due() == 0
